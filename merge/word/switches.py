r"""The switches of a MERGEFIELD: \* letter case, \@ dates, \b and \f text around a value (ECMA-376, part 1, 17.16.4).

A field with switches is the catalogue's field with another renderer, so that every rule about empty values holds.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from merge.fields import BY_NAME, Field, next_appointment
from merge.french import MONTHS, WEEKDAYS
from merge.record import MergeRecord

_TOKEN = re.compile(r'"((?:\\.|[^"\\])*)"|“([^”]*)”|«\s*([^»]*?)\s*»|(\\[*@#A-Za-z])|([^\s"“«\\]+)')
_PICTURE = re.compile(
    r"'([^']*)'|dddd|ddd|dd|d|jjjj|jjj|jj|j|MMMM|MMM|MM|M|yyyy|yy|aaaa|aa|HH?|hh?|mm?|ss?|am/pm|AM/PM|."
)
_TAKES_A_VALUE = frozenset({"\\*", "\\@", "\\#", "\\b", "\\f"})
_SHORT_WEEKDAY = 3
_SHORT_MONTHS = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]

_FRENCH = str.maketrans("ja", "dy")
"""Jour and année in the pictures of French versions."""

Moment = dt.date | dt.datetime


@dataclass(frozen=True, slots=True)
class Instruction:
    """A field's code, read: `MERGEFIELD "Nom du patient" \\* Upper`."""

    kind: str
    """In capitals: MERGEFIELD, HYPERLINK, PAGE."""
    name: str
    """Its first argument."""
    switches: tuple[tuple[str, str], ...]
    """(switch, its value), the switch in small letters."""


def read_instruction(code: str) -> Instruction:
    """Read a field's code; what cannot be understood is left out."""
    words: list[str] = []
    switches: list[tuple[str, str]] = []
    waiting = ""
    for match in _TOKEN.finditer(code):
        quoted = next((group for group in match.group(1, 2, 3) if group is not None), None)
        text = quoted if quoted is not None else match.group(5) or ""
        if match.group(1):
            text = re.sub(r"\\(.)", r"\1", text)
        if match.group(4):
            waiting = match.group(4).lower()
            if waiting not in _TAKES_A_VALUE:
                switches.append((waiting, ""))
                waiting = ""
        elif waiting:
            switches.append((waiting, text))
            waiting = ""
        else:
            words.append(text)
    kind, name = (*words, "", "")[:2]
    return Instruction(kind.upper(), name, tuple(switches))


def switched(field: Field, switches: tuple[tuple[str, str], ...]) -> Field:
    """The field as the switches want it; itself where they ask for nothing that we know."""
    render = field.render
    for switch, value in switches:
        if switch == "\\@" and field in _MOMENTS:
            render = _dated(_MOMENTS[field], value)
    for switch, value in switches:
        if switch == "\\*" and (change := _CASES.get(value.casefold())):
            render = _after(render, change)
    before = "".join(value for switch, value in switches if switch == "\\b")
    after = "".join(value for switch, value in switches if switch == "\\f")
    if before or after:
        render = _after(render, lambda text: f"{before}{text}{after}")
    return field if render is field.render else replace(field, render=render)


def _after(render: Callable[[MergeRecord], str], change: Callable[[str], str]) -> Callable[[MergeRecord], str]:
    def changed(record: MergeRecord) -> str:
        text = render(record)
        return change(text) if text else ""

    return changed


def _dated(moment_of: Callable[[MergeRecord], Moment | None], picture: str) -> Callable[[MergeRecord], str]:
    def dated(record: MergeRecord) -> str:
        moment = moment_of(record)
        return "" if moment is None else _drawn(moment, picture)

    return dated


def _appointment(record: MergeRecord) -> dt.datetime | None:
    appointment = next_appointment(record)
    return appointment.start if appointment else None


_MOMENTS: dict[Field, Callable[[MergeRecord], Moment | None]] = {
    BY_NAME["DATE"]: lambda record: record.today,
    BY_NAME["PNAIS"]: lambda record: record.dossier.patient.birth_date,
    BY_NAME["RDVDATE"]: _appointment,
    BY_NAME["RDVHEURE"]: _appointment,
}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_CASES: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "majuscule": str.upper,
    "lower": str.lower,
    "minuscule": str.lower,
    "firstcap": _capital,
    "caps": lambda text: re.sub(r"[^\W\d_]+", lambda word: _capital(word[0]), text),
}


def _drawn(moment: Moment, picture: str) -> str:
    """A date in Word's picture (« dddd d MMMM yyyy »), also with the letters of French versions (jj/MM/aaaa)."""
    return "".join(
        match[1] if match[1] is not None else _part(moment, match[0]) for match in _PICTURE.finditer(picture)
    )


def _part(moment: Moment, sign: str) -> str:
    time = moment if isinstance(moment, dt.datetime) else dt.datetime.combine(moment, dt.time())
    weekday, month = WEEKDAYS[time.weekday()], MONTHS[time.month - 1]
    words = {
        "dddd": weekday,
        "ddd": f"{weekday[:_SHORT_WEEKDAY]}.",
        "MMMM": month,
        "MMM": _SHORT_MONTHS[time.month - 1],
        "yy": f"{time.year % 100:02}",
        "yyyy": f"{time.year:04}",
        "am/pm": "AM" if time.hour < 12 else "PM",
    }
    if sign.lower() != "am/pm":
        sign = sign.translate(_FRENCH)
    if (word := words.get(sign if sign[0] in "dMy" else sign.lower())) is not None:
        return word
    hour = (time.hour - 1) % 12 + 1
    numbers = {"d": time.day, "M": time.month, "H": time.hour, "h": hour, "m": time.minute, "s": time.second}
    number = numbers.get(sign[0])
    return sign if number is None else f"{number:0{len(sign)}}"

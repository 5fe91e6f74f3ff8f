"""The list of who is missing from a run, which a later run takes again: a patient a line, the reason above it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.desk.texts import read_text
from cabinet.errors import WebOrthoError
from merge.letters.whole_file import whole_file
from merge.meant import whom

_REMARK = "# "
"""With its space: a patient's number may begin with a #."""
_BETWEEN = "\t"
"""Number and addressee: no patient's number holds a tab."""
_HEAD = f"{_REMARK}Ceux qui manquent, et pourquoi. Corrigez, puis recommencez avec --only-from."


class NumbersError(WebOrthoError):
    """A file that names no patient: printing everybody instead would be worse than nothing."""


@dataclass(frozen=True)
class Missing:
    """One patient's message that is not there: its addressee's name, and why."""

    number: str
    addressee: str
    why: str


@dataclass(frozen=True)
class Listed:
    """Whom a list names."""

    numbers: tuple[str, ...] = ()
    meant: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """As `merge.meant.only` takes it; a patient who stands alone on a line is not in it: all of theirs are meant."""


def read_missing(path: Path) -> Listed:
    """Raise `NumbersError` for a list without any patient. Lines of numbers alone, as people write them, do as well."""
    lines = [line.strip() for line in read_text(path).splitlines()]
    named: dict[str, set[str]] = {}
    for line in lines:
        if line and not line.startswith(_REMARK):
            number, _, addressee = map(str.strip, line.partition(_BETWEEN))
            named.setdefault(number, set()).add(addressee)
    if not named:
        raise NumbersError(f"Le fichier «\u00a0{path}\u00a0» ne nomme aucun patient.", "Vérifiez --only-from.")
    meant = {
        number: frozenset(whom(number, name) for name in names) for number, names in named.items() if "" not in names
    }
    return Listed(tuple(named), meant)


def write_missing(path: Path, missing: Iterable[Missing]) -> None:
    """Write patients, addressee and reason of each, in their order. Raise `OutputError`."""
    lines = [_HEAD]
    for one in dict.fromkeys(missing):
        lines.append(f"{_REMARK}{' '.join(one.why.split())}")
        lines.append(f"{one.number}{_BETWEEN}{one.addressee}" if one.addressee else one.number)
    with whole_file(path) as file:
        file.write("\n".join((*lines, "")).encode("utf-8"))

"""What separates a patient's dossier on the portal from the one that the export gives, line by line. Pure.

An appointment is the same one while it starts at the same moment, a line of the accounts while its date and label are
the same, an addressee while the name is. What is the same on both sides is compared field by field; the rest came, or
went.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from cabinet.dossier import Addressee, Appointment, AppointmentStatus, Balance, Dossier, Fee, Instalment, canonical
from cabinet.fields import FIELDS, Kind
from cabinet.values import fold
from sync.wording import NO_BREAK_SPACE, counted, day, euros, moment

Line = TypeVar("Line", bound=msgspec.Struct)
_EMPTY = "vide"
_STATES = {
    AppointmentStatus.PLANNED: "prévu",
    AppointmentStatus.ATTENDED: "honoré",
    AppointmentStatus.MISSED: "manqué",
    AppointmentStatus.CANCELLED: "annulé",
}


_WRITTEN: dict[Kind, Callable[[Any], str]] = {
    Kind.DATE: day,
    Kind.MOMENT: moment,
    Kind.MONEY: euros,
    Kind.MINUTES: lambda minutes: f"{minutes}{NO_BREAK_SPACE}min",
    Kind.BOOLEAN: lambda value: "oui" if value else "non",
    Kind.STATUS: _STATES.__getitem__,
}
"""All others are texts."""
_BARE = frozenset((Kind.DATE, Kind.MONEY, Kind.BOOLEAN))
"""What tells nothing in a list without its label."""


@dataclass(frozen=True)
class Change:
    """One line: what it is about, and what either side says of it. A line that came or went has one side alone."""

    what: str
    shown: str | None
    """On the portal; "" where it says nothing, None where the whole line came."""
    now: str | None
    """In the export; "" where it says nothing, None where the whole line goes."""

    @property
    def words(self) -> str:
        """« Mobile : 0601020304 → 0601020305 », « + Rendez-vous du 12/03/2026 à 10h00 : CONT, prévu »."""
        if self.shown is not None and self.now is not None:
            return f"{self.what}{NO_BREAK_SPACE}: {self.shown or _EMPTY} → {self.now or _EMPTY}"
        said = self.now or self.shown
        return f"{'+' if self.shown is None else '−'} {self.what}" + (f"{NO_BREAK_SPACE}: {said}" if said else "")


@dataclass(frozen=True)
class Differences:
    """In the order of the pages. `unchanged` counts what both sides say: « 12 rendez-vous », « la photo »."""

    changes: tuple[Change, ...]
    unchanged: tuple[str, ...]


@dataclass(frozen=True)
class _Part(Generic[Line]):
    """How the lines of one part are told apart, named and counted."""

    key: Callable[[Line], Any]
    """The same for what is the same line; what lines are sorted by."""
    name: Callable[[Line], str]
    named: frozenset[str]
    """Fields that the name says already."""
    words: tuple[str, str]


_ADDRESSEES = _Part[Addressee](
    key=lambda person: (fold(person.last_name), fold(person.first_name)),
    name=lambda person: " ".join(filter(None, ("Destinataire", person.first_name, person.last_name))),
    named=frozenset(("last_name", "first_name")),
    words=("destinataire", "destinataires"),
)
_APPOINTMENTS = _Part[Appointment](
    key=lambda visit: visit.start,
    name=lambda visit: f"Rendez-vous du {moment(visit.start)}",
    named=frozenset(("start",)),
    words=("rendez-vous", "rendez-vous"),
)
_INSTALMENTS = _Part[Instalment](
    key=lambda line: (line.date or dt.date.max, line.label),
    name=lambda line: _dated("Échéance", line),
    named=frozenset(("date", "label")),
    words=("échéance", "échéances"),
)
_FEES = _Part[Fee](
    key=lambda line: (line.date or dt.date.max, line.label),
    name=lambda line: _dated("Honoraires", line),
    named=frozenset(("date", "label")),
    words=("ligne d’honoraires", "lignes d’honoraires"),
)
_BALANCE = _Part[Balance](key=lambda _: 0, name=lambda _: "Solde", named=frozenset(), words=("solde", "soldes"))


def differences(shown: Dossier, now: Dossier) -> Differences:
    """What publishing `now` would change of what is `shown`. No change means equal dossiers, and the reverse."""
    shown, now = canonical(shown), canonical(now)
    told = (
        ([*_fields("", shown.patient, now.patient)], "l’identité" if shown.patient == now.patient else ""),
        _lines(_ADDRESSEES, shown.addressees, now.addressees),
        ([*_order(shown.addressees, now.addressees)], ""),
        _lines(_APPOINTMENTS, shown.appointments, now.appointments),
        _lines(_INSTALMENTS, shown.instalments, now.instalments),
        _lines(_FEES, shown.fees, now.fees),
        _lines(_BALANCE, _one(shown.balance), _one(now.balance)),
        _photo(shown.photo_digest, now.photo_digest),
    )
    return Differences(
        tuple(change for changes, _ in told for change in changes), tuple(same for _, same in told if same)
    )


def said(value: Any, kind: Kind) -> str:
    """A field's value as people read it; "" where nothing is said."""
    return "" if value is None else _WRITTEN.get(kind, str)(value)


def _lines(part: _Part[Line], shown: Sequence[Line], now: Sequence[Line]) -> tuple[list[Change], str]:
    """The changes of a part, in the order of its lines, and what is unchanged of it in words."""
    same = (Counter(shown) & Counter(now)).total()
    gone = [*(Counter(shown) - Counter(now)).elements()]
    found: list[tuple[Any, Sequence[Change]]] = []
    for line in (Counter(now) - Counter(shown)).elements():
        key = part.key(line)
        former = next((one for one in gone if part.key(one) == key), None)
        if former is None:
            found.append((key, [Change(part.name(line), None, _told(part, line))]))
        else:
            gone.remove(former)
            found.append((key, [*_fields(part.name(line), former, line)]))
    found += ((part.key(line), [Change(part.name(line), _told(part, line), None)]) for line in gone)
    changes = [change for _, several in sorted(found, key=lambda one: one[0]) for change in several]
    return changes, counted(same, *part.words) if same else ""


def _told(part: _Part[Line], line: Line) -> str:
    """What a line says besides its name: « CONT, 20 min, prévu », « total 228,00 €, traité oui »."""
    facts = ((label, said(value, kind), kind) for name, label, kind, value in _facts(line) if name not in part.named)
    return ", ".join(f"{label} {words}" if kind in _BARE else words for label, words, kind in facts if words)


def _fields(owner: str, before: msgspec.Struct, after: msgspec.Struct) -> Iterator[Change]:
    """The fields that differ; `owner` says of what, unless it is the patient."""
    for (_, label, kind, former), (_, _, _, value) in zip(_facts(before), _facts(after), strict=True):
        if former != value:
            what = f"{owner}, {label}" if owner else label[:1].upper() + label[1:]
            yield Change(what, said(former, kind), said(value, kind))


def _facts(line: msgspec.Struct) -> Iterator[tuple[str, str, Kind, object]]:
    """Each field's name, label, kind and value."""
    for name in line.__struct_fields__:
        yield name, FIELDS[name].label, FIELDS[name].kind, getattr(line, name)


def _order(shown: Sequence[Addressee], now: Sequence[Addressee]) -> Iterator[Change]:
    """The first addressee is who letters go to."""
    before, after = ([_ADDRESSEES.key(person) for person in people] for people in (shown, now))
    if (before != after and sorted(before) == sorted(after)) or (shown != now and Counter(shown) == Counter(now)):
        yield Change("Ordre des destinataires", _enumerated(shown), _enumerated(now))


def _photo(shown: str, now: str) -> tuple[list[Change], str]:
    """Digests, of which nobody reads more than whether they are the same."""
    if shown == now:
        return [], "la photo" if now else ""
    if shown and now:
        return [Change("Photo", "celle d’avant", "une nouvelle")], ""
    return [Change("Photo", "" if shown else None, "" if now else None)], ""


def _one(balance: Balance | None) -> tuple[Balance, ...]:
    return (balance,) if balance else ()


def _dated(what: str, line: Instalment | Fee) -> str:
    return ", ".join(filter(None, (f"{what} du {day(line.date)}" if line.date else f"{what} sans date", line.label)))


def _enumerated(people: Sequence[Addressee]) -> str:
    return ", ".join(" ".join(filter(None, (one.first_name, one.last_name))) or "sans nom" for one in people)

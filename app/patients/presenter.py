"""The patients as the screen shows them: who is found, in which order, and how each stands with the portal. No Qt."""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.patients.search import Index, Person
from cabinet.dossier import Dossier
from cabinet.values import fold
from merge.french import agree, short_date
from merge.letters.address import address_block
from portal.api.desk import Account, Showing

_LAST = 1 << 30
"""Sorts after every place: a missing date comes last whichever way the column is sorted."""


class Standing(StrEnum):
    """How a patient stands with the portal, in one word."""

    ACTIVATED = "activated"
    NEVER_CONNECTED = "never-connected"
    NEVER_INFORMED = "never-informed"
    LOCKED = "locked"
    HIDDEN = "hidden"
    UNPUBLISHED = "unpublished"
    """In the cabinet's data, and not yet on the portal."""
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    UNKNOWN = "unknown"
    """The portal has not told yet."""

    @property
    def label(self) -> str:
        return _STANDINGS[self]


_STANDINGS = {
    Standing.ACTIVATED: "Activé",
    Standing.NEVER_CONNECTED: "Jamais connecté",
    Standing.NEVER_INFORMED: "Jamais informé",
    Standing.LOCKED: "Bloqué",
    Standing.HIDDEN: "Masqué",
    Standing.UNPUBLISHED: "Pas encore publié",
    Standing.WITHDRAWN: "Retiré",
    Standing.ERASED: "Effacé",
    Standing.UNKNOWN: "—",
}


def standing_of(account: Account | None, *, is_told: bool, is_exported: bool = True) -> Standing:
    """`is_told`: whether the portal's list of accounts is known at all; `is_exported`: whether the export has them."""
    if account is None:
        return Standing.UNPUBLISHED if is_told else Standing.UNKNOWN
    if account.showing is Showing.WITHDRAWN and is_exported:
        # No longer hidden, or back in the export: the next sync publishes it.
        return Standing.UNPUBLISHED
    elsewhere = {
        Showing.HIDDEN: Standing.HIDDEN,
        Showing.ERASED: Standing.ERASED,
        Showing.WITHDRAWN: Standing.WITHDRAWN,
    }
    if account.showing in elsewhere:
        return elsewhere[account.showing]
    if account.locked:
        return Standing.LOCKED
    if account.accesses:
        return Standing.ACTIVATED
    return Standing.NEVER_CONNECTED if account.informed else Standing.NEVER_INFORMED


class Filter(StrEnum):
    """What the list is narrowed to; other screens lead here by these names."""

    ALL = "all"
    ACTIVATED = "activated"
    NEVER_CONNECTED = "never-connected"
    NEVER_INFORMED = "never-informed"
    LOCKED = "locked"
    HIDDEN = "hidden"
    INCOMPLETE_ADDRESS = "incomplete-address"

    @property
    def label(self) -> str:
        if self is Filter.ALL:
            return "Tous les comptes"
        return "Adresse incomplète" if self is Filter.INCOMPLETE_ADDRESS else Standing(self.value).label


class Column(StrEnum):
    NUMBER = "N° interne"
    NAME = "Nom et prénom"
    BIRTH_DATE = "Né(e) le"
    STANDING = "Compte"
    LAST_VISIT = "Dernière visite"


@dataclass(frozen=True)
class Sort:
    column: Column
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list. `dossier` is None for a patient whom the portal knows and the export no longer has."""

    number: str
    dossier: Dossier | None
    account: Account | None
    standing: Standing
    address_problem: str = ""
    """Why no letter can go to the first addressee, as a French sentence without its beginning."""

    @property
    def last_name(self) -> str:
        return self.dossier.patient.last_name if self.dossier else ""

    @property
    def first_name(self) -> str:
        return self.dossier.patient.first_name if self.dossier else ""

    @property
    def name(self) -> str:
        """« AAESSAI Test »; for somebody without a name, what is known instead."""
        return " ".join(filter(None, (self.last_name, self.first_name))) or "Nom inconnu"

    @property
    def birth_date(self) -> dt.date | None:
        return self.dossier.patient.birth_date if self.dossier else None

    @property
    def last_visit(self) -> dt.date | None:
        """On this computer's calendar."""
        visit = self.account.last_visit if self.account else None
        return visit.astimezone().date() if visit else None


class Directory:
    """All patients at one moment, ready to be searched. Making it is slow (a task does), asking it is not."""

    def __init__(self, dossiers: Collection[Dossier], accounts: Mapping[str, Account] | None) -> None:
        known = accounts or {}
        by_number = {dossier.number: dossier for dossier in dossiers}
        numbers = sorted(by_number.keys() | known.keys(), key=_natural)
        self.rows = tuple(_row(number, by_number.get(number), known.get(number), accounts) for number in numbers)
        self.dossiers = len(by_number)
        self.published = None if accounts is None else sum(a.showing is Showing.SHOWN for a in known.values())
        """None while the portal has not told."""
        self._places = {row.number: place for place, row in enumerate(self.rows)}
        self._index = Index(Person(row.number, row.last_name, row.first_name, row.birth_date) for row in self.rows)
        self._orders = {column: _order([key(row) for row in self.rows]) for column, key in _KEYS.items()}

    @property
    def aside(self) -> str:
        """« 1 302 dossiers, 1 248 publiés »."""
        count = agree(self.dossiers, "dossier", "dossiers")
        return count if self.published is None else f"{count}, {agree(self.published, 'publié', 'publiés')}"

    def row_of(self, number: str) -> Row | None:
        place = self._places.get(number)
        return None if place is None else self.rows[place]

    def find(self, query: str = "", only: Filter = Filter.ALL, sort: Sort | None = None) -> list[Row]:
        """Without a sort, the best matches first."""
        rows = self.rows
        places = self._index.find(query)
        if only is Filter.INCOMPLETE_ADDRESS:
            places = [place for place in places if rows[place].address_problem]
        elif only is not Filter.ALL:
            standing = Standing(only.value)
            places = [place for place in places if rows[place].standing is standing]
        if sort is not None:
            order = self._orders[sort.column]
            if sort.descending:
                places.sort(key=lambda place: _LAST if order[place] == _LAST else -order[place])
            else:
                places.sort(key=order.__getitem__)
        return [rows[place] for place in places]


def found_sentence(count: int, query: str, only: Filter) -> str:
    """« 64 patients trouvés pour « 53 » »."""
    asked = query.strip()
    if not asked and only is Filter.ALL:
        return agree(count, "patient", "patients")
    found = agree(count, "patient trouvé", "patients trouvés") if count else "Aucun patient trouvé"
    within = "" if only is Filter.ALL else f", filtre «\u00a0{only.label}\u00a0»"
    return f"{found} pour «\u00a0{asked}\u00a0»{within}" if asked else f"{found}{within}"


def filter_named(subject: object) -> Filter | None:
    """The filter that another screen asks for by its name."""
    return next((one for one in Filter if one.value == subject), None)


def is_incomplete(dossier: Dossier) -> bool:
    """Whether a letter to the first addressee cannot be posted."""
    return bool(_address_problem(dossier))


def date_or_dash(date: dt.date | None) -> str:
    return short_date(date) if date else "—"


def _row(number: str, dossier: Dossier | None, account: Account | None, accounts: object) -> Row:
    standing = standing_of(account, is_told=accounts is not None, is_exported=dossier is not None)
    problem = _address_problem(dossier) if dossier and standing is not Standing.ERASED else ""
    return Row(number, dossier, account, standing, problem)


def _address_problem(dossier: Dossier) -> str:
    if not dossier.addressees:
        return "aucun destinataire n’est connu."
    problems = address_block(dossier.addressees[0]).problems
    return problems[0].what if problems else ""


def _natural(number: str) -> tuple[tuple[int, int, str], ...]:
    """9 before 10, "0042" with 42, letters after digits."""
    return tuple((0, int(part), part) if part.isdecimal() else (1, 0, part) for part in re.findall(r"\d+|\D+", number))


def _name_key(row: Row) -> tuple[str, str] | None:
    return (fold(row.last_name), fold(row.first_name)) if row.dossier else None


_KEYS: Mapping[Column, Callable[[Row], object | None]] = {
    Column.NUMBER: lambda row: _natural(row.number),
    Column.NAME: _name_key,
    Column.BIRTH_DATE: lambda row: row.birth_date,
    Column.STANDING: lambda row: list(Standing).index(row.standing),
    Column.LAST_VISIT: lambda row: row.account.last_visit if row.account else None,
}


def _order(keys: Sequence[object | None]) -> list[int]:
    """Each place's rank in its column, the same for equal keys; `_LAST` where there is nothing to sort by."""
    ranks = {key: rank for rank, key in enumerate(_sorted({key for key in keys if key is not None}))}
    return [_LAST if key is None else ranks[key] for key in keys]


def _sorted(keys: Iterable[object]) -> list[object]:
    return sorted(keys)  # type: ignore[type-var]  # keys of one column are of one kind

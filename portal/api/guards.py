"""The guards that both sides hold to, so that an old client or a new one cannot empty a portal (DESIGN.md §4).

A cabinet's export that lost much of a table, or all that a column said, is a broken export, not a cabinet that lost
its patients; one in which many patients have another name, contact or history overnight has its columns mixed up; one
whose rows are far more holds them twice; one in which many are gone and as many are new is another cabinet's, or writes
its numbers otherwise. Nothing is published before a practitioner confirms it. Many withdrawals at once may be right (an
archive was cleaned) or wrong: they alone wait for a person.
"""

from collections.abc import Iterator, Mapping

import msgspec

from cabinet.filled import BIRTH_DATE, WATCHED, count_of
from cabinet.identity import HISTORY, PARTS, parts_changed
from portal.api.shapes import TableCounts

LOST_SHARE = 0.10
LOST_ROWS = 50
FILLED_SHARE = 0.20
FILLED_PATIENTS = 20
"""A field that fewer patients had, or a smaller part of them, says too little when it goes."""
EMPTIED_SHARE = 0.10
"""Of the part that had it: a column that is exported empty keeps at most the few that something else fills."""
FIELDS_NAMED = 3
"""In a sentence: a column that is gone takes others with it."""
FILES_NAMED = 3
CHANGED_SHARE = 0.10
CHANGED_PATIENTS = 20
"""A night brings some marriages and corrections; a column that took another's place, or slipped by a row, changes most
patients, and even days and months that changed places two birth dates in five.
"""
GROWN_SHARE = 0.50
"""More than by this part a table grows where a program's export changes, or where its rows are there twice."""
GROWN_ROWS = 200
"""A practice that begins enters no more in one day; and where there were not even `LOST_ROWS`, growth tells nothing."""
HISTORY_SHARE = 0.50
"""The same of a first visit, which is another for some each night in an export of what is still to come."""
WITHDRAWN_SHARE = 0.05
WITHDRAWN_PATIENTS = 20

TABLE_NAMES = {
    "patients": "patients",
    "appointments": "rendez-vous",
    "instalments": "échéances",
    "fees": "honoraires",
}
"""Field of `TableCounts` -> what the cabinet calls its rows."""


class LostTable(msgspec.Struct, frozen=True):
    """One that lost many of its rows, or has far more of them."""

    table: str
    """A key of `TABLE_NAMES`."""
    before: int
    now: int

    def __str__(self) -> str:
        return f"{_number(self.now)}\u00a0{TABLE_NAMES[self.table]} au lieu de {_number(self.before)}"


class EmptiedField(msgspec.Struct, frozen=True):
    """Counts are of patients who have it."""

    label: str
    before: int
    now: int

    def __str__(self) -> str:
        return (
            f"«\u00a0{self.label}\u00a0» pour {_number(self.now)} "
            f"{'patient' if self.now < 2 else 'patients'} au lieu de {_number(self.before)}"
        )


class ChangedPart(msgspec.Struct, frozen=True):
    """One of `cabinet.identity.PARTS`, of patients who all had another one."""

    label: str
    patients: int
    of: int
    example: str
    """A patient's number: for the cabinet's own eyes, and so in no sentence."""

    def __str__(self) -> str:
        return f"«\u00a0{self.label}\u00a0» changé pour {_number(self.patients)} patients sur {_number(self.of)}"


class Replaced(msgspec.Struct, frozen=True):
    """Patients of the portal who are `gone` from the export, in which as many are `new`, or have their numbers."""

    gone: int
    shown: int
    new: int

    def __str__(self) -> str:
        return (
            f"{_number(self.gone)} des {_number(self.shown)} patients du portail n’y sont plus, et {_number(self.new)} "
            "autres y sont nouveaux"
        )


class Losses(msgspec.Struct, frozen=True):
    """What an export lost since the last one that was published, or says of too many as it did of none."""

    tables: tuple[LostTable, ...] = ()
    fields: tuple[EmptiedField, ...] = ()
    no_patient: bool = False
    """Nobody can confirm an export without a single patient."""
    changed: tuple[ChangedPart, ...] = ()
    cut_off: tuple[str, ...] = ()
    """Files that end within a line, as they never did: only the cabinet's side knows."""
    ended_early: tuple[str, ...] = ()
    """Keys of `TABLE_NAMES` of which the last patients have nothing any more: the same."""
    gone_files: tuple[str, ...] = ()
    """The same of files that are not there any more, of tables that stand in several."""
    grown: tuple[LostTable, ...] = ()
    replaced: Replaced | None = None

    def __bool__(self) -> bool:
        return any((self.is_less, self.changed, self.grown, self.replaced))

    @property
    def is_less(self) -> bool:
        """Whether something that was there is not there any more."""
        return any((self.tables, self.fields, self.no_patient, self.cut_off, self.ended_early, self.gone_files))

    def __str__(self) -> str:
        """« 1 200 rendez-vous au lieu de 8 000, … », to stand within a sentence."""
        others = len(self.fields) - FIELDS_NAMED
        cut_off = (f"{file} ne se termine plus par une ligne entière" for file in self.cut_off)
        gone_files = [f"{file} n’y est plus" for file in self.gone_files[:FILES_NAMED]]
        if len(self.gone_files) > FILES_NAMED:
            gone_files.append("ni d’autres fichiers")
        none_left = " ni ".join(_of(TABLE_NAMES[table]) for table in self.ended_early)
        ended_early = [f"les derniers patients n’ont plus {none_left}"] if none_left else []
        replaced = (self.replaced,) if self.replaced else ()
        others_name = (*replaced, *self.changed)
        rows = (*self.grown, *self.tables, *self.fields[:FIELDS_NAMED])
        named = [str(lost) for lost in (*cut_off, *gone_files, *ended_early, *others_name, *rows)]
        if others > 0:
            named.append(f"et {others} {'autre champ' if others == 1 else 'autres champs'}")
        return ", ".join(named)


def losses(before: TableCounts | None, now: TableCounts) -> Losses:
    """Tables that lost more than 10 % and more than 50 of their rows; fields of the others that did, or are empty.

    And tables that have grown by more than half, and more than 200 rows.
    """
    before = before or TableCounts()
    tables = tuple(_lost_tables(before, now))
    gone = frozenset(lost.table for lost in tables)
    fields = tuple(
        EmptiedField(watched.label, had, has)
        # One side may be of a version that watches fewer fields: those that both counted are compared.
        for watched, had, has in zip(WATCHED, before.filled, now.filled, strict=False)
        if watched.key.partition(".")[0] not in gone
        and _is_emptied(had, before.patients, has, now.patients, moves=watched.moves)
    )
    return Losses(tables, fields, now.patients == 0, grown=tuple(_grown_tables(before, now)))


def changed_parts(before: Mapping[str, bytes], now: Mapping[str, bytes], shown: int) -> tuple[ChangedPart, ...]:
    """Names, birth dates and contacts that are others for more than 10 %, and more than 20, of the patients `shown`.

    And days of their history, for more than half of them. Number -> prints (`cabinet.identity`) of those who arrive, as
    the portal shows them and as they are `now`, without the numbers that go to another patient: those wait alone.
    """
    found: list[list[str]] = [[] for _ in PARTS]
    for number in now.keys() & before.keys():
        for numbers, is_changed in zip(found, parts_changed(before[number], now[number]), strict=True):
            if is_changed:
                numbers.append(number)
    return tuple(
        ChangedPart(label, len(numbers), shown, min(numbers))
        for label, numbers in zip(PARTS, found, strict=True)
        if len(numbers) > CHANGED_PATIENTS
        and len(numbers) > shown * (HISTORY_SHARE if label in HISTORY else CHANGED_SHARE)
    )


def replaced_patients(gone: int, new: int, shown: int) -> Replaced | None:
    """Where more than 10 %, and more than 20, of the patients who were `shown` are gone, and as many are new."""
    fewer = min(gone, new)
    return Replaced(gone, shown, new) if fewer > CHANGED_PATIENTS and fewer > shown * CHANGED_SHARE else None


def must_hold(withdrawn: int, published: int) -> bool:
    """Whether this many withdrawals of so many published patients wait for a confirmation."""
    return withdrawn > WITHDRAWN_PATIENTS and withdrawn > published * WITHDRAWN_SHARE


def lacks_birth_dates(now: TableCounts) -> bool:
    """Whether nobody has a birth date: no first visit that asks for one can succeed."""
    return now.patients > 0 and count_of(now.filled, BIRTH_DATE) == 0


def _lost_tables(before: TableCounts, now: TableCounts) -> Iterator[LostTable]:
    for table in TABLE_NAMES:
        had: int = getattr(before, table)
        has: int = getattr(now, table)
        if had - has > LOST_ROWS and had - has > had * LOST_SHARE:
            yield LostTable(table, had, has)


def _grown_tables(before: TableCounts, now: TableCounts) -> Iterator[LostTable]:
    for table in TABLE_NAMES:
        had: int = getattr(before, table)
        has: int = getattr(now, table)
        if had > LOST_ROWS and has - had > GROWN_ROWS and has - had > had * GROWN_SHARE:
            yield LostTable(table, had, has)


def _is_emptied(had: int, of: int, has: int, of_now: int, *, moves: bool) -> bool:
    """Whether a field that `had` patients filled, `of` so many, lost what a table may not lose, or nearly all.

    Of what `moves` by itself, only nearly all.
    """
    expected = had * min(1, of_now / of) if of else 0  # fewer patients fill fewer fields
    gone = expected - has
    said_something = had >= FILLED_PATIENTS and had >= of * FILLED_SHARE
    lost_many = not moves and gone > LOST_ROWS and gone > expected * LOST_SHARE
    return lost_many or (said_something and has < expected * EMPTIED_SHARE)


def _of(name: str) -> str:
    return f"d’{name}" if name[0] in "éh" else f"de {name}"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u00a0")

"""A source and a mapping -> dossiers and problems: the one way from a cabinet's export to what is published."""

import gc
from collections import abc
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec

from cabinet import sentences
from cabinet.binding import Bound, Forms, TableForm, bind, bind_owner
from cabinet.dossier import Dossier
from cabinet.errors import SourceError
from cabinet.filtering import FilteredTable, LeftOut
from cabinet.mapping import Mapping
from cabinet.mapping_parts import Addressees, Appointments, Balances, Fees, Field, Instalments, TablePart, Where
from cabinet.patient_index import EachOf, PatientIndex, PatientParts
from cabinet.photo_book import PhotoBook, photo_book
from cabinet.problems import Place, Problem
from cabinet.records import (
    ADDRESSEE,
    APPOINTMENT,
    BALANCE,
    FEE,
    INSTALMENT,
    PAID_INSTALMENT,
    PATIENT,
    TIMED_APPOINTMENT,
    Recipe,
)
from cabinet.sources import Source, Table
from cabinet.sources.location import Location
from cabinet.sources.opening import open_source
from cabinet.tables import RowReader
from cabinet.values import Unreadable, clean


class Counts(msgspec.Struct, frozen=True):
    """Rows of each table that are published: a table that becomes unreadable is a table that lost its rows."""

    patients: int = 0
    appointments: int = 0
    instalments: int = 0
    fees: int = 0


class FileFormat(msgspec.Struct, frozen=True):
    """How a file turned out to be written, as shown to a person."""

    file: str
    encoding: str
    delimiter: str
    dates: tuple[str, ...]
    decimals: tuple[str, ...]
    rows: int
    """Below the header, published or not."""
    columns: tuple[str, ...] = ()
    is_ended: bool = True
    """Whether its last line has its end: where a program always writes it, a file without is cut off."""


class Reading(msgspec.Struct, frozen=True):
    """All that a source holds at one moment."""

    dossiers: tuple[Dossier, ...]
    """Canonical, in order of number."""
    photos: abc.Mapping[str, Path]
    """Hexadecimal digest of a photo's bytes -> its file. `cabinet.photos.web_photo` makes of it what is published."""
    counts: Counts
    problems: tuple[Problem, ...]
    formats: tuple[FileFormat, ...]
    """The patients' file first."""
    refused: frozenset[str] = frozenset()
    """Numbers that stand in the patients' table, in rows that are not published: they are not gone."""


def read(source: Path | Location, mapping: Mapping, digest_key: bytes) -> Reading:
    """Read an export. `digest_key` is the cabinet's 32-byte key: it names the photos.

    Two rows with one patient number are both refused, with all that belongs to that number: whichever were kept, a
    family could see another's file. Raises `SourceError` where the export cannot be read at all, and its subclass
    `MappingError` where the mapping does not fit it; every smaller thing is a problem.
    """
    location = source if isinstance(source, Location) else Location(str(source))
    with closing(open_source(location)) as opened:
        return read_source(opened, mapping, photo_book(location, mapping, digest_key))


def read_source(
    source: Source,
    mapping: Mapping,
    photos: PhotoBook,
    take: abc.Callable[[Dossier], None] | None = None,
    forms: Forms | None = None,
) -> Reading:
    """Read what `source` holds (see `read`); `photos` is asked for each patient's.

    `take` is given each dossier, in order of number, and the reading holds none: those of a large practice need half a
    gigabyte. `forms` are those of a reading of other patients of the same source, which spare this one its first dates.
    """
    with without_collection():
        run = _Run(source, mapping, forms or Forms())
        run.read_tables()
        source.require_settled()
        return _gathered(run, photos, take)


@contextmanager
def without_collection() -> Iterator[None]:
    """Pause the cyclic collector: a million new objects, none of them garbage, cost it a fifth of the reading."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _gathered(run: "_Run", photos: PhotoBook, take: abc.Callable[[Dossier], None] | None) -> Reading:
    dossiers: list[Dossier] = []
    take = take or dossiers.append
    patients = appointments = instalments = fees = 0
    for parts in run.patients.unique():
        dossier = parts.dossier(photos.digest(parts.patient.number))
        patients += 1
        appointments += len(dossier.appointments)
        instalments += len(dossier.instalments)
        fees += len(dossier.fees)
        run.refused.discard(dossier.number)
        take(dossier)
    return Reading(
        dossiers=tuple(dossiers),
        photos=photos.files,
        counts=Counts(patients=patients, appointments=appointments, instalments=instalments, fees=fees),
        problems=(*run.problems, *photos.problems),
        formats=tuple(run.formats),
        refused=frozenset(run.refused),
    )


_Part = Addressees | Appointments | Instalments | Fees | Balances
_ListOf = abc.Callable[[PatientParts], list[Any]]
_APPOINTMENTS: _ListOf = attrgetter("appointments")
_INSTALMENTS: _ListOf = attrgetter("instalments")
_FEES: _ListOf = attrgetter("fees")
_BALANCES: _ListOf = attrgetter("balances")


class _Run:
    """One reading: what every table adds to."""

    def __init__(self, source: Source, mapping: Mapping, forms: Forms) -> None:
        self._source = source
        self._mapping = mapping
        self._forms = forms
        self.problems: list[Problem] = []
        self.formats: list[FileFormat] = []
        self.refused: set[str] = set()
        self.patients = PatientIndex(len(mapping.addressees))

    def read_tables(self) -> None:
        mapping = self._mapping
        self._read_patients()
        for place, part in enumerate(mapping.addressees):
            self._read_table(f"addressees[{place + 1}]", part, ADDRESSEE, _addressees_of(place))
        if visits := mapping.appointments:
            recipe = APPOINTMENT if visits.columns.end is None else TIMED_APPOINTMENT
            self._read_table("appointments", visits, recipe, _APPOINTMENTS)
        if dues := mapping.instalments:
            is_plain = dues.columns.settled_amount is None and dues.columns.settled_on is None
            self._read_table("instalments", dues, INSTALMENT if is_plain else PAID_INSTALMENT, _INSTALMENTS)
        if mapping.fees:
            self._read_table("fees", mapping.fees, FEE, _FEES)
        if mapping.balances:
            self._read_table("balances", mapping.balances, BALANCE, _BALANCES)
            holder = mapping.balances if mapping.balances.has_own_table else mapping.patients
            self._note_several_balances(holder.table_name)

    def _read_patients(self) -> None:
        mapping = self._mapping
        seen = 0
        for table, form in self._open("patients", mapping.patients):
            seen += self._read_patients_of(table, form)
            name = table.name
        if not seen:
            raise SourceError(
                f"Le fichier {name} ne contient aucun patient.",
                "Corrigez le filtre «\u00a0patients.where\u00a0» du mapping, ou refaites l’export."
                if mapping.patients.where
                else "Refaites l’export\u00a0: rien n’est publié d’un export vide.",
            )
        self._refuse_duplicates(name)

    def _read_patients_of(self, table: Table, form: TableForm) -> int:
        """How many rows it has."""
        mapping = self._mapping
        part = mapping.patients
        bound = bind(table, form, "patients", part.columns, PATIENT)
        table = self._filtered(table, "patients", part.where, lambda row: self._leave_out(bound, row))
        rows = RowReader(table, bound, PATIENT.make, self.problems)
        addressees = [
            (place, self._part_reader(table, form, f"addressees[{place + 1}]", own.columns, ADDRESSEE))
            for place, own in enumerate(mapping.addressees)
            if not own.has_own_table
        ]
        balances = mapping.balances if mapping.balances and not mapping.balances.has_own_table else None
        balance = self._part_reader(table, form, "balances", balances.columns, BALANCE) if balances else None
        for row in rows.rows():
            keyed = rows.record(row)
            if keyed is None:
                continue
            parts = self.patients.add(keyed, rows.place(row).line or 0)
            for place, reader in addressees:
                if addressee := reader.record(row, optional=True):
                    parts.addressees[place].append(addressee)
            if balance and (owed := balance.record(row, optional=True)):
                parts.balances.append(owed)
        self._note_refused(bound, rows.refused)
        self._note_format(table, form, rows.seen)
        return rows.seen

    def _note_refused(self, bound: Sequence[Bound], rows: Sequence[Sequence[str]]) -> None:
        """Remember whose the rows are that are not as wide as the header, as far as can be told."""
        number = next(one for one in bound if one.name == "number")
        for row in rows:
            with suppress(Unreadable, IndexError):
                self.refused.add(str(number.values[number.text(row)]))

    def _part_reader(
        self, table: Table, form: TableForm, path: str, columns: msgspec.Struct, recipe: Recipe[Any]
    ) -> RowReader[Any]:
        return RowReader(table, bind(table, form, path, columns, recipe), recipe.make, self.problems)

    def _filtered(self, table: Table, path: str, where: Where | None, left_out: LeftOut = lambda _: None) -> Table:
        return FilteredTable(table, path, where, self.problems, left_out) if where else table

    def _leave_out(self, bound: Sequence[Bound], row: Sequence[str]) -> None:
        """Remember the key of a patient whom the filter passes over."""
        with suppress(Unreadable):
            names = {one.name: one.values[one.text(row)] for one in bound if one.name in ("number", "key")}
            self.patients.leave_out(str(names["key"] or names["number"]))

    def _read_table(self, path: str, part: _Part, recipe: Recipe[Any], list_of: _ListOf) -> None:
        owned = _owner_of(part)
        if not part.has_own_table or owned is None:
            # Columns of the patients' file, read with it.
            return
        seen = 0
        for table, form in self._open(path, part):
            rows = self._filtered(table, path, part.where)
            reader = self._part_reader(rows, form, path, part.columns, recipe)
            reader.read_for(self._owner(table, path, owned, list_of))
            self._note_format(table, form, reader.seen)
            seen += reader.seen
        if seen and owned[0] == "family" and not any(map(list_of, self.patients.unique())):
            self.problems.append(sentences.no_family(Place(part.table_name)))

    def _owner(self, table: Table, path: str, owner: tuple[str, Field], list_of: _ListOf) -> Bound:
        """The column that says whose a row is; it gives what a row's record is appended to."""
        patients = self.patients
        if owner[0] == "family":
            return bind_owner(table, path, owner, lambda text: EachOf(map(list_of, patients.of_family(text))), {})
        known = {key: list_of(parts) for key, parts in patients.by_key()}
        return bind_owner(table, path, owner, lambda text: list_of(patients.of(text)), known)

    def _open(self, path: str, part: TablePart) -> Iterator[tuple[Table, TableForm]]:
        """The tables of a part of the mapping, one after the other: each is read before the next is opened."""
        format_ = self._mapping.format_of(part.format)
        if self._source.is_typed:
            # Text in a typed source is written by people: no sign of an export's own applies to its numbers.
            format_ = msgspec.structs.replace(format_, decimal=None)
        encoding, delimiter = format_.encoding or "", format_.delimiter or ""
        names = self._source.names(part.file) if part.file else (path,)
        for name in names:
            table = self._source.table(name, query=part.query or "", encoding=encoding, delimiter=delimiter)
            yield table, self._forms.of(path, table.name, format_, self._mapping.zone)

    def _note_format(self, table: Table, form: TableForm, rows: int) -> None:
        self.formats.append(
            FileFormat(
                file=table.name,
                encoding=table.encoding,
                delimiter=table.delimiter,
                dates=form.dates.forms,
                decimals=tuple(sorted(form.amounts.seen)),
                rows=rows,
                columns=tuple(map(clean, table.header)),
                is_ended=table.is_ended,
            )
        )

    def _refuse_duplicates(self, file: str) -> None:
        column = self._mapping.patients.columns.number
        for number, same in self.patients.duplicates():
            lines = ", ".join(str(parts.line) for parts in same)
            for parts in same:
                self.refused.add(parts.patient.number)
                place = Place(file, parts.line, column if isinstance(column, str) else "")
                self.problems.append(sentences.duplicate_number(place, number, lines))

    def _note_several_balances(self, file: str) -> None:
        for parts in self.patients.unique():
            if len(parts.balances) > 1:
                self.problems.append(sentences.several_balances(Place(file), parts.patient.number))


def _owner_of(part: _Part) -> tuple[str, Field] | None:
    """The mapping's key for the column that says whose a row is, and that column."""
    if isinstance(part, Addressees) and part.columns.family is not None:
        return "family", part.columns.family
    return None if part.columns.patient is None else ("patient", part.columns.patient)


def _addressees_of(place: int) -> _ListOf:
    return lambda parts: parts.addressees[place]

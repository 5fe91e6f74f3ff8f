"""A folder of CSV files by patient, unread: whose lines changed is known before any of them is understood.

A patient's dossier and problems come from the rows of their number alone, which makes reading some numbers' rows give
what reading all of them gives for these numbers. Where a mapping or a file does not keep to that, it is `Uncuttable`.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import msgspec

from cabinet.dossier import Digest, digest_of
from cabinet.errors import SourceError
from cabinet.mapping import Mapping as ExportMapping
from cabinet.mapping_parts import Field, TablePart
from cabinet.problems import Problem, Severity
from cabinet.sources.chosen_rows import ChosenRows
from cabinet.sources.csv_folder import CsvFolder
from cabinet.sources.patient_lines import NOBODY, KnownLines, PatientLines, Uncuttable

_SEVERAL_BALANCES = "several-balances"
_OF_A_NUMBER = frozenset({"duplicate-number", _SEVERAL_BALANCES})
"""Problems whose value is the patient's number; the others of a table stand on a line of their own."""
UNUSABLE_PHOTO = "unusable-photo"
_OF_NO_ROW = _OF_A_NUMBER | {UNUSABLE_PHOTO}


class RowProblem(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A problem of one of a patient's rows, wherever in its file the row has moved to."""

    severity: Severity
    code: str
    file: str
    column: str
    row: int
    """From 0, among the patient's rows of this file."""


class HeldFolder(CsvFolder):
    """Reads each file once, so that what is compared is what is read."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._contents: dict[str, bytes] = {}
        self._lets_go = False

    def content(self, name: str) -> bytes:
        if self._lets_go:
            return self._contents.pop(name, b"") or super().content(name)
        if name not in self._contents:
            self._contents[name] = super().content(name)
        return self._contents[name]

    def let_go(self) -> None:
        """Each file is wanted once more: it is held no longer than whoever reads it holds it."""
        self._lets_go = True

    def digests(self, mapping: ExportMapping, key: bytes) -> dict[str, Digest]:
        """Name -> digest of the content of every file that a mapping means. Raise `SourceError`."""
        names = [name for part, _ in _tables(mapping) if part.file for name in self.names(part.file)]
        return {name: digest_of(self.content(name), key) for name in names}


class ChosenTables:
    """Implements `cabinet.sources.Source`: of each file, the rows of some patients."""

    is_typed = False

    def __init__(self, folder: CsvFolder, tables: Mapping[str, ChosenRows]) -> None:
        self._folder = folder
        self._tables = tables

    def tables(self) -> Sequence[str]:
        return tuple(self._tables)

    def names(self, file: str) -> Sequence[str]:
        return self._folder.names(file)

    def table(self, name: str, *, query: str = "", encoding: str = "", delimiter: str = "") -> ChosenRows:  # noqa: ARG002 - Protocol
        return self._tables[name]

    def require_settled(self) -> None:
        self._folder.require_settled()

    def close(self) -> None:
        """Nothing is open."""


class CutFolder:
    """The files of a folder, cut by patient, as far as they are not those that are known."""

    def __init__(
        self, folder: HeldFolder, mapping: ExportMapping, key: bytes, known: Sequence[KnownLines] = ()
    ) -> None:
        """Raise `Uncuttable`, also where a full reading would tell an error."""
        # A filter may leave none of the chosen rows: whether that is so of the whole table, only all of it says.
        columns = mapping.patients.columns
        is_joined = columns.key is not None or columns.family is not None
        if is_joined or any(part.where for part, _ in _tables(mapping)):
            raise Uncuttable
        self._folder = folder
        self._key = key
        self._before = {lines.form[0]: lines for lines in known}
        self._files: dict[str, PatientLines] = {}
        self._patients_file = mapping.patients.file or ""
        try:
            for part, field in _tables(mapping):
                self._cut(part, _column(field), mapping)
            self._patients = next(
                self._files[name] for name in folder.names(self._patients_file) if self._files[name].rows
            )
        except (SourceError, StopIteration) as error:
            raise Uncuttable from error

    def _cut(self, part: TablePart, column: str, mapping: ExportMapping) -> None:
        if part.file is None:
            raise Uncuttable
        format_ = mapping.format_of(part.format)
        for name in self._folder.names(part.file):
            if name in self._files:
                raise Uncuttable
            table = self._folder.table(name, encoding=format_.encoding or "", delimiter=format_.delimiter or "")
            self._files[name] = PatientLines(table, column, self._key, self._before.get(name))

    @property
    def known(self) -> tuple[KnownLines, ...]:
        """What the next reading may know of these files."""
        return tuple(file.known for file in self._files.values())

    @property
    def forms_changed(self) -> bool:
        """Whether there are other files than those known, or one makes rows of its lines in another way."""
        return [lines.form for lines in self.known] != [lines.form for lines in self._before.values()]

    @property
    def is_known(self) -> bool:
        """Whether no byte of any file changed."""
        return not self.forms_changed and all(file.is_known for file in self._files.values())

    @property
    def changed(self) -> frozenset[str]:
        """Numbers whose lines are others than those known."""
        return frozenset().union(*(file.changed for file in self._files.values())) - {NOBODY}

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Of all lines."""
        return frozenset().union(*(file.numbers for file in self._files.values())) - {NOBODY}

    @property
    def rows(self) -> int:
        """Of the first file of patients."""
        return next(iter(self._files.values())).rows

    @property
    def always(self) -> frozenset[str]:
        """Numbers to be read whatever changed: rows without a number, and one patient, without whom no export is."""
        return frozenset((NOBODY, self._patients.first_number))

    def portions(self, size: int) -> Iterator[ChosenTables]:
        """Sources of all rows, by so many patients in the order of their file; those of no patient are in the first."""
        patients = [number for name in self._folder.names(self._patients_file) for number in self._files[name].order]
        own = dict.fromkeys(number for number in patients if number != NOBODY)
        share_of = {number: place // size for place, number in enumerate(own)}
        count = -(-len(own) // size) or 1
        shares = {name: file.shares(share_of, count) for name, file in self._files.items()}
        for share in range(count):
            rows = {name: ChosenRows(file, shares[name][share]) for name, file in self._files.items()}
            yield ChosenTables(self._folder, rows)

    def chosen(self, numbers: Container[str]) -> ChosenTables:
        """The source of these numbers' rows alone. Reading it may raise `Uncuttable`, as all that are here."""
        rows = {name: ChosenRows(file, file.places_of(numbers)) for name, file in self._files.items()}
        return ChosenTables(self._folder, rows)

    def all_rows(self) -> ChosenTables:
        return ChosenTables(self._folder, {name: ChosenRows(file) for name, file in self._files.items()})

    def row_problems(self, problems: Iterable[Problem]) -> dict[str, list[RowProblem]]:
        """Number -> the problems of its rows. Raise `Uncuttable` for one that stands on no line."""
        of_rows = [problem for problem in problems if problem.code not in _OF_NO_ROW]
        lines: dict[str, set[int]] = {}
        for problem in of_rows:
            if problem.place.line is None:
                raise Uncuttable
            lines.setdefault(problem.place.file, set()).add(problem.place.line)
        owners = {name: self._files[name].owners(places) for name, places in lines.items()}
        found: dict[str, list[RowProblem]] = {}
        for problem in of_rows:
            number, row = owners[problem.place.file][problem.place.line or 0]
            place = problem.place
            found.setdefault(number, []).append(
                RowProblem(problem.severity, problem.code, place.file, place.column, row)
            )
        return found

    def first_of(self, file: str, rows: Mapping[str, Sequence[int]], most: int) -> list[tuple[int, str]]:
        """Of known rows of a file (see `PatientLines.first_of`), where the first stand now."""
        return self._files[file].first_of(rows, most)

    def line_of(self, number: str, known: RowProblem) -> int:
        """Where a known problem stands now."""
        return self._files[known.file].line_of(number, known.row)


def numbers_named(problems: Iterable[Problem]) -> frozenset[str]:
    """Patients with a problem that is no row's: two of one number, several balances."""
    return frozenset(problem.value for problem in problems if problem.code in _OF_A_NUMBER)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Those of one kind as a reading of all meets them, if the numbers that are there twice are in its order."""
    everything = list(problems)
    of_rows = [problem for problem in everything if problem.code not in _OF_NO_ROW]
    of_rows.sort(key=lambda problem: problem.place.line or 0)
    of_no_row = [problem for problem in everything if problem.code in _OF_NO_ROW]
    of_no_row.sort(key=lambda problem: problem.value if problem.code == _SEVERAL_BALANCES else "")
    return of_rows + of_no_row


def _tables(mapping: ExportMapping) -> Iterator[tuple[TablePart, Field]]:
    """Each table that has a file of its own, and its column of patients' numbers; the patients' first."""
    yield mapping.patients, mapping.patients.columns.number
    parts = (*mapping.addressees, mapping.appointments, mapping.instalments, mapping.fees, mapping.balances)
    for part in parts:
        if part is not None and part.has_own_table and part.columns.patient is not None:
            yield part, part.columns.patient


def _column(field: Field) -> str:
    """The one column that a field is, unchanged. Raise `Uncuttable`."""
    if isinstance(field, str):
        return field
    if field.column is None or field.values:
        raise Uncuttable
    return field.column

"""Reads one table of a source into records: the quick way for good rows, field by field for the others."""

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from cabinet import sentences
from cabinet.binding import Bound
from cabinet.patient_index import LeftOutPatient, RefusedPatient, UnknownPatient
from cabinet.problems import Place, Problem
from cabinet.records import EmptyLine
from cabinet.sources import Columnar, Table
from cabinet.values import MissingValue, ReadAs, Unreadable

T = TypeVar("T")


class RowReader(Generic[T]):
    """Makes one kind of record from a table's rows, and notes in `problems` what could not be read."""

    def __init__(self, table: Table, fields: Sequence[Bound], make: Callable[..., T], problems: list[Problem]) -> None:
        self._table = table
        self._width = len(table.header)
        self._fields = fields
        self._cells = [(bound.text, bound.values) for bound in fields]
        """What picks each field's text out of a row, and what it means."""
        self._make = make
        self._problems = problems
        self.seen = 0
        """Rows below the header, published or not, once they are read."""
        self.refused: list[Sequence[str]] = []
        """Rows of another width than the header's, which `rows` passed over."""

    def rows(self) -> Iterator[Sequence[str]]:
        """The table's rows that are as wide as its header; the others are problems."""
        for row in self._table.rows():
            self.seen += 1
            if len(row) == self._width:
                yield row
            else:
                self.refused.append(row)
                self._refuse_width(row)

    def record(self, row: Sequence[str], *, optional: bool = False) -> T | None:
        """The record of a row without the values that cannot be read, or None.

        None is a problem, unless the record is `optional`: part of a row that says something else besides.
        """
        try:
            return self._make(*[values[text(row)] for text, values in self._cells])
        except Unreadable as error:
            if optional and isinstance(error, EmptyLine):
                return None
            return self._careful_record(row, optional=optional)

    def _careful_record(self, row: Sequence[str], *, optional: bool) -> T | None:
        """What `record` does, with a problem for all that is not as it should be."""
        values = []
        for bound in self._fields:
            text = bound.text(row)
            try:
                values.append(bound.values[text])
            except MissingValue:
                if not optional:
                    self._problems.append(sentences.missing_value(self.place(row, bound), bound.name))
                return None
            except Unreadable as error:
                place, refused = self.place(row, bound), bound.required and not optional
                self._problems.append(sentences.unreadable_value(place, bound.name, text, error, refused=refused))
                if bound.required:
                    return None
                values.append(error.value if isinstance(error, ReadAs) else bound.nothing)
        try:
            return self._make(*values)
        except EmptyLine:
            if not optional:
                self._problems.append(sentences.empty_line(self.place(row)))
            return None

    def read_for(self, owner: Bound) -> None:
        """Read all rows, appending each record to the list that `owner.values` gives for the row's patient."""
        if not isinstance(self._table, Columnar):
            self._read_rows(self._table.rows(), owner)
            return
        for part in self._table.parts():
            columns = part.columns()
            if columns is None or not self._read_columns(columns, owner):
                self._read_rows(part.rows(), owner)

    def _read_columns(self, columns: Sequence[Sequence[str]], owner: Bound) -> bool:
        """False, and nothing was read, where a row must be told of."""
        try:
            lists = list(owner.all_of(columns))
            records = list(map(self._make, *[bound.all_of(columns) for bound in self._fields]))
        except Unreadable:
            return False
        for records_of_patient, record in zip(lists, records, strict=True):
            records_of_patient.append(record)
        self.seen += len(records)
        return True

    def _read_rows(self, rows: Iterator[Sequence[str]], owner: Bound) -> None:
        width = self._width
        owner_text, lists = owner.text, owner.values
        for row in rows:
            self.seen += 1
            if len(row) == width:
                try:
                    records = lists[owner_text(row)]
                    record = self._make(*[values[text(row)] for text, values in self._cells])
                except Unreadable:
                    self._read_carefully(row, owner)
                else:
                    records.append(record)
            else:
                self._refuse_width(row)

    def _read_carefully(self, row: Sequence[str], owner: Bound) -> None:
        """What `read_for` does, with a problem for all that is not as it should be."""
        text = owner.text(row)
        try:
            records = owner.values[text]
        except LeftOutPatient:
            return
        except UnknownPatient:
            self._problems.append(sentences.unknown_patient(self.place(row, owner), text))
        except RefusedPatient:
            self._problems.append(sentences.refused_patient(self.place(row, owner), text))
        except MissingValue:
            self._problems.append(sentences.missing_value(self.place(row, owner), owner.name))
        except Unreadable as error:
            place = self.place(row, owner)
            self._problems.append(sentences.unreadable_value(place, owner.name, text, error, refused=True))
        else:
            record = self._careful_record(row, optional=False)
            if record is not None:
                records.append(record)

    def place(self, row: Sequence[str], bound: Bound | None = None) -> Place:
        """Of the row that was last read."""
        return Place(self._table.name, self._table.line_of(row), bound.column if bound else "")

    def _refuse_width(self, row: Sequence[str]) -> None:
        self._problems.append(sentences.wrong_width(self.place(row), len(row), self._width))

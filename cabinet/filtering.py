"""The rows of a table that a mapping's `where` lets through."""

from collections.abc import Callable, Iterator, Sequence

from cabinet import sentences
from cabinet.binding import bind_filter
from cabinet.mapping_parts import Where
from cabinet.problems import Place, Problem
from cabinet.sources import Table

LeftOut = Callable[[Sequence[str]], None]
"""Told each row that does not pass."""


class FilteredTable:
    """Implements `cabinet.sources.Table`: another table without the rows that its part of the mapping does not read.

    Rows that are not as wide as the header pass: what is wrong with them is for the reader to say.
    """

    def __init__(self, table: Table, path: str, where: Where, problems: list[Problem], left_out: LeftOut) -> None:
        self._table = table
        self._passes = bind_filter(table, path, where)
        self._where = where
        self._problems = problems
        self._left_out = left_out
        self.name = table.name
        self.header = table.header
        self.encoding = table.encoding
        self.delimiter = table.delimiter
        self.is_ended = table.is_ended

    def rows(self) -> Iterator[Sequence[str]]:
        width = len(self.header)
        passed = left_out = False
        for row in self._table.rows():
            if len(row) != width:
                yield row
            elif self._passes(row):
                passed = True
                yield row
            else:
                left_out = True
                self._left_out(row)
        if left_out and not passed:
            values = ", ".join(f"«\u00a0{value}\u00a0»" for value in self._where.values)
            self._problems.append(sentences.nothing_passes(Place(self.name, column=self._where.column), values))

    def line_of(self, row: Sequence[str]) -> int:
        return self._table.line_of(row)

"""The raw lines of a CSV file by patient, so that those of a patient who did not change need not be understood.

Only files whose every line is one row can be cut this way; anything else is `Uncuttable`, and is read in full.
"""

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from cabinet.sources.csv_folder import CsvTable
from cabinet.values import MAX_NUMBER_LENGTH, Unreadable, clean, parse_number

_END = "\0"
"""A line of its own after the one that is looked at: it comes back as a row unless a quote was left open."""


class Uncuttable(Exception):
    """Lines that are not rows, or rows of which the patient cannot be told without reading them."""


class PatientLines:
    """One file, cut by its column of patient numbers. Rows without a readable number are those of the number ""."""

    def __init__(self, table: CsvTable, column: str) -> None:
        """`table` is newly opened. Raise `Uncuttable`."""
        header = [clean(name) for name in table.header]
        if header.count(clean(column)) != 1 or not table.separator.isascii() or table.separator == '"':
            raise Uncuttable
        if table.codec.startswith("utf-16"):
            raise Uncuttable
        self.name = table.name
        self.encoding = table.encoding
        self.delimiter = table.delimiter
        self.header = table.header
        self._codec = "utf-8" if table.codec == "utf-8-sig" else table.codec
        self._separator = table.separator
        self._column = header.index(clean(column))
        self._first_line = table.header_lines + 1
        # Splits where the reader of CSV files does: at \n, \r and \r\n alone.
        self._lines = table.raw.splitlines()[table.header_lines :]
        self._require_whole_end(table.raw)
        self._places = self._cut(is_quoted=b'"' in table.raw)

    @property
    def form(self) -> tuple[str, ...]:
        """All that makes a row of a line: where it is the same, the same lines say the same."""
        return (self.name, self._codec, self._separator, str(self._column), *self.header)

    @property
    def rows(self) -> int:
        """Below the header, published or not."""
        return sum(map(len, self._places.values()))

    @property
    def first_number(self) -> str:
        """Of the first row; there must be one."""
        return next(iter(self._places))

    def by_number(self) -> Iterator[tuple[str, bytes]]:
        """(number, its lines in the file's order) of all numbers."""
        lines = self._lines
        for number, places in self._places.items():
            first, last = places[0], places[-1]
            if last - first == len(places) - 1:
                yield number, b"\n".join(lines[first : last + 1])
            else:
                yield number, b"\n".join([lines[place] for place in places])

    def rows_of(self, numbers: Collection[str]) -> "ChosenRows":
        """The rows of these numbers, in the file's order. Raise `Uncuttable`."""
        chosen = sorted(place for number in numbers for place in self._places.get(number, ()))
        rows = self._cells(self._lines[place].decode(self._codec) for place in chosen)
        return ChosenRows(self, [place + self._first_line for place in chosen], list(rows))

    def owners(self, lines: Collection[int]) -> dict[int, tuple[str, int]]:
        """Line as an editor counts -> the number whose row it is, and which of this number's rows."""
        wanted = {line - self._first_line for line in lines}
        return {
            place + self._first_line: (number, row)
            for number, places in self._places.items()
            if not wanted.isdisjoint(places)
            for row, place in enumerate(places)
            if place in wanted
        }

    def line_of(self, number: str, row: int) -> int:
        """The inverse of `owners`."""
        return self._places[number][row] + self._first_line

    def _cut(self, *, is_quoted: bool) -> dict[str, list[int]]:
        """Number -> the indexes of its lines."""
        cut: defaultdict[bytes, list[int]] = defaultdict(list)
        for place, spelling in enumerate(self._spellings(is_quoted=is_quoted)):
            cut[spelling].append(place)
        found: dict[str, list[int]] = {}
        for spelling, places in cut.items():
            number = self._number(spelling)
            if not number:
                places = [place for place in places if self._lines[place]]  # noqa: PLW2901 - blank lines are no rows
            if number in found:
                places = sorted((*found[number], *places))  # noqa: PLW2901 - one number spelt in two ways
            if places:
                found[number] = places
        return found

    def _spellings(self, *, is_quoted: bool) -> Iterable[bytes]:
        """The cell of each line that says whose it is, empty where there is none."""
        lines, separator, column = self._lines, self._separator.encode(), self._column
        if is_quoted:
            return [self._quoted_cell(line) if b'"' in line else _cell(line, separator, column) for line in lines]
        if column == 0:
            return [line.partition(separator)[0] for line in lines]
        return [_cell(line, separator, column) for line in lines]

    def _quoted_cell(self, line: bytes) -> bytes:
        (cells,) = self._cells((line.decode(self._codec),))
        return cells[self._column].encode(self._codec) if self._column < len(cells) else b""

    def _number(self, spelling: bytes) -> str:
        if spelling.isalnum() and len(spelling) <= MAX_NUMBER_LENGTH:
            return spelling.decode("ascii")  # what `parse_number` says of it: nearly all numbers are such
        try:
            return parse_number(spelling.decode(self._codec))
        except Unreadable:
            return ""

    def _cells(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The cells of lines that are a row each."""
        try:
            for text in texts:
                if '"' not in text and len(text) < csv.field_size_limit():
                    yield text.split(self._separator)
                    continue
                found = list(csv.reader((text, _END), delimiter=self._separator))
                if len(found) != 2:
                    raise Uncuttable
                yield found[0]
        except csv.Error as error:
            raise Uncuttable from error

    def _require_whole_end(self, raw: bytes) -> None:
        """A file that ends within a row is an error, which a full reading tells."""
        if self._lines and not raw.endswith((b"\n", b"\r")):
            (cells,) = self._cells((self._lines[-1].decode(self._codec),))
            if len(cells) < len(self.header):
                raise Uncuttable


class ChosenRows:
    """Implements `cabinet.sources.Table` over some rows of a file."""

    def __init__(self, file: PatientLines, lines: Sequence[int], rows: Sequence[list[str]]) -> None:
        self.name = file.name
        self.header = file.header
        self.encoding = file.encoding
        self.delimiter = file.delimiter
        self._lines = lines
        self._rows = rows
        self._line = 0

    def rows(self) -> Iterator[list[str]]:
        width = len(self.header)
        for line, row in zip(self._lines, self._rows, strict=True):
            self._line = line
            while len(row) > width and not row[-1]:
                row.pop()
            yield row

    def line_of(self, row: Sequence[str]) -> int:  # noqa: ARG002 - Protocol
        return self._line


def _cell(line: bytes, separator: bytes, column: int) -> bytes:
    cells = line.split(separator, column + 1)
    return cells[column] if column < len(cells) else b""

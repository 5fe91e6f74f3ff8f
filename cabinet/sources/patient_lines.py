"""The raw lines of a CSV file by patient, so that those of a patient who did not change need not be understood.

Only files whose every line is one row can be cut this way; anything else is `Uncuttable`, and is read in full.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, islice

from cabinet.sources.csv_folder import CsvTable
from cabinet.values import MAX_NUMBER_LENGTH, Unreadable, clean, parse_number

_LONE_RETURN = re.compile(rb"\r(?!\n)")
_END = "\0"
"""A line of its own after the one that is looked at: it comes back as a row unless a quote was left open."""


class Uncuttable(Exception):
    """Lines that are not rows, or rows of which the patient cannot be told without reading them."""


class PatientLines:
    """One file, cut by its column of patient numbers. Rows without a readable number are those of the number "".

    Exports write a patient's rows one after the other: what is kept of a number is its runs of lines, as the places of
    their bytes, which costs a file in that order a fraction of looking at each of its lines.
    """

    def __init__(self, table: CsvTable, column: str) -> None:
        """`table` is newly opened. Raise `Uncuttable`."""
        header = [clean(name) for name in table.header]
        if header.count(clean(column)) != 1 or not table.separator.isascii() or table.separator == '"':
            raise Uncuttable
        if table.codec.startswith("utf-16") or _LONE_RETURN.search(table.raw):
            raise Uncuttable
        self.name = table.name
        self.encoding = table.encoding
        self.delimiter = table.delimiter
        self.header = table.header
        self._codec = "utf-8" if table.codec == "utf-8-sig" else table.codec
        self._separator = table.separator
        self._column = header.index(clean(column))
        self._raw = table.raw if table.raw.endswith(b"\n") else self._whole(table.raw)
        self._first_line = table.header_lines + 1
        self._begin = 0
        for _ in range(table.header_lines):
            self._begin = self._raw.index(b"\n", self._begin) + 1
        self._blank = 0
        self._runs = self._cut()

    @property
    def form(self) -> tuple[str, ...]:
        """All that makes a row of a line: where it is the same, the same lines say the same."""
        return (self.name, self._codec, self._separator, str(self._column), *self.header)

    @cached_property
    def rows(self) -> int:
        """Below the header, published or not."""
        return self._raw.count(b"\n", self._begin) - self._blank

    @property
    def first_number(self) -> str:
        """Of the first row; there must be one."""
        return next(iter(self._runs))

    def by_number(self) -> Iterator[tuple[str, bytes]]:
        """(number, its lines in the file's order) of all numbers."""
        raw = self._raw
        for number, runs in self._runs.items():
            yield number, b"".join([raw[start:end] for start, end in runs]) if len(runs) > 1 else raw[slice(*runs[0])]

    def rows_of(self, numbers: Collection[str]) -> "ChosenRows":
        """The rows of these numbers, in the file's order. Raise `Uncuttable`."""
        lines: list[int] = []
        texts: list[str] = []
        for start, end, first in self._placed(run for number in numbers for run in self._runs.get(number, ())):
            for line, raw in enumerate(self._raw[start:end].splitlines(), start=first):
                if raw:
                    lines.append(line)
                    texts.append(raw.decode(self._codec))
        return ChosenRows(self, lines, list(self._cells(texts)))

    def owners(self, lines: Collection[int]) -> dict[int, tuple[str, int]]:
        """Line as an editor counts -> the number whose row it is, and which of this number's rows."""
        return {
            line: (number, row)
            for number, places in self._lines.items()
            for row, line in enumerate(chain.from_iterable(places))
            if line in lines
        }

    def line_of(self, number: str, row: int) -> int:
        """The inverse of `owners`."""
        return next(islice(chain.from_iterable(self._lines[number]), row, None))

    @cached_property
    def _lines(self) -> dict[str, list[range]]:
        """Number -> the lines of its runs."""
        begins = {
            start: range(first, first + self._raw.count(b"\n", start, end))
            for start, end, first in self._placed(chain.from_iterable(self._runs.values()))
        }
        return {number: [begins[start] for start, _ in runs] for number, runs in self._runs.items()}

    def _placed(self, runs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
        """(start, end, first line) of some runs, in the file's order."""
        place, line = self._begin, self._first_line
        for start, end in sorted(runs):
            line += self._raw.count(b"\n", place, start)
            place = start
            yield start, end, line

    def _cut(self) -> dict[str, list[tuple[int, int]]]:
        """Number -> its runs."""
        cut: defaultdict[bytes, list[tuple[int, int]]] = defaultdict(list)
        for spelling, run in self._quoted_runs() if b'"' in self._raw else self._plain_runs():
            cut[spelling].append(run)
        found: dict[str, list[tuple[int, int]]] = {}
        for spelling, runs in cut.items():
            number = self._number(spelling)
            # One number may be spelt in two ways.
            found[number] = sorted((*found[number], *runs)) if number in found else runs
        nobodys = [line for start, end in found.get("", ()) for line in self._raw[start:end].splitlines()]
        self._blank = nobodys.count(b"")
        if self._blank == len(nobodys):
            found.pop("", None)  # blank lines are no rows
        return found

    def _plain_runs(self) -> Iterator[tuple[bytes, tuple[int, int]]]:
        """(cell that says whose they are, lines that follow each other with the same one), where no cell is quoted."""
        sign = re.escape(self._separator.encode())
        before = b"(?:[^%b\\n]*%b){%d}" % (sign, sign, self._column) if self._column else b""
        same = b"%b\\1(?=[%b\\r\\n])[^\\n]*\\n" % (before, sign)
        run = re.compile(b"%b([^%b\\r\\n]*)[^\\n]*\\n(?:%b)*|[^\\n]*\\n" % (before, sign, same))
        for match in run.finditer(self._raw, self._begin):
            yield match[1] or b"", match.span()

    def _quoted_runs(self) -> Iterator[tuple[bytes, tuple[int, int]]]:
        """As `_plain_runs`, line by line."""
        separator, column = self._separator.encode(), self._column
        start = self._begin
        for line in self._raw[start:].splitlines(keepends=True):
            bare = line.rstrip(b"\r\n")
            spelling = self._quoted_cell(bare) if b'"' in bare else _cell(bare, separator, column)
            yield spelling, (start, start + len(line))
            start += len(line)

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

    def _whole(self, raw: bytes) -> bytes:
        """With an end to its last line. A file that ends within a row is an error, which a full reading tells."""
        (cells,) = self._cells((raw.rpartition(b"\n")[2].decode(self._codec),))
        if len(cells) < len(self.header):
            raise Uncuttable
        return raw + b"\n"


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

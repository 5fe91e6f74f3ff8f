"""The raw lines of a CSV file by patient, so that those of a patient who did not change need not be understood.

Only files whose every line is one row can be cut this way; anything else is `Uncuttable`, and is read in full.
"""

import csv
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import msgspec

from cabinet.sources.blocks import BLOCK_BYTES, Block, Stretch, print_of, stretches
from cabinet.sources.csv_folder import CsvTable
from cabinet.values import MAX_NUMBER_LENGTH, Unreadable, clean, parse_number

NOBODY = ""
"""The number of rows without a readable one, and of blank lines."""
_END = "\0"
"""A line of its own after the one that is looked at: it comes back as a row unless a quote was left open."""


PLAIN_LINE = 1 << 16
"""Characters of a line that no module's limit on the length of a cell may concern."""


class Uncuttable(Exception):
    """Lines that are not rows, or rows of which the patient cannot be told without reading them."""


class KnownLines(msgspec.Struct, frozen=True, array_like=True):
    """What is remembered of a file."""

    form: tuple[str, ...]
    """All that makes a row of a line: where it is the same, the same lines say the same."""
    blocks: tuple[Block, ...]


class PatientLines:
    """One file, cut by its column of patient numbers, as far as it is not the file that is known.

    Exports write a patient's rows one after the other, and most of them stand as they did: what costs anything is the
    runs of lines of one number, and of these the ones in blocks that changed.
    """

    def __init__(self, table: CsvTable, column: str, key: bytes, known: KnownLines | None = None) -> None:
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
        self.separator = table.separator
        self._column = header.index(clean(column))
        self._run = _run_of(table.separator.encode(), self._column)
        self._raw = table.raw if table.raw.endswith(b"\n") else self._whole(table.raw)
        self._first_line = table.header_lines + 1
        self._begin = 0
        for _ in range(table.header_lines):
            self._begin = self._raw.index(b"\n", self._begin) + 1
        self.is_ended = table.is_ended
        shape = f"{self._column}, {self._first_line}, {self.is_ended}"
        form = (self.name, self._codec, self.separator, shape, *self.header)
        before = known.blocks if known and known.form == form else ()
        changes = _Changes()
        blocks: list[Block] = []
        for stretch in stretches(self._raw, self._begin, before, key):
            if stretch.stands:
                blocks += stretch.before
            else:
                fresh = self._blocks(stretch, key)
                changes.note(stretch.before, fresh)
                blocks += fresh
        self.known = KnownLines(form, tuple(blocks))
        self.is_known = known is not None and known.form == form and not changes.somewhere
        self.changed = changes.numbers(blocks)
        """Numbers whose lines in this file are others than those known, or stand in another order."""

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Of all lines."""
        return frozenset().union(*(block.numbers.split("\n") for block in self.known.blocks))

    @cached_property
    def rows(self) -> int:
        """Below the header, published or not."""
        blank = sum(texts.count("") for _, texts in self.lines_of(frozenset((NOBODY,))))
        return sum(sum(block.lines) for block in self.known.blocks) - blank

    @property
    def first_number(self) -> str:
        """Of the first row; `NOBODY` where there is none."""
        for block in self.known.blocks:
            for number in block.numbers.split("\n"):
                if number != NOBODY:
                    return number
        return NOBODY

    @property
    def order(self) -> Iterator[str]:
        """The number of each run, in the file's order."""
        return (number for block in self.known.blocks for number in block.numbers.split("\n"))

    def first_of(self, rows: Mapping[str, Sequence[int]], most: int) -> list[tuple[int, str]]:
        """(line, number) of the first `most` among some rows: number -> which of this number's rows, in order."""
        found: list[tuple[int, str]] = []
        earlier: dict[str, int] = {}
        line = self._first_line
        for block in self.known.blocks:
            runs = block.numbers.split("\n")
            if len(found) >= most:
                break
            if rows.keys().isdisjoint(runs):
                line += sum(block.lines)
                continue
            for number, count in zip(runs, block.lines, strict=True):
                if number in rows:
                    before = earlier.get(number, 0)
                    earlier[number] = before + count
                    found += ((line + row - before, number) for row in rows[number] if before <= row < before + count)
                line += count
        return found[:most]

    def owners(self, lines: Collection[int]) -> dict[int, tuple[str, int]]:
        """Line as an editor counts -> the number whose row it is, and which of this number's rows."""
        begins, numbers, earlier = self._order
        found = {}
        for line in lines:
            place = bisect_right(begins, line) - 1
            found[line] = numbers[place], earlier[place] + line - begins[place]
        return found

    def line_of(self, number: str, row: int) -> int:
        """The inverse of `owners`."""
        begins, _, earlier = self._order
        places = self._places[number]
        if len(places) == 1:
            return begins[places[0]] + row
        place = places[bisect_right(places, row, key=earlier.__getitem__) - 1]
        return begins[place] + row - earlier[place]

    @cached_property
    def _order(self) -> tuple[list[int], list[str], list[int]]:
        """Of each run: its first line, its number, and how many lines of this number come before it."""
        begins: list[int] = []
        numbers: list[str] = []
        earlier: list[int] = []
        line = self._first_line
        seen: dict[str, int] = {}
        for block in self.known.blocks:
            for number, lines in zip(block.numbers.split("\n"), block.lines, strict=True):
                begins.append(line)
                numbers.append(number)
                before = seen.get(number, 0)
                earlier.append(before)
                seen[number] = before + lines
                line += lines
        return begins, numbers, earlier

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Number -> its runs."""
        places: dict[str, list[int]] = {}
        for place, number in enumerate(self._order[1]):
            places.setdefault(number, []).append(place)
        return places

    def lines_of(self, numbers: frozenset[str] | None) -> Iterator[tuple[int, list[str]]]:
        """(first line, texts without their ends) of each run of these numbers, or of each block of the whole file."""
        end = self._begin
        line = self._first_line
        for block in self.known.blocks:
            start, end = end, end + block.size
            runs = block.numbers.split("\n")
            lines = sum(block.lines)
            if numbers is None or not numbers.isdisjoint(runs):
                texts = self._raw[start:end].decode(self._codec).replace("\r\n", "\n").split("\n")[:lines]
                if numbers is None:
                    yield line, texts
                else:
                    first = 0
                    for number, count in zip(runs, block.lines, strict=True):
                        if number in numbers:
                            yield line + first, texts[first : first + count]
                        first += count
            line += lines

    def _blocks(self, stretch: Stretch, key: bytes) -> list[Block]:
        """The lines of a stretch that changed, in new blocks."""
        raw = self._raw
        if raw.count(b"\r", stretch.start, stretch.end) != raw.count(b"\r\n", stretch.start, stretch.end):
            raise Uncuttable
        blocks: list[Block] = []
        runs: list[tuple[str, int, int]] = []
        start = stretch.start
        for run in self._runs(stretch.start, stretch.end):
            runs.append(run)
            if run[2] - start >= BLOCK_BYTES:
                blocks.append(_block(raw, runs, key))
                runs, start = [], run[2]
        if runs:
            blocks.append(_block(raw, runs, key))
        return blocks

    def _runs(self, start: int, end: int) -> Iterator[tuple[str, int, int]]:
        """(number, start, end) of each run between two places where a line begins."""
        if self._raw.find(b'"', start, end) >= 0:
            yield from self._quoted_runs(start, end)
            return
        for match in self._run.finditer(self._raw, start, end):
            yield self._number(match[1] or b""), *match.span()

    def _quoted_runs(self, start: int, end: int) -> Iterator[tuple[str, int, int]]:
        """As `_runs`, line by line."""
        separator, column = self.separator.encode(), self._column
        current, place = None, start
        for line in self._raw[start:end].splitlines(keepends=True):
            bare = line.rstrip(b"\r\n")
            spelling = self._quoted_cell(bare) if b'"' in bare else _cell(bare, separator, column)
            number = self._number(spelling)
            if number != current:
                if current is not None:
                    yield current, start, place
                current, start = number, place
            place += len(line)
        if current is not None:
            yield current, start, place

    def _quoted_cell(self, line: bytes) -> bytes:
        cells = self.cells(line.decode(self._codec))
        return cells[self._column].encode(self._codec) if self._column < len(cells) else b""

    def _number(self, spelling: bytes) -> str:
        if spelling.isalnum() and len(spelling) <= MAX_NUMBER_LENGTH:
            return spelling.decode("ascii")  # what `parse_number` says of it: nearly all numbers are such
        try:
            return parse_number(spelling.decode(self._codec))
        except Unreadable:
            return NOBODY

    def cells(self, text: str) -> list[str]:
        """The cells of a line that is a row. Raise `Uncuttable` where it is none."""
        if '"' not in text and len(text) < PLAIN_LINE:
            return text.split(self.separator)
        try:
            found = list(csv.reader((text, _END), delimiter=self.separator))
        except csv.Error as error:
            raise Uncuttable from error
        if len(found) != 2:
            raise Uncuttable
        return found[0]

    def _whole(self, raw: bytes) -> bytes:
        """With an end to its last line. A file that ends within a row is an error, which a full reading tells."""
        cells = self.cells(raw.rpartition(b"\n")[2].decode(self._codec))
        if len(cells) < len(self.header):
            raise Uncuttable
        return raw + b"\n"


class _Changes:
    """Whose lines changed: what the blocks that are gone held against what stands there now."""

    def __init__(self) -> None:
        self.somewhere = False
        self._before: dict[str, list[bytes]] = {}
        self._after: dict[str, list[bytes]] = {}
        self._touched: set[str] = set()

    def note(self, before: Iterable[Block], after: Iterable[Block]) -> None:
        """One stretch, in the file's order."""
        self.somewhere = True
        old, new = _prints(before), _prints(after)
        self._touched.update(number for number in old.keys() | new.keys() if old.get(number) != new.get(number))
        for prints, all_prints in ((old, self._before), (new, self._after)):
            for number, some in prints.items():
                all_prints.setdefault(number, []).extend(some)

    def numbers(self, blocks: Iterable[Block]) -> frozenset[str]:
        changed = {number for number in self._touched if self._before.get(number) != self._after.get(number)}
        if moved := self._touched - changed:
            # The same lines elsewhere: another order only where lines of that number stand between the two places.
            times: dict[str, int] = {}
            for block in blocks:
                for number in moved.intersection(block.numbers.split("\n")):
                    times[number] = times.get(number, 0) + block.numbers.split("\n").count(number)
            changed |= {number for number in moved if times.get(number, 0) != len(self._after[number])}
        return frozenset(changed)


def _prints(blocks: Iterable[Block]) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for block in blocks:
        for number, digest in block.runs():
            found.setdefault(number, []).append(digest)
    return found


def _block(raw: bytes, runs: Sequence[tuple[str, int, int]], key: bytes) -> Block:
    start, end = runs[0][1], runs[-1][2]
    return Block(
        size=end - start,
        digest=print_of(raw[start:end], key),
        numbers="\n".join(number for number, _, _ in runs),
        lines=tuple(raw.count(b"\n", begin, stop) for _, begin, stop in runs),
        prints=b"".join(print_of(raw[begin:stop], key) for _, begin, stop in runs),
    )


def _run_of(separator: bytes, column: int) -> "re.Pattern[bytes]":
    """Lines that follow each other with the same cell in `column`, which is group 1, where no cell is quoted."""
    sign = re.escape(separator)
    before = b"(?:[^%b\\n]*%b){%d}" % (sign, sign, column) if column else b""
    same = b"%b\\1(?=[%b\\r\\n])[^\\n]*\\n" % (before, sign)
    return re.compile(b"%b([^%b\\r\\n]*)[^\\n]*\\n(?:%b)*|[^\\n]*\\n" % (before, sign, same))


def _cell(line: bytes, separator: bytes, column: int) -> bytes:
    cells = line.split(separator, column + 1)
    return cells[column] if column < len(cells) else b""

"""The raw lines of a CSV file by patient, so that those of a patient who did not change need not be understood.

Only files whose every line is one row can be cut this way; anything else is `Uncuttable`, and is read in full.
"""

import csv
import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, chain, compress, groupby

import msgspec

from cabinet.sources.blocks import BLOCK_BYTES, Block, Stretch, print_of, stretches
from cabinet.sources.csv_folder import CsvTable
from cabinet.values import MAX_NUMBER_LENGTH, Unreadable, clean, parse_number

NOBODY = ""
"""The number of rows without a readable one, and of blank lines."""
_END = "\0"
"""A line of its own after the one that is looked at: it comes back as a row unless a quote was left open."""
_BARE_RETURN = re.compile(rb"\r(?!\n)")
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
        self._begin = self._after(table.header_lines)
        self.is_ended = table.is_ended
        shape = f"{self._column}, {self._first_line}, {self.is_ended}"
        form = (self.name, self._codec, self.separator, shape, *self.header)
        same = known if known and known.form == form else None
        self._changes = _Changes() if same else None
        blocks: list[Block] = []
        for stretch in stretches(self._raw, self._begin, same.blocks if same else (), key):
            if stretch.stands:
                blocks += stretch.before
            else:
                fresh = self._blocks(stretch, key)
                if self._changes:
                    self._changes.note(stretch.before, fresh)
                blocks += fresh
        self.known = KnownLines(form, tuple(blocks))
        self.is_known = self._changes is not None and not self._changes.somewhere

    @cached_property
    def _runs(self) -> "_Runs":
        return _Runs(self.known.blocks, self._begin, self._first_line)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Of all lines."""
        return frozenset(self._runs.numbers)

    @cached_property
    def changed(self) -> frozenset[str]:
        """Numbers whose lines in this file are others than those known, or stand in another order."""
        return self._changes.numbers(self.known.blocks) if self._changes else self.numbers

    @cached_property
    def rows(self) -> int:
        """Below the header, published or not."""
        nobodys = self.places_of(frozenset((NOBODY,)))
        blank = sum(lines.count("") for _, lines in self.lines_of(nobodys))
        return self._runs.begins[-1] - self._first_line - blank

    @property
    def first_number(self) -> str:
        """Of the first row; `NOBODY` where there is none."""
        return next((number for number in self._runs.numbers if number != NOBODY), NOBODY)

    @property
    def order(self) -> Sequence[str]:
        """The number of each run, in the file's order."""
        return self._runs.numbers

    def first_of(self, rows: Mapping[str, Sequence[int]], most: int) -> list[tuple[int, str]]:
        """(line, number) of the first `most` among some rows: number -> which of this number's rows, in order."""
        found: list[tuple[int, str]] = []
        for number, place, before in self._runs.of(rows):
            begin, end = self._runs.begins[place : place + 2]
            found += ((begin + row - before, number) for row in rows[number] if before <= row < before + end - begin)
            if len(found) >= most:
                break
        return found[:most]

    def owners(self, lines: Collection[int]) -> dict[int, tuple[str, int]]:
        """Line as an editor counts -> the number whose row it is, and which of this number's rows."""
        runs = self._runs
        places = {line: bisect_right(runs.begins, line) - 1 for line in lines}
        earlier = {at: before for _, at, before in runs.of({runs.numbers[place] for place in places.values()})}
        return {
            line: (runs.numbers[place], earlier[place] + line - runs.begins[place]) for line, place in places.items()
        }

    def line_of(self, number: str, row: int) -> int:
        """The inverse of `owners`."""
        [(line, _)] = self.first_of({number: (row,)}, 1)
        return line

    def places_of(self, numbers: Container[str]) -> Sequence[int]:
        """Which of the file's runs are these numbers'."""
        every = self._runs.numbers
        return list(compress(range(len(every)), map(numbers.__contains__, every)))

    def shares(self, share_of: Mapping[str, int], count: int) -> Sequence[Sequence[int]]:
        """Which runs belong to each of `count` shares of the numbers; those of numbers without one, to the first."""
        found = [array("L") for _ in range(count)]
        for place, number in enumerate(self._runs.numbers):
            found[share_of.get(number, 0)].append(place)
        return found

    def lines_of(self, places: Sequence[int] | None) -> Iterator[tuple[int, list[str]]]:
        """(first line, texts without their ends) of these runs, or of all, those together that follow each other."""
        runs = self._runs
        if places is None:
            for start, end, first in runs.blocks():
                yield first, self._lines(self._raw[start : end - 1])
            return
        for (start, end, first), is_whole, chosen in runs.by_block(places):
            if is_whole:
                yield first, self._lines(self._raw[start : end - 1])
                continue
            lines = self._raw[start : end - 1].split(b"\n", runs.begins[chosen[-1] + 1] - first)
            for _, following in groupby(enumerate(chosen), lambda counted: counted[1] - counted[0]):
                together = [place for _, place in following]
                begin, stop = runs.begins[together[0]], runs.begins[together[-1] + 1]
                yield begin, self._lines(b"\n".join(lines[begin - first : stop - first]))

    def _after(self, lines: int) -> int:
        """Where the line after the first ones begins. Raise `Uncuttable` where a return alone ends one of them."""
        place = 0
        for _ in range(lines):
            place = self._raw.find(b"\n", place) + 1
            if not place:
                raise Uncuttable
        if self._has_bare_returns(0, place):
            raise Uncuttable
        return place

    def _has_bare_returns(self, start: int, end: int) -> bool:
        return _BARE_RETURN.search(self._raw, start, end) is not None

    def _lines(self, raw: bytes) -> list[str]:
        """The texts of lines, of which the last is without its line feed."""
        text = raw.decode(self._codec).removesuffix("\r")
        lines = text.split("\r\n")
        # Where each line ends so, nothing is left to cut.
        return lines if len(lines) > text.count("\n") else text.replace("\r\n", "\n").split("\n")

    def _blocks(self, stretch: Stretch, key: bytes) -> list[Block]:
        """The lines of a stretch that changed, in new blocks."""
        raw = self._raw
        if self._has_bare_returns(stretch.start, stretch.end):
            raise Uncuttable
        blocks: list[Block] = []
        runs: list[tuple[str, int, int]] = []
        start = stretch.start
        for run in self._cut(stretch.start, stretch.end):
            runs.append(run)
            if run[2] - start >= BLOCK_BYTES:
                blocks.append(_block(raw, runs, key))
                runs, start = [], run[2]
        if runs:
            blocks.append(_block(raw, runs, key))
        return blocks

    def _cut(self, start: int, end: int) -> Iterator[tuple[str, int, int]]:
        """(number, start, end) of each run between two places where a line begins."""
        if self._raw.find(b'"', start, end) >= 0:
            yield from self._quoted_runs(start, end)
            return
        for match in self._run.finditer(self._raw, start, end):
            yield self._number(match[1] or b""), *match.span()

    def _quoted_runs(self, start: int, end: int) -> Iterator[tuple[str, int, int]]:
        """As `_cut`, line by line."""
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
        if spelling.isalnum() and len(spelling) <= MAX_NUMBER_LENGTH and not spelling.isalpha():
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


class _Runs:
    """The runs of all blocks of a file, one after the other: what is asked of some numbers is one look at all."""

    def __init__(self, blocks: Sequence[Block], begin: int, first_line: int) -> None:
        """The first block begins at byte `begin` of the file, and at line `first_line`."""
        self.numbers = "\n".join(block.numbers for block in blocks).split("\n") if blocks else []
        self.begins = list(accumulate(chain.from_iterable(block.lines for block in blocks), initial=first_line))
        """The first line of each run, and the one after the last."""
        self._starts = list(accumulate((block.size for block in blocks), initial=begin))
        self._firsts = list(accumulate((len(block.lines) for block in blocks), initial=0))
        """The first run of each block, and how many there are."""

    def of(self, numbers: Container[str]) -> Iterator[tuple[str, int, int]]:
        """Each run of these numbers: its number, its place, and how many lines of this number come before it."""
        seen: dict[str, int] = {}
        for place, number in enumerate(self.numbers):
            if number in numbers:
                before = seen.get(number, 0)
                yield number, place, before
                seen[number] = before + self.begins[place + 1] - self.begins[place]

    def blocks(self) -> Iterator[tuple[int, int, int]]:
        """(first byte, end, first line) of each."""
        return (self._block(block) for block in range(len(self._starts) - 1))

    def by_block(self, places: Sequence[int]) -> Iterator[tuple[tuple[int, int, int], bool, Sequence[int]]]:
        """Some runs, in order, with the block that they are in, and whether they are all of its runs."""
        done = 0
        while done < len(places):
            block = bisect_right(self._firsts, places[done]) - 1
            end = self._firsts[block + 1]
            upto = bisect_left(places, end, done)
            yield self._block(block), upto - done == end - self._firsts[block], places[done:upto]
            done = upto

    def _block(self, block: int) -> tuple[int, int, int]:
        return self._starts[block], self._starts[block + 1], self.begins[self._firsts[block]]


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

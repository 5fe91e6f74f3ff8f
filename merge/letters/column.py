"""One letter's text as an endless column, and the pages that it makes. Lengths are points from the page's top left."""

from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from merge.letters.blocks import Part
from merge.letters.flow import Strip, paginate, strips
from merge.letters.setting import ALL, Code, Mark, Setting
from merge.letters.typography import SetLine
from merge.merging import RecordProblem
from merge.record import MergeRecord


class Placed(msgspec.Struct, frozen=True):
    """A line on the page: left end and baseline."""

    x: float
    y: float
    line: SetLine


class Slice(NamedTuple):
    """A static stretch on a page, or the range of its items and marks that is there."""

    part: int
    """In `Layout.static`."""
    top: float
    items: tuple[int, int] = (0, ALL)
    marks: tuple[int, int] = (0, ALL)


class ComposedPage(msgspec.Struct, frozen=True):
    """One page's text."""

    static: tuple[Slice, ...]
    """What letters may share: pages with equal slices share their form."""
    lines: tuple[Placed, ...]
    """The lines that are this letter's alone."""
    marks: tuple[tuple[float, Mark], ...] = ()
    """The marks that are, each with the top that its places are below."""
    begins: int = 0
    """Place of the entry that it begins with."""
    is_within: bool = False
    """Whether it begins within that entry, not with its first line or row."""
    shift: float = 0.0
    """What its places are below those of the endless column."""

    def lacks_link(self) -> bool:
        """Whether a QR code has nowhere to lead."""
        return any(isinstance(mark, Code) and not mark.text for _, mark in self.marks)


class StretchPart(NamedTuple):
    """A part of a stretch."""

    setting: Setting
    top: float
    """Below the stretch's."""
    keep_with_next: bool
    part: Part
    items: int
    marks: int
    """Where its own begin among the stretch's."""


class Stretch(msgspec.Struct, frozen=True):
    """Parts one below the other that are equal in every letter."""

    number: int
    """In `Layout.static`."""
    height: float
    parts: tuple[StretchPart, ...]
    problems: tuple[RecordProblem, ...]


class Entry(NamedTuple):
    """A set part in the column."""

    setting: Setting
    top: float
    keep_with_next: bool
    part: Part
    record: MergeRecord
    """That it was set for: a child's own within what is repeated for each."""
    whole: Slice | None = None
    """The stretch that it is in, at its place in the column; None for what is this letter's alone."""
    items: int = 0
    marks: int = 0
    """Where its own begin among the stretch's."""


class Column:
    """Filled from the top while a record is set."""

    def __init__(self, top: float) -> None:
        self.y = top
        """Where the next part begins."""
        self.problems: list[RecordProblem] = []
        self.lacks_greeting = False
        """Whether nobody is greeted, because what the greeting is made of is not known."""
        self.counts: dict[int, int] = {}
        """The next number of each list."""
        self._stretches: list[tuple[int, Stretch, float, MergeRecord]] = []
        """Each with its place in the column."""
        self._own: list[tuple[Setting, float, bool, Part, MergeRecord]] = []
        self._groups: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return len(self._own) + len(self._stretches)

    def add_stretch(self, stretch: Stretch, record: MergeRecord) -> None:
        """Set below what is there a stretch that is set already."""
        self._stretches.append((len(self), stretch, self.y, record))
        self.y += stretch.height
        if stretch.problems:
            self.problems += stretch.problems

    def add(self, setting: Setting, part: Part, record: MergeRecord, *, keep_with_next: bool = False) -> None:
        """Set a part below what is there."""
        self._own.append((setting, self.y, keep_with_next, part, record))
        self.y += setting.height
        if setting.problems:
            self.problems += setting.problems

    def keep_together(self, start: int) -> None:
        """No page ends within what is in the column from the place `start` on."""
        self._groups.append((start, len(self)))

    def one_page(self) -> ComposedPage:
        """All of it on one page."""
        lines: list[Placed] = []
        marks: list[tuple[float, Mark]] = []
        for setting, top, *_ in self._own:
            lines += [Placed(item.x, top + item.baseline, item.line) for item in setting.items]
            if setting.marks:
                marks += [(top, mark) for mark in setting.marks]
        static = tuple([Slice(stretch.number, top) for _, stretch, top, _ in self._stretches])
        return ComposedPage(static, tuple(lines), tuple(marks))

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every part in its order, once the column is filled."""
        return tuple(entry for entries in self._by_place for entry in entries)

    @cached_property
    def kept_with_next(self) -> frozenset[int]:
        """The places of the entries below which no page ends."""
        kept = {place for start, end in self._kept_together for place in range(start, end - 1)}
        return frozenset(kept | {place for place, entry in enumerate(self.entries) if entry.keep_with_next})

    @cached_property
    def _by_place(self) -> list[tuple[Entry, ...]]:
        """The entries of each place in the column: of a stretch there are several."""
        own, places = iter(self._own), []
        stretches = {place: (stretch, top, record) for place, stretch, top, record in self._stretches}
        for place in range(len(self)):
            if place in stretches:
                places.append(_entries(*stretches[place]))
            else:
                places.append((Entry(*next(own)),))
        return places

    @cached_property
    def _kept_together(self) -> list[tuple[int, int]]:
        """The first entry of each group, and the one after its last."""
        firsts = list(accumulate((len(entries) for entries in self._by_place), initial=0))
        return [(firsts[start], firsts[end]) for start, end in self._groups]

    def pages(self, first_bottom: float, next_top: float, next_bottom: float) -> tuple[ComposedPage, ...]:
        """The column divided. Raise `flow.TooHigh` for what no page holds."""
        inside = {place for start, end in self._kept_together for place in range(start, end)}
        joined = self.kept_with_next
        column: list[Strip] = []
        for place, entry in enumerate(self.entries):
            column += strips(entry.setting, place, entry.top, joined=place in joined, whole=place in inside)
        first, *others = paginate(column, first_bottom, next_bottom - next_top) or [()]
        return (self._page(first, 0.0), *(self._continued(page, next_top) for page in others))

    def _continued(self, page: Sequence[Strip], top: float) -> ComposedPage:
        """A page after the first; a table that goes on begins with its header again."""
        header = page[0].header
        if header is None:
            return self._page(page, top - page[0].top)
        above = self._page((header,), top - header.top)
        below = self._page(page, top + header.bottom - header.top - page[0].top)
        return replace(
            below,
            static=above.static + below.static,
            lines=above.lines + below.lines,
            marks=above.marks + below.marks,
        )

    def _page(self, page: Sequence[Strip], shift: float) -> ComposedPage:
        static: list[Slice] = []
        lines: list[Placed] = []
        marks: list[tuple[float, Mark]] = []
        for strip in page:
            entry = self.entries[strip.entry]
            top = entry.top + shift
            if entry.whole:
                items = _among(strip.cut.items, entry.items, len(entry.setting.items))
                ranged = _among(strip.cut.marks, entry.marks, len(entry.setting.marks))
                static.append(Slice(entry.whole.part, entry.whole.top + shift, items, ranged))
            else:
                own = entry.setting.items[slice(*strip.cut.items)]
                lines += [Placed(item.x, top + item.baseline, item.line) for item in own]
                marks += [(top, mark) for mark in entry.setting.marks[slice(*strip.cut.marks)]]
        first = page[0].entry if page else 0
        is_within = bool(page) and page[0].top > self.entries[first].top + self.entries[first].setting.before
        return ComposedPage(tuple(static), tuple(lines), tuple(marks), first, is_within, shift)


def _entries(stretch: Stretch, top: float, record: MergeRecord) -> tuple[Entry, ...]:
    whole = Slice(stretch.number, top)
    return tuple(
        Entry(one.setting, top + one.top, one.keep_with_next, one.part, record, whole, one.items, one.marks)
        for one in stretch.parts
    )


def _among(own: tuple[int, int], first: int, count: int) -> tuple[int, int]:
    """A range of a part's own among the stretch's."""
    return first + own[0], first + min(own[1], count)

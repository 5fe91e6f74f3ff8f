"""One letter's text as an endless column, and the pages that it makes. Lengths are points from the page's top left."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from merge.letters.blocks import Part
from merge.letters.flow import Strip, paginate, strips
from merge.letters.setting import ALL, Code, Mark, Setting
from merge.letters.typography import SetLine
from merge.merging import RecordProblem
from merge.record import MergeRecord


@dataclass(frozen=True, slots=True)
class Placed:
    """A line on the page: left end and baseline."""

    x: float
    y: float
    line: SetLine


class Slice(NamedTuple):
    """A static part on a page, or the range of its items and marks that is there."""

    part: int
    """In `Layout.static`."""
    top: float
    items: tuple[int, int] = (0, ALL)
    marks: tuple[int, int] = (0, ALL)


@dataclass(frozen=True, slots=True)
class ComposedPage:
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


class Entry(NamedTuple):
    """A set part in the column."""

    setting: Setting
    static: int
    """Its place in `Layout.static`, -1 for what is this letter's alone."""
    top: float
    keep_with_next: bool
    part: Part
    record: MergeRecord
    """That it was set for: a child's own within what is repeated for each."""


class Column:
    """Filled from the top while a record is set."""

    def __init__(self, top: float) -> None:
        self.y = top
        """Where the next part begins."""
        self.problems: list[RecordProblem] = []
        self.counts: dict[int, int] = {}
        """The next number of each list."""
        self.entries: list[Entry] = []
        self._groups: list[tuple[int, int]] = []

    def add(
        self, setting: Setting, part: Part, record: MergeRecord, *, static: int = -1, keep_with_next: bool = False
    ) -> None:
        """Set a part below what is there."""
        self.entries.append(Entry(setting, static, self.y, keep_with_next, part, record))
        self.y += setting.height
        if setting.problems:
            self.problems += setting.problems

    def keep_together(self, start: int) -> None:
        """No page ends within the entries from the place `start` to the last."""
        self._groups.append((start, len(self.entries)))

    def kept_with_next(self) -> set[int]:
        """The places of the entries below which no page ends."""
        inside = {place for start, end in self._groups for place in range(start, end - 1)}
        return inside | {place for place, entry in enumerate(self.entries) if entry.keep_with_next}

    def one_page(self) -> ComposedPage:
        """All of it on one page."""
        static: list[Slice] = []
        lines: list[Placed] = []
        marks: list[tuple[float, Mark]] = []
        for setting, place, top, *_ in self.entries:
            if place >= 0:
                static.append(Slice(place, top))
            else:
                lines += [Placed(item.x, top + item.baseline, item.line) for item in setting.items]
                marks += [(top, mark) for mark in setting.marks]
        return ComposedPage(tuple(static), tuple(lines), tuple(marks))

    def pages(self, first_bottom: float, next_top: float, next_bottom: float) -> tuple[ComposedPage, ...]:
        """The column divided. Raise `flow.TooHigh` for what no page holds."""
        inside = {place for start, end in self._groups for place in range(start, end)}
        joined = self.kept_with_next()
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
            if entry.static >= 0:
                static.append(Slice(entry.static, top, strip.cut.items, strip.cut.marks))
            else:
                items = entry.setting.items[slice(*strip.cut.items)]
                lines += [Placed(item.x, top + item.baseline, item.line) for item in items]
                marks += [(top, mark) for mark in entry.setting.marks[slice(*strip.cut.marks)]]
        first = page[0].entry if page else 0
        is_within = bool(page) and page[0].top > self.entries[first].top + self.entries[first].setting.before
        return ComposedPage(tuple(static), tuple(lines), tuple(marks), first, is_within, shift)

"""One letter's text as an endless column, and the pages that it makes. Lengths are points from the page's top left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from merge.letters.flow import Strip, paginate, strips
from merge.letters.setting import ALL, Code, Mark, Setting
from merge.letters.typography import SetLine
from merge.merging import RecordProblem


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

    def lacks_link(self) -> bool:
        """Whether a QR code has nowhere to lead."""
        return any(isinstance(mark, Code) and not mark.text for _, mark in self.marks)


class Entry(NamedTuple):
    """A set part in the column: `part` is its place in `Layout.static`, -1 for what is this letter's alone."""

    setting: Setting
    part: int
    top: float
    keep_with_next: bool


class Column:
    """Filled from the top while a record is set."""

    def __init__(self, top: float) -> None:
        self.y = top
        """Where the next part begins."""
        self.problems: list[RecordProblem] = []
        self.counts: dict[int, int] = {}
        """The next number of each list."""
        self._entries: list[Entry] = []
        self._groups: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, setting: Setting, part: int = -1, *, keep_with_next: bool = False) -> None:
        """Set a part below what is there."""
        self._entries.append(Entry(setting, part, self.y, keep_with_next))
        self.y += setting.height
        if setting.problems:
            self.problems += setting.problems

    def keep_together(self, start: int) -> None:
        """No page ends within the parts from `start` (a length of the column) to the last."""
        self._groups.append((start, len(self._entries)))

    def one_page(self) -> ComposedPage:
        """All of it on one page."""
        static: list[Slice] = []
        lines: list[Placed] = []
        marks: list[tuple[float, Mark]] = []
        for setting, part, top, _ in self._entries:
            if part >= 0:
                static.append(Slice(part, top))
            else:
                lines += [Placed(item.x, top + item.baseline, item.line) for item in setting.items]
                marks += [(top, mark) for mark in setting.marks]
        return ComposedPage(tuple(static), tuple(lines), tuple(marks))

    def pages(self, first_bottom: float, next_top: float, next_bottom: float) -> tuple[ComposedPage, ...]:
        """The column divided. Raise `flow.TooHigh` for what no page holds."""
        inside = {place for start, end in self._groups for place in range(start, end)}
        last = {end - 1 for _, end in self._groups}
        column: list[Strip] = []
        for place, entry in enumerate(self._entries):
            whole = place in inside
            joined = entry.keep_with_next or (whole and place not in last)
            column += strips(entry.setting, entry.part, entry.top, joined=joined, whole=whole)
        first, *others = paginate(column, first_bottom, next_bottom - next_top) or [()]
        return (_page(first, 0.0), *(_continued(page, next_top) for page in others))


def _continued(page: Sequence[Strip], top: float) -> ComposedPage:
    """A page after the first; a table that goes on begins with its header again."""
    header = page[0].header
    if header is None:
        return _page(page, top - page[0].top)
    above = _page((header,), top - header.top)
    below = _page(page, top + header.bottom - header.top - page[0].top)
    return ComposedPage(above.static + below.static, above.lines + below.lines, above.marks + below.marks)


def _page(page: Sequence[Strip], shift: float) -> ComposedPage:
    static: list[Slice] = []
    lines: list[Placed] = []
    marks: list[tuple[float, Mark]] = []
    for strip in page:
        top = strip.place + shift
        if strip.part >= 0:
            static.append(Slice(strip.part, top, strip.cut.items, strip.cut.marks))
        else:
            lines += [
                Placed(item.x, top + item.baseline, item.line) for item in strip.setting.items[slice(*strip.cut.items)]
            ]
            marks += [(top, mark) for mark in strip.setting.marks[slice(*strip.cut.marks)]]
    return ComposedPage(tuple(static), tuple(lines), tuple(marks))

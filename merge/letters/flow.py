"""A letter's text over several pages: where one page ends and the next begins.

A letter is set as one endless column first. Here it is divided: each page takes as many strips as it holds, then gives
back those that must not stand alone at its foot. Nothing else is moved, and nothing is lost. Lengths are points.
"""

from collections.abc import Sequence

import msgspec

from merge.letters.setting import Cut, Setting


class TooHigh(ValueError):
    """A strip that is higher than a page. `excess` is by how many points."""

    def __init__(self, excess: float) -> None:
        super().__init__(excess)
        self.excess = excess


class Strip(msgspec.Struct, frozen=True):
    """Something that no page break divides. `top` and `bottom` are places in the endless column."""

    top: float
    bottom: float
    joined: bool
    """Whether the next strip stays on its page, where a page can hold both."""
    entry: int
    """Place of the part that it belongs to, in the column."""
    cut: Cut
    header: "Strip | None" = None
    """What is repeated above it where it begins a page."""


def strips(setting: Setting, entry: int, top: float, *, joined: bool, whole: bool = False) -> list[Strip]:
    """The strips of a part that stands at `top`; `joined` is the last one's, `whole` joins the others to it."""
    cuts = setting.cuts()
    header: Strip | None = None
    found: list[Strip] = []
    for number, cut in enumerate(cuts, 1):
        is_joined = (whole or cut.joined) if number < len(cuts) else joined
        found.append(Strip(top + cut.top, top + cut.bottom, is_joined, entry, cut, header))
        if number == 1 and setting.header:
            header = found[0]
    return found


def paginate(column: Sequence[Strip], first_bottom: float, room: float) -> list[Sequence[Strip]]:
    """The strips of each page: down to `first_bottom` on the first, as much as `room` on each of the others.

    Raise `TooHigh` for a strip that no page holds.
    """
    pages: list[Sequence[Strip]] = []
    start = 0
    while start < len(column):
        limit = first_bottom if not pages else column[start].top + room - _header_height(column[start])
        end = start
        while end < len(column) and column[end].bottom <= limit + _ROUNDING:
            end += 1
        if end == start and pages:
            raise TooHigh(column[start].bottom - limit)
        if end < len(column):
            end = _last_break(column, start, end)
        pages.append(column[start:end])
        start = end
    return pages


_ROUNDING = 0.01


def _last_break(column: Sequence[Strip], start: int, end: int) -> int:
    """The last place before `end` where a page may end; `end` itself where what is joined fills the page."""
    place = end
    while place > start and column[place - 1].joined:
        place -= 1
    return place if place > start else end


def _header_height(strip: Strip) -> float:
    return strip.header.bottom - strip.header.top if strip.header else 0.0

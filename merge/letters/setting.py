"""What a part of a letter becomes once it is set for a record: lines and marks at places, and where it may be cut.

All lengths are points. Across, a place is on the page; down, it is below the part's top.
"""

from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from merge.letters.model import SignInPicture
from merge.letters.pictures import PrintPicture
from merge.letters.typography import SetLine
from merge.merging import RecordProblem

ALL = 1 << 30
"""As the end of a range: all that there are."""


class Item(msgspec.Struct, frozen=True):
    """A line of text: its left end on the page and its baseline below the part's top."""

    x: float
    baseline: float
    line: SetLine


class Bar(msgspec.Struct, frozen=True):
    """A filled rectangle: a rule, or a table's ground."""

    left: float
    top: float
    right: float
    bottom: float
    colour: str

    def moved(self, down: float) -> "Bar":
        return replace(self, top=self.top + down, bottom=self.bottom + down)


class Image(msgspec.Struct, frozen=True):
    """One of the cabinet's pictures."""

    picture: PrintPicture
    left: float
    top: float
    width: float
    height: float
    description: str = ""

    def moved(self, down: float) -> "Image":
        return replace(self, top=self.top + down)


class Code(msgspec.Struct, frozen=True):
    """A QR code. `text` is "" where the record has no personal link."""

    text: str
    left: float
    top: float
    side: float

    def moved(self, down: float) -> "Code":
        return replace(self, top=self.top + down)


class SignInForm(msgspec.Struct, frozen=True):
    """The strokes and fixed words of the sign-in picture."""

    picture: SignInPicture
    top: float = 0.0

    def moved(self, down: float) -> "SignInForm":
        return replace(self, top=self.top + down)


Mark = Bar | Image | Code | SignInForm


class Cut(NamedTuple):
    """A strip of a part that no page break divides, with the range of items and of marks that are in it."""

    top: float
    bottom: float
    items: tuple[int, int] = (0, ALL)
    marks: tuple[int, int] = (0, ALL)
    joined: bool = False
    """Whether the next strip stays on its page."""


class Setting(msgspec.Struct, frozen=True):
    """A part set for one record. `height` is what it moves the next one down: the spaces around it are in it."""

    height: float
    items: tuple[Item, ...] = ()
    problems: tuple[RecordProblem, ...] = ()
    marks: tuple[Mark, ...] = ()
    before: float = 0.0
    """Space above, which falls away at the top of a page."""
    depth: float = 0.0
    """Where the lowest of it ends."""
    leading: float = 0.0
    """Of a paragraph: the distance of its lines, each of which may begin a page."""
    rows: tuple[Cut, ...] = ()
    """Of a table."""
    header: bool = False
    """Whether the first row is repeated where the table is continued."""
    number: int = 0
    """Of a numbered list's point."""

    def cuts(self) -> tuple[Cut, ...]:
        """The strips from top to bottom. Two lines of a paragraph at least stay together at either end of a page."""
        if self.rows:
            return self.rows
        if not self.leading:
            return (Cut(self.before, self.depth),) if self.items or self.marks else ()
        count = round((self.depth - self.before) / self.leading)
        marker = len(self.items) - count
        """A list's bullet or number stands before the lines."""
        return tuple(
            Cut(
                self.before + self.leading * line,
                self.before + self.leading * (line + 1),
                (line + marker if line else 0, line + marker + 1),
                joined=line + 1 < count and (line == 0 or line == count - 2),
            )
            for line in range(count)
        )


NOTHING = Setting(0.0)

"""The fixed measures of the printed page (DESIGN-LANGUAGE, Print), in millimetres from the top left corner."""

from enum import StrEnum
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

POINTS: Final = 72 / 25.4
"""Points in a millimetre."""
PAGE_WIDTH: Final = 210.0
PAGE_HEIGHT: Final = 297.0


class Box(NamedTuple):
    """A rectangle: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


LETTERHEAD_TOP: Final = 13.0
TITLE_BASELINE: Final = 4.5
FACTS_BASELINE: Final = 9.5
"""Of the first lines, below the letterhead's top."""
LOGO_SIDE: Final = 15.0
LOGO_GAP: Final = 3.9
FACTS_LEADING: Final = 4.4
FOLD_TICK: Final = (4.0, 8.0)
CODE_SIDE: Final = 30.0
CODE_QUIET: Final = 4.0
"""At least four modules (ISO/IEC 18004, 9.1): 33 modules of a version 4 code on 30 mm are 0.91 mm each."""
FOOTER_RULE: Final = 279.4
FOOTER_BASELINE: Final = 284.9
PAGE_NUMBER_BASELINE: Final = 290.0
"""5 mm from the edge, which every printer reaches."""
TOLERANCE: Final = 3.0
"""How far a letter moves in its envelope: so far around the window nothing else is printed."""


class Window(StrEnum):
    """The envelope that a letter is folded for, and where its window is."""

    DL_RIGHT = "dl-right"
    DL_LEFT = "dl-left"
    C5_RIGHT = "c5-right"
    C5_LEFT = "c5-left"
    NONE = "none"
    """A plain envelope, or a letter that is handed over."""


class Stationery(msgspec.Struct, frozen=True):
    """What the envelope decides of a first page. All in millimetres."""

    window: Box | None
    """What the window shows; None where there is none."""
    address_left: float
    address_right: float
    """3 mm short of the window's edge: a letter moves in its envelope."""
    address_baseline: float
    """The first line's; its capitals then begin 3 mm higher, its line 4.4 mm."""
    references_left: float | None
    """None for the letter's own left margin."""
    references_right: float | None
    """None for the letter's own right margin."""
    references_baseline: float
    date_left: float
    date_baseline: float
    folds: tuple[float, ...]
    body_top: float


_DL_FOLDS, _C5_FOLDS = (99.0, 198.0), (148.5,)
_RIGHT = Stationery(Box(100.0, 45.0, 195.0, 85.0), 105.0, 192.0, 56.4, None, 97.0, 55.9, 105.0, 92.7, _DL_FOLDS, 99.0)
_LEFT = Stationery(Box(15.0, 45.0, 110.0, 85.0), 20.0, 107.0, 56.4, 118.0, None, 55.9, 118.0, 92.7, _DL_FOLDS, 99.0)
STATIONERY: Final = {
    Window.DL_RIGHT: _RIGHT,
    Window.DL_LEFT: _LEFT,
    Window.C5_RIGHT: replace(_RIGHT, folds=_C5_FOLDS),
    Window.C5_LEFT: replace(_LEFT, folds=_C5_FOLDS),
    Window.NONE: replace(_RIGHT, window=None, folds=()),
}
"""A4 folded in three goes into DL (220 × 110 mm), folded once into C5 (229 × 162 mm): ISO 269.

The window is 100 mm wide, 20 mm from the envelope's edge, and as high above its foot that the upper third of the sheet
shows the same lines in both: DESIGN-LANGUAGE, Print. 95 × 40 mm of it are seen however the sheet lies.
"""

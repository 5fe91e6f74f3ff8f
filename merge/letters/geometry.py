"""The fixed measures of the printed page (DESIGN-LANGUAGE, Print), in millimetres from the top left corner."""

from typing import Final, NamedTuple

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


WINDOW: Final = Box(100.0, 45.0, 195.0, 85.0)
"""What the window of a DL envelope shows once the letter is folded in three."""
ADDRESS_LEFT: Final = 105.0
ADDRESS_RIGHT: Final = 192.0
"""3 mm short of the window's edge: a letter moves in its envelope."""
ADDRESS_BASELINE: Final = 56.4
"""The first line's; its capitals then begin at 53.5, its line at 52."""
LETTERHEAD_TOP: Final = 13.0
LOGO_SIDE: Final = 15.0
LOGO_GAP: Final = 3.9
FACTS_LEADING: Final = 4.4
REFERENCES_BASELINE: Final = 55.9
DATE_BASELINE: Final = 92.7
FOLDS: Final = (99.0, 198.0)
FOLD_TICK: Final = (4.0, 8.0)
CODE_SIDE: Final = 30.0
CODE_QUIET: Final = 4.0
"""At least four modules (ISO/IEC 18004, 9.1): 33 modules of a version 4 code on 30 mm are 0.91 mm each."""
FOOTER_RULE: Final = 279.4
FOOTER_BASELINE: Final = 284.9

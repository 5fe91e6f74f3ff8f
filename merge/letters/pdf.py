"""Letters on a PDF's pages: shared parts drawn once, each letter's own lines on top."""

from typing import NamedTuple

from merge.letters.column import Slice
from merge.letters.composer import Letter
from merge.letters.layout import Layout
from merge.letters.marks import draw_mark
from merge.letters.output.names import bookmark_of
from merge.letters.page import draw_static
from merge.letters.sheet import Sheet


class LetterPress:
    """Draws composed letters on one canvas."""

    def __init__(self, sheet: Sheet) -> None:
        """On the sheet's canvas."""
        self._canvas = sheet.canvas
        self._sheet = sheet
        self._forms: dict[_Shared, str] = {}

    def print(self, letter: Letter) -> int:
        """Add one letter, with a bookmark that reception can find it by, and answer how many pages it takes."""
        canvas, composition = self._canvas, letter.composition
        total = len(composition.pages)
        for number, page in enumerate(composition.pages, 1):
            canvas.doForm(self._form(_Shared(letter.layout, page.static, number, total)))
            for top, mark in page.marks:
                draw_mark(self._sheet, mark, top)
            lines = page.lines
            if number == 1:
                lines = (*composition.address, *composition.references, *lines)
            operators = [self._sheet.line_operators(placed.x, placed.y, placed.line) for placed in lines]
            canvas.addLiteral("\n".join(operators))
            canvas.showPage()
            if number == 1:
                canvas.bookmark_last_page(bookmark_of(letter.record))
        return total

    def _form(self, shared: "_Shared") -> str:
        name = self._forms.get(shared)
        if name is None:
            name = self._forms[shared] = f"lettre{len(self._forms) + 1}"
            self._canvas.beginForm(name)
            draw_static(self._sheet, *shared)
            self._canvas.endForm()
        return name


class _Shared(NamedTuple):
    """What pages must have in common to share a form."""

    layout: Layout
    static: tuple[Slice, ...]
    number: int
    total: int

"""Letters on a PDF's pages: shared parts drawn once, each letter's own lines on top."""

from merge.letters import geometry
from merge.letters.composer import Composer, Letter
from merge.letters.geometry import POINTS
from merge.letters.layout import Layout
from merge.letters.page import draw_static
from merge.letters.qr import qr_operators
from merge.letters.sheet import Sheet
from merge.letters.stream import StreamedCanvas
from merge.record import MergeRecord


class LetterPress:
    """Draws composed letters on one canvas."""

    def __init__(self, canvas: StreamedCanvas, composer: Composer) -> None:
        self._canvas = canvas
        self._sheet = Sheet(canvas, composer.fonts)
        self._forms: dict[tuple[Layout, tuple[float, ...]], str] = {}

    def print(self, letter: Letter) -> int:
        """Add one letter, with a bookmark that reception can find it by, and answer how many pages it takes."""
        canvas, composition = self._canvas, letter.composition
        canvas.doForm(self._form(letter.layout, composition.static_tops))
        lines = (*composition.address, *composition.references, *composition.lines)
        operators = [self._sheet.line_operators(placed.x, placed.y, placed.line) for placed in lines]
        if composition.code_top is not None:
            left = letter.layout.template.page.right - geometry.CODE_SIDE
            top = composition.code_top / POINTS
            operators.append(qr_operators(letter.record.secret.link, left, top, geometry.CODE_SIDE))
        canvas.addLiteral("\n".join(operators))
        canvas.showPage()
        canvas.bookmark_last_page(_bookmark(letter.record))
        return letter.pages

    def _form(self, layout: Layout, tops: tuple[float, ...]) -> str:
        name = self._forms.get((layout, tops))
        if name is None:
            name = self._forms[layout, tops] = f"lettre{len(self._forms) + 1}"
            self._canvas.beginForm(name)
            draw_static(self._sheet, layout, tops)
            self._canvas.endForm()
        return name


def _bookmark(record: MergeRecord) -> str:
    patient = record.dossier.patient
    return f"{patient.number} · {patient.last_name} {patient.first_name}".strip()

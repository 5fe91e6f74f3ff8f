"""Letters as one PDF: shared parts drawn once, each letter's own lines on top, every page written as it is made."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from merge.letters import geometry
from merge.letters.composer import Composer, Letter
from merge.letters.geometry import POINTS
from merge.letters.layout import Layout
from merge.letters.model import LetterSet
from merge.letters.page import draw_static
from merge.letters.problems import Printed
from merge.letters.qr import qr_operators
from merge.letters.sheet import Sheet
from merge.letters.stream import StreamedCanvas
from merge.letters.whole_file import whole_file
from merge.record import MergeRecord


class LetterPress:
    """Draws composed letters on one canvas."""

    def __init__(self, canvas: StreamedCanvas, composer: Composer) -> None:
        self._canvas = canvas
        self._sheet = Sheet(canvas, composer.fonts)
        self._forms: dict[tuple[Layout, tuple[float, ...]], str] = {}

    def print(self, letter: Letter) -> None:
        """Add one letter as a page, with a bookmark that reception can find it by."""
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

    def _form(self, layout: Layout, tops: tuple[float, ...]) -> str:
        name = self._forms.get((layout, tops))
        if name is None:
            name = self._forms[layout, tops] = f"lettre{len(self._forms) + 1}"
            self._canvas.beginForm(name)
            draw_static(self._sheet, layout, tops)
            self._canvas.endForm()
        return name


def write_letters(
    records: Iterable[MergeRecord],
    letters: LetterSet,
    path: Path,
    *,
    composer: Composer | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Printed:
    """Write every right letter to one PDF at `path` and list the refused ones. Records are read one at a time.

    The file appears whole or not at all; without a single right letter none is written, and what was there stays.
    `progress` is told how many records are done and may raise to stop the run. Raise `OutputError` when the disk
    refuses, `merge.template.TemplateError` for a template with an unknown field.
    """
    composer = composer or Composer(letters)
    printed = Printed()
    composed = right_letters(records, composer, printed, progress)
    first = next(composed, None)
    if first is None:
        return printed
    with whole_file(path) as file:
        record, template = first.record, first.layout.template
        canvas = StreamedCanvas(file, title=template.title, author=record.cabinet.name, day=record.today)
        press = LetterPress(canvas, composer)
        press.print(first)
        for letter in composed:
            press.print(letter)
        canvas.save()
    return printed


def right_letters(
    records: Iterable[MergeRecord], composer: Composer, printed: Printed, progress: Callable[[int], None]
) -> Iterator[Letter]:
    """The letters that may be printed; `printed` is kept up to date with both kinds."""
    for done, record in enumerate(records, 1):
        composed = composer.compose(record)
        if isinstance(composed, Letter):
            printed.note(record)
            yield composed
        else:
            printed.refused += composed
        progress(done)


def _bookmark(record: MergeRecord) -> str:
    patient = record.dossier.patient
    return f"{patient.number} · {patient.last_name} {patient.first_name}".strip()

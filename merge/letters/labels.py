"""Address labels on A4 sheets (NF Z10-011): for envelopes without a window, and parcels of cards."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from pathlib import Path

from cabinet.errors import WebOrthoError
from merge.letters.address import address_block
from merge.letters.fonts import Face, FontBook, MissingGlyph
from merge.letters.geometry import POINTS
from merge.letters.problems import LetterProblem, Printed
from merge.letters.sheet import Sheet
from merge.letters.stream import StreamedCanvas
from merge.letters.typography import DoesNotFit, Piece, SetLine, Style, Typesetter
from merge.letters.whole_file import whole_file
from merge.record import MergeRecord


class LabelSheet(StrEnum):
    """The usual sheets, named by what stands on their box."""

    L24 = "24"
    """24 of 70 × 37 mm."""
    L21 = "21"
    """21 of 63,5 × 38,1 mm."""
    L14 = "14"
    """14 of 99,1 × 38,1 mm."""


@dataclass(frozen=True)
class Grid:
    """Millimetres: a label's size, the first one's corner, and the pitch to the next."""

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    pitch_x: float
    pitch_y: float

    @property
    def labels(self) -> int:
        return self.columns * self.rows

    def corner(self, index: int) -> tuple[float, float]:
        """The top left corner of a page's label, row by row."""
        row, column = divmod(index, self.columns)
        return self.left + column * self.pitch_x, self.top + row * self.pitch_y


GRIDS: dict[LabelSheet, Grid] = {
    LabelSheet.L24: Grid(3, 8, 70.0, 37.0, 0.0, 0.5, 70.0, 37.0),
    LabelSheet.L21: Grid(3, 7, 63.5, 38.1, 7.25, 15.15, 66.0, 38.1),
    LabelSheet.L14: Grid(2, 7, 99.1, 38.1, 4.65, 15.15, 101.6, 38.1),
}


class NoSuchLabelError(WebOrthoError):
    """The sheet has fewer labels."""

    def __init__(self, start: int, grid: Grid) -> None:
        super().__init__(
            f"L’étiquette {start} n’existe pas\u00a0: la planche en a {grid.labels}.",
            f"Donnez un nombre de 1 à {grid.labels}.",
        )


_INSET = 5.0
"""Printers and sheets are some millimetres off."""
_STYLE = Style(Face.REGULAR, 10.0)
_LEAST_SIZE = 8.0
_LEADING = 1.22
_CAPITAL = 0.7
"""Height of a capital, in type sizes."""


@dataclass(frozen=True, slots=True)
class Label:
    record: MergeRecord
    lines: tuple[SetLine, ...]
    size: float


def compose_label(record: MergeRecord, grid: Grid, typesetter: Typesetter) -> Label | tuple[LetterProblem, ...]:
    """The label, or why it is refused: nothing is cut, and nothing is set smaller than 8 points."""
    block = address_block(record.addressee)
    if block.problems:
        return tuple(LetterProblem.of_address(record, problem) for problem in block.problems)
    try:
        widest = max(typesetter.one_line((Piece(line, _STYLE),)).width for line in block.lines)
        room = (grid.width - 2 * _INSET) * POINTS
        height = (len(block.lines) - 1) * _LEADING + _CAPITAL
        size = min(_STYLE.size, _STYLE.size * room / widest, (grid.height - 2 * _INSET) * POINTS / height)
        if size < _LEAST_SIZE:
            raise DoesNotFit(max(block.lines, key=len))
        style = Style(_STYLE.face, size)
        return Label(record, tuple(typesetter.one_line((Piece(line, style),)) for line in block.lines), size)
    except MissingGlyph as missing:
        return (LetterProblem.of_glyph(record, missing.character),)
    except DoesNotFit as wide:
        return (
            LetterProblem.of(
                record,
                "width",
                f"« {wide.text} » n’entre pas sur une étiquette de "
                f"{_millimetres(grid.width)} × {_millimetres(grid.height)} mm.",
                "Abrégez l’adresse dans la fiche, ou prenez des étiquettes plus larges.",
            ),
        )


def _millimetres(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def write_labels(
    records: Iterable[MergeRecord],
    path: Path,
    sheet: LabelSheet = LabelSheet.L24,
    *,
    start: int = 1,
    progress: Callable[[int], None] = lambda _: None,
) -> Printed:
    """Write a label for each record to one PDF at `path`, and list the refused ones.

    `start` is the first label that is still on the first sheet, from 1, row by row. The file appears whole or not at
    all; without a single right label none is written. Raise `OutputError`, and `NoSuchLabelError` for a start beyond
    the sheet.
    """
    grid, fonts, printed = GRIDS[sheet], FontBook(), Printed()
    if not 1 <= start <= grid.labels:
        raise NoSuchLabelError(start, grid)
    typesetter = Typesetter(fonts)
    composed = printed.right(records, lambda record: compose_label(record, grid, typesetter), progress)
    first = next(composed, None)
    if first is None:
        return printed
    with whole_file(path) as file:
        record = first.record
        canvas = StreamedCanvas(file, title="Étiquettes d’adresse", author=record.cabinet.name, day=record.today)
        drawn = Sheet(canvas, fonts)
        for place, label in enumerate(chain((first,), composed), start - 1):
            if place >= grid.labels and place % grid.labels == 0:
                canvas.showPage()
            _draw(drawn, grid, place % grid.labels, label)
        canvas.showPage()
        canvas.save()
    return printed


def _draw(sheet: Sheet, grid: Grid, index: int, label: Label) -> None:
    """The block stands in the middle of the label's height."""
    left, top = grid.corner(index)
    leading = label.size * _LEADING / POINTS
    capital = label.size * _CAPITAL / POINTS
    height = (len(label.lines) - 1) * leading + capital
    baseline = top + (grid.height - height) / 2 + capital
    for place, line in enumerate(label.lines):
        sheet.line(left + _INSET, baseline + place * leading, line)

"""A letter's table as a Word table: rows as high as on the PDF, the header repeated on each page."""

from collections.abc import Iterable

from merge.letters.geometry import POINTS
from merge.letters.look import PRIMARY, RULE
from merge.letters.tables import ABOVE, PADDING, SetCell, SetRow, TablePart
from merge.letters.word_xml import JUSTIFY, Cell, Shape, paragraph, row, runs, table

_THIN, _THICK = 4, 8
"""Eighths of a point."""


def letter_table(part: TablePart, rows: Iterable[SetRow], *, keep_next: bool = False) -> str:
    """The table with the rows of one record. `keep_next` keeps the last row with what follows."""
    rows = list(rows)
    joined = {cut for cut in (0, len(rows) - 2) if cut < len(rows) - 1} | ({len(rows) - 1} if keep_next else set())
    made = [
        row(
            (
                _cell(part, cell, width, is_header=_is_header(part, place), keep_next=place in joined)
                for cell, width in zip(one.cells, part.widths, strict=True)
            ),
            one.height / POINTS,
            header=_is_header(part, place),
        )
        for place, one in enumerate(rows)
    ]
    return table(made, part.widths)


def _is_header(part: TablePart, place: int) -> bool:
    return part.table.header and place == 0


def _cell(part: TablePart, cell: SetCell, width: float, *, is_header: bool, keep_next: bool) -> Cell:
    shape = Shape(line=part.leading, before=ABOVE / POINTS, align=JUSTIFY[cell.align], keep_next=keep_next)
    below = ("bottom", (PRIMARY if is_header else RULE)[1:], _THICK if is_header else _THIN)
    edges = {
        "none": (),
        "rows": (below,),
        "grid": (below, *((side, RULE[1:], _THIN) for side in ("top", "left", "right"))),
    }[part.table.rules]
    return Cell(paragraph(shape, runs(cell.pieces)), width, edges=edges, padding=PADDING, stands="top")

"""Tables in letters, compiled once: each row is as high as its highest cell, and no page break cuts one."""

from collections.abc import Iterator

import msgspec

from cabinet.errors import WebOrthoError
from merge.letters.geometry import POINTS, Box
from merge.letters.look import PRIMARY, RULE
from merge.letters.model import Cell, Row, Run, Table
from merge.letters.parts import first_baseline, shifted
from merge.letters.setting import Bar, Cut, Item, Setting
from merge.letters.text import StyledText
from merge.letters.typography import Piece, SetLine, Typesetter
from merge.merging import RecordProblem
from merge.record import MergeRecord

PADDING = 1.6
"""Millimetres between a cell's text and its left and right edges."""
ABOVE = 1.0 * POINTS
"""Above and below a cell's text, in points."""
_THIN, _THICK = 0.5, 1.0
"""Rules, in points."""


class TableTooWide(WebOrthoError):
    """A table that is wider than the text around it."""


class SetCell(msgspec.Struct, frozen=True):
    """A cell of a row for one record. `left` and `room` (its text's width) in points."""

    pieces: list[list[Piece]]
    lines: tuple[SetLine, ...]
    left: float
    room: float
    align: str


class SetRow(msgspec.Struct, frozen=True):
    """A row for one record."""

    cells: tuple[SetCell, ...]
    height: float
    """Points."""


class TablePart:
    """A table in its column."""

    keep_with_next = False

    def __init__(self, table: Table, column: Box, leading: float) -> None:
        """`column` is in millimetres, `leading` in type sizes. Raise `TableTooWide`."""
        self.table = table
        self.widths = tuple(_millimetres(one.width, one.unit, column.width) for one in table.columns)
        if sum(self.widths) > column.width + 0.1:
            raise TableTooWide(
                f"Le tableau est large de {sum(self.widths):.0f} mm, et le texte de {column.width:.0f} mm.",
                "Réduisez la largeur de ses colonnes.",
            )
        self.left = column.left
        self._lefts = tuple(column.left + sum(self.widths[:index]) for index in range(len(self.widths)))
        self.leading = leading * table.size
        """Points."""
        self._first = ABOVE + first_baseline(table.size, leading)
        self._rows = tuple(
            _RowText(row, table.size, bold=table.header and not index) for index, row in enumerate(table.rows)
        )
        self.per_letter = any(row.per_letter for row in self._rows)
        self.of_one_child = any(row.of_one_child for row in self._rows)

    def rows(self, record: MergeRecord, typesetter: Typesetter) -> tuple[list[SetRow], list[RecordProblem]]:
        """The rows that this record has; one whose fields are all empty is left out."""
        rows: list[SetRow] = []
        problems: list[RecordProblem] = []
        for row in self._rows:
            for one in record.per_child() if row.each_child else (record,):
                merged = [cell.merge(one) for cell in row.cells]
                problems += (problem for _, wrong in merged for problem in wrong)
                if row.has_fields and not any(lines for lines, _ in merged):
                    continue
                cells = tuple(
                    self._cell(index, row.row.cells[index], pieces, typesetter)
                    for index, (pieces, _) in enumerate(merged)
                )
                count = max(1, *(len(cell.lines) for cell in cells))
                rows.append(SetRow(cells, count * self.leading + 2 * ABOVE))
        return rows, problems

    def set(self, record: MergeRecord, typesetter: Typesetter) -> Setting:
        """Raise `MissingGlyph` or `DoesNotFit`."""
        rows, problems = self.rows(record, typesetter)
        items: list[Item] = []
        bars: list[Bar] = []
        cuts: list[Cut] = []
        top = 0.0
        for index, row in enumerate(rows):
            first_item, first_bar, bottom = len(items), len(bars), top + row.height
            for cell in row.cells:
                items += (
                    Item(
                        shifted(cell.left, cell.room - line.width, cell.align),
                        top + self._first + number * self.leading,
                        line,
                    )
                    for number, line in enumerate(cell.lines)
                )
            bars += self._rules(top, bottom, is_header=self.table.header and not index)
            # A header is never the last of a page, nor the last row the first of one.
            joined = (index == 0 and self.table.header and len(rows) > 1) or (index == len(rows) - 2 and index > 0)
            cuts.append(Cut(top, bottom, (first_item, len(items)), (first_bar, len(bars)), joined))
            top = bottom
        return Setting(
            top,
            tuple(items),
            tuple(problems),
            tuple(bars),
            depth=top,
            rows=tuple(cuts),
            header=self.table.header,
        )

    def _cell(self, index: int, cell: Cell, pieces: list[list[Piece]], typesetter: Typesetter) -> SetCell:
        room = (self.widths[index] - 2 * PADDING) * POINTS
        lines: list[SetLine] = []
        for line in pieces:
            lines += typesetter.lines(line, room) or [SetLine((), 0.0)]
        align = cell.align or self.table.columns[index].align
        return SetCell(pieces, tuple(lines), (self._lefts[index] + PADDING) * POINTS, room, align)

    def _rules(self, top: float, bottom: float, *, is_header: bool) -> Iterator[Bar]:
        """The rules of a row, drawn within it so that they stay with it at a page's end."""
        if self.table.rules == "none":
            return
        left, right = self.left * POINTS, (self.left + sum(self.widths)) * POINTS
        thick, colour = (_THICK, PRIMARY) if is_header else (_THIN, RULE)
        yield Bar(left, bottom - thick, right, bottom, colour)
        if self.table.rules == "grid":
            yield Bar(left, top, right, top + _THIN, RULE)
            for edge in (*(place * POINTS for place in self._lefts), right - _THIN):
                yield Bar(edge, top, edge + _THIN, bottom, RULE)


class _RowText:
    """A row's cells, compiled."""

    def __init__(self, row: Row, size: float, *, bold: bool) -> None:
        self.row = row
        self.each_child = row.each_child
        self.cells = tuple(
            StyledText(tuple(_bold(run) for run in cell.runs) if bold else cell.runs, size) for cell in row.cells
        )
        self.per_letter = row.each_child or any(cell.per_letter for cell in self.cells)
        self.of_one_child = not row.each_child and any(cell.of_one_child for cell in self.cells)
        self.has_fields = any(cell.template.fields for cell in self.cells)


def _bold(run: Run) -> Run:
    return msgspec.structs.replace(run, bold=True)


def _millimetres(width: float, unit: str, whole: float) -> float:
    return width if unit == "mm" else whole * width / 100

"""A table of a letter, cell by cell: what stands in it, how wide and how aligned its columns are, what is repeated."""

from dataclasses import dataclass, field

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QWidget,
)

from app.mailing.editor import FieldEdit
from app.mailing.letter.object_dialogs import ObjectDialog, measure, side_box
from app.mailing.letter.rows import text_of
from app.widgets.buttons import link, tool
from app.widgets.entries import ComboBox, NumberEdit
from app.widgets.labels import label
from app.widgets.scrolled import Scrolled
from app.widgets.tabbing import tab_last
from merge.letters.model import Cell, Column, Row, Run, Table

MOST_COLUMNS, MOST_ROWS = 6, 40
NEW = Table(
    columns=(Column(50, "%"), Column(50, "%")),
    rows=(Row((Cell((Run("Titre"),)), Cell((Run("Titre"),)))), Row((Cell(), Cell()))),
)
"""What « Insérer : Tableau » begins with."""
_RULES = (("Un filet sous chaque ligne", "rows"), ("Un cadre", "grid"), ("Aucun filet", "none"))
_LEAST_CELL = 150


@dataclass
class _Cell:
    """An entry, and what stood in it: a cell whose words are not changed keeps their manners."""

    entry: FieldEdit
    was: Cell

    @property
    def cell(self) -> Cell:
        text = self.entry.content
        if text == text_of(self.was):
            return self.was
        manner = self.was.runs[0] if self.was.runs else Run("")
        runs = (msgspec.structs.replace(manner, text=text),) if text else ()
        return msgspec.structs.replace(self.was, runs=runs)


@dataclass
class _Column:
    was: Column
    width: NumberEdit
    side: ComboBox

    @property
    def column(self) -> Column:
        return msgspec.structs.replace(self.was, width=self.width.value(), align=self.side.currentData())


@dataclass
class _Row:
    was: Row
    each_child: QCheckBox
    cells: list[_Cell] = field(default_factory=list)

    @property
    def row(self) -> Row:
        cells = tuple(one.cell for one in self.cells)
        return msgspec.structs.replace(self.was, cells=cells, each_child=self.each_child.isChecked())


class TableDialog(ObjectDialog):
    """Rows and columns are added and removed in the place of the whole grid, which is laid out anew."""

    def __init__(self, table: Table, parent: QWidget | None = None) -> None:
        super().__init__("Tableau", "Placer le tableau", parent)
        self._table = table
        self._columns: list[_Column] = []
        self._rows: list[_Row] = []
        self.resize(820, 480)
        options = QHBoxLayout()
        self.header = QCheckBox("La première ligne est un titre")
        self.header.setChecked(table.header)
        self.rules = ComboBox()
        self.rules.setAccessibleName("Filets")
        for words, one in _RULES:
            self.rules.addItem(words, one)
        self.rules.setCurrentIndex(self.rules.findData(table.rules))
        options.addWidget(self.header)
        options.addStretch(1)
        options.addWidget(self.rules)
        self.form.addLayout(options)
        self._area = Scrolled("Cellules du tableau")
        self.form.addWidget(self._area, 1)
        more = QHBoxLayout()
        self.add_row = link("Ajouter une ligne", "plus-circle")
        self.add_row.clicked.connect(lambda: self._lay_out(self._with_row()))
        self.add_column = link("Ajouter une colonne", "plus-circle")
        self.add_column.clicked.connect(lambda: self._lay_out(self._with_column()))
        self._wrong = label("", "wrong", wrap=True)
        more.addWidget(self.add_row)
        more.addWidget(self.add_column)
        more.addWidget(self._wrong, 1)
        self.form.addLayout(more)
        self._lay_out(table)

    @property
    def entries(self) -> list[list[FieldEdit]]:
        """The cells' entries, row by row."""
        return [[cell.entry for cell in row.cells] for row in self._rows]

    def make(self) -> Table | None:
        table = self._now()
        if not any(text_of(cell).strip() for row in table.rows for cell in row.cells):
            self._wrong.setText("Écrivez d’abord dans une cellule.")
            return None
        share = sum(column.width for column in table.columns if column.unit == "%")
        if share > 100:
            self._wrong.setText(f"Les colonnes font ensemble {share:g}\u00a0% de la largeur\u00a0: réduisez-les à 100.")
            return None
        if any(entry.highlighter.problems for row in self.entries for entry in row):
            self._wrong.setText("Corrigez d’abord le champ souligné en rouge.")
            return None
        return table

    def _now(self) -> Table:
        """The table as the form says."""
        return msgspec.structs.replace(
            self._table,
            columns=tuple(one.column for one in self._columns),
            rows=tuple(one.row for one in self._rows),
            header=self.header.isChecked(),
            rules=self.rules.currentData(),
        )

    def _with_row(self) -> Table:
        table = self._now()
        return msgspec.structs.replace(table, rows=(*table.rows, Row((Cell(),) * len(table.columns))))

    def _with_column(self) -> Table:
        """One column more, in hundredths, all of them equally wide."""
        table = self._now()
        each = round(100 / (len(table.columns) + 1), 1)
        columns = [msgspec.structs.replace(column, width=each, unit="%") for column in (*table.columns, Column(1, "%"))]
        rows = [msgspec.structs.replace(row, cells=(*row.cells, Cell())) for row in table.rows]
        return msgspec.structs.replace(table, columns=tuple(columns), rows=tuple(rows))

    def _without_row(self, place: int) -> Table:
        table = self._now()
        return msgspec.structs.replace(table, rows=(*table.rows[:place], *table.rows[place + 1 :]))

    def _without_column(self, place: int) -> Table:
        table = self._now()
        rows = [msgspec.structs.replace(row, cells=(*row.cells[:place], *row.cells[place + 1 :])) for row in table.rows]
        columns = (*table.columns[:place], *table.columns[place + 1 :])
        return msgspec.structs.replace(table, columns=columns, rows=tuple(rows))

    def _lay_out(self, table: Table) -> None:
        grid_of = QWidget()
        grid = QGridLayout(grid_of)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        many_columns, many_rows = len(table.columns) > 1, len(table.rows) > 1
        self._columns = [
            self._column(grid, place, column, several=many_columns) for place, column in enumerate(table.columns)
        ]
        self._rows = [self._row(grid, place, row, several=many_rows) for place, row in enumerate(table.rows)]
        grid.setRowStretch(len(table.rows) + 2, 1)
        self._area.show_page(grid_of)
        tab_last(self.add_row, self.add_column)
        self.add_row.setEnabled(len(table.rows) < MOST_ROWS)
        self.add_column.setEnabled(len(table.columns) < MOST_COLUMNS)
        self._wrong.setText("")
        self._rows[-1].cells[0].entry.setFocus(Qt.FocusReason.OtherFocusReason)

    def _column(self, grid: QGridLayout, place: int, column: Column, *, several: bool) -> _Column:
        name = f"Colonne {place + 1}"
        width = measure(column.width, 1, 190 if column.unit == "mm" else 100, column.unit)
        width.setAccessibleName(f"{name}, largeur")
        side = side_box(column.align)
        side.setAccessibleName(f"{name}, place du texte")
        remove = tool(f"Retirer la colonne {place + 1}", "trash", bare=True)
        remove.setEnabled(several)
        remove.clicked.connect(lambda: self._lay_out(self._without_column(place)))
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(width, 1)
        head.addWidget(remove)
        grid.addLayout(head, 0, place)
        grid.addWidget(side, 1, place)
        grid.setColumnMinimumWidth(place, _LEAST_CELL)
        grid.setColumnStretch(place, 1)
        return _Column(column, width, side)

    def _row(self, grid: QGridLayout, place: int, row: Row, *, several: bool) -> _Row:
        each_child = QCheckBox("Par enfant")
        each_child.setToolTip("Répéter cette ligne pour chaque enfant de la famille")
        each_child.setAccessibleName(f"Ligne {place + 1}, pour chaque enfant")
        each_child.setChecked(row.each_child)
        made = _Row(row, each_child)
        for column, cell in enumerate(row.cells):
            entry = FieldEdit(f"Ligne {place + 1}, colonne {column + 1}", one_line=True)
            entry.fill(text_of(cell))
            grid.addWidget(entry, place + 2, column)
            made.cells.append(_Cell(entry, cell))
        remove = tool(f"Retirer la ligne {place + 1}", "trash", bare=True)
        remove.setEnabled(several)
        remove.clicked.connect(lambda: self._lay_out(self._without_row(place)))
        grid.addWidget(each_child, place + 2, len(row.cells))
        grid.addWidget(remove, place + 2, len(row.cells) + 1)
        return made

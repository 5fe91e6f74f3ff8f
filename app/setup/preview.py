"""The export as it will be published: a tab for each table, how its files are written, and its problems."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from app import style
from app.publishing.dialogs import problem_list
from app.setup.source import Look, Row, TablePreview
from app.widgets.empty import EmptyState
from app.widgets.labels import label
from app.widgets.table import Table
from app.widgets.table_model import Column, SimpleTableModel
from app.widgets.table_model import Look as Style
from sync.wording import number

WAITING = "Vérifiez la source pour voir ses premières lignes."


class Preview(QWidget):
    filled = Signal()
    """Other tables are shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.summary = label("", "strong", wrap=True)
        column.addWidget(self.summary)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Premières lignes de l’export")
        style.set_tight(self.tabs.tabBar(), tight=True)
        column.addWidget(self.tabs, 1)
        self._nothing = EmptyState(WAITING)
        column.addWidget(self._nothing, 1)
        self.clear()

    def clear(self, sentence: str = WAITING) -> None:
        """Nothing was read, or something else is typed now."""
        self.summary.hide()
        self.tabs.hide()
        self._nothing.say(sentence)
        self._nothing.show()

    def show_look(self, look: Look) -> None:
        former = [self.tabs.widget(place) for place in range(self.tabs.count())]
        self.tabs.clear()
        for page in filter(None, former):
            page.deleteLater()
        self.summary.setText(look.summary)
        if look.problems:
            # First of all, and in sight in a narrow window too.
            self.tabs.addTab(problem_list(look.problems), f"Problèmes ({number(look.problem_count)})")
        for table in look.tables:
            self.tabs.addTab(_table(table), f"{table.name} ({number(table.count)})")
        self.tabs.addTab(_formats(look.formats), "Fichiers")
        self._nothing.hide()
        self.summary.show()
        self.tabs.show()
        self.filled.emit()


def _table(preview: TablePreview) -> QWidget:
    if not preview.rows:
        return EmptyState("Rien dans cette table.")

    def cell(row: Row, *, place: int) -> str:
        return row[place]

    columns = tuple(
        Column(
            title,
            partial(cell, place=place),
            Style.STRONG if place == 0 else Style.PLAIN,
            width=110 if place == 0 else 0,
            tip=partial(cell, place=place),
        )
        for place, title in enumerate(preview.columns)
    )
    model: SimpleTableModel[Row] = SimpleTableModel(columns, preview.rows)
    table: Table[Row] = Table(f"{preview.name}, premières lignes", model, sortable=False, row_height=34)
    model.setParent(table)
    return table


def _formats(formats: tuple[str, ...]) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(12, 12, 12, 12)
    column.setSpacing(8)
    column.addWidget(label("Reconnu à la lecture\u00a0:", "label"))
    for found in formats:
        column.addWidget(label(found, wrap=True))
    column.addStretch(1)
    return page

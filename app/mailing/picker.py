"""Choose one of many by typing a few letters: a search box over a table; Enter or a double click chooses."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.widgets.form_dialog import FormDialog
from app.widgets.search_field import SearchField
from app.widgets.table import Table
from app.widgets.table_model import Column, SimpleTableModel
from cabinet.values import fold

Item = TypeVar("Item")
SIZE = (640, 480)
MOST = 500
"""Rows shown at once: nobody reads more, and typing narrows them."""


class Picker(FormDialog, Generic[Item]):
    """`chosen` is what was picked, once it was accepted."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        hint: str,
        action: str,
        *,
        columns: Sequence[Column[Item]],
        items: Sequence[Item],
        words: Callable[[Item], str],
    ) -> None:
        """`words`: what the search looks into."""
        super().__init__(title, action, parent)
        self.resize(*SIZE)
        self._items = [(fold(words(item)), item) for item in items]
        self.chosen: Item | None = None
        self.search = SearchField(title, hint)
        self.form.addWidget(self.search)
        self._model = SimpleTableModel(columns)
        self.table: Table[Item] = Table(title, self._model, sortable=False, row_height=40)
        self.form.addWidget(self.table, 1)
        self.search.searched.connect(self._narrow)
        self.search.left_down.connect(lambda: self.table.setFocus(Qt.FocusReason.TabFocusReason))
        self.search.returnPressed.connect(self.finish)
        self.table.row_activated.connect(self._take)
        self.table.row_selected.connect(lambda item: self.action.setEnabled(item is not None))
        self._narrow("")
        self.search.setFocus()

    def _narrow(self, typed: str) -> None:
        wanted = fold(typed).split()
        found = [item for words, item in self._items if all(word in words for word in wanted)]
        self._model.set_rows(found[:MOST])
        self.table.select_first()

    def finish(self) -> None:
        self._take(self.table.selected_row())

    def _take(self, item: Item | None) -> None:
        if item is not None:
            self.chosen = item
            self.accept()

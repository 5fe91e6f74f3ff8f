"""« À faire »: a row a thing, with how many, what and why, and the button that leads there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.widgets.buttons import secondary
from app.widgets.labels import label, picture
from app.widgets.panel import Panel, line
from sync.wording import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.home.todo import Todo, TodoList

ROW_HEIGHT = 94
"""At most: four of them fill the panel on the smallest screen."""


class TodoPanel(Panel):
    """`go` gets the line whose button was pressed."""

    def __init__(self, go: Callable[[Todo], None]) -> None:
        super().__init__("À faire", flush=True)
        self._go = go
        self._shown: TodoList | None = None
        self._content = QWidget()
        self.body.addWidget(self._content)

    def show_list(self, todos: TodoList) -> None:
        """Rows are made anew only when something changed: whoever has the focus on one keeps it."""
        if todos == self._shown:
            return
        self._shown = todos
        self._content.hide()
        self._content.deleteLater()
        self._content = self._rows(todos) if todos.items else _nothing(todos.nothing)
        self.body.addWidget(self._content)
        self._content.show()

    def _rows(self, todos: TodoList) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for todo in todos.items:
            column.addWidget(self._row(todo), ROW_HEIGHT)
        column.addWidget(line())
        column.addStretch(1)
        return content

    def _row(self, todo: Todo) -> QWidget:
        row = QWidget()
        row.setMaximumHeight(ROW_HEIGHT)
        whole = QVBoxLayout(row)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(line())
        across = QHBoxLayout()
        across.setContentsMargins(18, 6, 18, 6)
        across.setSpacing(14)
        across.addWidget(picture(todo.icon, "alerte" if todo.warns else "canard", px=22))
        count = label(number(todo.count), "count")
        count.setMinimumWidth(64)
        count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        across.addWidget(count)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addWidget(label(todo.what, "semi", wrap=True))
        words.addWidget(label(todo.aid, "aid", wrap=True))
        words.addStretch(1)
        across.addLayout(words, 1)
        button = secondary(todo.action)
        button.setAccessibleName(f"{todo.action}, {number(todo.count)} {todo.what}")
        button.clicked.connect(lambda: self._go(todo))
        across.addWidget(button)
        whole.addLayout(across, 1)
        return row


def _nothing(sentence: str) -> QWidget:
    row = QWidget()
    whole = QVBoxLayout(row)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.addWidget(line())
    words = label(sentence, "quiet", wrap=True)
    words.setAlignment(Qt.AlignmentFlag.AlignCenter)
    whole.addWidget(words, 1)
    return row

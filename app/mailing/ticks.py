"""A table whose first column is a box to tick: a click or the space bar changes it.

A row's state is whether its box is ticked, or None where it has none.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from app import style
from app.widgets.table import RowDelegate, Table
from app.widgets.table_model import ROW_ROLE, Column, Index, SimpleTableModel

Row = TypeVar("Row")
WIDTH = 40
_BOX = 15


class TickModel(SimpleTableModel[Row]):
    """Its first column shows the box alone; `state` is what screen readers say of it."""

    def __init__(
        self, columns: Sequence[Column[Row]], state: Callable[[Row], bool | None], key: Callable[[Row], Hashable]
    ) -> None:
        box: Column[Row] = Column("", lambda _: "", width=WIDTH, sort=lambda row: (state(row) is None, not state(row)))
        super().__init__((box, *columns), key=key)
        self.state = state

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.AccessibleTextRole and index.isValid() and index.column() == 0:
            return {True: "Coché", False: "Non coché", None: "Ne peut pas être coché"}[
                self.state(self.row(index.row()))
            ]
        return super().data(index, role)


class TickTable(Table[Row]):
    """`ticked` with a row whose box was pressed; the owner renews the rows."""

    ticked = Signal(object)

    def __init__(
        self,
        name: str,
        model: TickModel[Row],
        *,
        row_height: int = 40,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, model, row_height=row_height, parent=parent)
        self._state = model.state
        self.setItemDelegate(_TickDelegate(model.state, self))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        row = self.selected_row()
        if event.key() == Qt.Key.Key_Space and row is not None:
            self._press(row)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == 0 and event.button() is Qt.MouseButton.LeftButton:
            self._press(self._rows.row(index.row()))

    def _press(self, row: Row) -> None:
        if self._state(row) is not None:
            self.ticked.emit(row)


class _TickDelegate(RowDelegate):
    def __init__(self, state: Callable[[Row], bool | None], parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if index.column() != 0:
            return
        state = self._state(index.data(ROW_ROLE))
        if state is None:
            return
        rect = option.rect
        box = QRectF(rect.left() + 13, rect.center().y() - _BOX / 2, _BOX, _BOX)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(style.colour("canard" if state else "surface"))
        painter.setPen(QPen(style.colour("canard" if state else "contour"), 1))
        painter.drawRoundedRect(box, 4, 4)
        if state:
            style.paint_icon(painter, box.toRect().adjusted(2, 2, -2, -2), "check-bold", "sur-canard")
        painter.restore()

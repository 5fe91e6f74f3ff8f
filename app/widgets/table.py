"""Tables as in the pictures: head in a well, rows of 47 pixels, a bar at the left of the one that is selected."""

from collections.abc import Hashable
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from app import style
from app.widgets.pill import paint_pill, pill_width
from app.widgets.table_model import COLUMN_ROLE, ROW_ROLE, Column, Look, SimpleTableModel

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 47
PADDING = 12
BAR = 4
LEAST = 132
"""Pixels of a column that shares the width with others."""


class RowDelegate(QStyledItemDelegate):
    """Draws a cell of a `SimpleTableModel` whole: ground, line, bar, words or pill."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        column, row = index.data(COLUMN_ROLE), index.data(ROW_ROLE)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if is_selected:
            painter.fillRect(rect, style.colour("canard-100"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, style.colour("canard-50"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, style.colour("trait-100"))
        if is_selected and index.column() == 0:
            painter.fillRect(rect.left(), rect.top(), BAR, rect.height(), style.colour("canard"))
        inside = rect.adjusted(PADDING, 0, -PADDING, -1)
        pill = column.pill(row) if column.pill else None
        if pill is not None:
            paint_pill(painter, inside.left(), inside.center().y() + 1, pill, inside.width())
        else:
            _paint_words(painter, inside, column, row)
        if state & QStyle.StateFlag.State_HasFocus and column.look is Look.LINK:
            painter.setPen(QPen(style.colour("canard"), 2))
            painter.drawRect(rect.adjusted(2, 2, -3, -4))
        painter.restore()

    def helpEvent(  # noqa: N802 - Qt's name
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """What is shortened is its own tooltip, where its column says nothing else."""
        if index.isValid() and event.type() is QEvent.Type.ToolTip and not index.data(Qt.ItemDataRole.ToolTipRole):
            rect: QRect = option.rect
            words = str(index.data(Qt.ItemDataRole.DisplayRole))
            is_short = rect.width() < _wanted(index.data(COLUMN_ROLE), index.data(ROW_ROLE))
            QToolTip.showText(event.globalPos(), words if is_short else "", view)
            return is_short
        return bool(super().helpEvent(event, view, option, index))


def _wanted(column: Column[Row], row: Row) -> int:
    """Pixels that a cell needs to be drawn whole."""
    pill = column.pill(row) if column.pill else None
    if pill is not None:
        return pill_width(pill) + 2 * PADDING
    bold = QFontMetrics(style.font(style.BODY_PX, QFont.Weight.Bold))
    lead = bold.horizontalAdvance(f"{column.lead(row)} ") if column.lead else 0
    return lead + QFontMetrics(_writing(column.look)[0]).horizontalAdvance(column.text(row)) + 2 * PADDING


def _paint_words(painter: QPainter, inside: QRect, column: Column[Row], row: Row) -> None:
    align = Qt.AlignmentFlag.AlignVCenter | (
        Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    )
    if column.lead:
        lead = column.lead(row)
        bold = style.font(style.BODY_PX, QFont.Weight.Bold)
        painter.setFont(bold)
        painter.setPen(style.colour("encre"))
        shown = QFontMetrics(bold).elidedText(lead, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, align, shown)
        inside = inside.adjusted(QFontMetrics(bold).horizontalAdvance(shown + " "), 0, 0, 0)
    font, ink = _writing(column.look)
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(
        inside, align, QFontMetrics(font).elidedText(column.text(row), Qt.TextElideMode.ElideRight, inside.width())
    )


def _writing(look: Look) -> tuple[QFont, QColor]:
    match look:
        case Look.CODE:
            return style.font(18, code=True), style.colour("canard")
        case Look.STRONG:
            return style.font(style.BODY_PX, QFont.Weight.DemiBold), style.colour("encre")
        case Look.LINK:
            return style.font(style.BODY_PX, QFont.Weight.DemiBold), style.colour("canard")
        case Look.QUIET:
            return style.font(), style.colour("encre2")
        case Look.PLAIN:
            return style.font(), style.colour("encre")


class Table(QTableView, Generic[Row]):
    """Arrows move, Enter and double click activate, a head's click sorts; one row is selected at most.

    The selection follows its row when the rows are renewed, if the model has a `key`.
    """

    row_selected = Signal(object)
    """The row, or None."""
    row_activated = Signal(object)
    link_pressed = Signal(object, int)
    """The row and the place of the column of look `LINK`."""

    def __init__(
        self,
        name: str,
        model: SimpleTableModel[Row],
        *,
        sortable: bool = True,
        row_height: int = ROW_HEIGHT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._rows = model
        self._kept: Hashable | None = None
        self.setModel(model)
        self.setItemDelegate(RowDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(row_height)
        self._set_up_head(sortable=sortable)
        self.selectionModel().selectionChanged.connect(self._tell_selection)
        self.doubleClicked.connect(lambda index: self._activate(index.row()))
        model.modelAboutToBeReset.connect(self._keep_selection)
        model.modelReset.connect(self._restore_selection)

    def selected_row(self) -> Row | None:
        places = self.selectionModel().selectedRows()
        return self._rows.row(places[0].row()) if places else None

    def select_key(self, key: Hashable) -> bool:
        """Select and show the row with this key. Whether it is there."""
        place = self._rows.place_of(key)
        if place < 0:
            return False
        self.selectRow(place)
        self.scrollTo(self._rows.index(place, 0))
        return True

    def select_first(self) -> None:
        if self._rows.rowCount():
            self.selectRow(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._activate(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """With the focus around the row that keys act on, or around all rows where there is none yet."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setPen(QPen(style.colour("canard"), 2))
            painter.drawRect(self._ring().adjusted(1, 1, -1, -1))

    def _ring(self) -> QRect:
        room, current = self.viewport().rect(), self.currentIndex()
        if not current.isValid():
            return room
        return QRect(0, self.rowViewportPosition(current.row()), room.width(), self.rowHeight(current.row()))

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        super().currentChanged(current, previous)
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        super().focusOutEvent(event)
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if self._is_link(index) and event.button() is Qt.MouseButton.LeftButton:
            self.link_pressed.emit(self._rows.row(index.row()), index.column())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        over_link = self._is_link(self.indexAt(event.position().toPoint()))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over_link else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def _set_up_head(self, *, sortable: bool) -> None:
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setFixedHeight(33)
        head.setMinimumSectionSize(40)
        head.setStretchLastSection(False)
        for place, column in enumerate(self._rows.columns):
            if column.width:
                head.setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
                head.resizeSection(place, column.width)
            else:
                head.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        if sortable:
            # Without an order of its own yet: the rows stay as they came until a head is clicked.
            head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self.setSortingEnabled(True)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """Columns without a width share what is left; where that is too little to read, the table scrolls sideways."""
        head = self.horizontalHeader()
        places = [place for place, _ in enumerate(self._rows.columns) if not self.isColumnHidden(place)]
        shared = [place for place in places if not self._rows.columns[place].width]
        least = {place: max(LEAST, head.sectionSizeHint(place)) for place in shared}
        room = self.viewport().width() - sum(head.sectionSize(place) for place in places if place not in shared)
        is_tight = room < sum(least.values())
        for place in shared:
            head.setSectionResizeMode(
                place, QHeaderView.ResizeMode.Interactive if is_tight else QHeaderView.ResizeMode.Stretch
            )
            if is_tight:
                head.resizeSection(place, least[place])

    def _is_link(self, index: QModelIndex) -> bool:
        return index.isValid() and self._rows.columns[index.column()].look is Look.LINK

    def _activate(self, place: int) -> None:
        self.row_activated.emit(self._rows.row(place))

    def _tell_selection(self) -> None:
        self.row_selected.emit(self.selected_row())

    def _keep_selection(self) -> None:
        row = self.selected_row()
        self._kept = self._rows.key(row) if row is not None and self._rows.key is not None else None

    def _restore_selection(self) -> None:
        if self._kept is not None and self.select_key(self._kept):
            return
        # A reset clears the selection without a word.
        self._tell_selection()

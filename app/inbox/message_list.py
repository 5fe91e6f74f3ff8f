"""The list of messages: who, when, what about; bold until it is read."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app import style
from app.inbox.presenter import Line, Mark
from app.widgets.pill import Kind, PillData, paint_pill, pill_width

HEIGHT = 66
LINE_ROLE = Qt.ItemDataRole.UserRole + 1
_LEFT, _RIGHT = 22, 14
_DOT = 8
_PILLS = {Mark.DRAFT: PillData(Kind.ALERT, "Brouillon", ""), Mark.ANSWERED: PillData(Kind.OK, "Répondu", "")}
Index = QModelIndex | QPersistentModelIndex


class _Lines(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []

    def show_lines(self, lines: Sequence[Line]) -> None:
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{line.who}\n{line.subject}"
        return line if role == LINE_ROLE else None


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002, N802 - Qt's signature
        return QSize(100, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line = index.data(LINE_ROLE)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, style.colour("canard-100"))
            painter.fillRect(rect.left(), rect.top(), 4, rect.height(), style.colour("canard"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, style.colour("canard-50"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, style.colour("trait-100"))
        if line.is_unread:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("canard"))
            painter.drawEllipse(rect.left() + 9, rect.top() + 18, _DOT, _DOT)
        inside = rect.adjusted(_LEFT, 11, -_RIGHT, -11)
        upper = QRect(inside.left(), inside.top(), inside.width(), inside.height() // 2)
        lower = upper.translated(0, inside.height() // 2)
        self._paint_words(painter, upper, lower, line)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(style.colour("canard"), 2))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        painter.restore()

    def _paint_words(self, painter: QPainter, upper: QRect, lower: QRect, line: Line) -> None:
        weight = QFont.Weight.Bold if line.is_unread else QFont.Weight.Normal
        small = style.font(13)
        when = QFontMetrics(small).horizontalAdvance(line.when)
        self._write(painter, upper, line.when, small, "encre2", right=True)
        name_room = upper.adjusted(0, 0, -when - 10, 0)
        self._write(painter, name_room, line.who, style.font(style.BODY_PX, weight), "encre")
        pill = _PILLS.get(line.mark)
        if pill:
            width = pill_width(pill)
            paint_pill(painter, lower.right() - width + 1, lower.center().y() + 1, pill)
            lower = lower.adjusted(0, 0, -width - 8, 0)
        bold = style.font(13, QFont.Weight.DemiBold if line.is_unread else QFont.Weight.Normal)
        shown = self._write(painter, lower, line.subject, bold, "encre")
        taken = QFontMetrics(bold).horizontalAdvance(shown + "   ")
        if taken < lower.width():
            self._write(painter, lower.adjusted(taken, 0, 0, 0), line.excerpt, small, "encre2")

    def _write(self, painter: QPainter, rect: QRect, text: str, font: QFont, ink: str, *, right: bool = False) -> str:
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.setFont(font)
        painter.setPen(style.colour(ink))
        painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, shown)
        return shown


class MessageList(QListView):
    """`chosen` with a message's id, or "" when none is; it follows its message when the list is renewed."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Messages")
        self._lines = _Lines(self)
        self._told = ""
        self.setModel(self._lines)
        self.setItemDelegate(_Delegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().selectionChanged.connect(self._tell)

    @property
    def lines(self) -> Sequence[Line]:
        return tuple(self._lines.lines)

    @property
    def selected(self) -> str:
        """The message's id, or ""."""
        places = self.selectionModel().selectedIndexes()
        return self._lines.lines[places[0].row()].id if places else ""

    def show_lines(self, lines: Sequence[Line]) -> None:
        kept = self._told
        self.selectionModel().blockSignals(True)
        self._lines.show_lines(lines)
        self._select(kept)
        self.selectionModel().blockSignals(False)
        self.viewport().update()
        self._tell()

    def select(self, message: str) -> bool:
        """Whether it is in the list."""
        return self._select(message)

    def _select(self, message: str) -> bool:
        for place, line in enumerate(self._lines.lines):
            if line.id == message:
                index = self._lines.index(place, 0)
                self.setCurrentIndex(index)
                self.scrollTo(index)
                return True
        return False

    def _tell(self) -> None:
        if self.selected != self._told:
            self._told = self.selected
            self.chosen.emit(self._told)

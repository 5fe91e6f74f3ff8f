"""The search box: a magnifying glass, a hint that stays readable, and Escape to empty it."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app import style


class SearchField(QLineEdit):
    """`searched` at each keystroke. Down moves on to the results (`left_down`)."""

    searched = Signal(str)
    left_down = Signal()

    def __init__(self, name: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = hint
        self.setProperty("role", "search")
        self.setAccessibleName(name)
        self.setAccessibleDescription(hint)
        self.addAction(style.icon("magnifying-glass", "encre2"), QLineEdit.ActionPosition.LeadingPosition)
        self.textChanged.connect(self.searched)

    def take_focus(self) -> None:
        """As by Ctrl+F: the former search is selected, ready to be replaced."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Down:
            self.left_down.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The hint stands at the right while there is room for it beside what was typed."""
        super().paintEvent(event)
        metrics = QFontMetrics(self.font())
        wanted = metrics.horizontalAdvance(self._hint)
        if 44 + metrics.horizontalAdvance(self.text()) + 24 + wanted + 13 > self.width():
            return
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(style.colour("encre2"))
        where = QRect(self.width() - wanted - 13, 0, wanted + 1, self.height())
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._hint)

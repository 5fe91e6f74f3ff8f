"""Something is on its way and nobody knows how long: a turning arc and its sentence."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app import style
from app.widgets.labels import label

_TURN_EVERY = 60
"""Milliseconds between two drawings; nothing ticks while it is hidden."""


class Spinner(QWidget):
    def __init__(self, px: int = 18, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._px = px
        self._angle = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_TURN_EVERY)
        self._timer.timeout.connect(self._turn)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(self._px, self._px)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        self._timer.stop()
        super().hideEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.setPen(QPen(style.colour("trait"), 2.5))
        painter.drawEllipse(ring)
        arc = QPen(style.colour("canard"), 2.5)
        arc.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(arc)
        painter.drawArc(ring, -self._angle * 16, 100 * 16)

    def _turn(self) -> None:
        self._angle = (self._angle + 24) % 360
        self.update()


class BusyLine(QWidget):
    """A spinner and a sentence: « Lecture des dossiers… ». Hidden until `begin`."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(Spinner())
        self._label = label(text, "quiet")
        row.addWidget(self._label, 1)
        self.setAccessibleName(text)
        self.hide()

    def begin(self, text: str) -> None:
        self._label.setText(text)
        self.setAccessibleName(text)
        self.show()

    def end(self) -> None:
        self.hide()

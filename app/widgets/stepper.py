"""The steps of a way (Modèle, Destinataires, Contrôle, Envoi): done, current in apricot, to come."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app import style
from app.widgets.pressing import DrawnButton

_CIRCLE = 26
_BETWEEN = 9


class _Step(DrawnButton):
    def __init__(self, number: int, label: str) -> None:
        super().__init__()
        self._number = number
        self._label = label
        self._state = "next"
        self.show_state("next")

    def show_state(self, state: str) -> None:
        self._state = state
        self.setEnabled(state == "done")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if state == "done" else Qt.FocusPolicy.NoFocus)
        spoken = {"done": "terminée", "current": "en cours", "next": "à venir"}[state]
        self.setAccessibleName(f"Étape {self._number}, {self._label}, {spoken}")
        self.setCursor(Qt.CursorShape.PointingHandCursor if state == "done" else Qt.CursorShape.ArrowCursor)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(_CIRCLE + _BETWEEN + QFontMetrics(self._font()).horizontalAdvance(self._label) + 4, _CIRCLE + 6)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        circle = QRect(1, (self.height() - _CIRCLE) // 2, _CIRCLE, _CIRCLE)
        ground = {"done": "canard", "current": "abricot", "next": "surface"}[self._state]
        painter.setBrush(style.colour(ground))
        painter.setPen(QPen(style.colour("contour"), 1) if self._state == "next" else Qt.PenStyle.NoPen)
        painter.drawEllipse(QRectF(circle).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setFont(self._font())
        if self._state == "done":
            style.paint_icon(painter, circle.adjusted(5, 5, -5, -5), "check-bold", "sur-canard")
        else:
            painter.setPen(style.colour("sur-abricot" if self._state == "current" else "encre2"))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.setPen(style.colour("encre" if self._state == "current" else "encre2"))
        text = self.rect().adjusted(_CIRCLE + _BETWEEN, 0, 0, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._label)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(style.colour("canard"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)

    def _font(self) -> QFont:
        return style.font(style.BODY_PX, QFont.Weight.DemiBold)


class Stepper(QWidget):
    """A step that is done can be pressed to go back to it: `chosen` with its place, from 0."""

    chosen = Signal(int)

    def __init__(self, labels: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: list[_Step] = []
        self._current = 0
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 0, 0)
        row.setSpacing(10)
        for place, label in enumerate(labels):
            if place:
                row.addWidget(_Thread())
            step = _Step(place + 1, label)
            step.clicked.connect(lambda _=False, place=place: self.chosen.emit(place))
            self._steps.append(step)
            row.addWidget(step)
        self.set_current(0)

    @property
    def current(self) -> int:
        return self._current

    def set_current(self, place: int) -> None:
        self._current = place
        for index, step in enumerate(self._steps):
            step.show_state("done" if index < place else "current" if index == place else "next")


class _Thread(QFrame):
    """Between two steps; shorter where the window is narrow."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(2)
        self.setStyleSheet(f"background: {style.TOKENS['canard-300']}; border: none;")

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(44, 2)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(8, 2)

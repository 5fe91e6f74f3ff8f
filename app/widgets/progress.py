"""How far something is: a bar, and the row of words, bar and « Annuler » for work under way."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from app import style
from app.widgets.buttons import secondary
from app.widgets.labels import label

THIN, THICK = 8, 16
_STEPS = 1000


class Bar(QProgressBar):
    """Painted by hand: the style sheet's own chunk loses its round ends when it is short."""

    def __init__(self, name: str, *, height: int = THIN, ink: str = "canard", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink = ink
        self.setAccessibleName(name)
        self.setTextVisible(False)
        self.setRange(0, _STEPS)
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_part(self, part: float, ink: str = "") -> None:
        """`part` from 0 to 1; `ink` changes the colour (ok when all is done)."""
        self._ink = ink or self._ink
        self.setValue(round(max(0.0, min(1.0, part)) * _STEPS))
        self.update()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(40, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QPainterPath()
        whole.addRoundedRect(QRectF(self.rect()), self.height() / 2, self.height() / 2)
        painter.setClipPath(whole)
        painter.fillRect(self.rect(), style.colour("trait"))
        filled = QRectF(0, 0, self.width() * self.value() / _STEPS, self.height())
        painter.fillRect(filled, style.colour(self._ink))


class ProgressRow(QWidget):
    """« Lecture de l’export… », a bar and « Annuler ». `cancelled` when it is pressed; it then waits to be hidden."""

    cancelled = Signal()

    def __init__(self, *, can_cancel: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        words = QVBoxLayout()
        words.setSpacing(6)
        self._label = label("")
        self.bar = Bar("Avancement")
        words.addWidget(self._label)
        words.addWidget(self.bar)
        row.addLayout(words, 1)
        self.button = secondary("Annuler")
        self.button.clicked.connect(self._cancel)
        row.addWidget(self.button)
        self.button.setVisible(can_cancel)
        self.hide()

    def begin(self, text: str) -> None:
        self.bar.show_part(0)
        self.button.setEnabled(True)
        self.button.setText("Annuler")
        self.say(text)
        self.show()

    def say(self, text: str, part: float | None = None) -> None:
        self._label.setText(text)
        self.bar.setAccessibleName(text)
        if part is not None:
            self.bar.show_part(part)

    def end(self) -> None:
        self.hide()

    def _cancel(self) -> None:
        self.button.setEnabled(False)
        self.button.setText("Arrêt en cours…")
        self.cancelled.emit()

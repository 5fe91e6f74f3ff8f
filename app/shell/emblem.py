"""The mark: le fil, an arch-wire with its brackets, from the same drawing as everywhere else."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app import style

_DRAWING = str(style.RESOURCES / "images" / "logo.svg")


class Emblem(QWidget):
    """Decorative: the words beside it say the same."""

    def __init__(self, px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = window_icon()
        self.setFixedSize(QSize(px, px))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        self._drawing.paint(QPainter(self), self.rect())


def window_icon() -> QIcon:
    """For the title bar and the task bar; drawn when a size of it is wanted."""
    return QIcon(_DRAWING)

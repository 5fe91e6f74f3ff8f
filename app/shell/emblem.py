"""The mark: le fil, an arch-wire with its brackets, from the same drawing as everywhere else."""

import importlib.resources

from PySide6.QtCore import QByteArray, QRectF, QSize
from PySide6.QtGui import QIcon, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

_DRAWING = ("images", "logo.svg")


def _renderer() -> QSvgRenderer:
    return QSvgRenderer(QByteArray(importlib.resources.files("resources").joinpath(*_DRAWING).read_bytes()))


class Emblem(QWidget):
    """Decorative: the words beside it say the same."""

    def __init__(self, px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = _renderer()
        self.setFixedSize(QSize(px, px))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        self._drawing.render(QPainter(self), QRectF(self.rect()))


def window_icon() -> QIcon:
    """For the title bar and the task bar; drawn when a size of it is wanted."""
    with importlib.resources.as_file(importlib.resources.files("resources").joinpath(*_DRAWING)) as path:
        return QIcon(str(path))

"""A patient's photo at the top of the card: cut to its frame with round corners, or a silhouette."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from app import style
from cabinet.photos import PhotoRefused, web_photo

SIZE = QSize(72, 88)
RADIUS = 8


def read_portrait(path: Path) -> QImage | None:
    """Off the interface's thread: the photo as the portal would show it; None for one that it would refuse."""
    try:
        image = QImage.fromData(web_photo(path))
    except PhotoRefused:
        return None
    return None if image.isNull() else image


class Portrait(QWidget):
    """Decoration: the name stands below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(SIZE)
        self._image: QImage | None = None

    @property
    def has_photo(self) -> bool:
        return self._image is not None

    def show_image(self, image: QImage | None) -> None:
        self._image = image
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect())
        corners = QPainterPath()
        corners.addRoundedRect(frame, RADIUS, RADIUS)
        painter.setClipPath(corners)
        if self._image is None:
            self._paint_silhouette(painter)
            return
        image = self._image
        scale = max(frame.width() / image.width(), frame.height() / image.height())
        shown = QRectF(0, 0, frame.width() / scale, frame.height() / scale)
        # Faces are in the upper part of a portrait.
        shown.moveLeft((image.width() - shown.width()) / 2)
        shown.moveTop((image.height() - shown.height()) / 4)
        painter.drawImage(frame, image, shown)

    def _paint_silhouette(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), style.colour("bande-texte"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.colour("canard-500"))
        painter.drawEllipse(QRectF(20, 21, 32, 32))
        shoulders = QPainterPath()
        shoulders.addRoundedRect(QRectF(9, 58, 54, 60), 24, 24)
        painter.drawPath(shoulders)

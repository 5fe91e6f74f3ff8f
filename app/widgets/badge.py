"""How many wait: a number in apricot, which always means next, unpublished or owed. Nothing at zero."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import style

HEIGHT = 18
MOST = 999


def badge_text(count: int) -> str:
    return f"{MOST}+" if count > MOST else str(count)


def paint_badge(painter: QPainter, right: int, middle: int, count: int) -> None:
    """Draw it ending at `right`, centred on `middle`."""
    width = _width(count)
    rect = QRectF(right - width, middle - HEIGHT / 2, width, HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.colour("abricot"))
    painter.drawRoundedRect(rect, HEIGHT / 2, HEIGHT / 2)
    painter.setPen(style.colour("sur-abricot"))
    painter.setFont(_font())
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, badge_text(count))
    painter.restore()


class Badge(QWidget):
    """Hidden while it counts nothing. `unit` completes what screen readers say: « 3 modifications non publiées »."""

    def __init__(self, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit = unit
        self._count = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    @property
    def count(self) -> int:
        return self._count

    def set_count(self, count: int) -> None:
        self._count = count
        self.setAccessibleName(f"{count} {self._unit}".strip())
        self.setVisible(count > 0)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(_width(self._count), HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        paint_badge(QPainter(self), self.width(), self.height() // 2, self._count)


def _width(count: int) -> int:
    return max(20, QFontMetrics(_font()).horizontalAdvance(badge_text(count)) + 12)


def _font() -> QFont:
    return style.font(12, QFont.Weight.Bold)

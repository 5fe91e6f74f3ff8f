"""How many wait: a number in apricot, which always means next, unpublished or owed."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

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


def _width(count: int) -> int:
    return max(20, QFontMetrics(_font()).horizontalAdvance(badge_text(count)) + 12)


def _font() -> QFont:
    return style.font(12, QFont.Weight.Bold)

"""Pills: a state as an icon and a word on a pale ground; the same drawing for a label and for a table's cell."""

from enum import Enum

import msgspec
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import style

HEIGHT = 22
LEAST = 130
"""Pixels that words are not shortened below."""
_PADDING = 10
_ICON = 14
_BETWEEN = 5


class Kind(Enum):
    """A state's weight: ink, ground, and the icon that it has unless told otherwise."""

    OK = ("ok", "ok-100", "check-circle", True)
    ALERT = ("alerte", "alerte-100", "warning", True)
    ERROR = ("erreur", "erreur-100", "x-circle", False)
    INFO = ("canard", "canard-100", "info", True)
    NEUTRAL = ("encre2", "puits", "", False)

    def __init__(self, ink: str, ground: str, icon: str, fill: bool) -> None:
        self.ink = ink
        self.ground = ground
        self.icon = icon
        self.fill = fill


class PillData(msgspec.Struct, frozen=True):
    """What a pill shows. `icon`: None for its kind's own, "" for none (where a column repeats few plain words)."""

    kind: Kind
    text: str
    icon: str | None = None

    @property
    def drawn_icon(self) -> str:
        return self.kind.icon if self.icon is None else self.icon


def pill_width(data: PillData) -> int:
    """In logical pixels."""
    with_icon = _ICON + _BETWEEN if data.drawn_icon else 0
    return QFontMetrics(_font()).horizontalAdvance(data.text) + 2 * _PADDING + with_icon + 1


def paint_pill(painter: QPainter, left: int, middle: int, data: PillData, widest: int = 10_000) -> None:
    """Draw it from `left`, centred on `middle`; no wider than `widest`: its text is then shortened."""
    width = min(pill_width(data), widest)
    rect = QRect(left, middle - HEIGHT // 2, width, HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.colour(data.kind.ground))
    painter.drawRoundedRect(QRectF(rect), HEIGHT / 2, HEIGHT / 2)
    inner = rect.adjusted(_PADDING, 0, -_PADDING + 1, 0)
    if data.drawn_icon:
        at = QRect(inner.left(), rect.top() + (HEIGHT - _ICON) // 2, _ICON, _ICON)
        style.paint_icon(painter, at, data.drawn_icon, data.kind.ink, fill=data.kind.fill and data.icon is None)
        inner.setLeft(inner.left() + _ICON + _BETWEEN)
    painter.setPen(style.colour(data.kind.ink))
    painter.setFont(_font())
    text = QFontMetrics(_font()).elidedText(data.text, Qt.TextElideMode.ElideRight, inner.width())
    painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
    painter.restore()


class Pill(QWidget):
    """A pill on a screen; where it has to be shortened, the whole of it is its tooltip."""

    def __init__(self, kind: Kind, text: str, icon: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = PillData(kind, text, icon)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.show_state(self._data)

    @property
    def data(self) -> PillData:
        return self._data

    def show_state(self, data: PillData) -> None:
        self._data = data
        self.setAccessibleName(data.text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(pill_width(self._data), HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(min(LEAST, pill_width(self._data)), HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self.setToolTip(self._data.text if self.width() < pill_width(self._data) else "")

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        paint_pill(QPainter(self), 0, HEIGHT // 2, self._data, self.width())


def _font() -> QFont:
    return style.font(13, QFont.Weight.DemiBold)

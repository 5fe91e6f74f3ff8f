"""Twelve bars, the running month in apricot under its share; painted, and told in words to who does not see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import style

if TYPE_CHECKING:
    from app.home.presenter import ActivatedCard

_LABELS = 20
"""Pixels under the axis, for the months' letters."""
_SHARE = 18
"""Pixels over the highest bar, for the share."""
_BAR_PART = 0.75
"""Of a month's width."""
_LOWEST = 3
"""Pixels of a bar that is not empty."""


class ActivationChart(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card: ActivatedCard | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(96)

    def show_card(self, card: ActivatedCard) -> None:
        self._card = card
        self.setAccessibleName("Comptes activés sur 12 mois")
        self.setAccessibleDescription(card.description)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(360, 118)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        if self._card is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._card.months:
            painter.setFont(style.font(13))
            painter.setPen(style.colour("encre2"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), flags, self._card.nothing)
            return
        axis = self.height() - _LABELS
        room = axis - _SHARE
        painter.fillRect(0, axis, self.width(), 1, style.colour("trait"))
        step = self.width() / len(self._card.months)
        for place, month in enumerate(self._card.months):
            is_last = place == len(self._card.months) - 1
            left = place * step + step * (1 - _BAR_PART) / 2
            height = max(_LOWEST, room * month.part) if month.total else 0
            bar = QRectF(left, axis - height, step * _BAR_PART, height)
            painter.fillPath(_rounded_above(bar), style.colour("abricot" if is_last else "canard-300"))
            painter.setFont(style.font(12))
            painter.setPen(style.colour("encre2"))
            below = QRectF(place * step, axis + 3, step, _LABELS - 3)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, month.letter)
            if is_last:
                painter.setFont(style.font(12, QFont.Weight.Bold))
                painter.setPen(style.colour("abricot-encre"))
                above = QRectF(self.width() - 60, bar.top() - _SHARE, 60, _SHARE - 2)
                ends = above.translated(-(self.width() - bar.right()), 0)
                painter.drawText(ends, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._card.percent)


def _rounded_above(bar: QRectF) -> QPainterPath:
    """Round at the top alone: it stands on the axis."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    if bar.height() <= 0:
        return path
    radius = min(3.0, bar.height())
    path.addRoundedRect(bar, radius, radius)
    path.addRect(bar.adjusted(0, radius, 0, 0))
    return path

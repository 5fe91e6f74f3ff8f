"""The four large actions at the right of the home screen."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import style
from app.widgets.pressing import DrawnButton

_ICON = 28
_TEXT_LEFT = 61
_TEXT_RIGHT = 48
_ARROW = 18


class ActionTile(DrawnButton):
    """A title, what it leads to, and an arrow. `is_main`: the one filled tile."""

    def __init__(
        self, title: str, aid: str, icon: str, *, is_main: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._aid = aid
        self._icon_name = icon
        self._is_main = is_main
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(aid)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self.minimumSizeHint().expandedTo(QSize(280, 98))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        title = QFontMetrics(style.font(16, QFont.Weight.Bold)).horizontalAdvance(self.text())
        return QSize(_TEXT_LEFT + title + _TEXT_RIGHT, 84)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, border, ink, quiet, accent = self._inks()
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(style.colour(border), 1))
        painter.setBrush(style.colour(ground))
        painter.drawRoundedRect(area, 10, 10)
        middle = self.height() // 2
        style.paint_icon(painter, QRect(19, middle - _ICON // 2, _ICON, _ICON), self._icon_name, accent)
        style.paint_icon(painter, QRect(self.width() - 38, middle - _ARROW // 2, _ARROW, _ARROW), "caret-right", accent)
        words = self.rect().adjusted(_TEXT_LEFT, 0, -_TEXT_RIGHT, 0)
        title_font, aid_font = style.font(16, QFont.Weight.Bold), style.font(13)
        flags = Qt.TextFlag.TextWordWrap
        title_height = QFontMetrics(title_font).height()
        aid_height = QFontMetrics(aid_font).boundingRect(words, flags, self._aid).height()
        top = middle - (title_height + aid_height) // 2
        painter.setFont(title_font)
        painter.setPen(style.colour(ink))
        painter.drawText(words.left(), top + QFontMetrics(title_font).ascent(), self.text())
        painter.setFont(aid_font)
        painter.setPen(style.colour(quiet))
        painter.drawText(QRect(words.left(), top + title_height, words.width(), aid_height), flags, self._aid)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(style.colour("abricot" if self._is_main else "canard"), 2))
            painter.drawRoundedRect(area.adjusted(1.5, 1.5, -1.5, -1.5), 9, 9)

    def _inks(self) -> tuple[str, str, str, str, str]:
        """Ground, border, ink, quiet ink, and the icon's."""
        if self._is_main:
            ground = "canard-fonce" if self.underMouse() or self.isDown() else "canard"
            return ground, ground, "sur-canard", "canard-100", "abricot"
        ground = "canard-50" if self.underMouse() or self.isDown() else "surface"
        return ground, "trait", "encre", "encre2", "canard"

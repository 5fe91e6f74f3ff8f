"""The navigation at the left: the mark, the cabinet's code, and an entry a screen."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app import style
from app.screen import Entry
from app.shell.emblem import Emblem
from app.widgets.badge import paint_badge
from app.widgets.labels import label
from app.widgets.pressing import DrawnButton

WIDTH = 196
_ENTRY = QSize(176, 42)


class NavEntry(DrawnButton):
    """Filled icon in apricot while its screen is shown; a badge counts what waits there."""

    def __init__(self, entry: Entry, shortcut: str) -> None:
        super().__init__()
        self._entry = entry
        self._badge = 0
        self._unit = ""
        self._is_under_mouse = False
        self.setCheckable(True)
        self.setFixedSize(_ENTRY)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(f"{entry.label} ({shortcut})" if shortcut else entry.label)
        self.setAccessibleName(entry.label)

    @property
    def badge(self) -> int:
        return self._badge

    def set_badge(self, count: int, unit: str) -> None:
        """`unit` completes what is spoken: « 3 modifications non publiées »."""
        if count == self._badge:
            return
        self._badge = count
        self.setAccessibleDescription(f"{count} {unit}" if count else "")
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        self._is_under_mouse = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        self._is_under_mouse = False
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_shown = self.isChecked()
        area = QRectF(self.rect())
        if is_shown or self._is_under_mouse:
            ground = style.colour("bande-choix")
            ground.setAlphaF(1.0 if is_shown else 0.45)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(area, 8, 8)
        middle = self.height() // 2
        style.paint_icon(
            painter,
            QRect(12, middle - 10, 20, 20),
            self._entry.icon,
            "abricot" if is_shown else "bande-texte",
            fill=is_shown,
        )
        painter.setFont(style.font(15, QFont.Weight.Bold if is_shown else QFont.Weight.Normal))
        painter.setPen(style.colour("surface" if is_shown else "canard-100"))
        words = self.rect().adjusted(44, 0, -44 if self._badge else -8, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._entry.label)
        if self._badge:
            paint_badge(painter, self.width() - 12, middle, self._badge)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(style.colour("abricot"), 2))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 7, 7)


class NavBar(QWidget):
    """`chosen` with an entry's key. Arrows move between entries; Tab enters and leaves."""

    chosen = Signal(str)

    def __init__(self, entries: Sequence[Entry], cabinet: str) -> None:
        super().__init__()
        self.setProperty("role", "nav")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Navigation")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 16, 10, 14)
        column.setSpacing(2)
        column.addLayout(_head(cabinet))
        column.addSpacing(18)
        self._entries: dict[str, NavEntry] = {}
        for place, entry in enumerate(entries):
            made = NavEntry(entry, f"Ctrl+{place + 1}")
            made.clicked.connect(lambda _=False, key=entry.key: self.chosen.emit(key))
            self._entries[entry.key] = made
        for entry in entries:
            if not entry.at_bottom:
                column.addWidget(self._entries[entry.key])
        column.addStretch(1)
        for entry in entries:
            if entry.at_bottom:
                column.addWidget(self._entries[entry.key])

    def entry(self, key: str) -> NavEntry:
        return self._entries[key]

    def show_chosen(self, key: str) -> None:
        # Not an exclusive group: in one, arrows would open every screen on their way.
        for known, entry in self._entries.items():
            entry.setChecked(known == key)


def _head(cabinet: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(6, 0, 0, 0)
    row.setSpacing(10)
    row.addWidget(Emblem(34), 0, Qt.AlignmentFlag.AlignVCenter)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(label("WebOrtho", "brand"))
    code = label(cabinet, "mono")
    code.setAccessibleName(f"Cabinet {cabinet}")
    words.addWidget(code)
    row.addLayout(words, 1)
    return row

"""A key figure: one large number or hour, and quiet words on its line."""

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from app import style

UNKNOWN = "—"
"""Shown for what is not known yet: never 0."""


class KeyFigure(QLabel):
    """« 1 248 sur 1 302 ». `px` is the size of the number."""

    def __init__(self, value: str = UNKNOWN, aside: str = "", *, px: int = 38, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._px = px
        self.setFont(style.font(px, tabular=False))
        self.setTextFormat(Qt.TextFormat.RichText)
        self.show_value(value, aside)

    def show_value(self, value: str, aside: str = "") -> None:
        """Both are plain text."""
        small = 16 if self._px >= 30 else 15
        quiet = f'<span style="font-size:{small}px; color:{style.TOKENS["encre2"]}">&nbsp; {html.escape(aside)}</span>'
        self.setText(
            f'<span style="font-size:{self._px}px; font-weight:700">{html.escape(value)}</span>{quiet if aside else ""}'
        )
        spoken = "inconnu" if value == UNKNOWN else value
        self.setAccessibleName(f"{spoken} {aside}".strip())

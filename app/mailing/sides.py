"""The words and their preview side by side; in a narrow window one of them, and a button to change over."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.mailing.preview_pane import NARROWEST, WIDTH, PreviewPane
from app.widgets.buttons import secondary
from app.widgets.page import GAP

_ANY_WIDTH = 16_777_215
"""Qt's own largest."""


class Sides(QWidget):
    """`turn` is for the page's foot; it is there while one side is."""

    def __init__(self, words: QWidget, preview: PreviewPane) -> None:
        super().__init__()
        self._words = words
        self._preview = preview
        self._shows_preview = False
        """Where there is room for one of them."""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(words, 1)
        row.addWidget(preview, 1)
        self.turn = secondary("")
        self.turn.clicked.connect(self._change_over)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as the words alone."""
        return QSize(self._words.minimumSizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._share()

    def _change_over(self) -> None:
        self._shows_preview = not self._shows_preview
        self._share()

    def _share(self) -> None:
        both = self.width() >= self._words.minimumSizeHint().width() + GAP + NARROWEST
        self.turn.setText("Revenir au texte" if self._shows_preview else "Voir l’aperçu")
        self.turn.setVisible(not both)
        self._words.setVisible(both or not self._shows_preview)
        self._preview.setVisible(both or self._shows_preview)
        self._preview.setMaximumWidth(WIDTH if both else _ANY_WIDTH)

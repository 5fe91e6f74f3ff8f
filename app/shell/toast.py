"""« Fiche imprimée. »: a short sentence over the screen, for a moment."""

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.widgets.announcing import announce
from app.widgets.labels import label, picture

SHOWN_FOR = 4000
"""Milliseconds."""
_ABOVE = 66
"""Pixels: the buttons at a screen's foot stay free."""


class Toast(QFrame):
    """At the bottom of `over`, in its middle; it takes neither focus nor mouse."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setProperty("role", "toast")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 9, 18, 9)
        row.setSpacing(9)
        row.addWidget(picture("check-circle", "abricot", fill=True))
        self._words = label("")
        row.addWidget(self._words)
        self._end = QTimer(self)
        self._end.setSingleShot(True)
        self._end.setInterval(SHOWN_FOR)
        self._end.timeout.connect(self.hide)
        over.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        return self._words.text()

    def say(self, sentence: str) -> None:
        self._words.setText(sentence)
        self.setAccessibleName(sentence)
        self._place()
        self.show()
        self.raise_()
        self._end.start()
        announce(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.adjustSize()
        self.move((self._over.width() - self.width()) // 2, self._over.height() - self.height() - _ABOVE)

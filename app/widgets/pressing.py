"""Buttons that Enter presses as the space bar does: the one that has the focus, and no other.

Qt presses by Enter a dialog's default button whatever has the focus, and nothing at all in a window.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QPushButton

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class DrawnButton(QAbstractButton):
    """For buttons that paint themselves."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() in _ENTER:
            self.click()
        else:
            super().keyPressEvent(event)


class PushButton(QPushButton):
    """For every other one."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setAutoDefault(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() in _ENTER:
            self.click()
        else:
            super().keyPressEvent(event)

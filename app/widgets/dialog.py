"""A window over another one: never larger than the screen that it is on, so that its buttons can be reached."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog

_FRAME = 40
"""Pixels for the system's title bar and borders."""


class Dialog(QDialog):
    """What all dialogs are; each gives its scrolling part the height that is left."""

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        room = self.screen().availableSize()
        room.setHeight(room.height() - _FRAME)
        self.resize(self.size().boundedTo(room))
        super().showEvent(event)

"""A button that copies, and says so."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

from app import style
from app.widgets.buttons import link

SAID_FOR = 2500
"""Milliseconds."""


def copy_button(text: Callable[[], str], label: str = "Copier", parent: QWidget | None = None) -> QPushButton:
    """Puts `text()` on the clipboard, then says « Copié » for a moment."""
    button = link(label, "copy")
    button.setParent(parent)
    back = QTimer(button)
    back.setSingleShot(True)
    back.setInterval(SAID_FOR)

    def say(words: str, icon: str) -> None:
        button.setText(words)
        button.setIcon(style.icon(icon, "canard"))

    def copied() -> None:
        QGuiApplication.clipboard().setText(text())
        say("Copié", "check")
        back.start()

    back.timeout.connect(lambda: say(label, "copy"))
    button.clicked.connect(copied)
    return button

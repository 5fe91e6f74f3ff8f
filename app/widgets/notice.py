"""The sentence box: what happened in bold, what to do next, and at most one button to do it."""

import html

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app import style
from app.errors import Trouble
from app.widgets.announcing import announce
from app.widgets.buttons import secondary, tool
from app.widgets.labels import label
from app.widgets.pill import Kind

_ROLES = {
    Kind.OK: "notice-ok",
    Kind.ALERT: "notice-alert",
    Kind.ERROR: "notice-error",
    Kind.INFO: "notice-info",
    Kind.NEUTRAL: "well",
}


class Notice(QFrame):
    """Hidden until it `say`s something. Screen readers announce it as an alert."""

    acted = Signal()
    """Its button was pressed."""
    dismissed = Signal()

    def __init__(self, *, dismissible: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 12, 10)
        row.setSpacing(12)
        self._icon = QLabel()
        self._words = label("", wrap=True)
        self._words.setTextFormat(Qt.TextFormat.RichText)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.button = secondary("")
        self.button.clicked.connect(self.acted)
        self._close = tool("Fermer ce message", "x", bare=True)
        self._close.clicked.connect(self._dismiss)
        self.kind = Kind.INFO
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(self.button)
        row.addWidget(self._close)
        self._close.setVisible(dismissible)
        self.hide()

    @property
    def text(self) -> str:
        """What it says, as plain text."""
        return self.accessibleName()

    def say(self, kind: Kind, what: str, todo: str = "", action: str = "") -> None:
        """Show it. `what` and `todo` are plain text; `action` names the button, none without it."""
        self.kind = kind
        style.set_role(self, _ROLES[kind])
        self._icon.setPixmap(style.pixmap(kind.icon or "info", kind.ink, fill=kind.fill))
        self._words.setText(f"<b>{html.escape(what)}</b> {html.escape(todo)}")
        self.setAccessibleName(f"{what} {todo}".strip())
        self.button.setText(action)
        self.button.setVisible(bool(action))
        self.show()

    def say_trouble(self, trouble: Trouble, action: str = "") -> None:
        """What went wrong; a cancelled task says nothing."""
        if trouble.cancelled:
            return
        self.say(Kind.ALERT if trouble.offline else Kind.ERROR, trouble.what, trouble.todo, action)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        announce(self)

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()

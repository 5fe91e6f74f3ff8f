"""The status bar: whether the portal answers, as of when its data are, what was just done, and this computer's name."""

import msgspec
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from app import style
from app.board import Connection
from app.widgets.labels import label

HEIGHT = 26


class _Said(msgspec.Struct, frozen=True):
    """A state of the connection, as it is shown."""

    words: str
    role: str
    icon: str
    ink: str
    fill: bool = False


_CONNECTIONS = {
    Connection.UNKNOWN: _Said("Connexion au portail…", "", "circle-dashed", "encre2"),
    Connection.ONLINE: _Said("Portail en ligne", "status-ok", "check-circle", "ok", fill=True),
    Connection.OFFLINE: _Said("Portail hors ligne", "status-alert", "wifi-slash", "alerte"),
    Connection.REFUSED: _Said("Ce poste n’est plus accepté", "status-error", "prohibit", "erreur"),
}


class StatusBar(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "status")
        self.setFixedHeight(HEIGHT + 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(6)
        self._connection_icon, self._connection = QLabel(), label("")
        self._synced_icon, self._synced = QLabel(), label("")
        self._told = label("")
        self._computer_icon, self._computer = QLabel(), label("")
        for icon, words in (
            (self._connection_icon, self._connection),
            (self._synced_icon, self._synced),
            (None, self._told),
        ):
            if icon is not None:
                row.addWidget(icon)
            row.addWidget(words)
            row.addSpacing(16)
        row.addStretch(1)
        row.addWidget(self._computer_icon)
        row.addWidget(self._computer)
        self._synced_icon.setPixmap(style.pixmap("arrows-clockwise", "encre2", px=14))
        self._computer_icon.setPixmap(style.pixmap("desktop", "encre2", px=14))
        self.show_connection(Connection.UNKNOWN)
        self.show_synced("")
        self.show_computer("")

    @property
    def words(self) -> tuple[str, ...]:
        """What it says, from left to right."""
        parts = (self._connection, self._synced, self._told, self._computer)
        return tuple(part.text() for part in parts if part.text())

    def show_connection(self, connection: Connection) -> None:
        said = _CONNECTIONS[connection]
        self._connection.setText(said.words)
        style.set_role(self._connection, said.role)
        self._connection_icon.setPixmap(style.pixmap(said.icon, said.ink, px=14, fill=said.fill))

    def show_synced(self, sentence: str) -> None:
        self._synced.setText(sentence)
        self._synced_icon.setVisible(bool(sentence))

    def tell(self, sentence: str) -> None:
        """What was just done; stays until the next."""
        self._told.setText(sentence)

    def show_computer(self, name: str) -> None:
        is_named = not name or name.casefold().startswith("poste")
        self._computer.setText(name if is_named else f"Poste {name}")
        self._computer_icon.setVisible(bool(name))

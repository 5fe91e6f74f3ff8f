"""One window for each configuration: a second start brings the first one forward, and ends."""

import os
from hashlib import blake2b
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT = 1000
"""Milliseconds for the first window to answer: it may be busy painting."""


class OnlyInstance(QObject):
    """`asked` when another start wanted this window."""

    asked = Signal()

    def __init__(self, config_file: Path) -> None:
        super().__init__()
        # Another account's window is not ours to bring forward: its home is part of the path, or its name is.
        whose = f"{config_file.resolve()}|{os.environ.get('USERNAME') or os.environ.get('USER', '')}"
        self._name = f"webortho-{blake2b(whose.encode(), digest_size=12).hexdigest()}"
        self._server: QLocalServer | None = None

    def is_second(self) -> bool:
        """Whether a window is open on this configuration already; it was then asked to come forward."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if socket.waitForConnected(_WAIT):
            socket.disconnectFromServer()
            return True
        # What a program that was killed left behind.
        QLocalServer.removeServer(self._name)
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._asked)
        if server.listen(self._name):
            self._server = server
        return False

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    def _asked(self) -> None:
        assert self._server is not None  # noqa: S101 - only its signal calls this
        connection = self._server.nextPendingConnection()
        if connection is not None:
            connection.disconnected.connect(connection.deleteLater)
        self.asked.emit()

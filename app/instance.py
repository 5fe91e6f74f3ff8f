"""One window for each configuration: a second start brings the first one forward, and ends."""

from hashlib import blake2b
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal

_WAIT = 1000
"""Milliseconds for the first window to answer: it may be busy painting."""


class OnlyInstance(QObject):
    """`asked` when another start wanted this window.

    A lock file says who is first; the message to come forward goes through a local socket. Qt's network library is
    loaded for that alone, after the first window is there (`listen`), or by the second start.
    """

    asked = Signal()

    def __init__(self, config_file: Path, state_dir: Path) -> None:
        super().__init__()
        name = blake2b(str(config_file.resolve()).encode(), digest_size=8).hexdigest()
        self._lock = QLockFile(str(state_dir / f"window-{name}.lock"))
        # Never by its age: only a lock whose program is gone is taken over.
        self._lock.setStaleLockTime(0)
        self._name = f"webortho-{blake2b(f'{state_dir.resolve()}|{name}'.encode(), digest_size=12).hexdigest()}"

    def is_second(self) -> bool:
        """Whether another program holds this configuration's window. A folder that takes no lock says no."""
        return not self._lock.tryLock(0) and self._lock.error() is QLockFile.LockError.LockFailedError

    def call_the_first(self) -> None:
        """Ask the first window to come forward. One that is still starting comes by itself."""
        from PySide6.QtNetwork import QLocalSocket  # noqa: PLC0415 - see the class

        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if socket.waitForConnected(_WAIT):
            socket.disconnectFromServer()

    def listen(self) -> None:
        """From now on, `asked` may be emitted. Call once, as the first."""
        from PySide6.QtNetwork import QLocalServer  # noqa: PLC0415 - see the class

        # What a program that was killed left behind: the lock says that nobody listens.
        QLocalServer.removeServer(self._name)
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)

        def called() -> None:
            connection = server.nextPendingConnection()
            connection.disconnected.connect(connection.deleteLater)
            self.asked.emit()

        server.newConnection.connect(called)
        server.listen(self._name)

    def close(self) -> None:
        self._lock.unlock()

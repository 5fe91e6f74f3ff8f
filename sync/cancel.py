"""How a person stops a run that is under way in another thread."""

import threading

from sync.errors import Cancelled


class CancelToken:
    """Set once by whoever watches, looked at by the run between its steps and while it waits."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        self._event.set()

    def check(self) -> None:
        """Raise `Cancelled` once `cancel` was called."""
        if self._event.is_set():
            raise Cancelled("La synchronisation a été arrêtée à votre demande. Rien n’a été publié.")

    def wait(self, seconds: float) -> None:
        """Sleep, but wake at once to raise `Cancelled`."""
        self._event.wait(seconds)
        self.check()

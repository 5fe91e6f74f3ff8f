"""Work that a run need not wait for: it is done while the portal is, and is over when the run is."""

from collections.abc import Callable
from threading import Thread
from typing import Self

Work = Callable[[], None]
Aside = Callable[[Work], None]
"""Sees to it that some work is done, at once or meanwhile."""


def at_once(work: Work) -> None:
    work()


class Meanwhile:
    """Does one work after the other beside who gives them; the end of its `with` waits for the last."""

    def __init__(self) -> None:
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._wait()

    def do(self, work: Work) -> None:
        self._wait()
        self._thread = Thread(target=work, name="sync-aside")
        self._thread.start()

    def _wait(self) -> None:
        if self._thread is not None:
            self._thread.join()

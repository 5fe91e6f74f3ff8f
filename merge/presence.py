"""Whether a program that wrote something is still running: a lock that the system releases when it dies.

A process number would not do: it is used again, and another machine's means nothing. A lock file per program does,
and needs no clock.
"""

import uuid
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout


class Presence:
    """This program's sign of life in a folder, from `__enter__` to `__exit__` or to the end of the process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.name = uuid.uuid4().hex
        self._lock = FileLock(self._path(self.name))

    def __enter__(self) -> Self:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()
        self._path(self.name).unlink(missing_ok=True)

    def is_alive(self, name: str) -> bool:
        """Whether the program of that name still runs."""
        if name == self.name:
            return True
        path = self._path(name)
        if not path.exists():
            return False
        other = FileLock(path)
        try:
            other.acquire(timeout=0)
        except Timeout:
            return True
        other.release()
        path.unlink(missing_ok=True)
        return False

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.lock"

"""Files that are only on their way to others: on this computer's own disk, whose refusals are not the target's."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import IO, Self

from merge.letters.whole_file import OutputError, why

_KEPT = 1 << 20
"""Bytes that stay in memory."""


@contextmanager
def provisional() -> Iterator[None]:
    """Raise `OutputError` where the system's disk refuses what the block does."""
    try:
        yield
    except OSError as error:
        raise _told(error) from error


class ProvisionalText:
    """A text that grows until it is copied to its place. Raise `OutputError` where the system's disk refuses it."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_KEPT)  # noqa: SIM115 - closed with this

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(OSError):  # What a full disk did not take is tried once more, and has been told.
            self._file.close()

    def write(self, text: str) -> Self:
        """Add to it, in UTF-8."""
        try:
            self._file.write(text.encode())
        except OSError as error:
            raise _told(error) from error
        return self

    def copy_to(self, target: IO[bytes]) -> None:
        """Write all of it; what `target` raises is its own."""
        with provisional():
            self._file.seek(0)
        while True:
            with provisional():
                block = self._file.read(_KEPT)
            if not block:
                return
            target.write(block)


def _told(error: OSError) -> OutputError:
    return OutputError(
        f"Les fichiers provisoires de ce poste n’ont pas pu être écrits ({why(error)}).",
        "Rien n’a été changé. Faites de la place sur le disque du système, et recommencez.",
    )

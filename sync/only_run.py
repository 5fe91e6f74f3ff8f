"""One sync of a cabinet at a time on this computer."""

import contextlib
import sqlite3
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from cabinet.system_words import why
from sync.errors import AlreadyRunning, JournalError


@contextlib.contextmanager
def only_run(state_dir: Path, portal: str, cabinet: str) -> Iterator[None]:
    """Hold the cabinet's lock in `state_dir`, which ends with the program. Raise `AlreadyRunning`, `JournalError`.

    It is SQLite's, which a run has loaded for its journal: a library for locks alone would make a night longer.
    """
    name = blake2b(f"{cabinet}@{portal}".encode(), digest_size=8).hexdigest()
    with contextlib.ExitStack() as held:
        try:
            state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = state_dir / f"sync-{name}.sqlite3"
            path.touch(mode=0o600)
            lock = held.enter_context(contextlib.closing(sqlite3.connect(path, timeout=0, isolation_level=None)))
            lock.execute("BEGIN EXCLUSIVE")
        except (OSError, sqlite3.Error) as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                raise AlreadyRunning(
                    "Une synchronisation de ce cabinet est déjà en cours sur ce poste.",
                    "Attendez qu’elle se termine, puis réessayez.",
                ) from None
            raise JournalError(
                f"Le dossier {state_dir} ne peut pas être écrit ({why(error)}).",
                "Vérifiez l’espace libre et les droits sur ce dossier.",
            ) from error
        yield

"""The outbox's file: its tables, how older ones are brought up to date, and SQLite's troubles as sentences."""

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cabinet.errors import WebOrthoError

SCHEMA_VERSION = 2
_SCHEMA = """
CREATE TABLE delivery (
    id TEXT PRIMARY KEY,
    campaign TEXT NOT NULL,
    position INTEGER NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ready', 'sending', 'sent', 'failed', 'unknown')),
    owner TEXT NOT NULL DEFAULT '',
    tries INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL DEFAULT 0,
    detail TEXT NOT NULL DEFAULT '',
    changed INTEGER NOT NULL,
    activation INTEGER NOT NULL DEFAULT 0,
    label BLOB NOT NULL,
    content BLOB,
    announced INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX delivery_place ON delivery (campaign, position);
CREATE INDEX delivery_due ON delivery (campaign, state, channel, not_before, position);
"""
_FROM_VERSION_1 = """
ALTER TABLE delivery ADD COLUMN announced INTEGER NOT NULL DEFAULT 0;
UPDATE delivery SET state = 'failed',
    detail = 'Préparé par une version précédente de WebOrtho : préparez de nouveau cet envoi.'
    WHERE activation = 1 AND state = 'ready';
UPDATE delivery SET activation = 0, content = NULL WHERE activation = 1;
"""
"""Version 1 named no handles, so its codes can no longer be made valid: what carries them must not leave any more."""


class OutboxError(WebOrthoError):
    """The outbox cannot be read or written."""


def open_outbox(path: Path) -> sqlite3.Connection:
    """The file with today's tables, made or brought up to date. Raise `OutboxError`."""
    with told():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _keep_private(path)
        database = sqlite3.connect(path, timeout=30, isolation_level=None)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            database.execute("PRAGMA secure_delete = ON")
            _migrate(database)
        except BaseException:
            database.close()
            raise
    return database


def _keep_private(path: Path) -> None:
    """For its owner alone before SQLite makes it, which gives its other files the same rights; earlier ones too."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    for file in (path, *(path.with_name(path.name + ending) for ending in _BESIDE)):
        if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
            file.chmod(0o600)


_BESIDE = ("-wal", "-shm")


def _migrate(database: sqlite3.Connection) -> None:
    def version() -> int:
        (found,) = database.execute("PRAGMA user_version").fetchone()
        return int(found)

    if version() > SCHEMA_VERSION:
        raise OutboxError(
            "Le journal des envois a été écrit par une version plus récente de WebOrtho.",
            "Mettez WebOrtho à jour sur ce poste.",
        )
    if version() < SCHEMA_VERSION:
        with transaction(database):
            # Another program may have done it while this one waited for the lock.
            _bring_up_to_date(database, version)


def _bring_up_to_date(database: sqlite3.Connection, version: Callable[[], int]) -> None:
    steps = {0: _SCHEMA, 1: _FROM_VERSION_1}
    if (found := version()) in steps:
        for statement in steps[found].split(";"):
            database.execute(statement)
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, and alone."""
    with told():
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")


@contextmanager
def told() -> Iterator[None]:
    """SQLite's and the system's errors as `OutboxError`."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise OutboxError(
            f"Le journal des envois ne peut pas être écrit ({error}). L’envoi est arrêté, rien n’est envoyé deux fois.",
            "Vérifiez la place sur le disque, puis reprenez l’envoi.",
        ) from error

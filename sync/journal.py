"""The journal: every run of this computer, how it ended, and what the portal last said, in one SQLite file.

It holds patient numbers (not names) and the sentences of problems, and is readable by its account alone. A run is
written when it begins, so that one that was killed is known by its missing end.
"""

import contextlib
import datetime as dt
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec

from cabinet.errors import SourceNotReady, WebOrthoError
from cabinet.problem_groups import ProblemGroup
from cabinet.problems import Place, Severity
from cabinet.system_words import why
from portal.api.shapes import Manifest, RunState, TableCounts
from sync.errors import Cancelled, JournalError
from sync.report import Launch, Outcome, RunReport

_SCHEMA_VERSION = 3
_SCHEMA = """
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL,
    cabinet TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    status TEXT NOT NULL,
    what TEXT NOT NULL DEFAULT '',
    todo TEXT NOT NULL DEFAULT '',
    exit_code INTEGER,
    report TEXT,
    launch TEXT NOT NULL DEFAULT '',
    not_ready INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX run_cabinet ON run (portal, cabinet, id);
CREATE TABLE problem (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    severity TEXT NOT NULL,
    code TEXT NOT NULL,
    file TEXT NOT NULL,
    column_name TEXT NOT NULL,
    first_line INTEGER,
    count INTEGER NOT NULL,
    sentence TEXT NOT NULL
);
CREATE INDEX problem_run ON problem (run);
CREATE TABLE portal_memory (
    portal TEXT NOT NULL,
    cabinet TEXT NOT NULL,
    memory BLOB NOT NULL,
    PRIMARY KEY (portal, cabinet)
);
"""

_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
"""Beginnings of the names of SQLite's errors: SQLITE_CORRUPT_INDEX is one."""
_MIGRATIONS = (
    "ALTER TABLE run ADD COLUMN launch TEXT NOT NULL DEFAULT '';",
    "ALTER TABLE run ADD COLUMN not_ready INTEGER NOT NULL DEFAULT 0;",
)
"""What brings the schema from version 1 to 2, and so on."""


class PortalMemory(msgspec.Struct, frozen=True):
    """What the last run left to the next. A hint: the portal is always asked again before anything moves."""

    manifest: Manifest | None = None
    not_published: tuple[str, ...] = ()
    """What the portal says of it, and all of `erased`."""
    last_counts: TableCounts | None = None
    columns: dict[str, tuple[str, ...]] = {}
    """Table -> its header when it was last read: so that a column that is gone is told as such."""
    ended: tuple[str, ...] = ()
    """Tables whose last line had its end when they were last published: so that one that was cut off is told."""
    last_with_rows: dict[str, tuple[str, ...]] = {}
    """Of what was last published (`sync.last_rows`): so that one that was cut off between lines is."""
    files: dict[str, tuple[str, ...]] = {}
    """Of what was last published (`sync.fewer_files`): so that one that is gone is."""
    erased: tuple[str, ...] = ()
    """All of whom a portal ever said so: one that is restored from a backup may know them no more."""

    def as_told(self, state: RunState) -> "PortalMemory":
        """With what the portal says of its last publication; if that was another computer's, its files are not known.

        What a practitioner confirmed there is not refused here anew.
        """
        own = self if state.last_counts == self.last_counts else PortalMemory()
        return msgspec.structs.replace(
            self.as_hidden(state),
            last_counts=state.last_counts,
            ended=own.ended,
            last_with_rows=own.last_with_rows,
            files=own.files,
        )

    def as_hidden(self, state: RunState) -> "PortalMemory":
        """With what the portal says now of who is hidden or erased."""
        erased = tuple(sorted({*self.erased, *state.erased}))
        return msgspec.structs.replace(
            self, not_published=tuple(sorted({*state.not_published, *erased})), erased=erased
        )


class JournalEntry(msgspec.Struct, frozen=True):
    """One run, as the journal remembers it. Times are UTC."""

    id: int
    started_at: dt.datetime
    ended_at: dt.datetime | None
    status: Outcome
    what: str
    todo: str
    exit_code: int | None
    report: RunReport | None
    launch: Launch
    is_not_ready: bool = False
    """It failed on a source that could not be read for the time being: another try may do."""


def journal_file(state_dir: Path) -> Path:
    """The journal of all cabinets whose runs keep their state in this folder; the first run makes it."""
    return state_dir / "journal.sqlite3"


class Journal:
    """One cabinet's part of the journal. Raise `JournalError` where the file cannot be used."""

    def __init__(self, state_dir: Path, portal: str, cabinet: str) -> None:
        self._path = journal_file(state_dir)
        self._key = (portal, cabinet)
        with self._connected() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version < _SCHEMA_VERSION:
                self._bring_up_to_date(connection)
            elif version > _SCHEMA_VERSION:
                raise JournalError(
                    f"Le journal {self._path} a été écrit par une version plus récente de WebOrtho.",
                    "Mettez WebOrtho à jour sur ce poste.",
                )

    def _bring_up_to_date(self, connection: sqlite3.Connection) -> None:
        """The schema of this version, made or migrated. Another program may be doing the same: the lock decides."""
        connection.execute("BEGIN IMMEDIATE")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        script = _SCHEMA if version == 0 else "".join(_MIGRATIONS[version - 1 :])
        for statement in filter(str.strip, script.split(";")):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")

    def begin(self, started_at: dt.datetime, launch: Launch = Launch.UNKNOWN) -> int:
        """Record that a run began. Runs of this cabinet without an end were killed: they become `interrupted`."""
        with self._connected() as connection:
            connection.execute(
                "UPDATE run SET status = ? WHERE portal = ? AND cabinet = ? AND status = ?",
                (Outcome.INTERRUPTED, *self._key, Outcome.RUNNING),
            )
            cursor = connection.execute(
                "INSERT INTO run (portal, cabinet, started_at, status, launch) VALUES (?, ?, ?, ?, ?)",
                (*self._key, started_at.isoformat(), Outcome.RUNNING, launch),
            )
            assert cursor.lastrowid is not None  # noqa: S101 - an INSERT always has one
            return cursor.lastrowid

    def finish(self, run: int, ended_at: dt.datetime, report: RunReport) -> None:
        with self._connected() as connection:
            connection.execute(
                "UPDATE run SET ended_at = ?, status = ?, exit_code = ?, report = ? WHERE id = ?",
                (ended_at.isoformat(), report.status, report.exit_code, msgspec.json.encode(report).decode(), run),
            )
            _keep_problems(connection, run, report.problems)

    def fail(self, run: int, ended_at: dt.datetime, error: WebOrthoError, problems: tuple[ProblemGroup, ...]) -> None:
        status = Outcome.CANCELLED if isinstance(error, Cancelled) else Outcome.FAILED
        is_not_ready = isinstance(error, SourceNotReady)
        with self._connected() as connection:
            connection.execute(
                "UPDATE run SET ended_at = ?, status = ?, what = ?, todo = ?, exit_code = ?, not_ready = ? "
                "WHERE id = ?",
                (ended_at.isoformat(), status, error.what, error.todo, error.exit_code, is_not_ready, run),
            )
            _keep_problems(connection, run, problems)

    def interrupt(self, run: int, ended_at: dt.datetime) -> None:
        """Record that the program was told to end in the middle of it."""
        with self._connected() as connection:
            connection.execute(
                "UPDATE run SET ended_at = ?, status = ? WHERE id = ?",
                (ended_at.isoformat(), Outcome.INTERRUPTED, run),
            )

    def entries(self, limit: int = 50) -> tuple[JournalEntry, ...]:
        """The newest runs of this cabinet first."""
        with self._connected() as connection:
            rows = connection.execute(
                "SELECT id, started_at, ended_at, status, what, todo, exit_code, report, launch, not_ready FROM run "
                "WHERE portal = ? AND cabinet = ? ORDER BY id DESC LIMIT ?",
                (*self._key, limit),
            ).fetchall()
        return tuple(_entry(row) for row in rows)

    def last_good(self) -> dt.datetime | None:
        """When a run last published, or found nothing to publish; UTC."""
        with self._connected() as connection:
            row = connection.execute(
                "SELECT ended_at FROM run WHERE portal = ? AND cabinet = ? AND status IN (?, ?, ?) "
                "ORDER BY id DESC LIMIT 1",
                (*self._key, Outcome.DONE, Outcome.CURRENT, Outcome.HELD),
            ).fetchone()
        return dt.datetime.fromisoformat(row[0]) if row else None

    def problems(self, run: int) -> tuple[ProblemGroup, ...]:
        with self._connected() as connection:
            rows = connection.execute(
                "SELECT severity, code, file, column_name, first_line, count, sentence FROM problem "
                "WHERE run = ? ORDER BY rowid",
                (run,),
            ).fetchall()
        return tuple(
            ProblemGroup(code, Severity(severity), count, (Place(file, line, column),), sentence)
            for severity, code, file, column, line, count, sentence in rows
        )

    def recall(self) -> PortalMemory:
        with self._connected() as connection:
            row = connection.execute(
                "SELECT memory FROM portal_memory WHERE portal = ? AND cabinet = ?", self._key
            ).fetchone()
        if row is None:
            return PortalMemory()
        try:
            return msgspec.msgpack.decode(row[0], type=PortalMemory)
        except msgspec.DecodeError:
            return PortalMemory()

    def remember(self, memory: PortalMemory) -> None:
        with self._connected() as connection:
            connection.execute(
                "INSERT INTO portal_memory (portal, cabinet, memory) VALUES (?, ?, ?) "
                "ON CONFLICT (portal, cabinet) DO UPDATE SET memory = excluded.memory",
                (*self._key, msgspec.msgpack.encode(memory)),
            )

    @contextlib.contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """One transaction on a connection of its own, so that the file is free between steps."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Made here with its mode: SQLite would make it readable by all.
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            with contextlib.closing(sqlite3.connect(self._path, timeout=20)) as connection:
                connection.execute("PRAGMA foreign_keys = ON")
                with connection:
                    yield connection
        except (OSError, sqlite3.Error) as error:
            if getattr(error, "sqlite_errorname", "").startswith(_DAMAGED):
                raise JournalError(
                    f"Le journal {self._path} est abîmé.",
                    "Renommez ce fichier\u00a0: la synchronisation suivante en commence un autre.",
                ) from error
            raise JournalError(
                f"Le journal {self._path} ne peut pas être lu ou écrit ({why(error)}).",
                "Vérifiez l’espace libre et les droits sur ce dossier.",
            ) from error


def _keep_problems(connection: sqlite3.Connection, run: int, problems: tuple[ProblemGroup, ...]) -> None:
    connection.executemany(
        "INSERT INTO problem (run, severity, code, file, column_name, first_line, count, sentence) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((run, p.severity, p.code, p.first.file, p.first.column, p.first.line, p.count, p.sentence) for p in problems),
    )


def _entry(row: tuple[int, str, str | None, str, str, str, int | None, str | None, str, int]) -> JournalEntry:
    run, started_at, ended_at, status, what, todo, exit_code, report, launch, not_ready = row
    return JournalEntry(
        id=run,
        started_at=dt.datetime.fromisoformat(started_at),
        ended_at=dt.datetime.fromisoformat(ended_at) if ended_at else None,
        status=Outcome(status),
        what=what,
        todo=todo,
        exit_code=exit_code,
        report=msgspec.json.decode(report, type=RunReport) if report else None,
        launch=Launch(launch),
        is_not_ready=bool(not_ready),
    )

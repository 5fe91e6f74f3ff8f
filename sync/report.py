"""How a run ended, as plain data: for the journal, `--json`, the terminal and the desktop application alike."""

import datetime as dt
from enum import StrEnum

import msgspec

from cabinet.problem_groups import ProblemGroup
from portal.api.shapes import TableCounts


class Outcome(StrEnum):
    """The status of a run in the journal and in reports."""

    RUNNING = "running"
    DONE = "done"
    CURRENT = "current"
    """The portal already showed exactly this."""
    HELD = "held"
    """Published, but for withdrawals and re-used numbers that wait for a confirmation."""
    PLANNED = "planned"
    """A dry run: nothing was changed."""
    FAILED = "failed"
    CANCELLED = "cancelled"
    """A person stopped it: nothing was published."""
    INTERRUPTED = "interrupted"
    """The program was killed, or stopped by Ctrl+C, in the middle: nothing was published by half."""


class Launch(StrEnum):
    """Who started a run, as far as the program that runs knows."""

    UNKNOWN = ""
    """The journal of an earlier version did not say."""
    MANUAL = "manual"
    AUTOMATIC = "automatic"
    """By this computer's schedule (`sync.schedule`)."""
    SCRIPTED = "scripted"
    """By a script, or over a line without a terminal: nobody watches, and no schedule of WebOrtho's started it."""
    ASKED = "asked"
    """By a person at another computer."""


EXIT_DONE = 0
EXIT_GUARD = 1


class Timings(msgspec.Struct, frozen=True):
    """Seconds, on the wall."""

    read: float = 0
    """The source, dossiers and digests included."""
    plan: float = 0
    """The portal's state asked for, and compared."""
    send: float = 0
    """Photos and batches."""
    commit: float = 0
    total: float = 0


class RunReport(msgspec.Struct, frozen=True):
    """What a run did. Counts are of dossiers, but `counts`, which are the rows read."""

    status: Outcome
    cabinet: str
    portal: str
    dry_run: bool
    counts: TableCounts
    rows: int = 0
    """Of the patients' table, refused ones included; 0 in reports of an earlier version."""
    added: int = 0
    changed: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    held: tuple[str, ...] = ()
    """Numbers of the patients whose withdrawal waits for a confirmation."""
    respelled: tuple[tuple[str, str], ...] = ()
    """Of the held: their numbers, and what the export spells them now, with other zeros at the beginning."""
    is_cut: bool = False
    """Whether the last numbers of all are among the held, as if the export ended too early."""
    reused: tuple[str, ...] = ()
    """Numbers that seem to belong to another patient now, and wait for the same."""
    stayed: int = 0
    """Patients who stay on the portal as they were, because their row is refused."""
    left_out: int = 0
    photos: int = 0
    """Photos that travelled."""
    problems: tuple[ProblemGroup, ...] = ()
    timings: Timings = Timings()
    requests: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0
    root: str = ""
    """What the portal shows now (hexadecimal root digest)."""
    as_of: dt.datetime | None = None

    @property
    def exit_code(self) -> int:
        """A held withdrawal needs a person, so it is not a success that nobody looks at."""
        return EXIT_GUARD if self.status is Outcome.HELD else EXIT_DONE

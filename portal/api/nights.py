"""The shapes by which the nights of a cabinet are told: when a run is due, how it ended, and who asked for one.

`portal.api.shapes` says how they travel. Every role tells; what was told is read at the desk.

    POST /api/v1/nights/runs              RunTold -> (204)       how a run ended; repeating is harmless
    PUT  /api/v1/nights/schedule          Schedule -> (204)      when this device runs every evening, or no longer
    GET  /api/v1/nights                   -> Nights              the cabinet's runs, of all its devices, newest first

A computer that cannot read the source asks for a run; the one that has the nightly task looks every few minutes:

    POST /api/v1/nights/requests          -> AskedRun            at the desk; the one that is asked for already, if any
    GET  /api/v1/nights/requests/{request}  -> AskedRun          how far it is
    DELETE /api/v1/nights/requests/{request}  (204)              it is wanted no longer; a run under way stops
    POST /api/v1/nights/requests/claim    -> Wanted              what is asked for, if anything is, is this device's
    POST /api/v1/nights/requests/{request}/progress  RunProgress -> AskedRun    from the device that does it

A run that ended `current` was told already, by `OpenRun.notice`. One that cannot reach the portal is told by nobody:
the portal notices that the night did not come.
"""

import datetime as dt
from enum import StrEnum
from typing import Annotated

import msgspec

from portal.api.shapes import Count, HexDigest, Moment, RunNotice, Shape, Strict

Words = Annotated[str, msgspec.Meta(max_length=1000)]
"""French sentences without a patient's name or number."""


class Ending(StrEnum):
    """How a run ended."""

    PUBLISHED = "published"
    CURRENT = "current"
    """The portal showed all of it already."""
    HELD = "held"
    """Published, but for what waits for a practitioner."""
    REFUSED = "refused"
    """By a guard: the source lost too much."""
    UNREADABLE = "unreadable"
    """The source."""
    FAILED = "failed"
    """Otherwise."""
    CANCELLED = "cancelled"
    """By a person."""

    @property
    def is_good(self) -> bool:
        """Whether patients see the cabinet's data of now, and nothing waits."""
        return self in (Ending.PUBLISHED, Ending.CURRENT)

    @property
    def is_failure(self) -> bool:
        return self in (Ending.REFUSED, Ending.UNREADABLE, Ending.FAILED)


class RunTold(Shape, frozen=True, omit_defaults=True):
    """A run that ended. Counts are of dossiers."""

    notice: RunNotice
    ending: Ending
    ended_at: Moment
    added: Count = 0
    changed: Count = 0
    withdrawn: Count = 0
    unchanged: Count = 0
    held: Count = 0
    what: Words = ""
    """Of a failure: what happened."""
    todo: Words = ""


class Schedule(Strict, frozen=True, omit_defaults=True):
    """`at` is the minute of every day by the cabinet's clocks; None: this device runs nothing by itself any more."""

    at: Annotated[str, msgspec.Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")] | None = None


class KnownRun(Shape, frozen=True):
    """A run as the portal was told of it, and by which device."""

    device_name: str
    is_this: bool
    run: RunTold


class PlannedNight(Shape, frozen=True):
    device_name: str
    is_this: bool
    at: str
    """HH:MM, by the cabinet's clocks."""
    last_seen_at: dt.datetime | None


class Nights(Shape, frozen=True):
    planned: tuple[PlannedNight, ...]
    runs: tuple[KnownRun, ...]
    """Of the last 30 days, newest first, 200 at most."""


class Phase(StrEnum):
    """What a run is doing."""

    READ = "read"
    COMPARE = "compare"
    PHOTOS = "photos"
    SEND = "send"
    COMMIT = "commit"


class RunProgress(Shape, frozen=True, omit_defaults=True):
    """Where a run stands: `done` of `total` photos or dossiers of this phase; `total` 0 where there is no count."""

    phase: Phase
    done: Count = 0
    total: Count = 0


class AskedState(StrEnum):
    WAITING = "waiting"
    """No computer has looked yet."""
    RUNNING = "running"
    ENDED = "ended"
    EXPIRED = "expired"
    """No computer took it, or the one that did went silent."""
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        return self in (AskedState.WAITING, AskedState.RUNNING)


class AskedRun(Shape, frozen=True, omit_defaults=True):
    """A run that one computer asks of another."""

    request: HexDigest
    state: AskedState
    asked_at: dt.datetime
    device_name: str = ""
    """Of the computer that does it, or that is expected to."""
    progress: RunProgress | None = None
    what: str = ""
    """Of one that expired: a French sentence, and what to do."""
    todo: str = ""
    run: RunTold | None = None
    """How it ended."""


class Wanted(Shape, frozen=True, omit_defaults=True):
    request: HexDigest | None = None


class Trouble(StrEnum):
    """What is wrong with the nights of late."""

    REFUSED = "refused"
    UNREADABLE = "unreadable"
    FAILED = "failed"
    HELD = "held"
    MISSED = "missed"
    """A night that was due did not come."""


class TroubledNights(Shape, frozen=True, omit_defaults=True):
    """Nights in a row that need a person."""

    trouble: Trouble
    nights: Annotated[int, msgspec.Meta(ge=1)]
    since: dt.datetime
    device_name: str = ""
    what: str = ""
    todo: str = ""

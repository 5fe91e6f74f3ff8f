"""What is scheduled, as plain data: which command, every evening at what minute, and a light one in between."""

import datetime as dt
import sys
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

EVENING = dt.time(20, 0)
"""When practices have closed, and their server still runs."""
SPREAD_MINUTES = 120
"""Cabinets do not all come at once: each has its own minute within so many, always the same."""
ASKING_MINUTES = 5
"""How often the light task looks."""


@dataclass(frozen=True)
class NightlyTask:
    """One cabinet's task on this computer. `at` is local time."""

    cabinet: str
    command: tuple[str, ...]
    """What a person would type."""
    at: dt.time
    unattended: bool = False
    """Whether its secrets are in a file: nobody need be signed in. A keyring opens with its person's session."""

    @property
    def name(self) -> str:
        """As the system's scheduler knows it; the same cabinet's task replaces itself."""
        return name_of(self.cabinet)

    @property
    def asking_name(self) -> str:
        """Of the light task beside it, that looks every few minutes whether another computer asks for a run."""
        return asking_name_of(self.cabinet)

    @property
    def nightly(self) -> tuple[str, ...]:
        """The evening's command, which says that the schedule started it."""
        return (*self.command, "--planned")

    @property
    def asking(self) -> tuple[str, ...]:
        """The light task's command."""
        return (*self.command, "--if-asked")

    @property
    def asking_offset(self) -> int:
        """Minutes past which it looks, 0 to 4: cabinets do not all look at once."""
        return _number_of(self.cabinet) % ASKING_MINUTES


@dataclass(frozen=True)
class Installed:
    """What the system's scheduler says of the task."""

    scheduler: str
    """« Planificateur de tâches de Windows », « systemd », « cron »."""
    at: dt.time | None = None
    """When it runs; None where no task is installed."""


class Scheduler(Protocol):
    """One system's scheduler. Every method raises `ScheduleError` with the command to run by hand, if one helps."""

    name: str

    def install(self, task: NightlyTask) -> None:
        """Install or replace; it runs from now on, and catches up at the next start after a night it missed."""

    def remove(self, cabinet: str) -> bool:
        """Leave nothing of it. False where there was none."""

    def installed(self, cabinet: str) -> Installed: ...


def nightly_task(
    cabinet: str, config_file: Path, at: dt.time | None = None, *, unattended: bool = False
) -> NightlyTask:
    """The task of this cabinet. Without `at`, its own minute of the evening."""
    program = (sys.executable,) if getattr(sys, "frozen", False) else (_silent_python(), "-m", "cli")
    command = (*program, "sync", "--config", str(config_file.absolute()))
    return NightlyTask(cabinet, command, at or minute_of(cabinet), unattended)


def minute_of(cabinet: str) -> dt.time:
    """The cabinet's own minute from 20h00 on, spread evenly over cabinets."""
    minutes = EVENING.hour * 60 + EVENING.minute + _number_of(cabinet) % SPREAD_MINUTES
    return dt.time(minutes // 60, minutes % 60)


def _silent_python() -> str:
    """On Windows, the Python that opens no console: a window that flashes every five minutes would be a nuisance."""
    silent = Path(sys.executable).with_name("pythonw.exe")
    return str(silent) if sys.platform == "win32" and silent.exists() else sys.executable


def name_of(cabinet: str) -> str:
    return f"webortho-sync-{cabinet}"


def asking_name_of(cabinet: str) -> str:
    return f"webortho-asked-{cabinet}"


def _number_of(cabinet: str) -> int:
    return int.from_bytes(blake2b(cabinet.encode(), digest_size=8).digest(), "big")


def next_run(at: dt.time, now: dt.datetime) -> dt.datetime:
    """The next time that the clock on the wall shows `at`; `now` is naive local time."""
    today = dt.datetime.combine(now.date(), at)
    return today if today > now else today + dt.timedelta(days=1)

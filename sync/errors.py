"""What stops a sync run, as sentences for a person.

SyncError (WebOrthoError)
├── GuardRefused         what was read looks broken: nothing is published (exit code 1)
│   └── LossesRefused    it lost rows or fields, or many names changed: a practitioner may confirm that
├── AlreadyRunning       another run is under way on this computer
├── Cancelled            a person stopped the run
├── NotCompared          what the portal shows of a patient cannot be told at this computer
├── ConfigError          the sync's configuration file is missing or wrong
├── JournalError         the journal cannot be written here
├── OwnFault             WebOrtho itself broke down
└── ScheduleError        this computer's scheduler is missing or refuses
"""

from pathlib import Path

from cabinet.errors import WebOrthoError
from portal.api.guards import Losses


class SyncError(WebOrthoError):
    """Something on the cabinet's side stops the run; the portal shows what it showed before."""


class GuardRefused(SyncError):
    """What was read looks like a broken export: nothing is published."""

    exit_code = 1


class LossesRefused(GuardRefused):
    """The export lost or changed much since the last good run. That may be meant: a person can say so."""

    def __init__(self, what: str, todo: str, losses: Losses) -> None:
        super().__init__(what, todo)
        self.losses = losses


class AlreadyRunning(SyncError):
    """Two runs at once would fight over the same export and the same lease."""


class Cancelled(SyncError):
    """The person who watched the run stopped it before its commit."""


class NotCompared(SyncError):
    """What the portal shows of a patient cannot be told at this computer, or is nothing."""


class ConfigError(SyncError):
    """The configuration file cannot be used."""


class JournalError(SyncError):
    """The run cannot be recorded, so it does not begin."""


class OwnFault(SyncError):
    """What the journal and the portal are told of an exception that is nobody else's: its words may quote a patient."""

    def __init__(self, error: Exception, state_dir: Path) -> None:
        super().__init__(
            f"WebOrtho s’est arrêté sur une erreur qui vient de lui, et non de vous ({type(error).__name__}).",
            f"Recommencez\u00a0; si elle revient, envoyez à votre assistance les journaux du dossier {state_dir}.",
        )


class ScheduleError(SyncError):
    """The nightly task cannot be installed, removed or looked at."""

"""Tells the portal how a run of this computer ended, so that all others know, and the cabinet is written to."""

import datetime as dt
import secrets
from pathlib import Path

import msgspec

from cabinet.errors import SourceError, WebOrthoError
from cabinet.mapping import Mapping
from cabinet.problem_groups import ProblemGroup
from portal.api.connections import Connections
from portal.api.errors import PortalError, PortalUnreachable
from portal.api.nights import Ending, RunTold
from portal.api.nights_client import NightsClient
from portal.api.shapes import Launched, RunNotice
from portal.api.transport import Patience, checked_address
from sync.config import SyncConfig, open_store, read_credentials
from sync.errors import Cancelled, GuardRefused
from sync.nameless import told_error, told_problems
from sync.report import Launch, Outcome, RunReport
from sync.telling import waiting_words

_LAUNCHED = {
    Launch.UNKNOWN: Launched.MANUAL,
    Launch.MANUAL: Launched.MANUAL,
    Launch.AUTOMATIC: Launched.AUTOMATIC,
    Launch.SCRIPTED: Launched.AUTOMATIC,
    Launch.ASKED: Launched.ASKED,
}

TO_TELL = Patience(read=20, whole=30, attempts=2)
"""A run has ended, and nobody waits longer than this to see it so."""


class Teller:
    """Of one run. A portal that cannot be told changes nothing: the night that did not come is noticed there."""

    def __init__(self, client: NightsClient, launch: Launch, *, request: str | None = None) -> None:
        """`request`: the one that the run answers (`portal.api.nights`)."""
        self._client = client
        self._notice = RunNotice(secrets.token_hex(16), _LAUNCHED[launch], _now(), request=request)
        self._patterns: tuple[str, ...] = ()

    def reads_with(self, mapping: Mapping) -> None:
        """What the problems' files are called where the mapping names them by a pattern."""
        self._patterns = tuple(part.file for _, part in mapping.tables if part.file and "*" in part.file)

    def notice(self, problems: tuple[ProblemGroup, ...]) -> RunNotice:
        """The run as far as it is known once the source is read."""
        return msgspec.structs.replace(self._notice, problems=told_problems(problems, self._patterns))

    def ended(self, report: RunReport) -> None:
        """What waits for a person, in words; others were told by their requests, and a dry run is nobody's business."""
        if report.dry_run or report.status is not Outcome.HELD:
            return
        self._tell(
            RunTold(
                self.notice(report.problems),
                Ending.HELD,
                _now(),
                added=report.added,
                changed=report.changed,
                withdrawn=report.withdrawn,
                unchanged=report.unchanged,
                held=len(report.held) + len(report.reused),
                what=waiting_words(report),
            )
        )

    def failed(self, error: WebOrthoError) -> None:
        """A run that raised."""
        if isinstance(error, PortalUnreachable):
            return
        what, todo = told_error(error)
        self._tell(RunTold(self._notice, _ending_of(error), _now(), what=what[:1000], todo=todo[:1000]))

    def _tell(self, run: RunTold) -> None:
        try:
            self._client.tell_run(run)
        except PortalError:
            return


def tell_plan(config: SyncConfig, base: Path, at: dt.time | None) -> None:
    """Have the portal expect a run of this computer every evening at `at`, or no longer.

    `base` is the folder of the configuration. Raise `SecretStoreError`, `PortalError`.
    """
    portal = checked_address(config.portal)
    credentials = read_credentials(open_store(config, base), portal, config.cabinet)
    with Connections() as connections:
        NightsClient(portal, credentials.token, connections, patience=TO_TELL).plan(at)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _ending_of(error: WebOrthoError) -> Ending:
    if isinstance(error, GuardRefused):
        return Ending.REFUSED
    if isinstance(error, SourceError):
        return Ending.UNREADABLE
    return Ending.CANCELLED if isinstance(error, Cancelled) else Ending.FAILED

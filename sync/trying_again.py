"""An evening that failed for what may pass is tried again by the light task that looks every few minutes.

Schedulers do not, or not alike: cron has no such thing, a systemd timer starts its service once, and Windows may but
try again what did not start.
"""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from sync.journal import Journal, JournalEntry, journal_file
from sync.report import Launch, Outcome

TRIES = 3
"""After the evening's own."""
APART = dt.timedelta(minutes=30)
"""A program that holds a file, or a server that starts anew, is done by then."""
WITHIN = dt.timedelta(hours=10)
"""Of the evening's own: the portal holds a night for lost a little later, and then people are at work again."""
_LOOKED_AT = 20
"""Entries: people may have tried by hand meanwhile."""
_GOOD = frozenset({Outcome.DONE, Outcome.CURRENT, Outcome.HELD})
_OUT_OF_REACH = 3
"""The exit code of what went wrong between the cabinet and its portal."""


def must_try(state_dir: Path, portal: str, cabinet: str) -> bool:
    """Whether a run is due now, by the journal of this computer. Raise `JournalError`."""
    if not journal_file(state_dir).exists():
        return False
    return is_due(Journal(state_dir, portal, cabinet).entries(_LOOKED_AT), dt.datetime.now(dt.UTC))


def is_due(entries: Iterable[JournalEntry], now: dt.datetime) -> bool:
    """Whether the newest run of the schedule failed, and should be tried again by now.

    `entries` are the journal's, newest first; `now` has a zone. What needs a person (a guard, a mapping) is not tried
    again, nor is what a person stopped, nor anything once a run of anybody's succeeded.
    """
    failed = []
    for entry in entries:
        if entry.status in (Outcome.RUNNING, Outcome.CANCELLED):
            return False
        if entry.status in _GOOD or now - entry.started_at > WITHIN:
            break
        if entry.launch is Launch.AUTOMATIC and entry.status is not Outcome.PLANNED:
            failed.append(entry)
    if not failed or len(failed) > TRIES:
        return False
    newest = failed[0]
    return _may_pass(newest) and (newest.ended_at or newest.started_at) <= now - APART


def _may_pass(entry: JournalEntry) -> bool:
    return entry.status is Outcome.INTERRUPTED or entry.is_not_ready or entry.exit_code == _OUT_OF_REACH

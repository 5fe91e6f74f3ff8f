"""Which evenings are tried again, and when: those that failed for what may pass, half an hour later, three times."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from cabinet.errors import SourceError, SourceNotReady, WebOrthoError
from portal.api.errors import PortalUnreachable
from portal.api.shapes import TableCounts
from sync.errors import Cancelled, GuardRefused
from sync.journal import Journal, journal_file
from sync.report import Launch, Outcome, RunReport
from sync.trying_again import TRIES, is_due, must_try

EVENING = dt.datetime(2026, 11, 23, 19, 7, tzinfo=dt.UTC)
LOCKED = SourceNotReady("Le fichier patients.csv est utilisé.", "Fermez-le.")
AWAY = PortalUnreachable("Le portail ne répond pas.", "Vérifiez le réseau.")
Write = Callable[..., None]


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path, "https://portail.exemple.fr", "dijon21")


@pytest.fixture
def write(journal: Journal) -> Write:
    def write(minutes: float, ended: WebOrthoError | Outcome, launch: Launch = Launch.AUTOMATIC) -> None:
        """A run of one minute, so many after the evening's."""
        started = EVENING + dt.timedelta(minutes=minutes)
        run, at = journal.begin(started, launch), started + dt.timedelta(minutes=1)
        if isinstance(ended, WebOrthoError):
            journal.fail(run, at, ended, ())
        elif ended is Outcome.INTERRUPTED:
            journal.interrupt(run, at)
        elif ended is not Outcome.RUNNING:
            journal.finish(run, at, RunReport(ended, "dijon21", "", dry_run=False, counts=TableCounts()))

    return write


def due(journal: Journal, minutes: float) -> bool:
    return is_due(journal.entries(), EVENING + dt.timedelta(minutes=minutes))


@pytest.mark.parametrize("why", [LOCKED, AWAY, Outcome.INTERRUPTED], ids=["locked", "away", "stopped"])
def test_what_may_pass_is_tried_again_after_half_an_hour(
    journal: Journal, write: Write, why: WebOrthoError | Outcome
) -> None:
    write(0, why)
    assert [minutes for minutes in range(0, 60, 5) if due(journal, minutes)] == [35, 40, 45, 50, 55]


@pytest.mark.parametrize(
    "why",
    [
        SourceError("La colonne a disparu.", "Corrigez."),
        GuardRefused("L’export est vide.", "Vérifiez."),
        Cancelled("Vous avez arrêté.", "Recommencez."),
        Outcome.RUNNING,
        Outcome.DONE,
        Outcome.CURRENT,
        Outcome.HELD,
    ],
    ids=str,
)
def test_what_needs_a_person_or_nobody_is_not(journal: Journal, write: Write, why: WebOrthoError | Outcome) -> None:
    write(0, why)
    assert not due(journal, 60)


def test_three_times_and_until_the_morning(journal: Journal, write: Write) -> None:
    for minutes in range(0, 1 + 40 * TRIES, 40):
        assert minutes == 0 or due(journal, minutes)
        write(minutes, LOCKED)
    assert not due(journal, 40 * (TRIES + 1))


def test_no_longer_than_till_the_morning(journal: Journal, write: Write) -> None:
    write(0, AWAY)
    assert due(journal, 599)
    assert not due(journal, 601)


def test_a_run_that_succeeded_meanwhile_ends_it_whoever_started_it(journal: Journal, write: Write) -> None:
    write(0, LOCKED)
    write(10, LOCKED, Launch.MANUAL)
    assert due(journal, 60)
    write(61, Outcome.DONE, Launch.MANUAL)
    assert not due(journal, 120)


def test_what_people_try_by_hand_is_theirs_to_try_again(journal: Journal, write: Write) -> None:
    write(0, LOCKED, Launch.MANUAL)
    assert not due(journal, 60)


def test_a_computer_that_never_ran_gets_no_journal_by_being_looked_at(tmp_path: Path) -> None:
    assert not must_try(tmp_path, "https://portail.exemple.fr", "dijon21")
    assert not journal_file(tmp_path).exists()

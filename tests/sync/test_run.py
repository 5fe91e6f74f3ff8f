"""How a run ends where the program itself breaks down or is stopped: no portal is asked."""

import signal
from pathlib import Path

import pytest

from portal.api.client import PortalClient
from portal.api.connections import Connections
from portal.api.shapes import TableCounts
from sync.errors import GuardRefused
from sync.gathered import Gathered, Outlet
from sync.journal import Journal
from sync.report import Outcome
from sync.run import SyncTask, run_sync

PORTAL = "https://portail.exemple.fr"


def test_a_fault_of_the_program_ends_its_entry_and_quotes_nobody(tmp_path: Path) -> None:
    def broken(_: Outlet | None) -> Gathered:
        raise KeyError("AAESSAI Jeanne")

    with Connections() as connections, pytest.raises(KeyError):
        run_sync(SyncTask("demo"), broken, PortalClient(PORTAL, "jeton", connections), tmp_path)

    [entry] = Journal(tmp_path, PORTAL, "demo").entries()
    assert (entry.status, entry.exit_code, entry.ended_at is None) == (Outcome.FAILED, 4, False)
    assert entry.what == "WebOrtho s’est arrêté sur une erreur qui vient de lui, et non de vous (KeyError)."
    assert entry.todo == (
        f"Recommencez\u00a0; si elle revient, envoyez à votre assistance les journaux du dossier {tmp_path}."
    )


def test_a_run_that_ctrl_c_stops_is_interrupted_at_once(tmp_path: Path) -> None:
    def stopped(_: Outlet | None) -> Gathered:
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("it goes on")

    with Connections() as connections, pytest.raises(KeyboardInterrupt):
        run_sync(SyncTask("demo"), stopped, PortalClient(PORTAL, "jeton", connections), tmp_path)

    [entry] = Journal(tmp_path, PORTAL, "demo").entries()
    assert (entry.status, entry.what, entry.exit_code) == (Outcome.INTERRUPTED, "", None)
    assert entry.ended_at is not None


def test_an_export_whose_patients_are_all_refused_is_told_as_that(tmp_path: Path) -> None:
    def twice(_: Outlet | None) -> Gathered:
        return Gathered({}, {}, TableCounts(), {}, rows=2, refused=frozenset({"5312"}))

    with Connections() as connections, pytest.raises(GuardRefused, match="Toutes les lignes de patients"):
        run_sync(SyncTask("demo", dry_run=True), twice, PortalClient(PORTAL, "jeton", connections), tmp_path)

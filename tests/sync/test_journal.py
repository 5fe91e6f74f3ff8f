"""The journal: what every run did, and what the portal last said."""

import datetime as dt
import sqlite3
import stat
from pathlib import Path
from typing import NoReturn

import pytest

from cabinet.errors import SourceError, SourceNotReady
from cabinet.problem_groups import ProblemGroup
from cabinet.problems import Place, Severity
from portal.api.manifest import manifest_of
from portal.api.shapes import ManifestEntry, TableCounts
from sync.errors import Cancelled, GuardRefused, JournalError
from sync.journal import Journal, PortalMemory
from sync.report import Launch, Outcome, RunReport

PORTAL = "https://portail.exemple.fr"
NIGHT = dt.datetime(2026, 3, 2, 22, 0, tzinfo=dt.UTC)
LATER = NIGHT + dt.timedelta(minutes=2)
PROBLEMS = (
    ProblemGroup("missing-number", Severity.ERROR, 3, (Place("patients.csv", 7, "N°"),), "Trois lignes."),
    ProblemGroup("unreadable-date", Severity.WARNING, 1, (Place("rdv.csv"),), "Une date."),
)
REPORT = RunReport(Outcome.DONE, "demo", PORTAL, False, TableCounts(patients=3), added=3, problems=PROBLEMS)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path, PORTAL, "demo")


def test_a_finished_run_is_remembered_whole(journal: Journal) -> None:
    run = journal.begin(NIGHT)
    journal.finish(run, LATER, REPORT)
    (entry,) = journal.entries()
    assert (entry.started_at, entry.ended_at, entry.status, entry.exit_code) == (NIGHT, LATER, Outcome.DONE, 0)
    assert entry.report == REPORT
    assert journal.problems(run) == PROBLEMS


def test_a_failed_run_is_remembered_with_its_sentences(journal: Journal) -> None:
    run = journal.begin(NIGHT)
    journal.fail(run, LATER, GuardRefused("Trop perdu.", "Vérifiez."), PROBLEMS)
    (entry,) = journal.entries()
    assert (entry.status, entry.what, entry.todo, entry.exit_code) == (Outcome.FAILED, "Trop perdu.", "Vérifiez.", 1)
    assert journal.problems(run) == PROBLEMS


@pytest.mark.parametrize(("error", "is_not_ready"), [(SourceError, False), (SourceNotReady, True)])
def test_a_run_that_another_try_may_mend_is_known(
    journal: Journal, error: type[SourceError], is_not_ready: bool
) -> None:
    journal.fail(journal.begin(NIGHT), LATER, error("Le fichier est occupé.", "Fermez-le."), ())
    (entry,) = journal.entries()
    assert entry.is_not_ready is is_not_ready


def test_a_run_that_a_person_stopped_is_no_failure(journal: Journal) -> None:
    journal.fail(journal.begin(NIGHT), LATER, Cancelled("Arrêtée."), ())
    (entry,) = journal.entries()
    assert (entry.status, entry.what) == (Outcome.CANCELLED, "Arrêtée.")


def test_a_run_that_was_killed_shows_as_interrupted(journal: Journal) -> None:
    journal.begin(NIGHT)
    journal.begin(LATER)
    assert [entry.status for entry in journal.entries()] == [Outcome.RUNNING, Outcome.INTERRUPTED]


def test_a_cabinet_sees_its_own_runs_alone(journal: Journal, tmp_path: Path) -> None:
    other = Journal(tmp_path, PORTAL, "autre")
    journal.begin(NIGHT)
    other.begin(LATER)
    other.remember(PortalMemory(not_published=("1",)))
    assert [entry.status for entry in journal.entries()] == [Outcome.RUNNING]
    assert journal.recall() == PortalMemory()


def test_the_newest_runs_come_first_and_not_all_of_them(journal: Journal) -> None:
    for minute in range(5):
        journal.begin(NIGHT + dt.timedelta(minutes=minute))
    assert [entry.started_at.minute for entry in journal.entries(limit=2)] == [4, 3]


def test_what_the_portal_said_is_remembered(journal: Journal) -> None:
    memory = PortalMemory(manifest_of([ManifestEntry("1", b"d" * 16)]), ("2", "3"), TableCounts(patients=1))
    journal.remember(PortalMemory())
    journal.remember(memory)
    assert journal.recall() == memory


def test_a_memory_of_another_version_is_no_memory(journal: Journal, tmp_path: Path) -> None:
    journal.remember(PortalMemory())
    with sqlite3.connect(tmp_path / "journal.sqlite3") as connection:
        connection.execute("UPDATE portal_memory SET memory = x'00'")
    connection.close()
    assert journal.recall() == PortalMemory()


def test_the_journal_is_readable_by_its_account_alone(journal: Journal, tmp_path: Path) -> None:
    journal.begin(NIGHT)
    assert stat.S_IMODE((tmp_path / "journal.sqlite3").stat().st_mode) == 0o600


def test_a_journal_from_a_newer_program_is_left_alone(journal: Journal, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "journal.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(JournalError, match="a été écrit par une version plus récente de WebOrtho"):
        Journal(tmp_path, PORTAL, "demo")


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "etat").touch()
    with pytest.raises(JournalError) as told:
        Journal(tmp_path / "etat", PORTAL, "demo")
    path = tmp_path / "etat" / "journal.sqlite3"
    assert told.value.what == f"Le journal {path} ne peut pas être lu ou écrit (un fichier porte déjà ce nom)."
    assert told.value.todo == "Vérifiez l’espace libre et les droits sur ce dossier."


def test_an_index_that_is_damaged_is_a_damaged_journal(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_: object, **__: object) -> NoReturn:
        error = sqlite3.DatabaseError("database disk image is malformed")
        error.sqlite_errorcode, error.sqlite_errorname = 779, "SQLITE_CORRUPT_INDEX"
        raise error

    monkeypatch.setattr("sqlite3.connect", connect)
    with pytest.raises(JournalError, match="est abîmé"):
        journal.entries()


def test_a_damaged_journal_says_how_to_go_on(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite3").write_bytes(b"x" * 4096)
    with pytest.raises(JournalError) as damaged:
        Journal(tmp_path, PORTAL, "demo")
    assert damaged.value.what == f"Le journal {tmp_path / 'journal.sqlite3'} est abîmé."
    assert damaged.value.todo == ("Renommez ce fichier\u00a0: la synchronisation suivante en commence un autre.")


def test_who_started_a_run_is_remembered(journal: Journal) -> None:
    journal.begin(NIGHT, Launch.AUTOMATIC)
    journal.begin(LATER, Launch.MANUAL)
    assert [entry.launch for entry in journal.entries()] == [Launch.MANUAL, Launch.AUTOMATIC]


def test_a_journal_of_the_first_version_keeps_its_runs(journal: Journal, tmp_path: Path) -> None:
    journal.finish(journal.begin(NIGHT, Launch.MANUAL), LATER, REPORT)
    with sqlite3.connect(tmp_path / "journal.sqlite3") as connection:
        connection.execute("ALTER TABLE run DROP COLUMN launch")
        connection.execute("ALTER TABLE run DROP COLUMN not_ready")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    migrated = Journal(tmp_path, PORTAL, "demo")
    migrated.begin(LATER, Launch.AUTOMATIC)
    assert [(entry.launch, entry.report) for entry in migrated.entries()] == [
        (Launch.AUTOMATIC, None),
        (Launch.UNKNOWN, REPORT),
    ]


def test_a_journal_of_the_second_version_keeps_its_runs(journal: Journal, tmp_path: Path) -> None:
    journal.finish(journal.begin(NIGHT, Launch.MANUAL), LATER, REPORT)
    with sqlite3.connect(tmp_path / "journal.sqlite3") as connection:
        connection.execute("ALTER TABLE run DROP COLUMN not_ready")
        connection.execute("PRAGMA user_version = 2")
    connection.close()
    (entry,) = Journal(tmp_path, PORTAL, "demo").entries()
    assert (entry.launch, entry.report, entry.is_not_ready) == (Launch.MANUAL, REPORT, False)

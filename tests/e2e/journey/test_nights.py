"""How runs end is told to the portal, whatever they are started by, and read by the cabinet's other computers."""

import datetime as dt
import os
import re
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from cli.sync import command
from portal.api.connections import Connections
from portal.api.nights import AskedState, Ending, KnownRun, Phase, RunProgress
from portal.api.nights_client import NightsClient
from portal.api.shapes import Launched
from portal.api.transport import Exchange
from sync import configured, export_age
from sync.asked import claimed, followed
from sync.cancel import CancelToken
from sync.config import read_config, write_config
from sync.enrolment import enrol
from sync.errors import Cancelled
from sync.journal import Journal, journal_file
from sync.quiet import A_PERSONS_PATIENCE, PATIENCE_SECONDS
from sync.report import Launch, Outcome
from sync.run import Progress
from sync.schedule import installing
from sync.told import tell_plan
from tests.e2e.journey.clinic import Clinic, Device, on_the_portal


def runs(device: Device) -> tuple[KnownRun, ...]:
    """What the practitioner's computer sees, newest first."""
    with Connections() as connections:
        return NightsClient(device.portal.address, device.credentials.token, connections).nights().runs


WITHIN = 60
"""Seconds, on a slow and loaded machine."""


@pytest.fixture
def cron(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer with cron alone, its table a file."""
    table, crontab = tmp_path / "table", tmp_path / "bin" / "crontab"
    crontab.parent.mkdir()
    crontab.write_text(f'#!/bin/sh\nif [ "$1" = -l ]; then exec /bin/cat {table}; fi\nexec /bin/cat > {table}\n')
    crontab.chmod(0o755)
    table.touch()
    monkeypatch.setenv("PATH", str(crontab.parent))
    monkeypatch.setattr(installing, "SYSTEMD_RUNS", tmp_path / "absent")
    return table


def test_a_first_an_unchanged_and_a_changed_night_are_told(clinic: Clinic) -> None:
    clinic.nightly.run_here(launch=Launch.AUTOMATIC)
    exchanges: list[Exchange] = []
    clinic.nightly.run_here(launch=Launch.AUTOMATIC, observe=exchanges.append)
    clinic.export.names["0007"] = "NOM-AUTRE"
    clinic.export.write()
    clinic.nightly.run_here(launch=Launch.MANUAL)
    told = runs(clinic.practitioner)
    assert [(one.run.ending, one.run.added, one.run.changed, one.run.unchanged) for one in told] == [
        (Ending.PUBLISHED, 0, 1, 59),
        (Ending.CURRENT, 0, 0, 60),
        (Ending.PUBLISHED, 60, 0, 0),
    ]
    assert [one.run.notice.launched for one in told] == [Launched.MANUAL, Launched.AUTOMATIC, Launched.AUTOMATIC]
    assert {(one.device_name, one.is_this) for one in told} == {("nightly", False)}
    assert len(exchanges) == 1


def test_an_unchanged_night_tells_of_an_old_export_by_its_one_request(
    published: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_age, "OLD_AFTER", dt.timedelta(days=-1))
    exchanges: list[Exchange] = []
    report = published.nightly.run_here(launch=Launch.AUTOMATIC, observe=exchanges.append)
    assert (len(exchanges), [problem.code for problem in report.problems]) == (1, ["stale-export"])
    newest = runs(published.practitioner)[0].run
    [problem] = newest.notice.problems
    assert (newest.ending, problem.is_of_all) == (Ending.CURRENT, True)
    assert "n’a pas été réécrit depuis le" in problem.sentence


def test_files_with_their_day_in_their_name_have_the_same_problems_every_night(clinic: Clinic) -> None:
    export = clinic.export
    export.mapping.write_text(export.mapping.read_text().replace("rdv.csv", "rdv_*.csv"))
    lines = (export.folder / "rdv.csv").read_text()
    (export.folder / "rdv.csv").unlink()
    for day in ("20261122", "20261123"):
        for former in export.folder.glob("rdv_*.csv"):
            former.unlink()
        (export.folder / f"rdv_{day}.csv").write_text(f"{lines}0001;bientôt;CONT\n")
        clinic.nightly.run_here(launch=Launch.AUTOMATIC)
    (second,), (first,) = (one.run.notice.problems for one in runs(clinic.practitioner))
    assert first == second
    assert first.sentence.startswith("rdv_*.csv, colonne «\u00a0Debut\u00a0»\u00a0: ")


def test_a_simulation_is_nobody_elses_business(clinic: Clinic) -> None:
    clinic.nightly.sync("--dry-run")
    assert runs(clinic.practitioner) == ()


def test_an_export_that_cannot_be_read_is_told_without_what_stands_in_it(published: Clinic) -> None:
    (published.export.folder / "patients.csv").unlink()
    ended = published.nightly.sync()
    assert ended.exit_code == 2
    newest = runs(published.practitioner)[0].run
    assert (newest.ending, newest.notice.launched) == (Ending.UNREADABLE, Launched.AUTOMATIC)
    assert newest.what.startswith("Le fichier patients.csv manque")
    assert newest.todo == "Le détail est dans WebOrtho, sur le poste qui lit l’export."


def test_a_configuration_that_leads_nowhere_is_told(published: Clinic) -> None:
    published.export.mapping.write_text("[patients", encoding="utf-8")
    assert published.nightly.sync().exit_code == 2
    assert runs(published.practitioner)[0].run.what == "Le mapping mapping.toml n’est pas un fichier TOML valable."


def test_a_fault_of_the_program_is_told_without_its_words(published: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("NOM-0007")

    monkeypatch.setattr(configured, "gather", broken)
    with pytest.raises(KeyError):
        published.nightly.run_here()
    newest = runs(published.practitioner)[0].run
    assert newest.ending is Ending.FAILED
    assert newest.what == "WebOrtho s’est arrêté sur une erreur qui vient de lui, et non de vous (KeyError)."
    assert "NOM-" not in str(newest)


@pytest.mark.parametrize(
    ("launch", "patience"),
    [
        (Launch.AUTOMATIC, [PATIENCE_SECONDS]),
        (Launch.ASKED, [PATIENCE_SECONDS]),
        (Launch.MANUAL, [A_PERSONS_PATIENCE]),
        (Launch.SCRIPTED, []),
    ],
)
def test_an_export_that_is_being_written_is_waited_for_and_a_person_waits_less(
    clinic: Clinic, launch: Launch, patience: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(configured, "wait_until_quiet", lambda *given: waited.append(given[-1]))
    clinic.nightly.run_here(launch=launch)
    assert waited == patience


def test_a_refusal_and_what_is_held_are_told_with_their_counts(published: Clinic) -> None:
    published.export.names = dict(list(published.export.names.items())[25:])
    published.export.write()
    assert published.nightly.sync().exit_code == 1
    newest = runs(published.practitioner)[0].run
    assert (newest.ending, newest.held) == (Ending.HELD, 25)
    assert newest.what == "25\u00a0retraits attendent une confirmation."
    assert "NOM-" not in str(runs(published.practitioner))


def test_the_portal_is_told_when_an_evening_is_planned_and_given_up(clinic: Clinic, cron: Path) -> None:
    def schedule(*arguments: str) -> Result:
        result = CliRunner().invoke(command, ["schedule", *arguments, "--config", str(clinic.nightly.config)])
        assert result.exit_code == 0, result.output
        assert "n’en est pas prévenu" not in result.stderr
        return result

    schedule("install", "--at", "20:15")
    with Connections() as connections:
        line = NightsClient(clinic.portal.address, clinic.practitioner.credentials.token, connections)
        assert [(one.device_name, one.at) for one in line.nights().planned] == [("nightly", "20:15")]
        schedule("remove")
        assert line.nights().planned == ()


def test_a_computer_that_is_enrolled_anew_says_again_when_its_task_runs(clinic: Clinic, cron: Path) -> None:
    config = clinic.nightly.config
    CliRunner().invoke(command, ["schedule", "install", "--at", "20:15", "--config", str(config)])
    issue = "from portal.api.shapes import Role; print(issue_code(find_cabinet(sys.argv[1]), Role.SYNC))"
    code = on_the_portal(clinic.portal, issue, clinic.code).strip()
    enrol(read_config(config), config, lambda: code, "un autre nom")
    with Connections() as connections:
        line = NightsClient(clinic.portal.address, clinic.practitioner.credentials.token, connections)
        assert ("un autre nom", "20:15") in [(one.device_name, one.at) for one in line.nights().planned]


def test_a_portal_that_cannot_be_told_of_a_plan_does_not_keep_it_from_being_installed(
    clinic: Clinic, cron: Path
) -> None:
    config = read_config(clinic.nightly.config)
    write_config(msgspec.structs.replace(config, cabinet="un-autre"), clinic.nightly.config)
    result = CliRunner().invoke(command, ["schedule", "install", "--config", str(clinic.nightly.config)])
    assert result.exit_code == 0
    assert "le portail n’en est pas prévenu. Ce poste n’est pas enrôlé" in result.stderr


def test_the_scheduled_command_publishes_for_an_account_without_a_session(clinic: Clinic, cron: Path) -> None:
    """As cron starts it: no terminal, no session, no keyring; the secrets are in a file of its account."""
    result = CliRunner().invoke(command, ["schedule", "install", "--config", str(clinic.nightly.config)])
    assert result.exit_code == 0, result.output
    line = next(line for line in cron.read_text().splitlines() if re.match(r"\d+ \d+ \* ", line))
    scheduled = line.split(" * * * ", 1)[1].replace("\\%", "%").partition(" >/dev/null")[0]
    home = clinic.nightly.folder / "home"
    bare = {"HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    done = subprocess.run(
        ["/bin/sh", "-c", scheduled], env=bare, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()
    [told] = runs(clinic.practitioner)
    assert (told.run.ending, told.run.notice.launched, told.run.added) == (Ending.PUBLISHED, Launched.AUTOMATIC, 60)
    [log] = home.rglob("synchronisation.log")
    assert "60\u00a0dossiers ajoutés" in log.read_text(encoding="utf-8")

    clinic.nightly.secrets.chmod(0o640)
    refused = subprocess.run(
        ["/bin/sh", "-c", scheduled], env=bare, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=120
    )
    assert refused.returncode == 4
    assert "est lisible par d’autres comptes." in log.read_text(encoding="utf-8").splitlines()[-1]


# Runs that one computer asks of another


@pytest.fixture
def desk(clinic: Clinic) -> Iterator[NightsClient]:
    """The practitioner's computer, that does not read the export."""
    with Connections() as connections:
        yield NightsClient(clinic.portal.address, clinic.practitioner.credentials.token, connections)


def expect_nights(device: Device) -> None:
    tell_plan(read_config(device.config), device.folder, dt.time(20, 7))


def test_a_computer_looks_and_nothing_is_asked(clinic: Clinic) -> None:
    nightly = clinic.nightly
    ended = nightly.run("--config", str(nightly.config), "--state-dir", str(nightly.state), "--if-asked")
    assert (ended.exit_code, ended.stdout, ended.stderr) == (0, "", "")
    assert nightly.sync("--if-asked").document == {"status": "nothing-to-do", "exit_code": 0}
    assert not (clinic.nightly.state / "journal.sqlite3").exists()


def test_a_run_that_was_asked_for_is_done_told_and_logged(clinic: Clinic, desk: NightsClient) -> None:
    expect_nights(clinic.nightly)
    asked = desk.ask()
    assert clinic.nightly.sync("--if-asked").exit_code == 0
    ended = desk.look(asked.request)
    assert ended.run is not None
    assert (ended.state, ended.device_name) == (AskedState.ENDED, "nightly")
    assert (ended.run.ending, ended.run.added, ended.run.notice.launched) == (Ending.PUBLISHED, 60, Launched.ASKED)
    lines = (clinic.nightly.state / "synchronisation.log").read_text(encoding="utf-8").splitlines()
    assert [line.partition("  ")[2] for line in lines] == [
        "Synchronisation demandée par un autre poste.",
        "60\u00a0dossiers ajoutés, 0 mis à jour, 0\u00a0retiré, 0\u00a0inchangé.",
    ]


def test_an_evening_that_failed_for_a_while_is_tried_again_by_the_computer_that_looks(clinic: Clinic) -> None:
    nightly = clinic.nightly
    patients = clinic.export.folder / "patients.csv"
    aside = patients.with_name("patients.csv.tmp")
    aside.write_bytes(b"")
    os.utime(aside, (time.time() + 60,) * 2)
    assert nightly.sync("--planned").exit_code == 2  # it is being written
    assert nightly.sync("--if-asked").document == {"status": "nothing-to-do", "exit_code": 0}
    aside.unlink()
    with closing(sqlite3.connect(journal_file(nightly.state))) as journal, journal:
        ended = (dt.datetime.now(dt.UTC) - dt.timedelta(minutes=31)).isoformat()
        journal.execute("UPDATE run SET started_at = ?, ended_at = ?", (ended, ended))
    assert nightly.sync("--if-asked").document["added"] == 60
    assert nightly.sync("--if-asked").document["status"] == "nothing-to-do"
    entries = Journal(nightly.state, clinic.portal.address, read_config(nightly.config).cabinet).entries()
    assert [(entry.status, entry.launch) for entry in entries] == [
        (Outcome.DONE, Launch.AUTOMATIC),
        (Outcome.FAILED, Launch.AUTOMATIC),
    ]


def test_a_run_that_fails_where_it_was_asked_for_is_told_with_its_sentence(clinic: Clinic, desk: NightsClient) -> None:
    expect_nights(clinic.nightly)
    (clinic.export.folder / "patients.csv").unlink()
    asked = desk.ask()
    assert clinic.nightly.sync("--if-asked").exit_code == 2
    ended = desk.look(asked.request)
    assert ended.run is not None
    assert (ended.state, ended.run.ending) == (AskedState.ENDED, Ending.UNREADABLE)
    assert ended.run.what.startswith("Le fichier patients.csv manque")


def test_how_far_it_is_is_told_while_it_goes_on_and_it_stops_when_it_is_given_up(
    clinic: Clinic, desk: NightsClient
) -> None:
    """A run that goes on for as long as nobody gives it up."""
    expect_nights(clinic.nightly)
    asked = desk.ask()
    config, cancel = read_config(clinic.nightly.config), CancelToken()
    request = claimed(config, clinic.nightly.folder)
    assert request == asked.request
    assert claimed(config, clinic.nightly.folder) == request
    with followed(config, clinic.nightly.folder, request, cancel) as show:
        show(Progress(Phase.SEND, 20, 60))
        until(lambda: desk.look(asked.request).progress == RunProgress(Phase.SEND, 20, 60))
        show(Progress(Phase.SEND, 40, 60))
        until(lambda: desk.look(asked.request).progress == RunProgress(Phase.SEND, 40, 60))
        desk.give_up(asked.request)
        show(Progress(Phase.COMMIT))
        with pytest.raises(Cancelled):
            cancel.wait(WITHIN)
    assert desk.look(asked.request).state is AskedState.CANCELLED


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)

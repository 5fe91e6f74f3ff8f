"""How runs end is told to the portal, whatever they are started by, and read by the cabinet's other computers."""

from pathlib import Path

import msgspec
import pytest
import requests
from click.testing import CliRunner, Result

from cli.sync import command
from portal.api.nights import Ending, KnownRun
from portal.api.nights_client import NightsClient
from portal.api.shapes import Launched
from portal.api.transport import Exchange
from sync.config import read_config, write_config
from sync.report import Launch
from sync.schedule import installing
from tests.e2e.journey.clinic import Clinic, Device


def runs(device: Device) -> tuple[KnownRun, ...]:
    """What the practitioner's computer sees, newest first."""
    with requests.Session() as session:
        return NightsClient(device.portal.address, device.credentials.token, session).nights().runs


@pytest.fixture
def cron(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer with cron alone, its table a file."""
    table, crontab = tmp_path / "table", tmp_path / "bin" / "crontab"
    crontab.parent.mkdir()
    crontab.write_text(f'#!/bin/sh\nif [ "$1" = -l ]; then exec /bin/cat {table}; fi\nexec /bin/cat > {table}\n')
    crontab.chmod(0o755)
    table.touch()
    monkeypatch.setenv("PATH", str(crontab.parent))
    monkeypatch.setattr(installing, "SYSTEMD_RUNS", tmp_path / "absent")


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


def test_a_refusal_and_what_is_held_are_told_with_their_counts(published: Clinic) -> None:
    published.export.names = dict(list(published.export.names.items())[:35])
    published.export.write()
    assert published.nightly.sync().exit_code == 1
    newest = runs(published.practitioner)[0].run
    assert (newest.ending, newest.held) == (Ending.HELD, 25)
    assert newest.what == "25\u00a0retraits attendent une confirmation."
    assert "NOM-" not in str(runs(published.practitioner))


def test_the_portal_is_told_when_an_evening_is_planned_and_given_up(clinic: Clinic, cron: None) -> None:
    def schedule(*arguments: str) -> Result:
        result = CliRunner().invoke(command, ["schedule", *arguments, "--config", str(clinic.nightly.config)])
        assert result.exit_code == 0, result.output
        assert "n’en est pas prévenu" not in result.stderr
        return result

    schedule("install", "--at", "20:15")
    with requests.Session() as session:
        line = NightsClient(clinic.portal.address, clinic.practitioner.credentials.token, session)
        assert [(one.device_name, one.at) for one in line.nights().planned] == [("nightly", "20:15")]
        schedule("remove")
        assert line.nights().planned == ()


def test_a_portal_that_cannot_be_told_of_a_plan_does_not_keep_it_from_being_installed(
    clinic: Clinic, cron: None
) -> None:
    config = read_config(clinic.nightly.config)
    write_config(msgspec.structs.replace(config, cabinet="un-autre"), clinic.nightly.config)
    result = CliRunner().invoke(command, ["schedule", "install", "--config", str(clinic.nightly.config)])
    assert result.exit_code == 0
    assert "le portail n’en est pas prévenu. Ce poste n’est pas enrôlé" in result.stderr

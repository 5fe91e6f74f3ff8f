"""`webortho sync schedule` and `sync --if-due`: what a person and a scheduler see."""

import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.sync import command
from portal.api.shapes import TableCounts
from sync.config import SyncConfig, write_config
from sync.journal import Journal
from sync.report import Outcome, RunReport
from sync.schedule import installing

PORTAL = "https://portail.exemple.fr"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer with cron alone, its table a file beside it."""
    table, crontab = tmp_path / "table", tmp_path / "bin" / "crontab"
    crontab.parent.mkdir()
    crontab.write_text(
        f'#!/bin/sh\nif [ "$1" = -l ]; then\n  [ -f {table} ] || {{ echo "no crontab" >&2; exit 1; }}\n'
        f"  exec /bin/cat {table}\nfi\nexec /bin/cat > {table}\n"
    )
    crontab.chmod(0o755)
    monkeypatch.setenv("PATH", str(crontab.parent))
    monkeypatch.setattr(installing, "SYSTEMD_RUNS", tmp_path / "absent")
    monkeypatch.setattr("sys.platform", "linux")
    path = tmp_path / "sync.toml"
    write_config(SyncConfig(PORTAL, "dijon21", "export"), path)
    return path


def sync(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_the_evening_is_planned_shown_and_given_up(config: Path) -> None:
    said = sync("schedule", "status", "--config", config)
    assert said.output == "Aucune tâche n’est installée (cron).\n"
    said = sync("schedule", "install", "--config", config, "--at", "20:15")
    assert said.exit_code == 0
    assert "n’existe pas pour l’instant" in said.stderr
    assert said.stdout.startswith("Chaque soir à 20h15, ce poste lancera\u00a0: ")
    assert "Planificateur\u00a0: cron. Prochaine synchronisation\u00a0: " in said.stdout
    assert sync("schedule", "status", "--config", config).output.startswith(
        "Chaque soir à 20h15 (cron). Prochaine\u00a0: "
    )
    assert sync("schedule", "remove", "--config", config).stdout == "La tâche de chaque soir est retirée.\n"
    assert sync("schedule", "remove", "--config", config).stdout == "Aucune tâche n’était installée.\n"


def test_nothing_is_planned_where_nothing_would_be_published(config: Path) -> None:
    write_config(SyncConfig(PORTAL, "dijon21"), config)
    said = sync("schedule", "install", "--config", config)
    assert said.exit_code == 4
    assert said.stderr.startswith("La configuration ne dit pas où est l’export du cabinet")


@pytest.mark.parametrize(
    ("hours", "status", "is_due"), [(5, Outcome.CURRENT, False), (21, Outcome.DONE, True), (-5, Outcome.DONE, True)]
)
def test_only_a_night_that_was_missed_is_caught_up(
    hours: int, status: Outcome, is_due: bool, config: Path, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "etat", PORTAL, "dijon21")
    ended = dt.datetime.now(dt.UTC) - dt.timedelta(hours=hours)
    run = journal.begin(ended)
    journal.finish(run, ended, RunReport(status, "dijon21", PORTAL, dry_run=False, counts=TableCounts()))
    failed = journal.begin(dt.datetime.now(dt.UTC))
    assert failed != run

    said = sync("--config", config, "--state-dir", tmp_path / "etat", "--if-due")

    assert ("Rien à faire" in said.stdout) is not is_due
    assert (said.exit_code == 0) is not is_due

    [line] = sync("--config", config, "--state-dir", tmp_path / "etat", "--if-due", "--json").stdout.splitlines()
    assert (json.loads(line) == {"status": "nothing-to-do", "exit_code": 0}) is not is_due


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--planned",), "Synchronisation planifiée."),
        (("--planned", "--if-due"), "Synchronisation planifiée."),
        ((), "Synchronisation planifiée."),  # as schedules were installed before there was --planned
        (("--if-due",), "Synchronisation planifiée."),
        (("--json",), "Synchronisation lancée hors planification."),
        (("--portal", "https://autre.exemple.fr"), "Synchronisation lancée hors planification."),
    ],
)
def test_what_the_schedule_starts_is_planned_and_a_script_s_run_is_not(
    options: tuple[str, ...], sentence: str, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBORTHO_STATE_DIR", str(tmp_path / "etat"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    sync("--config", config, *options)
    first = (tmp_path / "etat" / "synchronisation.log").read_text(encoding="utf-8").splitlines()[0]
    assert first.partition("  ")[2] == sentence

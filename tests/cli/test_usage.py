"""A wrong command line is told in French, with exit code 4 (2 would say that a source is unreadable)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cli.__main__ import main


def ended(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    monkeypatch.setattr("sys.argv", ["webortho", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    return stopped.value.code


WRONG = "La valeur donnée pour l’option"
NO_HOUR = f"{WRONG} --at ne convient pas\u00a0: il faut une heure de 00:00 à 23:59, comme 20:15."


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("sync", "--sorce", "x"), "L’option --sorce n’existe pas. Vouliez-vous dire --source\u00a0?"),
        (("sync", "enrol"), "Il manque l’option --portal."),
        (("sync", "schedule"), "Il manque la commande à lancer."),
        (("snc",), "Cette commande n’existe pas, ou contient quelque chose de trop."),
        (("demo", "--port", "0"), "La valeur donnée pour l’option --port ne convient pas."),
        (("demo", "--date", "demain"), f"{WRONG} --date ne convient pas\u00a0: il faut un jour, comme 2026-11-24."),
        *((("sync", "schedule", "install", "--at", hour), NO_HOUR) for hour in ("25:00", "20h15")),
        (("sync", "--dry-run=1"), "L’option --dry-run n’est pas employée comme il faut."),
    ],
)
def test_a_wrong_command_line_is_told(
    arguments: tuple[str, ...], sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, *arguments) == 4
    assert capsys.readouterr().err.startswith(f"{sentence} Voyez «\u00a0webortho")


def test_with_json_a_wrong_command_line_is_one_object(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "sync", "--json", "--nope") == 4
    printed = capsys.readouterr()
    assert json.loads(printed.out)["what"] == "L’option --nope n’existe pas."
    assert printed.err == ""


def test_help_is_no_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(monkeypatch, "sync", "--help") == 0
    assert "Codes de sortie\u00a0: 0 terminé" in capsys.readouterr().out.replace(" :", "\u00a0:")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("check",),
        ("sync",),
        ("sync", "enrol"),
        ("portal",),
        ("portal", "serve"),
        ("demo",),
        ("merge", "letters"),
        ("sync", "schedule", "install"),
    ],
)
def test_no_help_page_speaks_english(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, *arguments, "--help") == 0
    page = capsys.readouterr().out
    assert page.startswith(" ".join(("Emploi\u00a0: webortho", *arguments)))
    assert "Affiche cette aide." in page
    for english in (
        "Usage",
        "Show this",
        "required",
        "Commands",
        "COMMAND ",
        "COMMAND]",
        "default:",
        " PATH ",
        " TEXT ",
        "[%",
        "...",
        "INTEGER",
        "RANGE",
    ):
        assert english not in page


def test_a_program_without_a_console_ends_as_well_as_one_with(tmp_path: Path) -> None:
    """As the task scheduler of Windows starts it, by pythonw.exe."""
    script = "import sys\nsys.stdout = sys.stderr = sys.stdin = None\nfrom cli.__main__ import main\nmain()"
    command = [sys.executable, "-c", script, "sync", "--config", str(tmp_path / "absent.toml")]
    assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 4


@pytest.mark.parametrize(
    ("arguments", "page"),
    [
        (("sync", "--config"), "webortho sync"),
        (("sync", "schedule", "install", "--at"), "webortho sync schedule install"),
        (("check", "--json=oui"), "webortho check"),
    ],
)
def test_the_help_that_is_named_is_that_of_the_option(
    arguments: tuple[str, ...], page: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, *arguments) == 4
    assert capsys.readouterr().err.endswith(f"Voyez «\u00a0{page} --help\u00a0».\n")


@pytest.mark.parametrize("options", [("--config", "x.toml"), ("--dry-run",)])
@pytest.mark.parametrize("subcommand", [("schedule", "status"), ("enrol", "--portal", "http://127.0.0.1:9")])
def test_an_option_that_a_subcommand_would_not_heed_is_refused(
    options: tuple[str, ...],
    subcommand: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ended(monkeypatch, "sync", *options, *subcommand) == 4
    said = f"L’option {options[0]} est placée avant «\u00a0{subcommand[0]}\u00a0», qui n’en tient pas compte."
    assert capsys.readouterr().err.startswith(said)


@pytest.mark.parametrize(
    "option",
    [
        *("--config", "--source", "--mapping", "--secrets-file", "--state-dir"),
        *("--portal", "--cabinet", "--explain", "--confirm-reused"),
    ],
)
@pytest.mark.parametrize("more", [(), ("--planned",), ("--dry-run",)])
def test_a_variable_that_a_script_did_not_set_names_nothing(
    option: str, more: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "sync", option, "", *more) == 4
    assert capsys.readouterr().err.startswith(f"La valeur donnée pour l’option {option} est vide. ")

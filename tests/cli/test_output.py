"""What every subcommand prints: one JSON object or sentences, and progress that fits where it goes."""

import io
import json

import pytest

from cabinet.errors import SourceError
from cli.output import ProgressDisplay, errors_told


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_an_error_is_one_json_object_with_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, errors_told(as_json=True):
        raise SourceError("L’export manque.", "Refaites-le.")
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {
        "status": "error",
        "what": "L’export manque.",
        "todo": "Refaites-le.",
        "exit_code": 2,
    }
    assert printed.err == ""


def test_an_error_is_two_sentences_for_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), errors_told(as_json=False):
        raise SourceError("L’export manque.", "Refaites-le.")
    assert capsys.readouterr() == ("", "L’export manque. Refaites-le.\n")


def test_a_fault_of_the_program_is_told_without_what_it_held(capsys: pytest.CaptureFixture[str]) -> None:
    canary = "patient-canari"
    with pytest.raises(SystemExit) as ended, errors_told(as_json=True):
        raise ValueError(canary)
    printed = capsys.readouterr()
    assert ended.value.code == 4
    assert json.loads(printed.out)["what"] == "WebOrtho s’est arrêté sur une erreur imprévue (ValueError)."
    assert "patient-canari" not in printed.out + printed.err
    assert "test_output.py" in printed.err


def test_elsewhere_than_on_a_terminal_each_phase_is_one_line() -> None:
    stream = io.StringIO()
    with ProgressDisplay(stream) as display:
        display.show("Lecture")
        for done in range(3):
            display.show("Envoi", done, 3)
    assert stream.getvalue() == "Lecture…\nEnvoi…\n"


def test_on_a_terminal_a_bar_grows_and_leaves_no_trace() -> None:
    stream = Terminal()
    with ProgressDisplay(stream) as display:
        display.show("Envoi", 15, 30)
    assert stream.getvalue() == f"\r\x1b[2KEnvoi  {'█' * 15}{'░' * 15}  15/30\r\x1b[2K"

"""What every subcommand prints: one JSON object or sentences, and progress that fits where it goes."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from cabinet.errors import SourceError, WebOrthoError
from cli.__main__ import main
from cli.output import ProgressDisplay, Stopped, errors_told


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


@pytest.mark.skipif(os.name == "nt", reason="there every name is text")
@pytest.mark.parametrize(
    ("arguments", "code"), [(("sync", "--config", "a\udcff.toml"), 4), (("check", "--source", "a\udcff"), 2)]
)
def test_a_name_that_is_no_text_is_told_in_one_json_object_all_the_same(
    arguments: tuple[str, ...], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["webortho", *arguments, "--json"])
    with pytest.raises(SystemExit) as ended:
        main()
    told = json.loads(capsys.readouterr().out)
    assert told["exit_code"] == ended.value.code == code


@pytest.mark.parametrize("arguments", [("sync", "--planned"), ("check", "--source", "x")])
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_ctrl_c_while_the_program_is_loaded_is_told_like_any_other(
    arguments: tuple[str, ...],
    more: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def pressed(_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("cli.__main__.plain_options", pressed)
    monkeypatch.setattr("sys.argv", ["webortho", *arguments, *more])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == Stopped.exit_code == 130
    printed = capsys.readouterr()
    if more:
        assert json.loads(printed.out)["what"] == "Interrompu."
        assert printed.err == ""
    else:
        assert printed == ("", "Interrompu. Relancez la commande quand vous le souhaitez.\n")


@pytest.mark.parametrize("as_json", [False, True])
def test_ctrl_c_is_one_sentence_or_one_json_object(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, errors_told(as_json=as_json):
        raise KeyboardInterrupt
    assert ended.value.code == 130
    printed = capsys.readouterr()
    assert (printed.out if as_json else printed.err).count("Interrompu.") == 1
    assert (printed.err if as_json else printed.out) == ""


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such end")
def test_output_that_nobody_reads_any_more_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "patients.csv").write_text("number;last_name\n", encoding="utf-8")
    unread, output = os.pipe()
    os.close(unread)
    try:
        command = [sys.executable, "-m", "cli", "mapping", "guess", "--source", str(tmp_path)]
        ended = subprocess.run(command, stdout=output, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    finally:
        os.close(output)
    assert (ended.returncode, ended.stderr) == (1, "")


def test_another_pipe_that_broke_is_a_fault_like_any(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, errors_told(as_json=False):
        raise BrokenPipeError
    assert ended.value.code == WebOrthoError.exit_code
    assert "BrokenPipeError" in capsys.readouterr().err

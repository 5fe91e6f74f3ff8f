"""One window for each configuration."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.instance import OnlyInstance
from tests.app.conftest import WITHIN


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "sync.toml"


def test_a_second_start_brings_the_first_window_forward(qapp: QApplication, config: Path, qtbot: QtBot) -> None:
    first, second = OnlyInstance(config, config.parent), OnlyInstance(config, config.parent)
    assert not first.is_second()
    first.listen()
    assert second.is_second()
    with qtbot.waitSignal(first.asked, timeout=WITHIN):
        second.call_the_first()
    first.close()
    assert not OnlyInstance(config, config.parent).is_second()


def test_another_cabinet_has_a_window_of_its_own(qapp: QApplication, config: Path) -> None:
    first, other = OnlyInstance(config, config.parent), OnlyInstance(config.parent / "other.toml", config.parent)
    assert not first.is_second()
    assert not other.is_second()


def test_a_first_window_that_still_starts_is_not_waited_for(qapp: QApplication, config: Path) -> None:
    first = OnlyInstance(config, config.parent)
    assert not first.is_second()
    OnlyInstance(config, config.parent).call_the_first()


def test_a_program_that_was_killed_does_not_keep_the_next_from_starting(qapp: QApplication, config: Path) -> None:
    lines = (
        "import sys, pathlib",
        "from app.instance import OnlyInstance",
        "config = pathlib.Path(sys.argv[1])",
        "only = OnlyInstance(config, config.parent)",
        "print(only.is_second(), flush=True)",
        "sys.stdin.read()",
    )
    with subprocess.Popen(
        [sys.executable, "-c", "\n".join(lines), str(config)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "False\n"
        assert OnlyInstance(config, config.parent).is_second()
        program.kill()
    assert not OnlyInstance(config, config.parent).is_second()

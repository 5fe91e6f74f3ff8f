"""The application's log names nobody."""

import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import trouble_of
from app.log import FILE_NAME, keep_log


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    logger = logging.getLogger("app")
    before, level = list(logger.handlers), logger.level
    keep_log(tmp_path)
    yield tmp_path / FILE_NAME
    for handler in set(logger.handlers) - set(before):
        handler.close()
        logger.removeHandler(handler)
    logger.setLevel(level)


def test_an_unforeseen_error_leaves_its_place_but_not_its_message(log: Path) -> None:
    def reads_a_line() -> None:
        raise ValueError("5312;MARTIN;Camille;15/04/1985")

    try:
        reads_a_line()
    except ValueError as error:
        trouble = trouble_of(error)
    written = log.read_text(encoding="utf-8")
    assert "reads_a_line" in written
    assert "builtins.ValueError" in written
    assert "MARTIN" not in written
    assert trouble.what == "WebOrtho a rencontré une erreur qu’il ne connaît pas. Rien n’est perdu."


def test_it_is_for_its_owner_alone(log: Path) -> None:
    logging.getLogger("app").warning("once")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_second_start_in_the_same_process_writes_each_line_once(log: Path, tmp_path: Path) -> None:
    keep_log(tmp_path)
    logging.getLogger("app").warning("once")
    assert log.read_text(encoding="utf-8").count("once") == 1

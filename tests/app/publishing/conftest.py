"""The Synchronisation screen of one practice, shown, with everything that its board can know."""

from collections.abc import Callable

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from app.board import Board
from app.publishing.view import PublishingScreen
from app.screen import Context
from app.tasks import Tasks
from sync.config import read_config, write_config
from tests.app.conftest import WITHIN
from tests.app.practice import Practice
from tests.e2e.journey.small_export import SmallExport

Opened = Callable[[Practice], PublishingScreen]


@pytest.fixture
def navigations() -> list[tuple[str, object]]:
    return []


@pytest.fixture
def opened(qtbot: QtBot, tasks: Tasks, navigations: list[tuple[str, object]]) -> Opened:
    """`screen = opened(practice)`; its board was refreshed."""

    def opens(practice: Practice) -> PublishingScreen:
        desk = practice.desk()
        board = Board(desk, tasks)
        context = Context(desk, board, tasks, lambda key, subject: navigations.append((key, subject)), lambda _: None)
        screen = PublishingScreen(context)
        qtbot.addWidget(screen)
        screen.resize(1170, 710)
        board.refresh()
        screen.show()
        screen.shown()
        qtbot.waitUntil(lambda: tasks.running == 0, timeout=WITHIN)
        return screen

    return opens


@pytest.fixture
def thinned(new_practice: Practice) -> tuple[Practice, SmallExport]:
    """A published cabinet of 60 patients, 25 of whom the export has lost since: more than the guard lets go."""
    export = SmallExport(new_practice.folder / "small" / "export")
    export.fill(60)
    config = msgspec.structs.replace(
        read_config(new_practice.config_file), source=str(export.folder), mapping=str(export.mapping)
    )
    write_config(config, new_practice.config_file)
    new_practice.sync()
    return new_practice, export

"""The Synchronisation screen of one practice, shown, with everything that its board can know."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.board import Board
from app.publishing.view import PublishingScreen
from app.screen import Context
from app.tasks import Tasks
from tests.app.conftest import WITHIN
from tests.app.practice import Practice

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

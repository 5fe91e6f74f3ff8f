"""The Réglages screen of one practice, and the driver's hands."""

from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.board import Board
from app.screen import Context
from app.setup.view import SetupScreen
from app.tasks import Tasks
from tests.app.conftest import WITHIN
from tests.app.practice import Practice


@dataclass(frozen=True)
class Hands:
    qtbot: QtBot
    tasks: Tasks
    told: list[str]
    screens: list[SetupScreen] = field(default_factory=list)
    """Held until the test ends: Qt's own hold is not enough."""

    def press(self, button: QWidget) -> None:
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def idle(self) -> None:
        """Until nothing runs any more."""
        self.qtbot.waitUntil(lambda: self.tasks.running == 0, timeout=WITHIN)

    def open(self, practice: Practice, section: str) -> SetupScreen:
        desk = practice.desk()
        board = Board(desk, self.tasks)
        screen = SetupScreen(Context(desk, board, self.tasks, lambda *_: None, self.told.append))
        self.screens.append(screen)
        self.qtbot.addWidget(screen)
        screen.resize(1170, 710)
        board.refresh_identity()
        self.idle()
        screen.show()
        screen.shown()
        screen.receive(section)
        self.idle()
        return screen


@pytest.fixture
def hands(qtbot: QtBot, tasks: Tasks, told: list[str]) -> Hands:
    return Hands(qtbot, tasks, told)

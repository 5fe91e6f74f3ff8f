"""Where scenes are played: a cabinet on a real portal, windows of one size, and the patience to let things come."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from app.board import Board
from app.desk.desk import Desk
from app.main import entries
from app.screen import Screen
from app.shell.window import MainWindow
from app.tasks import Tasks

Kind = TypeVar("Kind", bound=QWidget)
WITHIN = 30
"""Seconds for a screen to show what it loads: the machine may be slow and loaded."""
_KNOWN = (
    *("reading", "dossiers", "accounts", "overview", "published", "messages"),
    *("history", "nights", "identity", "connection", "evening", "shared"),
)


class Stage:
    """One computer of a cabinet. Each scene gets a window of its own; all windows know what the first one learnt."""

    def __init__(self, config_file: Path, state_dir: Path, scratch: Path, size: QSize) -> None:
        self.config_file = config_file
        self.state_dir = state_dir
        self.scratch = scratch
        """A folder for what a scene needs on disk."""
        self.size = size
        self.tasks = Tasks()
        self.windows: list[QWidget] = []
        self._first: Board | None = None

    def window(self, *, known: bool = True) -> MainWindow:
        """A new window. `known`: everything was asked of the portal and read, else nothing was yet."""
        desk = Desk(self.config_file, self.state_dir)
        board = Board(desk, self.tasks)
        if known:
            self._teach(board)
        made = MainWindow(entries(), desk, board, self.tasks)
        # As long as its window.
        board.setParent(made)
        made.resize(self.size)
        made.show()
        made.activateWindow()
        self.windows.append(made)
        return made

    def screen(self, key: str, kind: type[Kind], subject: object = None) -> Kind:
        """A screen in a window of its own, with all that it loads."""
        window = self.window()
        window.navigate(key, subject)
        self.settle()
        return self.screen_of(window, key, kind)

    @staticmethod
    def screen_of(window: MainWindow, key: str, kind: type[Kind]) -> Kind:
        made: Screen = window.screen_of(key)
        assert isinstance(made, kind)
        return made

    def dialog(self, kind: type[Kind]) -> Kind:
        """The dialog of this kind that is open, once it is."""
        found: list[Kind] = []

        def there() -> bool:
            found[:] = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]
            return bool(found)

        self.until(there)
        return found[0]

    def until(self, condition: Callable[[], bool]) -> None:
        """Let things happen until it holds. Raise `AssertionError` after half a minute."""
        deadline = time.monotonic() + WITHIN
        while not condition():
            assert time.monotonic() < deadline, "this never came"
            QTest.qWait(5)

    def settle(self) -> None:
        """Until no task runs, and what came is laid out and painted."""
        for _ in range(3):
            self.until(lambda: self.tasks.running == 0)
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            # What came asks for a new layout, which may ask for another one.
            QTest.qWait(5)

    def show(self, dialog: QDialog) -> QDialog:
        """A dialog that the scene made itself."""
        dialog.open()
        dialog.activateWindow()
        self.windows.append(dialog)
        self.settle()
        return dialog

    def clear(self) -> None:
        """The scene is over."""
        self.settle()
        for made in reversed(self.windows):
            # Some dialogs delete themselves.
            if isValid(made):
                with patch("app.widgets.confirm.confirm", return_value=True):  # a scene may stand in the midst of work
                    made.close()
        self.settle()
        for made in reversed(self.windows):
            if isValid(made):
                made.deleteLater()
        self.windows.clear()
        self.settle()

    def end(self) -> None:
        self.clear()
        assert self.tasks.stop(WITHIN * 1000), "a task did not end"

    def folder(self, name: str) -> Path:
        """A new empty folder."""
        made = self.scratch / name
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        return made

    def _teach(self, board: Board) -> None:
        if self._first is None:
            self._first = Board(Desk(self.config_file, self.state_dir), self.tasks)
            self._first.refresh()
            self.settle()
        for name in _KNOWN:
            setattr(board, name, getattr(self._first, name))

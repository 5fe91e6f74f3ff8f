"""The window hears people while slow work runs: how much its own thread computes in one go."""

from pytestqt.qtbot import QtBot

from app.board import Board
from app.desk.desk import Desk
from app.mailing.view import MailingScreen
from app.main import entries
from app.shell.window import MainWindow
from app.tasks import Tasks
from tests.app.conftest import WITHIN, fill
from tests.app.watchdog import Watchdog

MOST = 0.1
"""Seconds of the thread's own work between two looks at what people do; a busy machine does not change it."""


def test_renewing_everything_does_not_hold_the_window(
    desk: Desk, board: Board, tasks: Tasks, qtbot: QtBot, watchdog: Watchdog
) -> None:
    window = MainWindow(entries(), desk, board, tasks)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.ready):
        window.navigate("home", None)
        window.show()
    watchdog.start()
    fill(board, qtbot)
    qtbot.waitUntil(lambda: not tasks.running, timeout=WITHIN)
    watchdog.stop()
    assert watchdog.longest_cpu < MOST


def test_the_first_visit_to_the_mail_merge_makes_its_steps_one_after_the_other(
    desk: Desk, full_board: Board, tasks: Tasks, qtbot: QtBot
) -> None:
    """What a screen brings at once cannot be told in time here: its modules may be new to this process as well."""
    window = MainWindow(entries(), desk, full_board, tasks)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.ready):
        window.navigate("home", None)
        window.show()
    window.navigate("mailing", None)
    mailing = window.screen_of("mailing")
    assert isinstance(mailing, MailingScreen)
    later = ("recipients", "check", "sending")
    assert [name for name in later if name in vars(mailing)] == []
    qtbot.waitUntil(lambda: all(name in vars(mailing) for name in later), timeout=WITHIN)
    qtbot.waitUntil(lambda: not tasks.running, timeout=WITHIN)
    window.close()


def test_going_back_and_forth_does_not_hold_the_window(
    desk: Desk, full_board: Board, tasks: Tasks, qtbot: QtBot, watchdog: Watchdog
) -> None:
    window = MainWindow(entries(), desk, full_board, tasks)
    qtbot.addWidget(window)
    visited = ("patients", "publishing", "inbox", "setup", "home")
    with qtbot.waitSignal(window.ready):
        window.navigate("home", None)
        window.show()
    for key in visited:
        window.navigate(key, None)
    qtbot.waitUntil(lambda: not tasks.running, timeout=WITHIN)
    watchdog.start()
    for key in visited:
        window.navigate(key, None)
        qtbot.waitUntil(lambda: not tasks.running, timeout=WITHIN)
    watchdog.stop()
    window.close()
    assert watchdog.longest_cpu < MOST

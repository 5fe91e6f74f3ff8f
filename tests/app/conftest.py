"""The desktop application's tests: Qt without a screen, a real portal, and a desk of its own for each test."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    # Chromium's sandbox does not start as root.
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import style
from app.board import Board
from app.desk.desk import Desk
from app.screen import Context
from app.tasks import Tasks
from app.widgets.confirm import Question
from cli.embedded_portal import EmbeddedPortal, embedded_portal
from tests.app.practice import NewCabinet, Practice, enrolled_practice, new_cabinets, published_practice
from tests.app.watchdog import Watchdog

# Before any QApplication, as app.main does: the preview's WebEngine is imported late.
QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)

HERE = Path(__file__).parent
WITHIN = 30_000
"""Milliseconds that a test waits for what comes: the machine may be slow and loaded."""
NOT_WARNINGS = (
    "This plugin does not support propagateSizeHints",
    "This plugin does not support raise",
    "This plugin does not support setting window masks",
)
"""What the screenless platform says of itself."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A Qt warning fails the test it came in."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore(*NOT_WARNINGS, extend=True))


@pytest.fixture(autouse=True)
def alone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies of one practice are one cabinet to the portal: what one test saves must not come into another's folder."""
    if "sharing" not in request.fixturenames:
        monkeypatch.setattr(Board, "refresh_shared", lambda _: None)


@pytest.fixture
def sharing() -> None:
    """This test's computer shares with others: it needs a cabinet of its own."""


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    style.apply(qapp)
    # Screens and widgets are shown here without the window that would dress them.
    style.dress(qapp)
    return qapp


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPortal]:
    with embedded_portal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture(scope="session")
def cabinets(portal: EmbeddedPortal) -> Iterator[NewCabinet]:
    return new_cabinets(portal)


@pytest.fixture(scope="session")
def today() -> dt.date:
    """Of the exports: the portal's own clock is the machine's."""
    return dt.datetime.now().astimezone().date()


@pytest.fixture(scope="session")
def shared_practice(
    portal: EmbeddedPortal, cabinets: Iterator[NewCabinet], tmp_path_factory: pytest.TempPathFactory, today: dt.date
) -> Practice:
    """The demo cabinet that all tests of this process read; none changes it on the portal."""
    return published_practice(portal, next(cabinets), tmp_path_factory.mktemp("practice") / "desk", today=today)


@pytest.fixture
def practice(shared_practice: Practice, tmp_path: Path) -> Practice:
    """`shared_practice`, with a configuration and a state folder of this test's own."""
    return shared_practice.copy(tmp_path / "desk")


@pytest.fixture
def own_practice(portal: EmbeddedPortal, cabinets: Iterator[NewCabinet], tmp_path: Path, today: dt.date) -> Practice:
    """A published cabinet of this test's own (two seconds): for tests that change what the portal holds."""
    return published_practice(portal, next(cabinets), tmp_path / "own", today=today)


@pytest.fixture
def new_practice(portal: EmbeddedPortal, cabinets: Iterator[NewCabinet], tmp_path: Path, today: dt.date) -> Practice:
    """An enrolled computer of a cabinet that never published anything."""
    return enrolled_practice(portal, next(cabinets), tmp_path / "new", today=today)


@pytest.fixture
def desk(practice: Practice) -> Desk:
    return practice.desk()


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    assert made.stop(WITHIN), "a task did not end"


@pytest.fixture
def board(desk: Desk, tasks: Tasks) -> Board:
    """Empty: nothing was asked yet."""
    return Board(desk, tasks)


@pytest.fixture
def full_board(board: Board, qtbot: QtBot) -> Board:
    """Everything was asked, and has come."""
    fill(board, qtbot)
    return board


def fill(board: Board, qtbot: QtBot) -> None:
    """Refresh, and wait until every answer is there. Fail at the first trouble."""
    troubles: list[str] = []
    board.troubled.connect(lambda subject, trouble: troubles.append(f"{subject}: {trouble.sentence}"))
    board.refresh()

    def waited_for() -> list[str]:
        known = ("reading", "accounts", "overview", "published", "messages", "history", "identity")
        return [] if troubles else [name for name in known if getattr(board, name) is None]

    def came() -> None:
        assert not waited_for()

    qtbot.waitUntil(came, timeout=WITHIN)
    assert not troubles


@pytest.fixture
def navigated() -> list[tuple[str, object]]:
    """Where `context.navigate` was asked to go."""
    return []


@pytest.fixture
def told() -> list[str]:
    """What `context.tell` said."""
    return []


@pytest.fixture
def context(desk: Desk, board: Board, tasks: Tasks, navigated: list[tuple[str, object]], told: list[str]) -> Context:
    return Context(desk, board, tasks, lambda key, subject: navigated.append((key, subject)), told.append)


@pytest.fixture
def answering(qapp: QApplication) -> Callable[[bool], list[str]]:
    """`titles = answering(True)`: the next question is answered so; its title is then in `titles`."""

    def prepare(yes: bool) -> list[str]:
        titles: list[str] = []
        look = QTimer(qapp)
        look.setInterval(10)

        def answer() -> None:
            question = qapp.activeModalWidget()
            if isinstance(question, Question):
                look.stop()
                look.deleteLater()
                titles.append(question.windowTitle())
                (question.action if yes else question.cancel).click()

        look.timeout.connect(answer)
        look.start()
        return titles

    return prepare


@pytest.fixture
def watchdog(qapp: QApplication) -> Watchdog:
    return Watchdog()

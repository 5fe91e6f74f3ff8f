"""The Messages screen on a cabinet of its own, to which its tests write and from which they answer."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.board import Board
from app.inbox.view import InboxScreen
from app.screen import Context
from cabinet.dossier import Dossier
from cli.embedded_portal import EmbeddedPortal
from portal.api.desk import Message
from tests.app.conftest import WITHIN, fill
from tests.app.practice import NewCabinet, Practice, published_practice, visitor_of

Written = Callable[[], Message]


@pytest.fixture(scope="package")
def writing_practice(
    portal: EmbeddedPortal, cabinets: Iterator[NewCabinet], tmp_path_factory: pytest.TempPathFactory, today: dt.date
) -> Practice:
    return published_practice(portal, next(cabinets), tmp_path_factory.mktemp("inbox") / "desk", today=today)


@pytest.fixture
def practice(writing_practice: Practice, tmp_path: Path) -> Practice:
    return writing_practice.copy(tmp_path / "desk")


@pytest.fixture(scope="package")
def writers(writing_practice: Practice) -> Iterator[Dossier]:
    """Patients who have not come yet, and can be written to."""
    desk = writing_practice.desk()
    came = visitor_of(desk).number
    return iter(
        [
            dossier
            for dossier in desk.read_source().dossiers
            if dossier.number != came and dossier.patient.birth_date and any(one.email for one in dossier.addressees)
        ]
    )


@pytest.fixture
def written(practice: Practice, writers: Iterator[Dossier]) -> Written:
    """`message = written()`: a patient comes for the first time and leaves this message, unread."""

    def write() -> Message:
        dossier = next(writers)
        practice.first_visit(dossier)
        with practice.desk().portal() as portal:
            return next(one for one in portal.desk.messages() if one.number == dossier.number)

    return write


@pytest.fixture
def opened(context: Context, board: Board, qtbot: QtBot) -> Callable[[], InboxScreen]:
    """`screen = opened()`: shown, with all that it shows."""

    def opens() -> InboxScreen:
        fill(board, qtbot)
        made = InboxScreen(context)
        qtbot.addWidget(made)
        made.resize(1170, 710)
        made.show()
        made.shown()
        qtbot.waitUntil(lambda: context.tasks.running == 0, timeout=WITHIN)
        return made

    return opens

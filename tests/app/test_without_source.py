"""A computer that leaves the export to another one: nothing is missing there, and nothing asks for it."""

import datetime as dt
from collections.abc import Callable
from typing import Protocol, TypeVar

import msgspec
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.board import Board
from app.desk.desk import Desk
from app.home.presenter import Known
from app.home.todo import todo_list
from app.mailing.view import RECIPIENTS, MailingScreen
from app.patients.view import READ_ELSEWHERE, PatientsScreen
from app.publishing.view import PublishingScreen
from app.screen import Context, Screen
from app.tasks import Tasks
from sync.config import read_config, write_config
from sync.errors import ConfigError
from tests.app.conftest import WITHIN
from tests.app.practice import Practice

Shown = TypeVar("Shown", bound=Screen)


class Show(Protocol):
    def __call__(self, make: Callable[[Context], Shown]) -> Shown: ...


@pytest.fixture
def desk(practice: Practice) -> Desk:
    config = read_config(practice.config_file)
    write_config(msgspec.structs.replace(config, source="", reads_source=False), practice.config_file)
    return practice.desk()


@pytest.fixture
def show(context: Context, tasks: Tasks, qtbot: QtBot) -> Show:
    """A screen as the window shows it, and nothing that runs any more."""
    held: list[Screen] = []

    def shown(make: Callable[[Context], Shown]) -> Shown:
        screen = make(context)
        held.append(screen)
        qtbot.addWidget(screen)
        screen.show()
        screen.shown()
        qtbot.waitUntil(lambda: tasks.running == 0, timeout=WITHIN)
        return screen

    return shown


def test_a_start_complains_of_nothing(board: Board, tasks: Tasks, qtbot: QtBot) -> None:
    troubles: list[str] = []
    board.troubled.connect(lambda subject, _: troubles.append(subject))
    board.refresh()
    qtbot.waitUntil(lambda: tasks.running == 0 and board.overview is not None, timeout=WITHIN)
    assert troubles == []
    assert board.reading is None


def test_what_needs_the_export_says_where_it_is(desk: Desk) -> None:
    with pytest.raises(ConfigError, match="ne lit pas l’export"):
        _ = desk.source


def test_patients_say_why_nobody_is_listed_and_lead_to_the_settings(
    show: Show, qtbot: QtBot, navigated: list[tuple[str, object]]
) -> None:
    screen = show(PatientsScreen)
    assert screen.empty._sentence.text() == READ_ELSEWHERE
    qtbot.mouseClick(screen.empty.button, Qt.MouseButton.LeftButton)
    assert navigated == [("setup", "source")]


def test_a_mailing_says_at_once_where_to_make_it(show: Show, qtbot: QtBot, navigated: list[tuple[str, object]]) -> None:
    screen = show(MailingScreen)
    qtbot.waitUntil(lambda: screen.model.loop.shown is not None, timeout=WITHIN)
    assert screen.notice.text.startswith(
        "Ce poste ne lit pas l’export du cabinet\u00a0: personne ne peut y être choisi."
    )
    screen.stepper.chosen.emit(RECIPIENTS)
    page = screen.recipients
    assert not page.next.isEnabled()
    assert page.total.text() == ""
    qtbot.mouseClick(screen.notice.button, Qt.MouseButton.LeftButton)
    assert navigated == [("setup", "source")]
    screen.closing()


def test_nothing_is_simulated_where_nothing_is_read(show: Show) -> None:
    screen = show(PublishingScreen)
    assert not screen.simulate_button.isEnabled()
    assert "ne lit pas l’export" in screen.simulate_button.toolTip()
    assert screen.run_button.isEnabled(), "another computer is asked"


def test_home_waits_for_no_addresses(board: Board, qtbot: QtBot) -> None:
    board.refresh_overview()
    qtbot.waitUntil(lambda: board.overview is not None, timeout=WITHIN)
    now = dt.datetime.now().astimezone()
    unread = msgspec.structs.replace(board.overview, never_informed=0, unread_messages=0, trouble=None)
    assert todo_list(Known(now, overview=unread)).nothing == "Lecture des adresses…"
    assert todo_list(Known(now, overview=unread, reads_source=False)).nothing == "Rien à faire."
    assert todo_list(Known(now, overview=board.overview, incomplete=0)).items
    uninformed = msgspec.structs.replace(unread, never_informed=50)
    assert todo_list(Known(now, overview=uninformed, reads_source=False)).items == (), "they are chosen elsewhere"

"""The mail merge on a real portal, with a mail server and an SMS gateway of this machine; its texts alone."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.board import Board
from app.mailing.library import SHIPPED, Library
from app.mailing.model_page import ModelPage
from app.mailing.model_presenter import ModelPresenter
from app.mailing.previews import Previewer
from app.mailing.view import MailingScreen
from app.screen import Context
from app.settings import write_settings
from app.tasks import Tasks
from cli.letter_box import MailBox, SmsBox
from merge.emails.message import Sender
from merge.preparing import Setting
from portal.pages.settings import FirstAccess
from tests.app.conftest import WITHIN, fill
from tests.app.desk.conftest import LetterBoxes
from tests.app.practice import Practice
from tests.merge.conftest import CABINET, TODAY, make_dossier


@pytest.fixture
def boxes(tmp_path: Path) -> Iterator[LetterBoxes]:
    with MailBox(tmp_path / "mail") as mail, SmsBox(tmp_path / "sms") as sms:
        yield LetterBoxes(mail, sms)


NOW = dt.datetime(2026, 10, 6, 9, 12, tzinfo=dt.UTC)
DOSSIERS = (make_dossier("5312", "Lina"), make_dossier("5313", "Hugo"))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "modeles", tmp_path / "brouillons", confirmed=True)


@pytest.fixture
def page(context: Context, library: Library, qtbot: QtBot) -> Iterator[ModelPage]:
    made = ModelPage(context)
    qtbot.addWidget(made)
    made.resize(1130, 620)
    made.show()
    previewer = Previewer(Setting(CABINET, TODAY), FirstAccess(), Sender("Cabinet du Parc", "cabinet@exemple.fr"))
    presenter = ModelPresenter(library, confirmed=True, now=lambda: NOW)
    made.begin(presenter, previewer, DOSSIERS, today=TODAY, model=SHIPPED)
    qtbot.waitUntil(lambda: made.loop.shown is not None, timeout=WITHIN)
    yield made
    made.keep()


OpenScreen = Callable[[Practice], MailingScreen]


@pytest.fixture
def open_screen(
    qapp: QApplication, qtbot: QtBot, tasks: Tasks, navigated: list[tuple[str, object]], told: list[str]
) -> Iterator[OpenScreen]:
    """The screen of a practice, with everything known; as the window shows it."""
    made: list[MailingScreen] = []

    def open_it(practice: Practice) -> MailingScreen:
        desk = practice.desk()
        board = Board(desk, tasks)
        fill(board, qtbot)
        context = Context(desk, board, tasks, lambda key, subject: navigated.append((key, subject)), told.append)
        screen = MailingScreen(context)
        # The board lives as long as its screen.
        board.setParent(screen)
        qtbot.addWidget(screen)
        screen.resize(1170, 710)
        screen.show()
        screen.shown()
        qtbot.waitUntil(lambda: screen.model.loop.shown is not None, timeout=WITHIN)
        made.append(screen)
        return screen

    yield open_it
    for screen in made:
        screen.closing()
        qtbot.waitUntil(lambda screen=screen: not screen.errands.running, timeout=WITHIN)  # type: ignore[misc] # bound now


@pytest.fixture
def screen(open_screen: OpenScreen, practice: Practice, boxes: LetterBoxes) -> MailingScreen:
    """Of the demo cabinet that all tests share: for what sends nothing."""
    write_settings(boxes.settings(), practice.desk().settings_file)
    return open_screen(practice)


@pytest.fixture
def own_screen(open_screen: OpenScreen, own_practice: Practice, boxes: LetterBoxes) -> MailingScreen:
    """Of a cabinet of this test's own."""
    write_settings(boxes.settings(), own_practice.desk().settings_file)
    return open_screen(own_practice)

"""The home screen on a real cabinet: true numbers, each of which leads to its list."""

import datetime as dt

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.board import Board
from app.home.presenter import Known
from app.home.todo import todo_list
from app.home.view import HomeScreen, make
from app.screen import Context
from portal.api.desk import Overview
from portal.api.nights import Trouble, TroubledNights
from portal.pages.addresses import CABINET_SIGN_IN
from tests.app.conftest import WITHIN
from tests.app.practice import PATIENTS


@pytest.fixture
def home(context: Context, qtbot: QtBot) -> HomeScreen:
    screen = make(context)
    assert isinstance(screen, HomeScreen)
    qtbot.addWidget(screen)
    screen.resize(1170, 740)
    screen.show()
    screen.shown()
    return screen


@pytest.fixture
def full_home(home: HomeScreen, full_board: Board, qtbot: QtBot) -> HomeScreen:
    qtbot.waitUntil(lambda: "adresse" in words(home), timeout=WITHIN)
    return home


def words(home: HomeScreen) -> str:
    """Everything that is written in « À faire »."""
    return " ".join(label.text() for label in home.todo.findChildren(QLabel) if label.isVisible())


def test_before_any_answer_there_are_placeholders(home: HomeScreen) -> None:
    assert home.published_figure.accessibleName() == "inconnu"
    assert words(home) == "À faire En attente du portail…"


def test_the_figures_are_those_of_the_portal(full_home: HomeScreen) -> None:
    assert full_home.published_figure.accessibleName() == f"{PATIENTS} sur {PATIENTS}"
    assert full_home.activated_share.text() == f"1 sur {PATIENTS}"
    assert f"1 sur {PATIENTS} comptes activés" in full_home.chart.accessibleDescription()
    assert "message de patient à lire" in words(full_home)


@pytest.mark.parametrize(
    ("action", "leads_to"),
    [
        ("Préparer l’envoi", ("mailing", None)),
        ("Corriger", ("patients", "incomplete-address")),
        ("Lire", ("inbox", None)),
    ],
)
def test_each_thing_to_do_leads_to_its_list(
    full_home: HomeScreen,
    navigated: list[tuple[str, object]],
    qtbot: QtBot,
    action: str,
    leads_to: tuple[str, object],
) -> None:
    (button,) = [one for one in full_home.todo.findChildren(QPushButton) if one.text() == action and one.isVisible()]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert navigated == [leads_to]


def test_settings_of_a_newer_version_are_told_where_they_are_explained(
    home: HomeScreen, context: Context, navigated: list[tuple[str, object]], qtbot: QtBot
) -> None:
    context.desk.config = msgspec.structs.replace(context.desk.config, newer={"soir": 20, "matin": 8})
    home.shown()
    assert "2 réglages laissés de côté" in words(home)
    (button,) = [one for one in home.todo.findChildren(QPushButton) if one.text() == "Voir" and one.isVisible()]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert navigated == [("setup", "help")]


def test_unpublished_changes_appear_as_they_are_made(full_home: HomeScreen, full_board: Board) -> None:
    full_board.set_unpublished(2)
    assert "modifications non publiées" in words(full_home)
    full_board.set_unpublished(0)
    assert "modifications non publiées" not in words(full_home)


@pytest.mark.parametrize("tile", ["mailing", "patients", "portal_editor"])
def test_a_tile_leads_to_its_screen_by_keyboard(
    home: HomeScreen, navigated: list[tuple[str, object]], qtbot: QtBot, tile: str
) -> None:
    home.tiles[tile].setFocus()
    qtbot.keyClick(home.tiles[tile], Qt.Key.Key_Space)
    assert navigated == [(tile, None)]


def test_synchronising_starts_on_its_own_screen(
    home: HomeScreen, navigated: list[tuple[str, object]], qtbot: QtBot
) -> None:
    qtbot.mouseClick(home.sync_button, Qt.MouseButton.LeftButton)
    assert navigated == [("publishing", "start")]


def test_the_portal_opens_in_the_browser_at_the_cabinet_s_own_address(
    home: HomeScreen, context: Context, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    qtbot.mouseClick(home.tiles["open"], Qt.MouseButton.LeftButton)
    config = context.desk.config
    assert opened == [config.portal + CABINET_SIGN_IN.format(code=config.cabinet)]


def test_everything_that_may_wait_can_be_drawn(home: HomeScreen) -> None:
    full = Known(
        dt.datetime.now().astimezone(),
        overview=Overview(
            published=9,
            activated=1,
            activations=(),
            hidden=1,
            unread_messages=1,
            oldest_unread=None,
            never_informed=1,
            settings_version=1,
            as_of=None,
            held_withdrawals=1,
            held_reused=1,
            trouble=TroubledNights(Trouble.MISSED, 2, dt.datetime.now(dt.UTC)),
        ),
        incomplete=1,
        unpublished=1,
        conflicts=1,
    )
    shown = todo_list(full)
    home.todo.show_list(shown)
    assert len(shown.items) == 8
    assert all(item.what in words(home) for item in shown.items)

"""The window around the screens, on a real desk."""

from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.board import Board, Connection
from app.desk.desk import Desk
from app.errors import Trouble
from app.screen import Context, Entry, Screen
from app.shell.troubles import OFFLINE
from app.shell.window import MainWindow
from app.state import Printing, Remembered, recall, remember
from app.tasks import Tasks
from sync.cancel import CancelToken
from tests.app.conftest import WITHIN
from tests.app.practice import PATIENTS


class Page(Screen):
    """A screen that notes what happens to it."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.times_shown = 0
        self.received: list[object] = []
        self.busy = ""
        self.is_closed = False
        self.field = QLineEdit()
        QVBoxLayout(self).addWidget(self.field)

    def shown(self) -> None:
        self.times_shown += 1

    def receive(self, subject: object) -> None:
        self.received.append(subject)

    def busy_with(self) -> str:
        return self.busy

    def closing(self) -> None:
        self.is_closed = True


@pytest.fixture
def made() -> list[str]:
    """The keys of the screens that were made, in their order."""
    return []


@pytest.fixture
def window(desk: Desk, board: Board, tasks: Tasks, made: list[str], qtbot: QtBot) -> MainWindow:
    return shown_window(desk, board, tasks, made, qtbot)


def shown_window(desk: Desk, board: Board, tasks: Tasks, made: list[str], qtbot: QtBot) -> MainWindow:
    def entry(key: str, label: str, icon: str, *, at_bottom: bool = False) -> Entry:
        def make(context: Context) -> Screen:
            made.append(key)
            return Page(context)

        return Entry(key, label, icon, make, at_bottom=at_bottom)

    entries = (
        entry("home", "Accueil", "house"),
        entry("patients", "Patients", "users"),
        entry("portal_editor", "Portail", "browser"),
        entry("inbox", "Messages", "chats"),
        entry("setup", "Réglages", "gear", at_bottom=True),
    )
    window = MainWindow(entries, desk, board, tasks)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.ready):
        window.navigate("home", None)
        window.show()
    return window


def page(window: MainWindow, key: str) -> Page:
    screen = window.screen_of(key)
    assert isinstance(screen, Page)
    return screen


def test_what_was_chosen_is_seen_before_its_screen_is_made(
    desk: Desk, board: Board, tasks: Tasks, qtbot: QtBot
) -> None:
    events: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
            if event.type() is QEvent.Type.Paint and window.nav.entry("patients").isChecked():
                events.append("painted as chosen")
            return super().eventFilter(watched, event)

    def make(context: Context) -> Screen:
        events.append("made")
        return Page(context)

    entries = (Entry("home", "Accueil", "house", Page), Entry("patients", "Patients", "users", make))
    window = MainWindow(entries, desk, board, tasks)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.ready):
        window.navigate("home", None)
        window.show()
    watch = Watch()
    window.nav.entry("patients").installEventFilter(watch)
    window.navigate("patients", None)
    assert events[:2] == ["painted as chosen", "made"]


def test_it_is_ready_once_a_person_sees_it(desk: Desk, board: Board, tasks: Tasks, qtbot: QtBot) -> None:
    events: list[str] = []

    class Seen(QWidget):
        def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
            events.append("painted")

    class Only(Page):
        def __init__(self, context: Context) -> None:
            super().__init__(context)
            Seen(self).resize(40, 40)

        def shown(self) -> None:
            events.append("shown")

    window = MainWindow((Entry("home", "Accueil", "house", Only),), desk, board, tasks)
    qtbot.addWidget(window)
    window.ready.connect(lambda: events.append("ready"))
    window.navigate("home", None)
    window.show()
    qtbot.waitUntil(lambda: "shown" in events, timeout=WITHIN)
    assert events[:1] == ["painted"]
    assert events[-2:] == ["ready", "shown"]


def test_a_screen_is_made_when_it_is_first_shown(window: MainWindow, made: list[str], qtbot: QtBot) -> None:
    assert made == ["home"]
    qtbot.mouseClick(window.nav.entry("patients"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(window.nav.entry("home"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(window.nav.entry("patients"), Qt.MouseButton.LeftButton)
    assert made == ["home", "patients"]
    assert page(window, "patients").times_shown == 2
    assert page(window, "patients").isVisible()


def test_the_entry_of_the_shown_screen_is_the_only_one_marked(window: MainWindow, qtbot: QtBot) -> None:
    for _ in range(2):
        qtbot.mouseClick(window.nav.entry("inbox"), Qt.MouseButton.LeftButton)
        marked = [key for key in ("home", "patients", "inbox", "setup") if window.nav.entry(key).isChecked()]
        assert marked == ["inbox"]


@pytest.mark.parametrize(("digit", "key"), [(Qt.Key.Key_2, "patients"), (Qt.Key.Key_5, "setup")])
def test_ctrl_and_a_digit_show_a_screen(window: MainWindow, qtbot: QtBot, digit: Qt.Key, key: str) -> None:
    qtbot.keyClick(window, digit, Qt.KeyboardModifier.ControlModifier)
    assert window.current == key


def test_ctrl_f_leads_to_the_search_of_patients_from_anywhere(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.current == "patients"
    assert page(window, "patients").received == [None]


def test_a_screen_s_own_meaning_of_a_key_wins_while_it_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    own = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), page(window, "inbox"))
    window.navigate("inbox", None)
    with qtbot.waitSignal(own.activated):
        qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.current == "inbox"
    window.navigate("home", None)
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.current == "patients"


def test_arrows_move_between_entries_without_opening_them(window: MainWindow, made: list[str], qtbot: QtBot) -> None:
    window.nav.entry("home").setFocus()
    qtbot.keyClick(window.nav.entry("home"), Qt.Key.Key_Down)
    assert window.focusWidget() is window.nav.entry("patients")
    assert made == ["home"]
    qtbot.keyClick(window.nav.entry("patients"), Qt.Key.Key_Space)
    assert window.current == "patients"


def test_the_focus_goes_into_the_screen_that_is_opened(window: MainWindow, qtbot: QtBot) -> None:
    window.nav.entry("patients").setFocus()
    qtbot.keyClick(window.nav.entry("patients"), Qt.Key.Key_Space)
    assert page(window, "patients").hasFocus()
    qtbot.keyClick(page(window, "patients"), Qt.Key.Key_Tab)
    assert page(window, "patients").field.hasFocus()


def test_a_screen_leads_to_another_with_something_to_look_at(window: MainWindow) -> None:
    page(window, "home").context.navigate("patients", "5312")
    assert window.current == "patients"
    assert page(window, "patients").received == ["5312"]


def test_the_cabinet_its_figures_and_this_computer_are_always_in_sight(
    window: MainWindow, full_board: Board, desk: Desk, qtbot: QtBot
) -> None:
    full_board.set_unpublished(3)
    assert window.nav.entry("portal_editor").badge == 3
    assert window.nav.entry("portal_editor").accessibleDescription() == "3 modifications non publiées"
    assert window.nav.entry("inbox").badge == 1
    online, synced, computer = window.status.words
    assert (online, computer) == ("Portail en ligne", "Poste ACCUEIL-1")
    assert synced.startswith(("Synchronisé aujourd’hui à ", "Synchronisé hier à "))  # midnight may pass meanwhile
    assert full_board.overview is not None
    assert full_board.overview.published == PATIENTS


def test_a_computer_that_is_called_so_is_not_called_so_twice(window: MainWindow) -> None:
    window.status.show_computer("Poste de démonstration")
    assert window.status.words[-1] == "Poste de démonstration"


def test_what_went_well_is_said_for_a_moment_and_stays_in_the_status_bar(window: MainWindow) -> None:
    page(window, "home").context.tell("Fiche imprimée.")
    assert window.toast.isVisible()
    assert window.toast.text == "Fiche imprimée."
    assert "Fiche imprimée." in window.status.words


def test_a_portal_that_comes_back_is_told_by_the_strip_s_button(
    window: MainWindow, board: Board, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Tries follow one another at once.
    monkeypatch.setattr(CancelToken, "wait", lambda *_: None)
    there, credentials = desk.config, desk.credentials()
    # The token is kept under the portal's address: the same one for wherever the configuration points.
    monkeypatch.setattr(desk, "credentials", lambda: credentials)
    monkeypatch.setattr(desk, "config", msgspec.structs.replace(there, portal="http://127.0.0.1:9"))
    board.refresh_overview()
    board.refresh_accounts()
    qtbot.waitUntil(lambda: board.connection is Connection.OFFLINE, timeout=WITHIN)
    assert window.strip.isVisible()
    assert window.strip.text == OFFLINE.sentence
    assert window.status.words[0] == "Portail hors ligne"
    monkeypatch.setattr(desk, "config", there)
    qtbot.mouseClick(window.strip.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.status.words[0] == "Portail en ligne", timeout=WITHIN)
    qtbot.waitUntil(lambda: not window.strip.isVisible(), timeout=WITHIN)


def test_a_revoked_computer_is_led_to_the_settings(window: MainWindow, board: Board, qtbot: QtBot) -> None:
    board.troubled.emit("overview", Trouble("Ce poste n’est plus accepté.", refused=True))
    assert window.strip.button.text() == "Ouvrir les Réglages"
    qtbot.mouseClick(window.strip.button, Qt.MouseButton.LeftButton)
    assert window.current == "setup"
    assert page(window, "setup").received == ["portal"]


def test_an_export_that_cannot_be_read_leads_to_where_its_place_is_set(
    window: MainWindow, board: Board, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "config", msgspec.structs.replace(desk.config, source="absent"))
    board.refresh_reading()
    qtbot.waitUntil(window.strip.isVisible, timeout=WITHIN)
    assert window.strip.button.text() == "Ouvrir les Réglages"
    qtbot.mouseClick(window.strip.button, Qt.MouseButton.LeftButton)
    assert (window.current, page(window, "setup").received) == ("setup", ["source"])


def test_f5_renews_everything(window: MainWindow, board: Board, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: board.overview is not None and board.reading is not None, timeout=WITHIN)


def test_closing_asks_while_a_screen_is_busy(window: MainWindow, answering: Callable[[bool], list[str]]) -> None:
    page(window, "home").busy = "Un envoi est en cours."
    titles = answering(False)
    assert not window.close()
    assert titles == ["Fermer WebOrtho\u00a0?"]
    assert not page(window, "home").is_closed
    answering(True)
    assert window.close()
    assert page(window, "home").is_closed


def test_the_window_comes_back_where_it_was(
    window: MainWindow, desk: Desk, board: Board, tasks: Tasks, qtbot: QtBot
) -> None:
    window.resize(window.minimumWidth(), 700)
    window.close()
    assert recall(desk.state_dir).screen == "home"
    again = shown_window(desk, board, tasks, [], qtbot)
    assert again.size() == window.size()


def test_closing_keeps_what_else_is_remembered(window: MainWindow, desk: Desk) -> None:
    printing = Printing(order="nom", duplex=True)
    remember(desk.state_dir, Remembered(printing=printing))
    window.close()
    assert recall(desk.state_dir).printing == printing
    assert recall(desk.state_dir).geometry


def test_it_fits_a_small_screen(window: MainWindow) -> None:
    window.resize(1280, 680)
    assert (window.width(), window.height()) == (1280, 680)


def test_an_unforeseen_error_is_owned_up_to_and_the_window_stays(window: MainWindow) -> None:
    window.report(Trouble("WebOrtho a rencontré une erreur qu’il ne connaît pas.", "Recommencez."))
    assert window.strip.isVisible()
    assert window.strip.text == "WebOrtho a rencontré une erreur qu’il ne connaît pas. Recommencez."
    assert window.isVisible()

"""The window: entries at the left, one screen at a time, the strip for what goes wrong, the status bar."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cached_property, partial

from msgspec.structs import replace
from PySide6.QtCore import QByteArray, QSize, QSysInfo, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QCloseEvent, QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app import style
from app.board import Board
from app.desk.desk import Desk
from app.errors import Trouble
from app.moments import when
from app.screen import Context, Entry, Screen
from app.shell.emblem import window_icon
from app.shell.nav import NavBar
from app.shell.status import StatusBar
from app.shell.toast import Toast
from app.shell.troubles import Troubles, Way
from app.state import recall, remember
from app.tasks import Tasks
from app.widgets.fitting import Fitting
from app.widgets.notice import Notice
from app.widgets.page import MARGINS

NAME = "WebOrtho"
SMALLEST = QSize(1080, 540)
"""1366×768 where the system draws all at 125 %, less what it keeps for its own bars."""
FIRST_SIZE = QSize(1366, 768)
PATIENTS = "patients"
SETUP = "setup"
UNEXPECTED = "unexpected"
"""The subject of errors that nobody foresaw."""


class MainWindow(QMainWindow):
    """Screens are made when they are first shown. `context` is what they get."""

    ready = Signal()
    """It is painted for the first time: what takes longer may begin."""

    def __init__(self, entries: Sequence[Entry], desk: Desk, board: Board, tasks: Tasks) -> None:
        super().__init__()
        style.dress(self)
        self._entries = {entry.key: entry for entry in entries}
        self._screens: dict[str, Screen] = {}
        self._places: dict[str, Fitting] = {}
        self._current = ""
        self._is_ready = False
        self._own_shortcuts: list[QShortcut] = []
        self._desk = desk
        self._board = board
        self.troubles = Troubles()
        self.context = Context(desk, board, tasks, self.navigate, self.tell)
        self.setWindowTitle(NAME)
        self.setWindowIcon(window_icon())
        self.setMinimumSize(SMALLEST)
        self.nav = NavBar(entries, desk.config.cabinet)
        self.nav.chosen.connect(lambda key: self.navigate(key, None))
        self.status = StatusBar()
        self.strip = Notice(dismissible=True)
        self.strip.acted.connect(self._strip_acted)
        self.strip.dismissed.connect(self._strip_dismissed)
        self._stack = QStackedWidget()
        self._lay_out()
        self._listen()
        self._shortcuts()
        self._restore()

    # Screens

    @property
    def current(self) -> str:
        """The key of the screen that is shown."""
        return self._current

    def screen_of(self, key: str) -> Screen:
        """Made now if it never was shown. Raise `KeyError` for a key without entry."""
        if key not in self._screens:
            screen = self._entries[key].make(self.context)
            screen.title_changed.connect(partial(self._title, key))
            self._screens[key] = screen
            self._places[key] = Fitting(screen)
            self._stack.addWidget(self._places[key])
        return self._screens[key]

    def navigate(self, key: str, subject: object) -> None:
        """Show a screen, and give it what to look at. Raise `KeyError` for a key without entry."""
        if key in self._entries:
            # Seen at once: a screen that is shown for the first time takes a moment to be made.
            self.nav.show_chosen(key)
            self.nav.repaint()
        screen = self.screen_of(key)
        self._current = key
        self._stack.setCurrentWidget(self._places[key])
        self.setWindowTitle(NAME)
        if not screen.isAncestorOf(self.focusWidget() or self):
            # Tab goes on inside the screen, and the screen may give the focus to what it likes better.
            screen.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._is_ready:
            screen.shown()
        screen.receive(subject)
        self._yield_shortcuts(screen)

    @cached_property
    def toast(self) -> Toast:
        """Made when there is something to say."""
        return Toast(self._stack)

    def tell(self, sentence: str) -> None:
        """All went well."""
        self.toast.say(sentence)
        self.status.tell(sentence)

    def report(self, trouble: Trouble) -> None:
        """Something that no screen foresaw went wrong."""
        self.troubles.happened(UNEXPECTED, trouble)
        self._show_strip()

    def bring_forward(self) -> None:
        """A second start of the program shows this window instead."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        if not self._is_ready:
            # Its parts are painted in this same turn of the event loop.
            QTimer.singleShot(0, self._become_ready)

    def _become_ready(self) -> None:
        if not self._is_ready:
            self._is_ready = True
            self.ready.emit()
            if self._current:
                self._screens[self._current].shown()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        from app.widgets.confirm import confirm  # noqa: PLC0415 - the first window asks nothing

        busy = [sentence for screen in self._screens.values() if (sentence := screen.busy_with())]
        if busy and not confirm(self, f"Fermer {NAME}\u00a0?", " ".join(busy), "Fermer quand même"):
            event.ignore()
            return
        for screen in self._screens.values():
            screen.closing()
        geometry = bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        state_dir = self._desk.state_dir
        remember(state_dir, replace(recall(state_dir), geometry=geometry, screen=self._current))
        super().closeEvent(event)

    # Making

    def _lay_out(self) -> None:
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        beside = QHBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self.nav)
        column = QVBoxLayout()
        column.setSpacing(0)
        around_strip = QVBoxLayout()
        left, top, right, _ = MARGINS
        around_strip.setContentsMargins(left, 0, right, 0)
        self._above_strip = QWidget()
        self._above_strip.setFixedHeight(top - 6)
        self._above_strip.hide()
        around_strip.setSpacing(0)
        around_strip.addWidget(self._above_strip)
        around_strip.addWidget(self.strip)
        column.addLayout(around_strip)
        column.addWidget(self._stack, 1)
        beside.addLayout(column, 1)
        rows.addLayout(beside, 1)
        rows.addWidget(self.status)
        self.setCentralWidget(whole)

    def _listen(self) -> None:
        board = self._board
        board.connection_changed.connect(lambda: self.status.show_connection(board.connection))
        board.overview_changed.connect(self._show_figures)
        board.messages_changed.connect(self._show_figures)
        board.unpublished_changed.connect(self._show_figures)
        board.identity_changed.connect(self._show_computer)
        board.troubled.connect(self._troubled)
        for subject, signal in self._renewals().items():
            signal.connect(partial(self._renewed, subject))
        self.status.show_connection(board.connection)
        self._show_computer()
        self._show_figures()

    def _renewals(self) -> dict[str, SignalInstance]:
        board = self._board
        return {
            "reading": board.reading_changed,
            "accounts": board.accounts_changed,
            "overview": board.overview_changed,
            "settings": board.settings_changed,
            "messages": board.messages_changed,
            "history": board.history_changed,
            "nights": board.nights_changed,
            "shared": board.shared_changed,
            "identity": board.identity_changed,
        }

    def _shortcuts(self) -> None:
        for place, key in enumerate(self._entries):
            self._shortcut(f"Ctrl+{place + 1}", partial(self.navigate, key, None))
        self._shortcut("F5", self.refresh)
        if PATIENTS in self._entries:
            self._shortcut(QKeySequence.StandardKey.Find, self._find)

    def _shortcut(self, keys: QKeySequence.StandardKey | str, do: Callable[[], None]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(do)
        self._own_shortcuts.append(shortcut)

    def _yield_shortcuts(self, screen: Screen) -> None:
        """A screen's own meaning of a key wins while it is shown: to Qt, two would be one too many.

        Only what is the screen's own child is looked at: each part of a screen looked at would get its Python object.
        """
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        taken = [shortcut.key() for shortcut in screen.findChildren(QShortcut, options=direct)]
        for shortcut in self._own_shortcuts:
            shortcut.setEnabled(shortcut.key() not in taken)

    def _restore(self) -> None:
        kept = recall(self._desk.state_dir)
        if not (kept.geometry and self.restoreGeometry(QByteArray.fromBase64(kept.geometry.encode()))):
            self.resize(FIRST_SIZE)

    # What happens

    def refresh(self) -> None:
        """F5: everything that is shown is asked for again."""
        self.troubles.dismissed()
        self._show_strip()
        self._board.refresh()

    def _find(self) -> None:
        """Ctrl+F: the search of Patients, from anywhere."""
        self.navigate(PATIENTS, None)

    def _title(self, key: str, title: str) -> None:
        if key == self._current:
            self.setWindowTitle(f"{title} – {NAME}" if title else NAME)

    def _show_figures(self) -> None:
        board = self._board
        self._badge("portal_editor", board.unpublished, "modifications non publiées")
        unread = board.overview.unread_messages if board.overview else 0
        self._badge("inbox", unread, "messages à lire")
        as_of = board.overview.as_of if board.overview else None
        now = dt.datetime.now().astimezone()
        self.status.show_synced(f"Synchronisé {when(as_of, now)}" if as_of else "")

    def _badge(self, key: str, count: int, unit: str) -> None:
        if key in self._entries:
            self.nav.entry(key).set_badge(count, unit)

    def _show_computer(self) -> None:
        identity = self._board.identity
        self.status.show_computer(identity.device_name if identity else QSysInfo.machineHostName())

    def _troubled(self, subject: str, trouble: Trouble) -> None:
        self.troubles.happened(subject, trouble)
        self._show_strip()

    def _renewed(self, subject: str) -> None:
        self.troubles.renewed(subject)
        self._show_strip()

    def _show_strip(self) -> None:
        said = self.troubles.said
        self._above_strip.setVisible(said is not None)
        if said is None:
            self.strip.hide()
        elif self.strip.isHidden() or said.trouble.sentence != self.strip.text:
            self.strip.say_trouble(said.trouble, said.way.value)

    def _strip_acted(self) -> None:
        said = self.troubles.said
        if said is not None and said.way is Way.SETUP:
            self.navigate(SETUP, said.trouble.section)
        else:
            self.refresh()

    def _strip_dismissed(self) -> None:
        self.troubles.dismissed()
        self._show_strip()

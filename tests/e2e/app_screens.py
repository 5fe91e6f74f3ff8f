"""A picture of every screen of the application: `python -m tests.e2e.app_screens FOLDER [NAME…]`.

The demo cabinet on an embedded portal, a practitioner's computer, and the window at 1366×768 without a screen; each
picture is `app-NAME.png`. A new screen is a line of `SHOTS`.
"""

import datetime as dt
import os
import sys
import tempfile
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from app.board import Board
from app.desk.desk import Desk
from app.inbox.view import InboxScreen
from app.main import application, entries
from app.screen import Screen
from app.shell.window import MainWindow
from app.tasks import Tasks
from cli.demo_computer import state_of
from cli.demo_journey import Journey, play
from cli.embedded_portal import embedded_portal
from cli.letter_box import MailBox, SmsBox

SIZE = QSize(1366, 768)
WITHIN = 60
"""Seconds for a screen to show what it loads."""


def _nothing(_: Screen) -> None:
    """The screen as it opens."""


def _open_newest_message(screen: Screen) -> None:
    """As if somebody had chosen it."""
    assert isinstance(screen, InboxScreen)
    screen.list.select(screen.list.lines[0].id)


@dataclass(frozen=True)
class Shot:
    """One picture: an entry, what it is given to look at, and what is done there first."""

    name: str
    screen: str
    subject: object = None
    before: Callable[[Screen], None] = _nothing


SHOTS = (
    Shot("accueil", "home"),
    Shot("patients", "patients", "5312"),
    Shot("portail", "portal_editor"),
    Shot("publipostage", "mailing"),
    Shot("synchronisation", "publishing"),
    Shot("messages", "inbox", before=_open_newest_message),
    Shot("reglages", "setup"),
)


def write_screens(folder: Path, names: Collection[str] = ()) -> list[Path]:
    """Write the pictures of the named shots, or of all, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="webortho-screens-") as place:
        workspace = Path(place)
        with (
            embedded_portal(workspace / "portail") as portal,
            MailBox(workspace / "courrier" / "e-mails") as mail,
            SmsBox(workspace / "courrier" / "sms") as sms,
        ):
            today = dt.datetime.now().astimezone().date()
            result = play(Journey(workspace, portal, mail, sms, today), lambda _: None)
            config_file = Path(result.config)
            return _photograph(config_file, state_of(config_file), folder, names)


def _photograph(config_file: Path, state_dir: Path, folder: Path, names: Collection[str]) -> list[Path]:
    app = application()
    desk, tasks = Desk(config_file, state_dir), Tasks()
    board = Board(desk, tasks)
    window = MainWindow(entries(), desk, board, tasks)
    window.resize(SIZE)
    window.show()
    board.refresh()
    written = []
    for shot in SHOTS:
        if names and shot.name not in names:
            continue
        window.navigate(shot.screen, shot.subject)
        _settle(app, tasks)
        shot.before(window.screen_of(shot.screen))
        _settle(app, tasks)
        path = folder / f"app-{shot.name}.png"
        window.grab().save(str(path))
        written.append(path)
    window.close()
    tasks.stop()
    return written


def _settle(app: QApplication, tasks: Tasks) -> None:
    """Until nothing runs, and what came is painted."""
    deadline = time.monotonic() + WITHIN
    quiet_since = time.monotonic()
    while time.monotonic() < deadline and time.monotonic() - quiet_since < 0.4:
        app.processEvents()
        if tasks.running:
            quiet_since = time.monotonic()
        time.sleep(0.01)


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit("Usage: python -m tests.e2e.app_screens FOLDER [NAME…]")
    written = write_screens(Path(sys.argv[1]), sys.argv[2:])
    sys.stdout.write(f"{len(written)} pictures in {sys.argv[1]}\n")


if __name__ == "__main__":
    main()

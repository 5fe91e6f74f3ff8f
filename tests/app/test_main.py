"""The application as a process: it opens on a cabinet, shows true figures, and ends when its window is closed."""

import os
import subprocess
import sys
import textwrap
from importlib.metadata import packages_distributions
from pathlib import Path

from app.main import entries
from app.screen import Context
from tests.app.practice import PATIENTS, Practice
from tests.e2e.app_screens import SHOTS

OPENS = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from app import main

config, state = Path(sys.argv[1]), Path(sys.argv[2])
app = main.application()

def look():
    from app.shell.window import MainWindow
    windows = [one for one in app.topLevelWidgets() if isinstance(one, MainWindow)]
    if windows and done(windows[0]):
        timer.stop()
        windows[0].close()

timer = QTimer()
timer.setInterval(50)
timer.timeout.connect(look)
timer.start()
{body}
sys.exit(main.open_on(config, state))
"""
WITHIN = 120
"""Seconds, for a whole process on a loaded machine."""


def opened(practice: Practice, body: str, *, config: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-X",
            "dev",
            "-W",
            "ignore::ImportWarning",
            "-c",
            OPENS.replace("{body}", textwrap.dedent(body)),
            str(config or practice.config_file),
            str(practice.state_dir),
        ],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=WITHIN,
    )


def test_it_opens_on_a_cabinet_and_ends_with_its_window(practice: Practice) -> None:
    ended = opened(
        practice,
        """
        def done(window):
            home = window.screen_of("home")
            if "sur" not in home.published_figure.accessibleName() or "app.setup.view" not in sys.modules:
                return False
            print(home.published_figure.accessibleName())
            print(window.status.words[0])
            print("QtWebEngine" in " ".join(sys.modules), "qtawesome" in sys.modules)
            print("app.mailing.view" in sys.modules)
            return True
        """,
    )
    assert (ended.returncode, ended.stderr.replace("This plugin does not support propagateSizeHints()\n", "")) == (
        0,
        "",
    )
    assert ended.stdout.splitlines() == [f"{PATIENTS} sur {PATIENTS}", "Portail en ligne", "False False", "True"]
    assert (practice.state_dir / "application.json").exists()


def test_an_error_that_nobody_foresaw_is_told_in_the_window(practice: Practice) -> None:
    ended = opened(
        practice,
        """
        def done(window):
            if window.strip.isVisible():
                print(window.strip.text)
                return True
            if window.status.words[0] == "Portail en ligne":
                QTimer.singleShot(0, breaks)
            return False

        def breaks():
            raise ZeroDivisionError("5312 MARTIN")
        """,
    )
    assert ended.returncode == 0
    assert ended.stdout.startswith("WebOrtho a rencontré une erreur qu’il ne connaît pas.")
    log = (practice.state_dir / "application.log").read_text(encoding="utf-8")
    assert "builtins.ZeroDivisionError" in log
    assert "MARTIN" not in log


def test_every_entry_has_a_screen(context: Context, qtbot: object) -> None:
    made = {entry.key: entry.make(context) for entry in entries()}
    assert len(made) == len(entries())
    for screen in made.values():
        assert screen.busy_with() == ""
        screen.closing()
        screen.deleteLater()


FIRST_WINDOW = """
import enum, os, sys
from pathlib import Path
from cli.desktop import load

def found(kind):
    yield kind
    for below in kind.__subclasses__():
        yield from found(below)

def there(*_):
    named = {kind.__qualname__.partition(".")[0] for kind in found(enum.Enum) if kind.__module__.startswith("PySide6")}
    print(*sorted(sys.modules), "-", *sorted(named), flush=True)
    os._exit(0)

main = load()
main._once_there = there
main.open_on(Path(sys.argv[1]), Path(sys.argv[2]))
"""
OURS = {"app", "cabinet", "cli", "merge", "portal", "resources", "sync"}
LIBRARIES = {"PySide6", "shiboken6", "msgspec", "platformdirs", "typing_extensions"}
PARTS_OF_QT = {"PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets"}
NOT_FOR_IT = {
    *("app.patients", "app.portal_editor", "app.mailing", "app.publishing", "app.inbox", "app.setup"),
    *("app.home.presenter", "app.desk.office", "app.settings", "app.widgets.confirm", "cabinet.reading"),
    *("merge.letters", "merge.template", "portal.pages", "portal.api.client", "sync.journal", "sync.keyring_store"),
    *("email", "http", "signal", "socket", "sqlite3", "ssl", "subprocess", "xml"),
}
NO_NAMES_OF = {"QAccessible", "QDialog", "QStyle", "QTextDocument", "QUrl"}
"""Classes of Qt's: many have hundreds of names, and all are made for Python when their class is first used."""


def test_the_first_window_loads_only_what_it_shows(practice: Practice) -> None:
    """Everything else takes longer to load than the window takes to open."""
    ended = subprocess.run(
        [sys.executable, "-c", FIRST_WINDOW, str(practice.config_file), str(practice.state_dir)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
        timeout=WITHIN,
    )
    modules, named = (set(part.split()) for part in ended.stdout.split(" - "))
    installed = {name for name in packages_distributions() if not name.startswith("_")}
    assert modules & installed <= LIBRARIES | OURS
    assert {name for name in modules if name.startswith("PySide6.Qt")} == PARTS_OF_QT
    assert modules & NOT_FOR_IT == set()
    assert "QSizePolicy" in named
    assert named & NO_NAMES_OF == set()


def test_every_screen_has_its_picture() -> None:
    assert {entry.key for entry in entries()} == {shot.screen for shot in SHOTS}

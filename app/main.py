"""Wires the desktop application: one window on one cabinet, one at a time for each configuration."""

import signal
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication, QMessageBox

from app import style
from app.board import Board
from app.desk.desk import Desk
from app.errors import trouble_of
from app.inbox.watch import Watch
from app.instance import OnlyInstance
from app.log import keep_log
from app.screen import Context, Entry, Screen
from app.shell.emblem import window_icon
from app.shell.window import NAME, MainWindow
from app.tasks import Tasks
from cabinet.errors import WebOrthoError
from sync.config import default_config_file, default_state_dir

HOME = "home"


def entries() -> tuple[Entry, ...]:
    """The navigation. A screen's package is imported when it is first shown: the first window is there at once."""
    return (
        Entry(HOME, "Accueil", "house", _screen(HOME)),
        Entry("patients", "Patients", "users", _screen("patients")),
        Entry("publishing", "Synchronisation", "arrows-clockwise", _screen("publishing")),
        Entry("inbox", "Messages", "chats", _screen("inbox")),
    )


def _screen(package: str) -> Callable[[Context], Screen]:
    def make(context: Context) -> Screen:
        made = import_module(f"app.{package}.view").make(context)
        assert isinstance(made, Screen)  # noqa: S101 - a house rule, not input
        return made

    return make


def main() -> int:
    """The application on this computer's cabinet; the first-run assistant where there is none yet."""
    app = application()
    config_file = default_config_file()
    if not config_file.exists() and not import_module("app.first_run.view").run(config_file):
        return 0
    return _open(app, config_file, None)


def open_on(config_file: Path, state_dir: Path | None = None) -> int:
    """The application on the cabinet of this configuration; its exit code, when the window is closed."""
    return _open(application(), config_file, state_dir)


def application() -> QApplication:
    """Qt, set up once for this process."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    # Before the application exists: the preview's WebEngine is imported late.
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    QCoreApplication.setOrganizationName(NAME)
    QCoreApplication.setApplicationName(NAME)
    app = QApplication(sys.argv[:1])
    app.setWindowIcon(window_icon())
    QLocale.setDefault(QLocale(QLocale.Language.French, QLocale.Country.France))
    translator = QTranslator(app)
    # Qt's own words: « Annuler », « Copier », the print dialog.
    if translator.load("qtbase_fr", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    style.apply(app)
    return app


def _open(app: QApplication, config_file: Path, state_dir: Path | None) -> int:
    state_dir = state_dir or default_state_dir()
    keep_log(state_dir)
    only = OnlyInstance(config_file)
    if only.is_second():
        return 0
    try:
        desk = Desk(config_file, state_dir)
    except WebOrthoError as error:
        QMessageBox.critical(None, NAME, f"{error.what}\n\n{error.todo}")
        return error.exit_code
    tasks = Tasks()
    board = Board(desk, tasks)
    Watch(board)
    window = MainWindow(entries(), desk, board, tasks)
    only.asked.connect(window.bring_forward)
    _catch_the_unforeseen(window)
    # Ctrl+C in a terminal closes the program as it does any other.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    window.navigate(HOME, None)
    window.show()
    board.refresh()
    try:
        return app.exec()
    finally:
        sys.excepthook = sys.__excepthook__
        only.close()
        tasks.stop()


def _catch_the_unforeseen(window: MainWindow) -> None:
    """An error that nobody foresaw is logged and told; the window stays."""

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        window.report(trouble_of(error.with_traceback(trace)))

    sys.excepthook = caught


if __name__ == "__main__":
    sys.exit(main())

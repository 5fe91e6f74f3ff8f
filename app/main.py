"""Wires the desktop application: one window on one cabinet, one at a time for each configuration."""

import sys
import warnings
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

import app.plain_imports  # noqa: F401 - before all that it makes faster
from app import style
from app.board import Board
from app.desk.desk import Desk
from app.errors import trouble_of
from app.first_run.draft import needed
from app.instance import OnlyInstance
from app.screen import Context, Entry, Screen
from app.shell.emblem import window_icon
from app.shell.window import NAME, MainWindow
from app.tasks import Reporter, Tasks
from cabinet.errors import WebOrthoError
from sync.config import default_config_file, default_state_dir

HOME = "home"


def entries() -> tuple[Entry, ...]:
    """The navigation. A screen's package is imported when it is first shown: the first window is there at once."""
    return (
        Entry(HOME, "Accueil", "house", _screen(HOME)),
        Entry("patients", "Patients", "users", _screen("patients")),
        Entry("portal_editor", "Portail", "browser", _screen("portal_editor")),
        Entry("mailing", "Publipostage", "envelope-open", _screen("mailing")),
        Entry("publishing", "Synchronisation", "arrows-clockwise", _screen("publishing")),
        Entry("inbox", "Messages", "chats", _screen("inbox")),
        Entry("setup", "Réglages", "gear", _screen("setup"), at_bottom=True),
    )


def _screen(package: str) -> Callable[[Context], Screen]:
    def make(context: Context) -> Screen:
        made = import_module(_module(package)).make(context)
        assert isinstance(made, Screen)  # noqa: S101 - a house rule, not input
        return made

    return make


def _module(package: str) -> str:
    return f"app.{package}.view"


def main() -> int:
    """The application on this computer's cabinet; the first-run assistant where it is not set up to the end yet."""
    app = application()
    config_file = default_config_file()
    if needed(config_file) and not import_module("app.first_run.view").run(config_file):
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
    app = QApplication([*sys.argv[:1], *style.ARGUMENTS])
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
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    only = OnlyInstance(config_file, state_dir)
    if only.is_second():
        only.call_the_first()
        return 0
    try:
        return _run(app, only, Desk(config_file, state_dir))
    except WebOrthoError as error:
        _refuse(error)
        return error.exit_code
    finally:
        only.close()


def _run(app: QApplication, only: OnlyInstance, desk: Desk) -> int:
    # Requests sets this one aside while a thread loads it; another that does so meanwhile may bring it back.
    warnings.filterwarnings("ignore", "SOCKS support in urllib3")
    tasks = Tasks()
    board = Board(desk, tasks)
    window = MainWindow(entries(), desk, board, tasks)
    only.asked.connect(window.bring_forward)
    sys.excepthook = partial(_unforeseen, window)
    window.ready.connect(partial(_once_there, only, desk, board, tasks, window))
    window.navigate(HOME, None)
    window.show()
    try:
        return app.exec()
    finally:
        sys.excepthook = sys.__excepthook__
        tasks.stop()


def _once_there(only: OnlyInstance, desk: Desk, board: Board, tasks: Tasks, window: MainWindow) -> None:
    """What the first window does not need, and would wait for."""
    import signal  # noqa: PLC0415 - after the first window

    from app.inbox.watch import Watch  # noqa: PLC0415 - as above
    from app.log import keep_log  # noqa: PLC0415 - as above

    # Ctrl+C in a terminal ends the program as it does any other; Qt's loop would not let Python see it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    keep_log(desk.state_dir)
    only.listen()
    Watch(board)
    board.settings_changed.connect(partial(_count_unpublished, desk, board))
    board.shared_changed.connect(partial(_tell_taken, window, board))
    board.refresh()
    tasks.run(partial(_catch_up, desk))
    tasks.run(_load_screens)


def _count_unpublished(desk: Desk, board: Board) -> None:
    """For the badge, before the screen is opened."""
    from app.portal_editor.draft_store import unpublished  # noqa: PLC0415 - after the first window

    if board.published is not None:
        board.set_unpublished(unpublished(desk, board.published))


def _tell_taken(window: MainWindow, board: Board) -> None:
    """What another computer changed is in its place here now."""
    from app.desk.sharing import taken_sentence  # noqa: PLC0415 - after the first window

    if board.shared is not None and (sentence := taken_sentence(board.shared)):
        window.tell(sentence)


def _catch_up(desk: Desk, reporter: Reporter) -> None:
    from app.desk.office import catch_up  # noqa: PLC0415 - in a worker

    catch_up(desk, reporter.cancel)


def _load_screens(reporter: Reporter) -> None:
    """In a worker, after what was asked for: the first visit to a screen then waits for its widgets alone."""
    for entry in entries():
        reporter.cancel.check()
        import_module(_module(entry.key))


def _refuse(error: WebOrthoError) -> None:
    """There is no cabinet to open: say why, and what to do."""
    from PySide6.QtWidgets import QMessageBox  # noqa: PLC0415 - when it is needed

    box = QMessageBox(QMessageBox.Icon.Critical, NAME, error.what)
    box.setInformativeText(error.todo)
    style.dress(box)
    box.exec()


def _unforeseen(
    window: MainWindow, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """An error that nobody foresaw is logged and told; the window stays."""
    if issubclass(kind, KeyboardInterrupt):
        QApplication.quit()
    else:
        window.report(trouble_of(error.with_traceback(trace)))


if __name__ == "__main__":
    sys.exit(main())

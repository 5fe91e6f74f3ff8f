"""One start of a window as a program of its own: `python -m tests.benchmarks.start_window KIND CONFIG STATE_DIR`.

KIND is `ours` (the application as `webortho` opens it), `bare` (a QMainWindow) or `state` (a QMainWindow, and the
cabinet's configuration and the window's state read). Each ends, without tidying up, once the window has been painted.
"""

import os
import sys
from pathlib import Path


def bare(title: str = "") -> None:
    from PySide6.QtCore import QTimer  # noqa: PLC0415 - loading is what is measured
    from PySide6.QtGui import QPaintEvent  # noqa: PLC0415 - as above
    from PySide6.QtWidgets import QApplication, QMainWindow  # noqa: PLC0415 - as above

    class Window(QMainWindow):
        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
            super().paintEvent(event)
            QTimer.singleShot(0, lambda: os._exit(0))

    app = QApplication([])
    window = Window()
    window.setWindowTitle(title)
    window.resize(1366, 768)
    window.show()
    app.exec()


def state(config_file: Path, state_dir: Path) -> None:
    from app.state import recall  # noqa: PLC0415 - as above
    from sync.config import read_config  # noqa: PLC0415 - as above

    bare(read_config(config_file).cabinet + recall(state_dir).screen)


def ours(config_file: Path, state_dir: Path) -> None:
    from cli.desktop import load  # noqa: PLC0415 - as above

    application = load()
    # What comes after the first window: the program ends instead.
    vars(application)["_once_there"] = lambda *_: os._exit(0)
    application.open_on(config_file, state_dir)


if __name__ == "__main__":
    kind, where = sys.argv[1], (Path(sys.argv[2]), Path(sys.argv[3]))
    if kind == "bare":
        bare()
    else:
        {"ours": ours, "state": state}[kind](*where)

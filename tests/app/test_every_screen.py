"""Every screen, dialog and page of the application, in the smallest window: nothing cut, out of reach, or nameless."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.shell.window import SMALLEST
from app.widgets.buttons import secondary
from tests.app.conftest import NOT_WARNINGS
from tests.app.gallery.audit import cut, nameless, out_of_reach, scrolls_sideways, squeezed, turned_by_the_wheel
from tests.app.gallery.everything import ALL
from tests.app.gallery.keyboard import disordered, tab_stops, unreached, unseen
from tests.app.gallery.scenes import Scene
from tests.app.gallery.stage import Stage
from tests.app.portal_editor.conftest import WEB_ENGINE_SAYS
from tests.app.practice import Practice


@pytest.fixture(scope="module")
def stage(qapp: QApplication, shared_practice: Practice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    practice = shared_practice.copy(tmp_path_factory.mktemp("gallery") / "poste")
    made = Stage(practice.config_file, practice.state_dir, tmp_path_factory.mktemp("scratch"), SMALLEST)
    yield made
    made.end()


@pytest.fixture(params=ALL, ids=lambda one: one.name)
def shown(request: pytest.FixtureRequest, stage: Stage) -> Iterator[QWidget]:
    """Each scene; a dialog no larger than the smallest window either."""
    scene: Scene = request.param
    window = scene.play(stage)
    window.resize(window.size().boundedTo(SMALLEST))
    stage.settle()
    yield window
    stage.clear()


@pytest.mark.qt_log_ignore(*NOT_WARNINGS, *WEB_ENGINE_SAYS, extend=True)
def test_nothing_is_cut_out_of_reach_or_nameless_in_the_smallest_window(shown: QWidget) -> None:
    assert shown.width() <= SMALLEST.width()
    assert shown.height() <= SMALLEST.height()
    found = {
        "cut": cut(shown),
        "squeezed": squeezed(shown),
        "out of reach": out_of_reach(shown),
        "scrolls sideways": scrolls_sideways(shown),
        "nameless": nameless(shown),
        "turned by the wheel": turned_by_the_wheel(shown),
    }
    stops = tab_stops(shown)
    found |= {
        "not reached by Tab": unreached(shown, stops),
        "Tab goes back": disordered(shown, stops),
        "focus unseen": unseen(stops),
    }
    assert {what: wrong for what, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    ("seeded", "audit"),
    [
        (lambda: _row(secondary("Synchroniser maintenant")), cut),
        (lambda: _row(QLabel("Ces patients ne sont plus dans l’export")), cut),
        (lambda: _beyond(QLabel("Dossier")), out_of_reach),
        (lambda: _beyond(_unscrollable(QLabel("Dossier\n" * 40))), out_of_reach),
        (lambda: _row(_column(QLabel("Un"), QLabel("Deux"), QLabel("Trois"))), squeezed),
        (lambda: _row(QPushButton()), nameless),
        (lambda: _row(QLineEdit()), nameless),
        (lambda: _row(_wide()), scrolls_sideways),
        (lambda: _row(QComboBox()), turned_by_the_wheel),
        (lambda: _entries(deaf=1), lambda window: unreached(window, tab_stops(window))),
        (lambda: _entries(QWidget.setTabOrder), lambda window: disordered(window, tab_stops(window))),
        (lambda: _row(QLabel()), lambda window: unseen([window])),
    ],
)
def test_what_is_wrong_is_found(
    seeded: Callable[[], QWidget], audit: Callable[[QWidget], list[str]], qtbot: QtBot
) -> None:
    window = seeded()
    qtbot.addWidget(window)
    window.show()
    QApplication.processEvents()
    assert audit(window) != []


def _row(inside: QWidget) -> QWidget:
    """Narrower and lower than what is in it needs."""
    window = QWidget()
    row = QHBoxLayout(window)
    row.addWidget(inside)
    window.setFixedSize(60, 40)
    return window


def _entries(order: Callable[[QWidget, QWidget], None] = lambda *_: None, *, deaf: int = -1) -> QWidget:
    """Three below each other. `order` gets the lower ones, the last first; Tab passes over the one that is `deaf`."""
    made = _column(*(entries := [QLineEdit() for _ in range(3)]))
    order(entries[2], entries[1])
    if deaf >= 0:
        entries[deaf].setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return made


def _beyond(inside: QWidget) -> QWidget:
    """Placed by hand, so that its right end is outside."""
    window = QWidget()
    window.setFixedSize(200, 100)
    inside.setParent(window)
    inside.move(180, 10)
    return window


def _column(*parts: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    for part in parts:
        column.addWidget(part)
    return made


def _unscrollable(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    area.resize(20, 50)
    return area


def _wide() -> QScrollArea:
    area = QScrollArea()
    area.setWidget(QLabel("Ces patients ne sont plus dans l’export du cabinet"))
    return area

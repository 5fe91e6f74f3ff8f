"""Pages that are made late: each in a turn of the event loop of its own, once, and at its place."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.late_stack import LateStack
from tests.app.conftest import WITHIN


def stack_of(names: str, made: list[str], qtbot: QtBot) -> LateStack:
    def maker(name: str) -> Callable[[], QWidget]:
        def make() -> QWidget:
            made.append(name)
            return QLabel(name)

        return make

    stack = LateStack([maker(name) for name in names])
    qtbot.addWidget(stack)
    return stack


def test_a_page_is_made_when_it_is_shown_and_once(qtbot: QtBot) -> None:
    made: list[str] = []
    stack = stack_of("abcd", made, qtbot)
    assert made == []
    for place in (0, 3, 1, 3):
        stack.show_page(place)
        assert stack.currentIndex() == place
        assert stack.currentWidget() is stack.page(place)
    assert made == ["a", "d", "b"]
    assert stack.count() == 4


def test_the_others_come_one_in_each_turn_of_the_event_loop_and_what_is_shown_stays(qtbot: QtBot) -> None:
    made: list[str] = []
    stack = stack_of("abcd", made, qtbot)
    stack.show_page(2)
    turns: list[int] = []
    watch = QTimer(stack, interval=0)
    watch.timeout.connect(lambda: turns.append(len(made)))
    watch.start()
    stack.make_all()
    assert made == ["c"]
    qtbot.waitUntil(lambda: len(turns) > 1 and turns[-1] == 4, timeout=WITHIN)
    assert made == ["c", "a", "b", "d"]
    assert {2, 3} <= set(turns), "several were made at once"
    assert stack.currentIndex() == 2

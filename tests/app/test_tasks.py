"""Slow work's one door: everything comes back on the interface's thread, and nobody who is gone is called."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.errors import Trouble
from app.tasks import Reporter, Tasks
from cabinet.errors import WebOrthoError
from tests.app.conftest import WITHIN


@pytest.fixture
def door(qtbot: QtBot) -> Iterator[Tasks]:
    tasks = Tasks()
    yield tasks
    assert tasks.stop()


def idle(qtbot: QtBot, tasks: Tasks) -> None:
    qtbot.waitUntil(lambda: tasks.running == 0, timeout=WITHIN)


def test_work_runs_elsewhere_and_its_result_and_progress_come_back_here(door: Tasks, qtbot: QtBot) -> None:
    heard: list[tuple[object, int]] = []

    def work(reporter: Reporter) -> int:
        reporter.progress("half")
        return threading.get_ident()

    here = threading.get_ident()
    door.run(
        work,
        progress=lambda value: heard.append((value, threading.get_ident())),
        done=lambda result: heard.append((result != here, threading.get_ident())),
    )
    idle(qtbot, door)
    assert heard == [("half", here), (True, here)]


def test_what_goes_wrong_comes_back_as_a_sentence(door: Tasks, qtbot: QtBot) -> None:
    troubles: list[Trouble] = []

    def work(_: Reporter) -> None:
        raise WebOrthoError("La source manque.", "Branchez le disque.")

    door.run(work, done=lambda _: pytest.fail("it failed"), failed=troubles.append)
    idle(qtbot, door)
    assert troubles == [Trouble("La source manque.", "Branchez le disque.")]


def test_work_that_is_cancelled_says_so(door: Tasks, qtbot: QtBot) -> None:
    troubles: list[Trouble] = []
    task = door.run(lambda reporter: reporter.cancel.wait(WITHIN), failed=troubles.append)
    task.cancel()
    idle(qtbot, door)
    assert [trouble.cancelled for trouble in troubles] == [True]


def test_whoever_is_gone_is_not_called(door: Tasks, qtbot: QtBot) -> None:
    owner, go = QObject(), threading.Event()
    told: list[object] = []
    door.run(lambda _: go.wait(WITHIN), done=told.append, owner=owner)
    kept = door.run(lambda _: go.wait(WITHIN), done=told.append)
    with qtbot.waitSignal(owner.destroyed, timeout=WITHIN):
        owner.deleteLater()
    go.set()
    idle(qtbot, door)
    assert told == [True]
    assert not kept.running


def test_how_much_runs_is_told(door: Tasks, qtbot: QtBot) -> None:
    counts: list[int] = []
    door.busy_changed.connect(counts.append)
    go = threading.Event()
    for _ in range(2):
        door.run(lambda _: go.wait(WITHIN))
    go.set()
    idle(qtbot, door)
    assert counts == [1, 2, 1, 0]


def test_an_error_in_a_callback_ends_its_task_all_the_same(door: Tasks, qtbot: QtBot) -> None:
    def fails(_: object) -> None:
        raise LookupError("a fault of a screen")

    with qtbot.captureExceptions() as caught:
        door.run(lambda _: 1, done=fails)
        idle(qtbot, door)
    assert [kind for kind, *_ in caught] == [LookupError]


def test_at_the_end_all_work_is_stopped_and_nobody_is_called(qtbot: QtBot) -> None:
    tasks = Tasks()
    told: list[object] = []
    for _ in range(6):
        tasks.run(lambda reporter: reporter.cancel.wait(WITHIN), done=told.append, failed=told.append)
    assert tasks.stop()
    idle(qtbot, tasks)
    assert told == []

"""Slow work's one door: it runs off the interface's thread, and its result, error and progress come back on it."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot
from shiboken6 import isValid

from app.errors import Trouble, trouble_of
from sync.cancel import CancelToken

Result = TypeVar("Result")

WORKERS = 4


class Reporter:
    """What work gets from its door: `progress` may be called from its thread, `cancel` says whether to stop."""

    def __init__(self, emit: Callable[[object], None]) -> None:
        self.cancel = CancelToken()
        self._emit = emit

    def progress(self, value: object) -> None:
        self._emit(value)


class _Bridge(QObject):
    """Emitted in the workers' threads; queued, so that they arrive on the interface's.

    The one object of Qt's that both sides touch, as long as any task runs. With an object for each task, one thread
    destroys it while the other still emits from it.
    """

    progressed = Signal(object, object)
    """The task and what it reports."""
    ended = Signal(object, object, object)
    """The task, its result and its trouble."""


class Task(Generic[Result]):
    """Work under way. It calls nobody any more once it is abandoned, or once its owner is destroyed."""

    def __init__(
        self,
        work: Callable[[Reporter], Result],
        done: Callable[[Result], None],
        failed: Callable[[Trouble], None],
        progress: Callable[[object], None],
        *,
        bridge: _Bridge,
        owner: QObject | None,
    ) -> None:
        self._done = done
        self._failed = failed
        self._progress = progress
        self._heard = True
        self.running = True
        self._owner = owner
        self._bridge = bridge
        self.reporter = Reporter(lambda value: bridge.progressed.emit(self, value))
        self._work = work

    def cancel(self) -> None:
        """Ask the work to stop; it ends with a `Trouble` that says it was cancelled."""
        self.reporter.cancel.cancel()

    def abandon(self) -> None:
        """Stop it and listen no more: whoever asked is gone."""
        self._heard = False
        self.cancel()

    def carry_out(self) -> None:
        """In a worker's thread."""
        result: object = None
        trouble: Trouble | None = None
        try:
            result = self._work(self.reporter)
        except Exception as error:  # noqa: BLE001 - the door: whatever goes wrong becomes a sentence
            trouble = trouble_of(error)
        self._bridge.ended.emit(self, result, trouble)

    def tell_progress(self, value: object) -> None:
        """On the interface's thread, as `end`."""
        if self._is_heard() and self.running:
            self._progress(value)

    def end(self, result: Result, trouble: Trouble | None) -> None:
        self.running = False
        try:
            if self._is_heard():
                if trouble is None:
                    self._done(result)
                else:
                    self._failed(trouble)
        finally:
            # Here, not in the worker's thread: what they hold may be widgets.
            self._work = _nothing
            self._done = self._failed = self._progress = _ignore
            self._owner = None

    def _is_heard(self) -> bool:
        if self._owner is not None and not isValid(self._owner):
            self.abandon()
        return self._heard


class _Job(QRunnable):
    def __init__(self, carry_out: Callable[[], None]) -> None:
        super().__init__()
        self._carry_out = carry_out

    def run(self) -> None:
        self._carry_out()


def _ignore(_: object) -> None:
    """Nobody asked to hear this."""


def _nothing(_: Reporter) -> Any:
    """It was done."""


class Tasks(QObject):
    """`tasks.run(work, done=…)`. `busy_changed` says how many tasks run."""

    busy_changed = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(WORKERS)
        self._running: list[Task[object]] = []
        self._bridge = _Bridge(self)
        self._bridge.progressed.connect(self._tell_progress, Qt.ConnectionType.QueuedConnection)
        self._bridge.ended.connect(self._end, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[Reporter], Result],
        *,
        done: Callable[[Result], None] = _ignore,
        failed: Callable[[Trouble], None] = _ignore,
        progress: Callable[[object], None] = _ignore,
        owner: QObject | None = None,
    ) -> Task[Result]:
        """Start `work`. The callbacks run on the interface's thread; when `owner` is destroyed, none is called."""
        task = Task(work, done, failed, progress, bridge=self._bridge, owner=owner)
        self._running.append(task)  # type: ignore[arg-type]
        self.busy_changed.emit(len(self._running))
        self._pool.start(_Job(task.carry_out))
        return task

    @property
    def running(self) -> int:
        return len(self._running)

    def stop(self, milliseconds: int = 10_000) -> bool:
        """Before the program ends: cancel all, and wait. Whether everything ended in time."""
        for task in list(self._running):
            task.abandon()
        return self._pool.waitForDone(milliseconds)

    @Slot(object, object)
    def _tell_progress(self, task: Task[object], value: object) -> None:
        task.tell_progress(value)

    @Slot(object, object, object)
    def _end(self, task: Task[object], result: object, trouble: Trouble | None) -> None:
        try:
            task.end(result, trouble)
        finally:
            self._running.remove(task)
            self.busy_changed.emit(len(self._running))

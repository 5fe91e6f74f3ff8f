"""Slow work's one door: it runs off the interface's thread, and its result, error and progress come back on it."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

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

    One for all tasks, as long as these run: an object of each task would be destroyed by whichever thread drops it
    last, or while its own signal is still being emitted.
    """

    progressed = Signal(object, object)
    """The task and what it reports."""
    ended = Signal(object, object, object)
    """The task, its result and its trouble."""


class Task(QObject, Generic[Result]):
    """Work under way. It lives on the interface's thread, and calls nobody any more once it is abandoned."""

    finished = Signal()

    def __init__(
        self,
        work: Callable[[Reporter], Result],
        done: Callable[[Result], None],
        failed: Callable[[Trouble], None],
        progress: Callable[[object], None],
        parent: "Tasks",
    ) -> None:
        super().__init__(parent)
        self._done = done
        self._failed = failed
        self._progress = progress
        self._heard = True
        self.running = True
        self._bridge = bridge = parent.bridge
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
        if self._heard and self.running:
            self._progress(value)

    def end(self, result: Result, trouble: Trouble | None) -> None:
        self.running = False
        try:
            if self._heard:
                if trouble is None:
                    self._done(result)
                else:
                    self._failed(trouble)
        finally:
            # Here, not in the worker's thread: what they hold may be widgets.
            self._work = _nothing
            self._done = self._failed = self._progress = _ignore
            self.finished.emit()
            self.deleteLater()


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
        self.bridge = _Bridge(self)
        self.bridge.progressed.connect(self._tell_progress, Qt.ConnectionType.QueuedConnection)
        self.bridge.ended.connect(self._end, Qt.ConnectionType.QueuedConnection)

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
        task = Task(work, done, failed, progress, self)
        if owner is not None:
            owner.destroyed.connect(task.abandon)
        self._running.append(task)  # type: ignore[arg-type]
        task.finished.connect(lambda: self._forget(task))  # type: ignore[arg-type]
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
        task.end(result, trouble)

    def _forget(self, task: Task[object]) -> None:
        if task in self._running:
            self._running.remove(task)
        self.busy_changed.emit(len(self._running))

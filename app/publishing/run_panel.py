"""A run on the Synchronisation screen: the pipeline as far as it is, its progress, and the button that stops it."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.errors import Trouble
from app.publishing import asking, pipeline
from app.publishing.pipeline import Pipeline
from app.publishing.pipeline_view import PipelineView
from app.tasks import Reporter, Task, Tasks
from app.widgets.panel import Panel
from app.widgets.progress import ProgressRow
from portal.api.nights import AskedRun
from sync.plan import Plan
from sync.run import Progress

Ended = TypeVar("Ended")


class RunPanel(Panel):
    """At most one runs at a time. `ended` comes before what `start` was given is done, and before `failed`."""

    began = Signal()
    ended = Signal()
    failed = Signal(object)

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._tasks = tasks
        self._task: Task[Any] | None = None
        self._last: Callable[[], None] = lambda: None
        """Starts what was started last."""
        self.body.setSpacing(14)
        self.pipeline = PipelineView()
        self.body.addWidget(self.pipeline)
        self.progress = ProgressRow()
        self.progress.cancelled.connect(self.cancel)
        self.body.addWidget(self.progress)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def is_running(self) -> bool:
        return self._task is not None

    @property
    def shown(self) -> Pipeline:
        return self.pipeline.pipeline

    def show_pipeline(self, shown: Pipeline) -> None:
        self.pipeline.show_pipeline(shown)

    def start(self, work: Callable[[Reporter], Ended], done: Callable[[Ended], None], words: str) -> None:
        """Nothing happens while another one runs; `words` say what it begins with."""
        if self.is_running:
            return
        self._last = partial(self.start, work, done, words)
        self.began.emit()
        self.show_pipeline(pipeline.started())
        self.progress.begin(words)

        def ended(finished: Ended) -> None:
            self._ended()
            done(finished)

        self._task = self._tasks.run(work, done=ended, failed=self._failed, progress=self.show_news, owner=self)

    def again(self) -> None:
        """Start once more what was started last."""
        self._last()

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def show_news(self, news: object) -> None:
        """What a run tells of itself: `Progress`, its `Plan`, or how far another computer is with an `AskedRun`."""
        if isinstance(news, Progress):
            self.show_pipeline(pipeline.progressed(self.shown, news))
            self.progress.say(pipeline.step_words(news), pipeline.part_done(news))
        elif isinstance(news, Plan):
            self.show_pipeline(pipeline.planned(self.shown, news))
        elif isinstance(news, AskedRun):
            self._follow(news)

    def _follow(self, asked: AskedRun) -> None:
        words, step = asking.words(asked), asking.step_of(asked)
        if step is None:
            self.progress.say(words)
        else:
            self.show_pipeline(pipeline.progressed(self.shown, step))
            self.progress.say(f"{words}\u00a0: {pipeline.step_words(step)}", pipeline.part_done(step))

    def _ended(self) -> None:
        self._task = None
        self.progress.end()
        self.ended.emit()

    def _failed(self, trouble: Trouble) -> None:
        self._ended()
        self.show_pipeline(pipeline.stopped(self.shown))
        self.failed.emit(trouble)

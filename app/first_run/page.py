"""What the assistant's steps have in common: a title, a sentence, and one thing to do before the next."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desk.desk import Desk
from app.errors import Trouble
from app.first_run.draft import Draft
from app.tasks import Reporter, Task, Tasks
from app.widgets.busy import BusyLine
from app.widgets.labels import label
from app.widgets.notice import Notice
from app.widgets.pill import Kind
from sync.config import SecretKind, SyncConfig

Result = TypeVar("Result")


@dataclass
class Journey:
    """What the steps share. `draft` is replaced as it grows."""

    config_file: Path
    state_dir: Path
    tasks: Tasks
    draft: Draft
    secrets: SecretKind = SecretKind.KEYRING
    secrets_file: str = ""

    def desk(self) -> Desk:
        """Of the configuration as it is written now. Raise `ConfigError`."""
        return Desk(self.config_file, self.state_dir)

    @property
    def first_config(self) -> SyncConfig:
        """Before this computer is enrolled."""
        return SyncConfig(portal="", cabinet="", secrets=self.secrets, secrets_file=self.secrets_file)


class Page(QWidget):
    """`proceed` does what the step is for, and emits `passed` when it is done."""

    passed = Signal()
    busy_changed = Signal(bool)
    next_label = "Suivant"

    def __init__(self, journey: Journey, title: str, sentence: str) -> None:
        super().__init__()
        self.journey = journey
        self.task: Task[Any] | None = None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.title = label(title, "title")
        self.column.addWidget(self.title)
        self.sentence = label(sentence, "quiet", wrap=True)
        self.column.addWidget(self.sentence)
        self.notice = Notice()
        self.column.addWidget(self.notice)
        self.busy = BusyLine()

    def enter(self) -> None:
        """It is shown: fill it from the draft."""

    def proceed(self) -> None:
        self.passed.emit()

    def keep(self) -> Draft:
        """The draft with what is typed here."""
        return self.journey.draft

    def work(self, work: Callable[[Reporter], Result], words: str, done: Callable[[Result], None]) -> None:
        """Off the interface's thread; what goes wrong is shown on the page."""
        if self.task is not None:
            return
        self.notice.hide()
        self.busy.begin(words)

        def ended() -> None:
            self.task = None
            self.busy.end()
            self.busy_changed.emit(False)

        def well(result: Result) -> None:
            ended()
            done(result)

        def failed(trouble: Trouble) -> None:
            ended()
            self.failed(trouble)

        self.busy_changed.emit(True)
        self.task = self.journey.tasks.run(work, done=well, failed=failed, progress=self.progressed, owner=self)

    def failed(self, trouble: Trouble) -> None:
        if trouble.cancelled:
            self.notice.say(Kind.INFO, trouble.what)
        else:
            self.notice.say_trouble(trouble)

    def progressed(self, news: object) -> None:
        """What the work reports."""

    def cancel(self) -> None:
        if self.task is not None:
            self.task.cancel()

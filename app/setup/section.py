"""What the sections of Réglages have in common: a title, a body that scrolls, and explicit Enregistrer and Annuler."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import Trouble
from app.screen import Context
from app.tasks import Reporter
from app.widgets.busy import BusyLine
from app.widgets.buttons import primary, secondary
from app.widgets.labels import label
from app.widgets.notice import Notice
from app.widgets.panel import Panel, line
from app.widgets.scrolled import Scrolled
from app.widgets.tabbing import tab_last

Result = TypeVar("Result")


class Section(QWidget):
    """`edited` marks what is typed as not kept yet; `save` and `load` belong to the section."""

    dirty_changed = Signal()
    title = ""
    saves = True
    """Whether the section has anything to save."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.is_dirty = False
        self._loading = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        panel = Panel(self.title)
        outer.addWidget(panel)
        self.notice = Notice(dismissible=True)
        panel.body.addWidget(self.notice)
        page = QWidget()
        self.body = QVBoxLayout(page)
        self.body.setContentsMargins(2, 2, 10, 2)
        self.body.setSpacing(12)
        panel.body.addWidget(Scrolled(self.title, page), 1)
        self.busy = BusyLine()
        panel.body.addWidget(self.busy)
        self.cancel_button = secondary("Annuler")
        self.save_button = primary("Enregistrer")
        self.cancel_button.clicked.connect(self._forget)
        self.save_button.clicked.connect(self.save)
        if self.saves:
            panel.body.addWidget(line())
            foot = QHBoxLayout()
            foot.setSpacing(8)
            foot.addStretch(1)
            foot.addWidget(self.cancel_button)
            foot.addWidget(self.save_button)
            panel.body.addLayout(foot)
        self._mark(is_dirty=False)

    def load(self) -> None:
        """Show what is kept; what was typed is gone."""

    def save(self) -> None:
        """Check and keep all that is typed here, or say what is wrong."""

    def shown(self) -> None:
        """It came to the front. What a person typed stays."""
        if not self.is_dirty:
            self.load()
        if self.saves:
            tab_last(self.cancel_button, self.save_button)

    def _forget(self) -> None:
        self._mark(is_dirty=False)
        self.notice.hide()
        self.load()

    def edited(self) -> None:
        """A person changed something."""
        if not self._loading:
            self._mark(is_dirty=True)

    def work(self, work: Callable[[Reporter], Result], words: str, done: Callable[[Result], None]) -> None:
        """Off the interface's thread; what goes wrong is said at the top."""
        self.busy.begin(words)
        self._buttons(enabled=False)

        def ended() -> None:
            self.busy.end()
            self._buttons(enabled=True)

        def well(result: Result) -> None:
            ended()
            done(result)

        def failed(trouble: Trouble) -> None:
            ended()
            self.notice.say_trouble(trouble)

        self.context.tasks.run(work, done=well, failed=failed, owner=self)

    def filling(self, fill: Callable[[], None]) -> None:
        """Show what is kept: no edit of a person's."""
        self._loading = True
        try:
            fill()
        finally:
            self._loading = False
        self._mark(is_dirty=False)

    def saved(self, sentence: str) -> None:
        """All is kept."""
        self.notice.hide()
        self._mark(is_dirty=False)
        self.context.tell(sentence)
        self.context.board.refresh_shared()

    def _buttons(self, *, enabled: bool) -> None:
        self.save_button.setEnabled(enabled and self.is_dirty)
        self.cancel_button.setEnabled(enabled and self.is_dirty)

    def _mark(self, *, is_dirty: bool) -> None:
        self.is_dirty = is_dirty
        self._buttons(enabled=True)
        self.dirty_changed.emit()


def fact(name: str, value: QWidget | str) -> QWidget:
    """A line of two: what, and how it stands."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(12)
    what = label(name, "label")
    what.setFixedWidth(170)
    row.addWidget(what)
    row.addWidget(label(value, wrap=True) if isinstance(value, str) else value, 1)
    return made

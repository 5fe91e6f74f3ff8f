"""One mailing under way as the interface sees it: started in a task, paused and stopped from here."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.errors import Trouble
from app.mailing.sending import Ended, Picture
from app.tasks import Task, Tasks
from merge.campaign import Control
from sync.cancel import CancelToken

Work = Callable[[Control, Callable[[Picture], None], CancelToken], Ended]


class RunControl(QObject):
    """At most one at a time. `pictured` while it runs, then `ended` or `failed`."""

    pictured = Signal(object)
    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._task: Task[Ended] | None = None
        self._control = Control()
        self.picture: Picture | None = None

    @property
    def running(self) -> bool:
        return self._task is not None

    @property
    def paused(self) -> bool:
        return self._control.paused

    def start(self, work: Work) -> None:
        """Nothing happens while another one runs."""
        if self.running:
            return
        control = self._control = Control()
        self.picture = None
        self._task = self._tasks.run(
            lambda reporter: work(control, reporter.progress, reporter.cancel),
            done=self._done,
            failed=self._failed,
            progress=self._progressed,
            owner=self,
        )

    def pause(self) -> None:
        self._control.pause()

    def resume(self) -> None:
        self._control.resume()

    def stop(self) -> None:
        """After the message under way."""
        self._control.stop()

    def _progressed(self, picture: object) -> None:
        if isinstance(picture, Picture):
            self.picture = picture
            self.pictured.emit(picture)

    def _done(self, ended: Ended) -> None:
        self._task = None
        self.ended.emit(ended)

    def _failed(self, trouble: Trouble) -> None:
        self._task = None
        self.failed.emit(trouble)

"""Keeps the preview up with the typing: one at a time, the last text wins, nothing of it on the interface's thread."""

import datetime as dt
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from app.errors import Trouble
from app.mailing.library import Part
from app.mailing.model_presenter import ModelPresenter
from app.mailing.preview_pane import PreviewPane
from app.mailing.previews import LetterPreview, Preview, Previewer, SmsPreview, recipients_for
from app.tasks import Tasks
from cabinet.dossier import Dossier
from merge.recipients import Recipient

AFTER = 10
"""Milliseconds after the last key: shorter than a person sees, longer than between two keys of a fast word."""
LATE = 150
"""Milliseconds after which another text or person is said to come: most are there sooner, Word letters take seconds."""


class PreviewLoop(QObject):
    """`renew` after each change; the pane shows what became of it."""

    came = Signal()

    def __init__(self, tasks: Tasks, pane: PreviewPane, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._pane = pane
        self._presenter: ModelPresenter | None = None
        self._previewer: Previewer | None = None
        self._dossiers: Sequence[Dossier] = ()
        self._today = dt.date.min
        self._records: dict[Part, tuple[Recipient, ...]] = {}
        self._looking: set[Part] = set()
        self._place = 0
        self._record: Recipient | None = None
        self._busy = self._stale = False
        self.shown: Preview | None = None
        self._wanted = object()
        """Of which text, person and data a preview is: anything that becomes another with them."""
        self.is_awaited = False
        """Whether neither a preview nor a sentence of theirs is there yet."""
        self._soon = QTimer(self, singleShot=True, interval=AFTER)
        self._soon.timeout.connect(self._make)
        self._late = QTimer(self, singleShot=True, interval=LATE)
        self._late.timeout.connect(lambda: self._pane.say("L’aperçu se prépare…"))
        pane.record_chosen.connect(self._show_record)

    @property
    def letter(self) -> bytes:
        """The page that is shown, b"" where none is."""
        return self.shown.pdf if isinstance(self.shown, LetterPreview) else b""

    @property
    def dear(self) -> frozenset[str]:
        """Characters of the SMS that is shown which make it dearer."""
        return (
            frozenset(one.sign for one in self.shown.offending) if isinstance(self.shown, SmsPreview) else frozenset()
        )

    def begin(
        self, presenter: ModelPresenter, previewer: Previewer, dossiers: Sequence[Dossier], today: dt.date
    ) -> None:
        self._presenter, self._previewer, self._dossiers, self._today = presenter, previewer, dossiers, today
        self._records = {}

    def open(self) -> None:
        """Another text: find those whom it may be shown for, beginning with the first."""
        self._place = 0
        self._await()
        self.reopen()

    def reopen(self) -> None:
        """The same text, with other data."""
        presenter = self._presenter
        if presenter is None:
            return
        part = presenter.part
        if part in self._records:
            self._show_record(self._place)
            return
        if part in self._looking:
            return
        self._looking.add(part)
        self._await()
        self._pane.say("Recherche des dossiers…")
        dossiers, today = self._dossiers, self._today

        def came(records: tuple[Recipient, ...]) -> None:
            self._looking.discard(part)
            if dossiers is self._dossiers:
                self._records[part] = records
            self.reopen()

        def failed(trouble: Trouble) -> None:
            self._looking.discard(part)
            self._say(trouble)

        self._run(lambda: recipients_for(part, dossiers, today), came, failed)

    def renew(self) -> None:
        """The text changed."""
        self._soon.start()

    def _show_record(self, place: int) -> None:
        records = self._shown_records()
        self._place = max(0, min(place, len(records) - 1))
        self._pane.show_records(records, self._place)
        record = records[self._place] if records else None
        if record != self._record:
            self._record = record
            self._await()
        self._make()

    def _await(self) -> None:
        """What is shown is of another text, person or data: not printed, and gone unless the new one is there soon."""
        self._wanted = object()
        self.shown = None
        self.is_awaited = True
        self._late.start()

    def _came(self) -> None:
        self.is_awaited = False
        self._late.stop()

    def _say(self, trouble: Trouble) -> None:
        self._came()
        self._pane.say(trouble.sentence)

    def _shown_records(self) -> tuple[Recipient, ...]:
        return self._records.get(self._presenter.part, ()) if self._presenter else ()

    def _make(self) -> None:
        records = self._shown_records()
        if self._previewer is None or self._presenter is None or not self._presenter.is_open or not records:
            return
        if self._busy:
            self._stale = True
            return
        self._busy, self._stale = True, False
        wanted = self._wanted
        make = self._presenter.preview(self._previewer, records[self._place])

        def done(preview: Preview) -> None:
            if wanted is self._wanted:
                self._came()
                self.shown = preview
                self._pane.show_preview(preview)
                self.came.emit()
            self._ended()

        def failed(trouble: Trouble) -> None:
            if wanted is self._wanted:
                self.shown = None
                self._say(trouble)
            self._ended()

        self._run(make, done, failed)

    def _ended(self) -> None:
        self._busy = False
        if self._stale:
            self._make()

    def _run(self, work: Callable[[], object], done: Callable[..., None], failed: Callable[[Trouble], None]) -> None:
        self._tasks.run(lambda _: work(), done=done, failed=failed, owner=self)

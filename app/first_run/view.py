"""The assistant's window: its steps one after the other, back and forth, left and taken up again."""

from pathlib import Path

import msgspec
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app import style
from app.first_run.draft import LABELS, Draft, Step, forget_draft, keep_draft, read_draft
from app.first_run.page import Journey, Page
from app.first_run.pages import PortalPage, PublishPage, SendersPage
from app.first_run.source_pages import ColumnsPage, SourcePage
from app.tasks import Tasks
from app.widgets.buttons import link, primary, secondary
from app.widgets.dialog import Dialog
from app.widgets.fitting import Fitting
from app.widgets.panel import line
from app.widgets.stepper import Stepper
from app.widgets.tabbing import tab_last
from sync.config import SecretKind, default_state_dir


def run(
    config_file: Path,
    state_dir: Path | None = None,
    *,
    secrets: SecretKind = SecretKind.KEYRING,
    secrets_file: str = "",
) -> bool:
    """Set this computer up, from the step where it was left. Whether it is ready: False when it was left again."""
    tasks = Tasks()
    journey = Journey(
        config_file, state_dir or default_state_dir(), tasks, read_draft(config_file), secrets, secrets_file
    )
    try:
        return Assistant(journey).exec() == QDialog.DialogCode.Accepted
    finally:
        tasks.stop()


class Assistant(Dialog):
    def __init__(self, journey: Journey, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        style.dress(self)
        self._journey = journey
        self.setWindowTitle("Installer WebOrtho sur ce poste")
        self.setMinimumSize(1000, 500)
        self.resize(1080, 680)
        self.stepper = Stepper(LABELS)
        self.stepper.chosen.connect(self._go)
        self.portal = PortalPage(journey)
        self.source = SourcePage(journey)
        self.columns = ColumnsPage(journey)
        self.senders = SendersPage(journey)
        self.publish = PublishPage(journey)
        self.pages: tuple[Page, ...] = (self.portal, self.source, self.columns, self.senders, self.publish)
        self._stack = QStackedWidget()
        for page in self.pages:
            page.passed.connect(self._passed)
            page.busy_changed.connect(self._busy)
            self._stack.addWidget(Fitting(page))
        self.columns.preview.filled.connect(self._lead_to_foot)
        self._lay_out()
        self._show(journey.draft.step)

    @property
    def page(self) -> Page:
        return self.pages[self.stepper.current]

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 20, 28, 20)
        column.setSpacing(16)
        column.addWidget(self.stepper)
        column.addWidget(line())
        column.addWidget(self._stack, 1)
        column.addWidget(line())
        foot = QHBoxLayout()
        foot.setSpacing(8)
        self.later = link("Continuer plus tard")
        self.later.clicked.connect(self.reject)
        self.back = secondary("Retour")
        self.back.clicked.connect(lambda: self._go(self.stepper.current - 1))
        self.next = primary("Suivant")
        self.next.setDefault(True)
        self.next.clicked.connect(self._proceed)
        foot.addWidget(self.later)
        foot.addStretch(1)
        foot.addWidget(self.senders.skip)
        foot.addWidget(self.back)
        foot.addWidget(self.next)
        column.addLayout(foot)

    def _proceed(self) -> None:
        self.page.proceed()

    def reject(self) -> None:
        """Left by the button, Escape or the window's cross: what was typed is kept."""
        if self.publish.finished is not None:
            self._passed()
            return
        self._leave()
        super().reject()

    def _leave(self) -> None:
        self.page.cancel()
        self._journey.draft = self.page.keep()
        keep_draft(self._journey.draft, self._journey.config_file)

    def _passed(self) -> None:
        if self.page is self.publish:
            forget_draft(self._journey.config_file)
            self.accept()
        else:
            self._go(self.stepper.current + 1)

    def _go(self, place: int) -> None:
        draft, step = self.page.keep(), Step(place)
        if step is Step.COLUMNS and not draft.reads_source:
            # Where no export is read, there are no columns to look at.
            step = Step.SENDERS if self.stepper.current < step else Step.SOURCE
        self._journey.draft = msgspec.structs.replace(draft, step=step)
        keep_draft(self._journey.draft, self._journey.config_file)
        self._show(step)

    def _show(self, step: Step) -> None:
        if step > Step.PORTAL and not self._journey.config_file.exists():
            # The configuration was deleted meanwhile: it begins with the enrolment.
            self._journey.draft = Draft(address=self._journey.draft.address, source=self._journey.draft.source)
            step = Step.PORTAL
        self.stepper.set_current(step)
        self._stack.setCurrentIndex(step)
        self._busy(is_busy=False)
        self.page.enter()
        if self.page is self.publish:
            # Nothing to type: what is left to do is the button.
            self.next.setFocus()

    def _lead_to_foot(self) -> None:
        tab_last(self.later, self.senders.skip, self.back, self.next)

    def _busy(self, is_busy: bool) -> None:
        self.next.setText(self.page.next_label)
        self.next.setEnabled(not is_busy)
        self.back.setEnabled(not is_busy)
        self.back.setVisible(self.stepper.current > 0 and self.publish.finished is None)
        self.stepper.setEnabled(not is_busy and self.publish.finished is None)
        self.senders.skip.setVisible(self.page is self.senders)
        self.senders.skip.setEnabled(not is_busy)
        self.later.setVisible(self.publish.finished is None)

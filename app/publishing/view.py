"""The Synchronisation screen: a run and what it ended with, what waits for a person, and the history."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.errors import Trouble
from app.moments import next_time
from app.publishing import elsewhere, history, pipeline
from app.publishing.asking import synchronise
from app.publishing.changes_dialog import show_changes
from app.publishing.dialogs import DetailDialog, PeopleDialog, kind_of
from app.publishing.history import Detail, Line, Remedy
from app.publishing.history_panel import HistoryPanel
from app.publishing.run_panel import RunPanel
from app.publishing.runs import Finished, Group, Person, carry_out, groups, names_of, people, simulate
from app.publishing.waiting import REUSED, WITHDRAWALS, Case, losses_explained
from app.publishing.waiting_boxes import WaitingBoxes
from app.screen import Context, Screen
from app.tasks import Reporter
from app.widgets.buttons import primary, secondary
from app.widgets.confirm import confirm
from app.widgets.elided import ElidedLabel
from app.widgets.notice import Notice
from app.widgets.page import PageHeader, page_layout
from app.widgets.pill import Kind, Pill, PillData
from cabinet.problem_groups import ProblemGroup
from portal.api.guards import Losses
from portal.api.nights import RunTold
from sync.journal import Journal, JournalEntry
from sync.report import Outcome
from sync.telling import outcome
from sync.wording import counted

START = "start"
"""What another screen gives to `navigate`, to start a synchronisation at once."""
WIDE = 1000
"""Pixels of the screen at which its title row also says when the next run is."""


def make(context: Context) -> Screen:
    return PublishingScreen(context)


def _now() -> dt.datetime:
    return dt.datetime.now().astimezone()


class PublishingScreen(Screen):
    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._names: dict[str, str] = {}
        """Everybody read since the application started: withdrawn patients are in no newer reading."""
        self._losses: Losses | None = None
        """What the export lost that was refused last, where this computer may confirm it."""
        self._section = ""
        """Of the settings, where the last failure is put right."""
        self._remedy = Remedy.NONE
        """Of the last failure: what the result's button does."""
        self._page()
        board = context.board
        board.history_changed.connect(self._show_history)
        board.nights_changed.connect(self._show_history)
        board.nights_changed.connect(self._show_next_run)
        board.overview_changed.connect(self._show_overview)
        board.identity_changed.connect(self._show_held)
        board.schedule_changed.connect(self._show_next_run)
        board.reading_changed.connect(self._learn_names)
        board.troubled.connect(self._troubled)
        self._learn_names()
        self._show_history()
        self._show_next_run()

    def _page(self) -> None:
        layout = page_layout(self)
        header = PageHeader("Synchronisation")
        self.pill = Pill(Kind.NEUTRAL, "")
        header.add_beside(self.pill)
        self.next_run = ElidedLabel("", "quiet")
        header.add(self.next_run)
        self.simulate_button = secondary("Simuler sans publier", "eye")
        self.simulate_button.clicked.connect(self.simulate)
        self.run_button = primary("Synchroniser maintenant", "arrows-clockwise")
        self.run_button.clicked.connect(self.publish)
        header.add(self.simulate_button)
        header.add(self.run_button)
        layout.addWidget(header)
        self.result = Notice(dismissible=True)
        self.result.acted.connect(self._act_on_result)
        self.waiting = WaitingBoxes()
        self.waiting.asked.connect(self._look_at)
        layout.addWidget(self.result)
        layout.addWidget(self.waiting)
        self.run = RunPanel(self._context.tasks)
        self.run.began.connect(self._began)
        self.run.ended.connect(lambda: self._buttons(enabled=True))
        self.run.failed.connect(self._failed)
        layout.addWidget(self.run)
        self.history = HistoryPanel()
        self.history.opened.connect(self.show_detail)
        self.history.nothing.acted.connect(self.publish)
        self.history.mended.connect(self._mend)
        layout.addWidget(self.history, 1)

    def _show_next_run(self) -> None:
        evening = self._context.board.evening
        now = dt.datetime.now().astimezone()
        words = "" if self._context.board.is_scheduled else "Rien n’est programmé le soir"
        self.next_run.show_text(f"Prochaine\u00a0: {next_time(evening, now)}" if evening is not None else words)
        # Where there is little room, the pill beside it is worth more.
        self.next_run.setVisible(bool(self.next_run.text()) and self.width() >= WIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._show_next_run()

    # What the window asks

    def shown(self) -> None:
        self._offer_simulation(enabled=not self.run.is_running)
        if not self.run.is_running:
            self._context.board.refresh_history()
            self._context.board.refresh_nights()
            self._context.board.refresh_overview()
            self._context.board.refresh_schedule()

    def receive(self, subject: object) -> None:
        if subject == START:
            self.publish()

    def busy_with(self) -> str:
        if not self.run.is_running:
            return ""
        return (
            "Une synchronisation est en cours. Si vous fermez maintenant, elle s’arrête\u00a0: rien n’est publié à "
            "moitié, et la suivante reprendra tout."
        )

    def closing(self) -> None:
        self.run.cancel()

    # Runs

    def simulate(self) -> None:
        """Show what would be published, and whom it concerns."""
        self.run.start(partial(simulate, self._context.desk), self._simulated, "Simulation\u00a0: lecture de l’export…")

    def publish(self) -> None:
        """Synchronise now."""
        self.run.start(partial(synchronise, self._context.desk), self._synchronised, "Lecture de l’export…")

    def confirm(self, numbers: Mapping[str, Sequence[str]]) -> None:
        """Synchronise now, with what a practitioner confirmed: a case's key -> numbers."""
        work = partial(
            carry_out,
            self._context.desk,
            confirmed=numbers.get(WITHDRAWALS.key, ()),
            reused=numbers.get(REUSED.key, ()),
        )
        self.run.start(work, self._published, "Lecture de l’export…")

    def _began(self) -> None:
        self.result.hide()
        self._buttons(enabled=False)

    def _buttons(self, *, enabled: bool) -> None:
        for button in (self.run_button, self.history.nothing.button):
            button.setEnabled(enabled)
        self.waiting.offer(enabled=enabled)
        self._offer_simulation(enabled=enabled)

    def _offer_simulation(self, *, enabled: bool) -> None:
        """Only where the export is read."""
        reads = self._context.board.reads_source
        self.simulate_button.setEnabled(enabled and reads)
        self.simulate_button.setToolTip(
            "" if reads else "Ce poste ne lit pas l’export\u00a0: simulez sur celui qui le lit."
        )

    def _failed(self, trouble: Trouble) -> None:
        if trouble.cancelled:
            self.result.say(Kind.INFO, trouble.what)
        else:
            self._losses = trouble.losses if self._context.board.is_practitioner else None
            self._section = trouble.section
            if self._section:
                self._remedy = Remedy.SETTINGS
            elif self._losses:
                self._remedy = Remedy.CONFIRM
            else:
                self._remedy = Remedy.RETRY if trouble.passing or trouble.offline else Remedy.NONE
            self.result.say_trouble(trouble, self._remedy)
        self._context.board.refresh_history()
        if trouble.offline or trouble.refused:
            # The window's status bar tells the connection: let it see what this screen saw.
            self._context.board.refresh_overview()

    def _act_on_result(self) -> None:
        """What a failure leads to: another try, the settings, or a practitioner's word that the export is right."""
        if self._remedy is Remedy.RETRY:
            self.run.again()
        elif self._remedy is Remedy.SETTINGS:
            self._context.navigate("setup", self._section)
        elif self._losses is not None:
            self._confirm_losses(self._losses)

    def _confirm_losses(self, losses: Losses) -> None:
        question = "Publier cet export quand même\u00a0?"
        if confirm(self, question, losses_explained(losses), Remedy.CONFIRM):
            work = partial(carry_out, self._context.desk, losses=losses)
            self.run.start(work, self._published, "Lecture de l’export…")

    def _mend(self, remedy: Remedy) -> None:
        """What failed before this screen was opened."""
        if remedy is Remedy.RETRY:
            self.publish()
        else:
            self._context.navigate("setup", "source")

    def _synchronised(self, ended: Finished | RunTold) -> None:
        """Here, or by the computer that was asked."""
        if isinstance(ended, Finished):
            self._published(ended)
            return
        self.run.show_pipeline(elsewhere.pipeline_of(ended, self.run.shown))
        what, *more = elsewhere.outcome(ended)
        self.result.say(kind_of(elsewhere.verdict(ended).tone), what, " ".join(more))
        self._renew_board()

    def _published(self, finished: Finished) -> None:
        report = finished.report
        self.waiting.learn(report)
        self.run.show_pipeline(pipeline.of_report(report))
        refused = history.refused_lines(report)
        todo = "" if not refused else f"{counted(refused, 'ligne ignorée', 'lignes ignorées')}\u00a0: voyez le détail."
        self.result.say(Kind.ALERT if refused else Kind.OK, " ".join(outcome(report)), todo)
        self._renew_board()
        self._show_held()

    def _renew_board(self) -> None:
        self._context.tell("La synchronisation est terminée.")
        board = self._context.board
        board.refresh_history()
        board.refresh_nights()
        board.refresh_overview()
        board.refresh_accounts()
        board.refresh_reading()

    def _simulated(self, finished: Finished) -> None:
        self._names |= finished.names
        self.run.show_pipeline(pipeline.of_report(finished.report))
        self._context.board.refresh_history()
        told = " ".join(outcome(finished.report))
        self.result.say(Kind.INFO, told, "Rien n’a été publié.")
        plan = finished.plan
        if plan is None or (plan.changes_nothing and not plan.held and not plan.reused):
            return
        dialog = PeopleDialog(
            "Simulation",
            f"{told} Rien n’a été publié.",
            groups(plan, self._names),
            "" if plan.changes_nothing else "Synchroniser maintenant",
            parent=self,
        )
        self._open_people(dialog, finished, self.publish)

    def _open_people(self, dialog: PeopleDialog, finished: Finished, accepted: Callable[[], None]) -> None:
        dialog.accepted.connect(accepted)
        dialog.looked.connect(partial(self._look_into, finished, dialog))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _look_into(self, finished: Finished, over: QWidget, person: Person) -> None:
        show_changes(self._context, person, finished.dossiers.get(person.number), over)

    # What waits for a practitioner

    def _show_held(self) -> None:
        board = self._context.board
        self.waiting.show_waiting(board.overview, may_confirm=board.is_practitioner)
        self.waiting.offer(enabled=not self.run.is_running)

    def _look_at(self, case: Case) -> None:
        """Plan anew: what is confirmed is what would be done now."""
        work = partial(simulate, self._context.desk)
        self.run.start(work, partial(self._ask_about, case), "Lecture de l’export…")

    def _ask_about(self, case: Case, finished: Finished) -> None:
        self._names |= finished.names
        self.waiting.learn(finished.report)
        self.run.show_pipeline(pipeline.of_report(finished.report))
        self._context.board.refresh_history()
        numbers = case.numbers(finished.report)
        if not numbers:
            self.result.say(Kind.OK, case.none_left, "Synchronisez pour mettre à jour.")
            return
        may = self._context.board.is_practitioner
        dialog = PeopleDialog(
            case.title(len(numbers)),
            case.explanation if may else f"{case.explanation} {case.not_here}",
            (Group(case.key, case.group, people(numbers, self._names)),),
            case.action(len(numbers)) if may else "",
            is_dangerous=True,
            parent=self,
        )
        self._open_people(dialog, finished, lambda: self.confirm({case.key: numbers}))

    # The board

    def _learn_names(self) -> None:
        self._names |= names_of(self._context.board.dossiers.values())

    def _show_history(self) -> None:
        entries = self._context.board.history
        if entries is None:
            self.history.show_failure(None)
            return
        now = _now()
        self._show_pill(entries, now)
        nights = self._context.board.nights
        others = elsewhere.lines(nights, now) if nights else ()
        both = sorted((*history.lines(entries, now), *others), key=lambda line: line.started_at, reverse=True)
        self.history.show_lines(both)
        # What just failed is told above, in full.
        just_told = self.result.isVisible() and self.result.kind in (Kind.ERROR, Kind.ALERT)
        self.history.show_failure(None if just_told else history.last_failure(entries, now))
        last = history.last_publication(entries)
        if last is not None and last.report is not None:
            self.waiting.learn(last.report)
        if not self.run.is_running and not self.result.isVisible():
            counted_runs = (e.report for e in entries if e.report is not None and e.status is not Outcome.PLANNED)
            report = next(counted_runs, None)
            overview = self._context.board.overview
            nothing = pipeline.empty(overview.published if overview else None)
            self.run.show_pipeline(pipeline.of_report(report) if report else nothing)
        self._show_held()

    def _show_overview(self) -> None:
        """What the portal says of itself changes the pill, the last figure, and the withdrawals that wait."""
        if self._context.board.history is not None:
            self._show_history()
        self._show_held()

    def _show_pill(self, entries: Sequence[JournalEntry], now: dt.datetime) -> None:
        overview = self._context.board.overview
        verdict = history.status(entries, now, overview.as_of if overview else None)
        self.pill.show_state(PillData(kind_of(verdict.tone), verdict.words))

    def _troubled(self, subject: str, trouble: Trouble) -> None:
        if subject == "history":
            self.history.show_trouble(trouble)

    def show_detail(self, line: Line) -> None:
        """One run in full; its problems come from the journal when its report has none (it failed)."""
        desk, entry = self._context.desk, line.entry
        if entry is None:
            if line.told is not None:
                self._open_detail(elsewhere.detail(line, line.told))
            return

        def asked(_: Reporter) -> tuple[ProblemGroup, ...]:
            return Journal(desk.state_dir, desk.config.portal, desk.config.cabinet).problems(entry.id)

        def shown(problems: tuple[ProblemGroup, ...]) -> None:
            self._open_detail(history.detail(line, entry, problems))

        self._context.tasks.run(asked, done=shown, failed=self.result.say_trouble, owner=self)

    def _open_detail(self, detail: Detail) -> None:
        dialog = DetailDialog(detail, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

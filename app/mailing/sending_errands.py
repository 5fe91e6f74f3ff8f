"""What the buttons of the sending's page do: start, pause, stop, go on, send again, print, export."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace as replace_fields
from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from app.desk.mailing import new_campaign
from app.desk.texts import TextFolder
from app.errors import Trouble
from app.mailing import sending
from app.mailing.basis import Basis, models_folder
from app.mailing.library import SHIPPED
from app.mailing.paper_options import documents_folder
from app.mailing.papers import Paper
from app.mailing.printer import ask_printer, print_pdf
from app.mailing.recipe import Recipe
from app.mailing.refused import Later, Refused, add_later, later_of, settle
from app.mailing.refused_dialog import RefusedDialog
from app.mailing.run_control import RunControl
from app.mailing.sending import Ended, Picture, Plan, Stage
from app.mailing.sending_page import SendingPage
from app.mailing.sending_presenter import NOUNS, JournalRow, paper_path, what_leaves
from app.screen import Context
from app.state import Printing, recall, remember
from app.tasks import Reporter
from app.widgets.confirm import confirm
from app.widgets.pill import Kind
from merge.french import agree, enumeration
from merge.journal import journal_csv
from merge.letters.whole_file import OutputError, require_free, whole_file
from merge.recipients import ChannelKind, Recipient


class SendingErrands(QObject):
    """One mailing: its plan, its run, and what is asked of a person. `began` when one starts."""

    began = Signal()
    again_wanted = Signal(object)
    """Make another mailing of this recipe."""

    def __init__(self, context: Context, page: SendingPage, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._page = page
        self._basis: Basis | None = None
        self._plan: Plan | None = None
        self._ready: Plan | None = None
        """All that the check let pass, while nothing of it was started."""
        self._offline = False
        self._picture: Picture | None = None
        self._paper: Paper | None = None
        self._refused: tuple[Refused, ...] = ()
        self._recipe = Recipe()
        self.run = RunControl(context.tasks, self)
        self.run.pictured.connect(self._pictured)
        self.run.ended.connect(self._ended)
        self.run.failed.connect(self._failed)
        page.start_wanted.connect(self._start)
        page.pause_wanted.connect(self._pause)
        page.resume_wanted.connect(self._resume)
        page.stop_wanted.connect(self._stop)
        page.go_on_wanted.connect(self._go_on)
        page.abandon_wanted.connect(self._abandon)
        page.again_wanted.connect(self._send_again)
        page.confirm_wanted.connect(self._confirm_sent)
        page.export_wanted.connect(self._export)
        page.open_wanted.connect(self._open)
        page.folder_wanted.connect(self._open_folder)
        page.print_wanted.connect(self._print)
        page.refused_wanted.connect(self.show_refused)
        page.settings_wanted.connect(lambda: context.navigate("setup", "senders"))
        page.paper.show_printing(recall(context.desk.state_dir).printing)
        page.paper.reset.connect(lambda: self._remember(Printing()))

    @property
    def running(self) -> bool:
        return self.run.running

    def set_basis(self, basis: Basis) -> None:
        """What is ready is looked over anew: a sender may have been set up meanwhile."""
        has_changed, self._basis = basis != self._basis, basis
        if has_changed and self._ready is not None:
            self._offer(basis, self._ready)
        identity = self._context.board.identity
        if identity is not None:
            self._page.set_zone(ZoneInfo(identity.time_zone))

    def texts(self, model: str) -> TextFolder:
        confirmed = self._basis is None or self._basis.setting.confirmed
        return TextFolder(self._folder(model), confirmed=confirmed)

    def get_ready(
        self, recipients: tuple[Recipient, ...], recipe: Recipe, refused: tuple[Refused, ...] = (), *, offline: bool
    ) -> None:
        """Show what would leave; what cannot leave from this computer now is said before. `refused` by the check."""
        assert self._basis is not None  # noqa: S101 - the steps before need it too
        self._recipe, self._refused = recipe, refused
        self._offline = offline
        self._ready = Plan(new_campaign(), recipients, self._folder(recipe.model), refused=refused)
        self._paper, self._picture = None, None
        self._page.paper.propose(paper_path(documents_folder(), self._basis.setting.today, "pdf"))
        self._offer(self._basis, self._ready)

    def _offer(self, basis: Basis, plan: Plan) -> None:
        recipients = plan.recipients
        missing = basis.missing(one.channel for one in recipients)
        self._page.notice.hide()
        if self._offline:
            plan = plan.only(ChannelKind.LETTER)
            self._page.notice.say(
                Kind.ALERT,
                "Le portail ne répond pas\u00a0: seules les lettres peuvent être préparées, sans code à scanner.",
                "Les e-mails et les SMS attendront qu’il réponde.",
            )
        elif missing:
            plan = plan.only(*(kind for kind in ChannelKind if kind not in missing))
            names = enumeration([NOUNS[kind][1] for kind in missing])
            self._page.notice.say(
                Kind.ALERT,
                f"L’envoi des {names} n’est pas réglé sur ce poste\u00a0: ils ne partiront pas cette fois.",
                "Indiquez l’expéditeur, puis revenez ici.",
                "Ouvrir les Réglages",
            )
        self._plan = plan
        self._page.show_ready(plan.recipients, plan.refused)

    def take_up(self, campaign: str) -> None:
        """A campaign that was interrupted: show where it stands, and offer to go on."""
        self._ready = None
        self._plan = Plan(campaign)
        self._paper, self._refused = None, ()
        self._offline = False
        desk = self._context.desk
        self._task(lambda _: sending.look_at(desk, campaign), self._looked)

    def stop(self) -> None:
        """The window closes: what waits stays ready."""
        self.run.stop()

    def busy_with(self) -> str:
        if not self.running:
            return ""
        waiting = self.run.picture.waiting if self.run.picture else 0
        rest = f" {agree(waiting, 'message attend', 'messages attendent')} encore." if waiting else ""
        return f"Un envoi est en cours.{rest} Il s’arrête si vous fermez, et reprendra là où il en est."

    # The run

    def _start(self) -> None:
        plan, basis = self._plan, self._basis
        if plan is None or basis is None or self.running:
            return
        letters = any(one.channel is ChannelKind.LETTER for one in plan.recipients)
        paper = self._page.paper.paper if letters else None
        if letters and paper is None:
            self._page.notice.say(Kind.ERROR, "Indiquez où écrire les lettres.", "Choisissez un fichier.")
            return
        if paper is not None and paper.folder == paper.path and not self._is_free(paper.path):
            return
        words = "Vous pourrez mettre l’envoi en pause, ou l’arrêter. Ce qui est parti ne peut pas être repris."
        title = f"Envoyer {what_leaves(plan.recipients)}\u00a0?"
        if not confirm(self._page, title, words, "Lancer l’envoi", danger=False):
            return
        plan = self._plan = replace(plan, paper=paper)
        self._paper = paper
        if paper is not None:
            self._remember(self._page.paper.printing)
        desk = self._context.desk
        if self._offline:
            dossiers = self._context.board.dossiers.values()
            unborn = frozenset(one.number for one in dossiers if one.patient.birth_date is None)
            self._begin(lambda _, tell, cancel: sending.print_offline(basis, plan, unborn, tell, cancel))
        else:
            self._begin(lambda control, tell, cancel: sending.carry_out(desk, plan, control, tell, cancel))

    def _go_on(self) -> None:
        if self._plan is None or self.running:
            return
        desk, plan = self._context.desk, Plan(self._plan.campaign)
        self._begin(lambda control, tell, cancel: sending.carry_out(desk, plan, control, tell, cancel))

    def _abandon(self) -> None:
        if self._plan is None or self._picture is None or self.running:
            return
        waiting = agree(self._picture.waiting, "message", "messages")
        words = "Ils ne partiront plus. Leurs destinataires pourront recevoir un nouvel envoi."
        if confirm(self._page, f"Abandonner {waiting} en attente\u00a0?", words, "Abandonner"):
            desk, campaign = self._context.desk, self._plan.campaign
            self._task(lambda _: sending.abandon(desk, campaign), self._looked)

    def _begin(self, work: Callable[..., Ended]) -> None:
        self._ready = None
        self._page.notice.hide()
        self.began.emit()
        self.run.start(work)
        plan = self._plan or Plan("")
        shown = self._picture or Picture(plan.campaign, Stage.PREPARING, sending.expected(plan))
        self._page.show_running(Picture(shown.campaign, Stage.PREPARING, shown.counts, shown.entries), paused=False)

    def _pictured(self, picture: Picture) -> None:
        self._picture = picture
        self._page.show_running(picture, paused=self.run.paused)

    def _pause(self) -> None:
        self.run.pause()
        if self._picture is not None:
            self._page.show_running(self._picture, paused=True)

    def _resume(self) -> None:
        self.run.resume()
        if self._picture is not None:
            self._page.show_running(self._picture, paused=False)

    def _stop(self) -> None:
        waiting = self.run.picture.waiting if self.run.picture else 0
        title = f"Arrêter l’envoi\u00a0? {agree(waiting, 'message ne partira pas', 'messages ne partiront pas')}."
        words = "Vous pourrez reprendre cet envoi plus tard, là où il en est."
        if confirm(self._page, title, words, "Arrêter l’envoi"):
            self._page.stop.setEnabled(False)
            self.run.stop()

    def _ended(self, ended: Ended) -> None:
        self._picture = ended.picture
        if not (ended.papers.letters and ended.papers.letters.papers):
            self._paper = None
        self._refused = ended.refused
        self._page.show_ended(ended, self._paper)
        if self._plan is not None:
            kept, folder = {number for one in ended.refused for number in one.numbers}, self._context.desk.state_dir
            made = [number for one in self._plan.recipients for number in one.numbers if number not in kept]
            self._task(lambda _: settle(folder, made), lambda _: None)
        self._context.board.refresh_accounts()
        self._context.board.refresh_overview()
        if not ended.stopped and not ended.troubles:
            self._context.tell("L’envoi est terminé.")

    def _failed(self, trouble: Trouble) -> None:
        """Before anything left, or because the outbox could not be written: what is ready stays ready."""
        campaign = self._plan.campaign if self._plan else ""
        desk = self._context.desk

        def looked(picture: Picture) -> None:
            if picture.everything or not self._plan or not self._plan.recipients:
                self._looked(picture)
            else:
                self._page.show_ready(self._plan.recipients, self._refused)
            self._say(trouble)

        self._task(lambda _: sending.look_at(desk, campaign), looked)

    def _say(self, trouble: Trouble) -> None:
        if trouble.cancelled:
            self._page.notice.say(Kind.INFO, "L’envoi est arrêté.", "Rien n’est parti.")
        else:
            self._page.notice.say_trouble(trouble)

    # The journal

    def _looked(self, picture: Picture) -> None:
        self._picture = picture
        self._page.show_ended(Ended(picture, self._refused), self._paper)

    def _send_again(self, row: JournalRow | None) -> None:
        if row is None or self._plan is None:
            return
        desk, campaign, ids = self._context.desk, self._plan.campaign, row.ids
        if row.is_paper:
            words = "Leurs codes ne seront jamais valables\u00a0: préparez-les de nouveau."
            if confirm(
                self._page, f"Le fichier manque\u00a0: {row.recipient}\u00a0?", words, "Le fichier n’est pas là"
            ):
                self._task(lambda _: sending.give_up(desk, campaign, ids), self._looked)
            return
        words = "Le premier envoi est peut-être arrivé\u00a0: la personne le recevra alors deux fois."
        if row.can_confirm is False:
            words = "Il est remis en attente\u00a0: il partira quand vous reprendrez l’envoi."
        if confirm(self._page, f"Renvoyer 1 message à {row.recipient}\u00a0?", words, "Renvoyer", danger=False):
            self._task(lambda _: sending.send_again(desk, campaign, ids), self._looked)

    def _confirm_sent(self, row: JournalRow | None) -> None:
        if row is None or self._plan is None:
            return
        words = "Rien n’est renvoyé, et les codes deviennent valables."
        title = f"Marquer comme arrivé le message de {row.recipient}\u00a0?"
        if row.is_paper:
            title = f"Le fichier est complet\u00a0: {row.recipient}\u00a0?"
        if confirm(self._page, title, words, "Le fichier est là" if row.is_paper else "C’est arrivé", danger=False):
            desk, campaign, ids = self._context.desk, self._plan.campaign, row.ids
            self._task(lambda _: sending.confirm_sent(desk, campaign, ids), self._looked)

    def _export(self) -> None:
        picture, identity = self._picture, self._context.board.identity
        if picture is None:
            return
        proposed = str(documents_folder() / "Journal de l’envoi.csv")
        chosen, _ = QFileDialog.getSaveFileName(self._page, "Exporter le journal", proposed, "Tableau CSV (*.csv)")
        if not chosen:
            return
        path = Path(chosen).with_suffix(".csv")
        zone = ZoneInfo(identity.time_zone if identity else "Europe/Paris")

        def work(_: Reporter) -> None:
            with whole_file(path) as file:
                file.write(journal_csv(picture.entries, zone).encode("utf-8-sig"))

        self._task(work, lambda _: self._context.tell(f"Le journal est écrit dans «\u00a0{path.name}\u00a0»."))

    # The paper

    def _open(self) -> None:
        if self._paper is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._paper.path)))

    def _open_folder(self) -> None:
        if self._paper is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._paper.folder)))

    def _print(self) -> None:
        if self._paper is None:
            return
        path = self._paper.path
        printer = ask_printer(self._page, path.name)
        if printer is not None:
            self._task(
                lambda reporter: print_pdf(path, printer, cancel=reporter.cancel),
                lambda pages: self._context.tell(f"{agree(pages, 'page est', 'pages sont')} à l’imprimante."),
            )

    def _remember(self, printing: Printing) -> None:
        state_dir = self._context.desk.state_dir
        remember(state_dir, replace_fields(recall(state_dir), printing=printing))

    def _is_free(self, path: Path) -> bool:
        try:
            require_free(path)
        except OutputError as error:
            self._page.notice.say(Kind.ERROR, error.what, error.todo)
            return False
        return True

    # Who gets nothing

    def show_refused(self) -> None:
        """The list, and what may be done about it: as long as nothing runs."""
        dialog = RefusedDialog(self._page, self._refused)
        dialog.later_wanted.connect(self._keep_for_later)
        dialog.again_wanted.connect(self._try_again)
        dialog.later.setEnabled(not self.running)
        dialog.again.setEnabled(not self.running)
        dialog.exec()
        dialog.deleteLater()

    def _later(self) -> Later:
        assert self._basis is not None  # noqa: S101 - the steps before need it too
        return later_of(self._refused, self._basis.setting.today, self._recipe)

    def _keep_for_later(self) -> None:
        later, folder = self._later(), self._context.desk.state_dir
        self._task(
            lambda _: add_later(later, folder),
            lambda _: self._context.tell("La liste vous sera proposée au prochain publipostage."),
        )

    def _try_again(self) -> None:
        self.again_wanted.emit(self._later().recipe)

    def _folder(self, model: str) -> Path:
        base = models_folder(self._context.desk)
        return base if model == SHIPPED else base / model

    def _task(self, work: Callable[[Reporter], object], done: Callable[..., None]) -> None:
        self._context.tasks.run(work, done=done, failed=self._page.notice.say_trouble, owner=self)

"""Publipostage: the four steps of a mailing, one after the other, and the way back."""

import datetime as dt
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QTimer

from app.board import Connection
from app.errors import Trouble
from app.mailing.basis import Basis, library_of, load_basis
from app.mailing.check_errands import CheckErrands
from app.mailing.check_page import CheckPage
from app.mailing.library import Library
from app.mailing.model_page import ModelPage
from app.mailing.model_presenter import ModelPresenter
from app.mailing.poster_dialog import PosterDialog
from app.mailing.recipe import Recipe, keep_recipe, read_recipe
from app.mailing.recipients_page import RecipientsPage
from app.mailing.recipients_presenter import Patients
from app.mailing.refused import Later, read_later
from app.mailing.sending import Interrupted, find_interrupted, pending
from app.mailing.sending_errands import SendingErrands
from app.mailing.sending_page import SendingPage
from app.screen import Context, Screen
from app.settings import read_settings, write_settings
from app.tasks import Reporter
from app.widgets.buttons import secondary
from app.widgets.fitting import Fitting
from app.widgets.late_stack import LateStack
from app.widgets.notice import Notice
from app.widgets.page import PageHeader, page_layout
from app.widgets.pill import Kind
from app.widgets.stepper import Stepper
from cabinet.errors import WebOrthoError

MODEL, RECIPIENTS, CHECK, SENDING = range(4)
PAGES = ("model", "recipients", "check", "sending")
STEPS = ("Modèle", "Destinataires", "Contrôle", "Envoi")
RECIPE_FILE = "publipostage.json"
READ_ELSEWHERE = (
    "Ce poste ne lit pas l’export du cabinet\u00a0: personne ne peut y être choisi.",
    "Préparez l’envoi sur le poste qui le lit, ou indiquez l’export dans les Réglages, Source.",
)
KEEP_AFTER = 400
"""Milliseconds after the last choice."""


def make(context: Context) -> Screen:
    return MailingScreen(context)


class MailingScreen(Screen):
    """Holds what the steps share: the basis, the recipe, what it came to."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._basis: Basis | None = None
        self._library: Library | None = None
        self._recipe = Recipe()
        self._is_read = False
        self._interrupted: Interrupted | None = None
        self._later: Later | None = None
        self._keep = QTimer(self, singleShot=True, interval=KEEP_AFTER)
        self._keep.timeout.connect(self._keep_recipe)
        layout = page_layout(self)
        self.header = PageHeader("Publipostage")
        self.stepper = Stepper(STEPS)
        self.header.add_beside(self.stepper)
        self.poster = secondary("Affiche…", "image")
        self.poster.setToolTip("L’affiche de la salle d’attente, avec l’adresse du portail à scanner")
        self.poster.setEnabled(False)
        self.poster.clicked.connect(self._show_poster)
        self.poster_dialog: PosterDialog | None = None
        self.header.add(self.poster)
        layout.addWidget(self.header)
        self.notice = Notice(dismissible=True)
        self.notice.acted.connect(self._take_up)
        layout.addWidget(self.notice)
        self._stack = LateStack([lambda name=name: Fitting(getattr(self, name)) for name in PAGES])  # type: ignore[misc]
        layout.addWidget(self._stack, 1)
        self._stack.show_page(MODEL)
        self._connect()

    # The pages, each made when it is first asked for

    @cached_property
    def model(self) -> ModelPage:
        page = ModelPage(self._context)
        page.close_wanted.connect(self._leave)
        page.next_wanted.connect(lambda: self._go(RECIPIENTS))
        page.model_shown.connect(lambda model: self._set_recipe(self._recipe.with_model(model)))
        return page

    @cached_property
    def recipients(self) -> RecipientsPage:
        page = RecipientsPage(self._context)
        page.recipe_changed.connect(self._set_recipe)
        page.opted_out_changed.connect(self._change_opt_out)
        page.close_wanted.connect(self._leave)
        page.back_wanted.connect(lambda: self._go(MODEL))
        page.next_wanted.connect(lambda: self._go(CHECK))
        return page

    @cached_property
    def check(self) -> CheckPage:
        page = CheckPage()
        page.close_wanted.connect(self._leave)
        page.back_wanted.connect(lambda: self._go(RECIPIENTS))
        page.again_wanted.connect(self._check_again)
        page.next_wanted.connect(self._to_sending)
        return page

    @cached_property
    def checking(self) -> CheckErrands:
        checking = CheckErrands(self._context, self.check, self)
        checking.checked.connect(lambda: self._focus(CHECK))
        checking.helped.connect(lambda change: self._make(change(self._recipe)))
        return checking

    @cached_property
    def sending(self) -> SendingPage:
        page = SendingPage()
        page.back_wanted.connect(lambda: self._go(CHECK))
        page.new_wanted.connect(self._start_anew)
        return page

    @cached_property
    def errands(self) -> SendingErrands:
        errands = SendingErrands(self._context, self.sending, self)
        errands.began.connect(self.notice.hide)
        errands.again_wanted.connect(self._make)
        return errands

    # What the window asks

    def shown(self) -> None:
        board = self._context.board
        for known, refresh in (
            (board.reading, board.refresh_reading),
            (board.accounts, board.refresh_accounts),
            (board.published, board.refresh_settings),
            (board.identity, board.refresh_identity),
        ):
            if known is None:
                refresh()
        if not self._is_read:
            self._is_read = True
            self._stack.make_all()
            self._run(lambda _: self._found(), self._begin)
        else:
            self._renew()

    def receive(self, subject: object) -> None:
        """Patients' numbers: write to these, chosen by hand."""
        numbers = (subject,) if isinstance(subject, str) else subject
        if isinstance(numbers, tuple) and numbers and not self.errands.running:
            chosen = frozenset(str(number) for number in numbers)
            self._set_recipe(Recipe(model=self._recipe.model, by_hand=True, never_informed=False, chosen=chosen))
            if self._basis is not None:
                self._go(RECIPIENTS)

    def busy_with(self) -> str:
        return self.errands.busy_with() if "errands" in vars(self) else ""

    def closing(self) -> None:
        self.model.keep()
        if "errands" in vars(self):
            self.errands.stop()
        if self._keep.isActive():
            self._keep.stop()
            try:
                keep_recipe(self._recipe, self._file)
            except WebOrthoError as error:
                self.notice.say(Kind.ERROR, error.what, error.todo)

    # Wiring

    def _connect(self) -> None:
        board = self._context.board
        for signal in (board.reading_changed, board.accounts_changed, board.settings_changed, board.identity_changed):
            signal.connect(self._renew)
        board.troubled.connect(self._troubled)
        self.stepper.chosen.connect(self._go)

    @property
    def _file(self) -> Path:
        return self._context.desk.state_dir / RECIPE_FILE

    def _found(self) -> tuple[Recipe, Interrupted | None, Later | None]:
        """What earlier mailings left: slow."""
        desk = self._context.desk
        return read_recipe(self._file), find_interrupted(desk), read_later(desk.state_dir)

    def _begin(self, found: tuple[Recipe, Interrupted | None, Later | None]) -> None:
        self._recipe, self._interrupted, self._later = found
        if self._interrupted is not None:
            self.notice.say(
                Kind.ALERT,
                self._interrupted.sentence,
                "Rien n’est envoyé deux fois\u00a0: ce qui est parti ne repart pas.",
                "Voir et reprendre",
            )
        elif self._later is not None:
            self.notice.say(
                Kind.INFO, self._later.sentence, "Reprenez-les quand leurs fiches sont corrigées.", "Les reprendre"
            )
        elif not self._context.board.reads_source:
            self.notice.say(Kind.ALERT, *READ_ELSEWHERE, "Ouvrir les Réglages")
        self._renew()

    def _renew(self) -> None:
        """The cabinet's data, its portal's texts or this computer's settings may have changed."""
        board, desk = self._context.board, self._context.desk
        identity, published, today = board.identity, board.published, dt.datetime.now().astimezone().date()
        self._run(lambda _: load_basis(desk, identity, published, today), self._renewed)

    def _renewed(self, basis: Basis) -> None:
        if self._basis == basis and self._library is not None and self.isVisible():
            self._fill()
            return
        self._basis = basis
        self.poster.setEnabled(True)
        self._library = library_of(self._context.desk, basis)
        self._fill()

    def _fill(self) -> None:
        basis, board = self._basis, self._context.board
        if basis is None or self._library is None:
            return
        dossiers = board.reading.dossiers if board.reading else ()
        presenter = ModelPresenter(
            self._library, confirmed=basis.setting.confirmed, now=lambda: dt.datetime.now().astimezone()
        )
        self.model.begin(presenter, basis.previewer(), dossiers, today=basis.setting.today, model=self._recipe.model)
        self.errands.set_basis(basis)
        if self._stack.currentIndex() == RECIPIENTS:
            self.recipients.begin(self._recipe, self._patients(basis))

    def _patients(self, basis: Basis) -> Patients:
        board = self._context.board
        accounts = tuple(board.accounts.values()) if board.accounts is not None else ()
        return Patients(
            board.reading.dossiers if board.reading else (),
            accounts,
            basis.settings.opted_out,
            basis.setting.today,
            lambda: pending(self._context.desk),
            accounts_known=board.accounts is not None,
            dossiers_known=board.reading is not None,
            reads_source=board.reads_source,
        )

    # The steps

    def _go(self, step: int) -> None:
        if self.errands.running or self._basis is None:
            return
        self.model.keep()
        self._show_step(step)
        if step == RECIPIENTS:
            self.recipients.begin(self._recipe, self._patients(self._basis))
        elif step == CHECK:
            self._check_again()

    def _show_step(self, step: int) -> None:
        self.stepper.set_current(step)
        self._stack.show_page(step)
        self._focus(step)

    def _focus(self, step: int) -> None:
        """Where the keyboard goes on: to what is typed, or to the next step."""
        if self._stack.currentIndex() == step and self.isVisible():
            getattr(self, PAGES[step]).first.setFocus()

    def _leave(self) -> None:
        """Everything is kept: it is found again as it was left."""
        self.model.keep()
        self._context.navigate("home", None)

    def _start_anew(self) -> None:
        self._set_recipe(Recipe().with_model(self._recipe.model))
        self.recipients.chosen = None
        self._go(MODEL)

    def _set_recipe(self, recipe: Recipe) -> None:
        if recipe != self._recipe:
            self._recipe = recipe
            self._keep.start()

    def _keep_recipe(self) -> None:
        recipe, file = self._recipe, self._file
        self._run(lambda _: keep_recipe(recipe, file))

    def _check_again(self) -> None:
        if self._basis is not None:
            texts = self.errands.texts(self._recipe.model)
            self.checking.check(self._basis, self._recipe, self._patients(self._basis), texts)

    def _to_sending(self) -> None:
        checked = self.check.checked
        if checked is not None and self._basis is not None:
            offline = self._context.board.connection is Connection.OFFLINE or self._context.board.accounts is None
            self.errands.get_ready(checked.sendable, self._recipe, checked.refused, offline=offline)
            self._show_step(SENDING)

    def _take_up(self) -> None:
        """What the notice offers: an interrupted mailing, messages that were refused, or where the export is said."""
        if not self._context.board.reads_source and self._interrupted is None:
            self._context.navigate("setup", "source")
            return
        if self._basis is None or self.errands.running:
            return
        self.notice.hide()
        if self._interrupted is None:
            if self._later is not None:
                self._make(self._later.recipe)
            return
        self._show_step(SENDING)
        self.errands.take_up(self._interrupted.campaign)

    def _make(self, recipe: Recipe) -> None:
        """A mailing of this recipe, up to its check."""
        self._set_recipe(recipe)
        self._go(CHECK)

    def _change_opt_out(self, number: str, wanted: bool) -> None:
        file = self._context.desk.settings_file

        def work(_: Reporter) -> None:
            settings = read_settings(file)
            others = tuple(one for one in settings.opted_out if one != number)
            write_settings(replace(settings, opted_out=(*others, number) if wanted else others), file)

        def done(_: None) -> None:
            self._context.tell(
                f"Le dossier {number} ne recevra plus d’annonces." if wanted else f"Le dossier {number} en recevra."
            )
            self._renew()

        self._run(work, done)

    def _show_poster(self) -> None:
        if self._basis is not None:
            self.poster_dialog = PosterDialog(self._context, self._basis.setting, self)
            self.poster_dialog.open()

    def _troubled(self, subject: str, trouble: Trouble) -> None:
        if subject == "reading" and self._context.board.reading is None:
            self.recipients.show_unread(trouble)

    def _run(self, work: Callable[[Reporter], object], done: Callable[..., None] = lambda _: None) -> None:
        self._context.tasks.run(work, done=done, failed=self.notice.say_trouble, owner=self)

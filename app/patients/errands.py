"""What is done for a patient at the portal: hide, show, reset, print, erase. Each asks first, and tells the outcome."""

import datetime as dt
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from app.errors import Trouble
from app.patients.card import Card
from app.patients.card_view import CardView
from app.patients.erase_dialog import EraseDialog
from app.patients.sheet import Sheet, sheet_for
from app.patients.sheet_dialog import SheetDialog
from app.screen import Context
from app.tasks import Reporter
from app.widgets.confirm import confirm
from app.widgets.notice import Notice
from app.widgets.pill import Kind
from cabinet.dossier import Addressee
from merge.french import agree
from portal.api.desk_client import DeskClient

HIDE = (
    "Ses pages ne s’ouvriront plus, dès maintenant, et la synchronisation ne les publiera plus. Ses mots de passe sont "
    "gardés 30\u00a0jours. Vous pourrez le rendre visible à nouveau."
)
SHOW = "La prochaine synchronisation publiera de nouveau son dossier sur le portail."
HIDDEN = "Masqué sur le portail."
SHOWN_AGAIN = "Visible après la prochaine synchronisation."
OLD_ONE = "L’ancien ne fonctionnera plus."
PORTAL_IS_SILENT = "Les réglages du portail ne sont pas encore arrivés."
TRY_LATER = "Réessayez dans un instant."


class Errands(QObject):
    """Acts on the patient whom the card shows when the button is pressed, whoever is shown when it ends."""

    def __init__(self, context: Context, screen: QWidget, card: CardView, notice: Notice) -> None:
        super().__init__(screen)
        self._context = context
        self._screen = screen
        self._card = card
        self._notice = notice
        self._undo: tuple[Card, bool] | None = None
        """Whom the last change of visibility was for, and what would take it back."""
        self._accounts_are_old = False
        self.dialog: SheetDialog | None = None
        card.visibility_asked.connect(self._ask_visibility)
        card.undo_asked.connect(self._take_back)
        card.reset_asked.connect(self._ask_reset)
        card.preview_asked.connect(self._preview)
        card.erase_asked.connect(self._ask_erase)
        card.sheet_asked.connect(self._open_sheet)
        context.board.accounts_changed.connect(self._renew_again)

    def show_undo(self) -> None:
        """The undo line belongs to its patient's card alone."""
        shown = self._card.card
        if self._undo and shown and shown.number == self._undo[0].number:
            self._card.show_undo(HIDDEN if self._undo[1] else SHOWN_AGAIN)
        else:
            self._card.show_undo("")

    def stop(self) -> None:
        if self.dialog is not None:
            self.dialog.reject()

    # Visibility

    def _ask_visibility(self, visible: bool) -> None:
        card = self._shown()
        question = (
            (f"Rendre {card.name} visible sur le portail\u00a0?", SHOW, "Rendre visible")
            if visible
            else (f"Masquer {card.name} sur le portail\u00a0?", HIDE, "Masquer")
        )
        if confirm(self._screen, *question, danger=False):
            self._set_visible(card, visible)

    def _take_back(self) -> None:
        if self._undo:
            self._set_visible(*self._undo)

    def _set_visible(self, card: Card, visible: bool) -> None:
        def done(_: object) -> None:
            self._undo = (card, not visible)
            self.show_undo()
            self._context.tell(
                f"{card.name} sera publié par la prochaine synchronisation."
                if visible
                else f"{card.name} n’est plus visible sur le portail."
            )

        self._run(lambda desk: desk.show(card.number) if visible else desk.hide(card.number), done)

    # A new password

    def _ask_reset(self) -> None:
        card = self._shown()
        title = "Réinitialiser le mot de passe de ce patient\u00a0?"
        if confirm(self._screen, title, f"{card.name}, N°\u00a0{card.number}. {OLD_ONE}", "Réinitialiser"):
            self._run(lambda desk: desk.reset(card.number), partial(self._after_reset, card))

    def _after_reset(self, card: Card, closed: int) -> None:
        accesses = agree(closed, "accès fermé", "accès fermés") if closed else "aucun accès n’était ouvert"
        self._context.tell(f"Le mot de passe de {card.name} est réinitialisé ({accesses}).")
        text = "L’ancien mot de passe et l’ancienne fiche n’ouvrent plus rien. Imprimez une nouvelle fiche d’accès."
        print_now = confirm(self._screen, "Le mot de passe est réinitialisé", text, "Imprimer la fiche", danger=False)
        if print_now:
            self._open_sheet_of(card)

    # Erasing

    def _ask_erase(self) -> None:
        card = self._shown()
        question = EraseDialog(self._screen, card.name, card.number)
        try:
            is_meant = question.exec() == QDialog.DialogCode.Accepted
        finally:
            question.deleteLater()
        if is_meant:
            self._run(
                lambda desk: desk.erase(card.number),
                lambda _: self._context.tell(f"Les données de {card.name} sont effacées du portail."),
            )

    # Elsewhere

    def _preview(self) -> None:
        self._context.navigate("portal_editor", self._shown().number)

    def _open_sheet(self) -> None:
        self._open_sheet_of(self._shown())

    def _open_sheet_of(self, card: Card) -> None:
        board = self._context.board
        identity, published = board.identity, board.published
        dossier = board.dossiers.get(card.number)
        if identity is None or published is None or dossier is None:
            board.refresh_identity()
            board.refresh_settings()
            self._notice.say(Kind.ALERT, PORTAL_IS_SILENT, TRY_LATER)
            return
        today = dt.datetime.now().astimezone().date()

        def make_sheet(addressee: Addressee) -> Sheet:
            return sheet_for(self._context.desk, identity, published, dossier=dossier, addressee=addressee, today=today)

        contacts = tuple((one.name, one.addressee) for one in card.contacts) or ((card.name, Addressee()),)
        self.dialog = SheetDialog(self._context, card.name, contacts, make_sheet, self._screen)
        self.dialog.made.connect(self._context.tell)
        self.dialog.finished.connect(self._close_sheet)
        self.dialog.open()

    def _close_sheet(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
        self._renew_accounts()

    # Work

    def _shown(self) -> Card:
        card = self._card.card
        assert card is not None  # noqa: S101 - the buttons are on a card
        return card

    def _run(self, ask: Callable[[DeskClient], object], done: Callable[..., None]) -> None:
        """Ask the portal; the card waits meanwhile, and what the portal knows is fetched anew."""

        def work(reporter: Reporter) -> object:
            with self._context.desk.portal(reporter.cancel) as portal:
                return ask(portal.desk)

        def ended(result: object) -> None:
            self._card.setEnabled(True)
            self._renew_accounts()
            done(result)

        def failed(trouble: Trouble) -> None:
            self._card.setEnabled(True)
            self._notice.say_trouble(trouble)

        self._notice.hide()
        self._card.setEnabled(False)
        self._context.tasks.run(work, done=ended, failed=failed, owner=self)

    def _renew_accounts(self) -> None:
        """An answer that is on its way may be older than what was just done: then ask once more after it."""
        board = self._context.board
        self._accounts_are_old = board.is_pending("accounts")
        board.refresh_accounts()
        board.refresh_overview()

    def _renew_again(self) -> None:
        if self._accounts_are_old:
            self._accounts_are_old = False
            self._context.board.refresh_accounts()

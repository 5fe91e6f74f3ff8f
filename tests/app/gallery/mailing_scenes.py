"""Publipostage: each step, each channel, a letter with everything in it, a Word document, and all of its windows."""

import shutil
import time
from pathlib import Path

import docx
from msgspec.structs import replace
from PySide6.QtWidgets import QWidget

from app.desk.printing import PaperFormat
from app.mailing.basis import DRAFTS
from app.mailing.check_page import RecordsDialog
from app.mailing.check_presenter import Action
from app.mailing.dialogs import NameDialog, field_picker
from app.mailing.letter.object_dialogs import CodeDialog, PictureDialog, SignatureDialog
from app.mailing.letter.page_dialog import PageDialog
from app.mailing.letter.table_dialog import NEW, TableDialog
from app.mailing.library import SHIPPED, Part
from app.mailing.papers import Paper
from app.mailing.poster_dialog import PosterDialog
from app.mailing.refused import Refused
from app.mailing.refused_dialog import RefusedDialog
from app.mailing.sending import ChannelCount, Ended, Picture
from app.mailing.sending import Stage as SendingStage
from app.mailing.view import CHECK, RECIPIENTS, SENDING, MailingScreen
from app.mailing.word import letter as word_letter
from merge.letters.model import QrCode, Signature
from merge.outbox import Entry, State
from merge.recipients import ChannelKind
from tests.app.gallery.scenes import scene
from tests.app.gallery.stage import Stage

REFUSED = tuple(
    Refused(
        (f"{5300 + n}", f"{5400 + n}")[: 1 + n % 3 // 2],
        "Madame DE LA TOUR-SAINT-HIPPOLYTE D’EXEMPLEVILLE",
        ChannelKind.LETTER,
        why,
    )
    for n, why in enumerate(
        (
            "Sa ligne «\u00a0Résidence des Tilleuls argentés, bâtiment C, escalier 4\u00a0» dépasse les 38 caractères.",
            "La ville manque.",
        )
        * 4
    )
)


@scene("publipostage-modele")
def model(stage: Stage) -> QWidget:
    return _screen(stage).window()


@scene("publipostage-modele-fautif")
def model_with_a_fault(stage: Stage) -> QWidget:
    screen = _screen(stage)
    screen.model.panel.body.setPlainText("Madame, Monsieur @DNOMM,\nvotre dossier @ORDRE est en ligne.")
    stage.until(screen.model.panel.fix.isVisible)
    stage.settle()
    return screen.window()


@scene("publipostage-modele-email")
def model_email(stage: Stage) -> QWidget:
    screen = _screen(stage)
    _open(stage, screen, Part.EMAIL_CHILD)
    return screen.window()


@scene("publipostage-modele-email-lettre")
def model_email_is_the_letter(stage: Stage) -> QWidget:
    screen = _screen(stage)
    _open(stage, screen, Part.EMAIL_CHILD)
    screen.model.panel.form.part("letter").click()
    stage.settle()
    return screen.window()


@scene("publipostage-modele-sms")
def model_sms(stage: Stage) -> QWidget:
    screen = _screen(stage)
    _open(stage, screen, Part.SMS)
    return screen.window()


@scene("publipostage-modele-word")
def model_word(stage: Stage) -> QWidget:
    screen = _screen(stage)
    presenter = screen.model._required
    name = "Lettre du cabinet"
    if name not in presenter.library.names():
        presenter.library.create(name, SHIPPED)
    path = stage.scratch / "notre lettre.docx"
    made = docx.Document()
    for line in ("@DCIVIL @DNOM @DPREN", "@DADR1", "@DCPOST @DVILLE", "@DPOLI, votre code est @MDP.", "@INCONNU"):
        made.add_paragraph(line)
    made.save(str(path))
    word_letter.choose(presenter.library.folder_of(name), path)
    screen.model._list_models(name)
    screen.model._open(name, Part.LETTER_CHILD)
    stage.until(screen.model.panel.word.isVisible)
    stage.settle()
    return screen.window()


@scene("publipostage-champs")
def fields(stage: Stage) -> QWidget:
    return stage.show(field_picker(_screen(stage).model))


@scene("publipostage-nouveau-modele")
def new_model(stage: Stage) -> QWidget:
    return stage.show(NameDialog(_screen(stage).model, SHIPPED, (SHIPPED,)))


@scene("publipostage-mise-en-page")
def page_setup(stage: Stage) -> QWidget:
    page = _screen(stage).model
    return stage.show(PageDialog(page._required.letter, page._pictures(), page))


@scene("publipostage-tableau")
def table(stage: Stage) -> QWidget:
    wide = replace(NEW, rows=NEW.rows * 6)
    dialog = TableDialog(wide, _screen(stage).model)
    for _ in range(4):
        dialog.add_column.click()
    return stage.show(dialog)


@scene("publipostage-image")
def picture(stage: Stage) -> QWidget:
    page = _screen(stage).model
    dialog = PictureDialog(page._pictures(), None, page)
    dialog.action.click()
    return stage.show(dialog)


@scene("publipostage-signature")
def signature(stage: Stage) -> QWidget:
    page = _screen(stage).model
    return stage.show(SignatureDialog(page._pictures(), Signature(), page))


@scene("publipostage-qr")
def code(stage: Stage) -> QWidget:
    return stage.show(CodeDialog(QrCode(), _screen(stage).model))


@scene("publipostage-affiche")
def poster(stage: Stage) -> QWidget:
    screen = _screen(stage)
    screen.poster.click()
    dialog = stage.dialog(PosterDialog)
    stage.until(dialog.print.isEnabled)
    return dialog


@scene("publipostage-destinataires")
def recipients(stage: Stage) -> QWidget:
    return _recipients(stage).window()


@scene("publipostage-destinataires-recherche")
def recipients_searched(stage: Stage) -> QWidget:
    screen = _recipients(stage)
    screen.recipients.search.setText("a")
    screen.recipients.table.select_first()
    stage.settle()
    return screen.window()


@scene("publipostage-controle")
def check(stage: Stage) -> QWidget:
    return _check(stage).window()


@scene("publipostage-controle-liste")
def records(stage: Stage) -> QWidget:
    screen = _check(stage)
    checked = screen.check.checked
    assert checked is not None
    row = next(row for row in checked.rows if {Action.CORRECT, Action.SHOW} & set(row.actions))
    return stage.show(RecordsDialog(screen, row, checked.concerned.get(row.finding.code, ())))


@scene("publipostage-envoi")
def ready(stage: Stage) -> QWidget:
    return _sending(stage).window()


@scene("publipostage-envoi-word")
def ready_in_word(stage: Stage) -> QWidget:
    screen = _sending(stage)
    assert screen.sending.paper.isVisible()
    screen.sending.paper.form.part(PaperFormat.DOCX).click()
    stage.settle()
    return screen.window()


@scene("publipostage-envoi-en-cours")
def running(stage: Stage) -> QWidget:
    screen = _sending(stage)
    screen.sending.show_running(_picture(SendingStage.SENDING), paused=False)
    stage.settle()
    return screen.window()


@scene("publipostage-envoi-termine")
def done(stage: Stage) -> QWidget:
    screen = _sending(stage)
    ended = Ended(_picture(SendingStage.ENDED), REFUSED)
    screen.sending.show_ended(ended, Paper(Path("lettres.pdf")))
    screen.sending.table.select_first()
    stage.settle()
    return screen.window()


@scene("publipostage-refusees")
def refused(stage: Stage) -> QWidget:
    return stage.show(RefusedDialog(_screen(stage), REFUSED))


def _screen(stage: Stage) -> MailingScreen:
    # What the scene before typed and chose is not this one's.
    (stage.state_dir / "publipostage.json").unlink(missing_ok=True)
    shutil.rmtree(stage.state_dir / DRAFTS, ignore_errors=True)
    screen = stage.screen("mailing", MailingScreen)
    stage.until(lambda: screen.model.loop.shown is not None)
    stage.settle()
    return screen


def _open(stage: Stage, screen: MailingScreen, part: Part) -> None:
    screen.model.loop.shown = None
    screen.model._open(SHIPPED, part)
    stage.until(lambda: screen.model.loop.shown is not None)
    stage.settle()


def _recipients(stage: Stage) -> MailingScreen:
    screen = _screen(stage)
    screen._go(RECIPIENTS)
    stage.until(screen.recipients.next.isEnabled)
    stage.settle()
    return screen


def _check(stage: Stage) -> MailingScreen:
    screen = _recipients(stage)
    _to_check(stage, screen)
    return screen


def _to_check(stage: Stage, screen: MailingScreen) -> None:
    screen.recipients.next.click()
    stage.until(lambda: screen.stepper.current == CHECK and screen.check.next.isEnabled())
    stage.settle()


def _sending(stage: Stage) -> MailingScreen:
    """With letters to print: this computer has no sender."""
    screen = _recipients(stage)
    screen.recipients.filters.order.setCurrentText("Lettre à tous")
    screen.recipients.filters.order.activated.emit(screen.recipients.filters.order.currentIndex())
    stage.until(screen.recipients.next.isEnabled)
    stage.settle()
    _to_check(stage, screen)
    screen.check.next.click()
    stage.until(lambda: screen.stepper.current == SENDING)
    stage.settle()
    return screen


def _picture(at: SendingStage) -> Picture:
    now = int(time.time())
    states = (State.SENT, State.READY, State.SENT, State.FAILED, State.UNKNOWN, State.SENT, State.SENDING)
    entries = tuple(
        Entry(
            f"{place}",
            "email",
            state,
            (f"{5300 + place}", f"{5400 + place}") if place == 2 else (f"{5300 + place}",),
            "Madame DE LA TOUR-SAINT-HIPPOLYTE Marie-Antoinette" if place == 3 else f"Alix EXEMPLE-{place}",
            "Le serveur refuse cette adresse\u00a0: la boîte n’existe pas." if state is State.FAILED else "",
            1,
            now - place,
            0,
        )
        for place, state in enumerate(states * 4)
    )
    counts = {
        ChannelKind.LETTER: ChannelCount(812, sent=812),
        ChannelKind.EMAIL: ChannelCount(369, sent=210, failed=4, waiting=151, unknown=4),
        ChannelKind.SMS: ChannelCount(58, waiting=58),
    }
    return Picture("essai", at, counts, entries, verified=1180)

"""The pages under a person's hands: what is typed, marked, kept, undone, chosen and taken out."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desk.texts import TextFolder, email_text, read_text
from app.mailing.dialogs import NameDialog
from app.mailing.library import SHIPPED, SHIPPED_MODELS, Library, Part
from app.mailing.model_page import ModelPage
from app.mailing.model_presenter import ModelPresenter
from app.mailing.picker import Picker
from app.mailing.preview_loop import PreviewLoop
from app.mailing.preview_pane import PreviewPane
from app.mailing.previews import EmailPreview, LetterPreview, Previewer, SmsPreview
from app.mailing.printer import print_pdf
from app.mailing.view import CHECK, RECIPIENTS, MailingScreen
from app.settings import DeskSettings
from app.tasks import Tasks
from merge.emails.message import Sender
from merge.letters.html import LetterBody
from merge.letters.model import SignInPicture
from merge.preparing import Setting
from merge.recipients import ChannelKind
from merge.texts import Audience
from portal.pages.settings import FirstAccess
from tests.app.conftest import WITHIN
from tests.app.mailing.conftest import DOSSIERS, NOW, OpenScreen
from tests.app.practice import Practice
from tests.merge.conftest import CABINET, TODAY


def open_part(page: ModelPage, part: Part, qtbot: QtBot) -> None:
    page.panel.part_chosen.emit(part)
    qtbot.waitUntil(lambda: page._required.part is part and not page.panel.body.isReadOnly(), timeout=WITHIN)


def type_at_end(page: ModelPage, words: str, qtbot: QtBot) -> None:
    page.panel.body.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(page.panel.body, words)


def picking(qapp: QApplication, typed: str) -> None:
    """The next list that is asked: type a few letters, and Enter."""
    look = QTimer(qapp)
    look.setInterval(10)

    def pick() -> None:
        picker = qapp.activeModalWidget()
        if isinstance(picker, Picker):
            look.stop()
            look.deleteLater()
            picker.search.setText(typed)
            picker.action.click()

    look.timeout.connect(pick)
    look.start()


def test_an_e_mail_becomes_the_letter_itself_and_a_text_again(page: ModelPage, library: Library, qtbot: QtBot) -> None:
    open_part(page, Part.EMAIL_CHILD, qtbot)
    panel = page.panel
    assert not panel.itself.isVisible()
    type_at_end(page, " Merci.", qtbot)
    text = panel.body.content
    qtbot.mouseClick(panel.form.part("letter"), Qt.MouseButton.LeftButton)
    assert panel.itself.isVisible()
    assert not panel.body.isVisible()
    assert panel.subject.content == "Le dossier d’orthodontie de @PPREN est en ligne"
    panel.subject.setFocus()
    qtbot.keyClicks(panel.subject, "Bonjour. ")
    qtbot.waitUntil(
        lambda: isinstance(shown := page.loop.shown, EmailPreview) and "Bonjour. " in shown.subject, timeout=WITHIN
    )
    shown = page.loop.shown
    assert isinstance(shown, EmailPreview)
    assert "Consultez votre dossier en ligne" in shown.html, "the sign-in form is the letter's"
    assert len(shown.images) == 1
    assert panel.status.text() == "Les mots et les images de la lettre"

    qtbot.mouseClick(panel.save, Qt.MouseButton.LeftButton)
    saved = library.folder / Part.EMAIL_CHILD
    qtbot.waitUntil(lambda: saved.exists() and email_text(read_text(saved)).is_letter, timeout=WITHIN)
    texts = TextFolder(library.folder, confirmed=True).texts(DeskSettings())
    assert isinstance(texts.emails[Audience.CHILD].body, LetterBody)
    assert not isinstance(texts.emails[Audience.ADULT].body, LetterBody)

    qtbot.mouseClick(panel.form.part("text"), Qt.MouseButton.LeftButton)
    assert panel.body.content == text
    qtbot.mouseClick(panel.form.part("letter"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(panel.itself.edit, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page._required.part is Part.LETTER_CHILD and panel.body.isVisible(), timeout=WITHIN)
    assert panel.tools.isVisible()
    assert not panel.form.isVisible()


def test_an_unknown_field_is_shown_with_its_place_and_corrected_by_one_press(page: ModelPage, qtbot: QtBot) -> None:
    open_part(page, Part.SMS, qtbot)
    type_at_end(page, " @DNOMM", qtbot)
    qtbot.waitUntil(page.panel.fix.isVisible, timeout=WITHIN)
    assert page.panel.status.text() == (
        "Ligne 1\u00a0: le champ «\u00a0@DNOMM\u00a0» n’existe pas. Vouliez-vous dire «\u00a0@DNOM\u00a0»\u00a0?"
    )
    qtbot.waitUntil(lambda: "@DNOMM" in page.preview.words, timeout=WITHIN)
    qtbot.mouseClick(page.panel.fix, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.panel.status.text() == "6\u00a0champs, tous reconnus", timeout=WITHIN)
    assert page.panel.body.content.endswith(" @DNOM")
    qtbot.waitUntil(lambda: page.preview.words == "", timeout=WITHIN)


def test_data_that_come_before_the_text_are_shown_with_it(library: Library, tasks: Tasks, qtbot: QtBot) -> None:
    pane = PreviewPane()
    qtbot.addWidget(pane)
    loop = PreviewLoop(tasks, pane, pane)
    presenter = ModelPresenter(library, confirmed=True, now=lambda: NOW)
    previewer = Previewer(Setting(CABINET, TODAY), FirstAccess(), Sender("Cabinet du Parc", "cabinet@exemple.fr"))
    for dossiers in ((), DOSSIERS):
        loop.begin(presenter, previewer, dossiers, TODAY)
        loop.reopen()
    qtbot.waitUntil(lambda: tasks.running == 0, timeout=WITHIN)
    assert "ne peut pas être lu" not in pane.words
    presenter.opened(SHIPPED, Part.LETTER_CHILD, library.load(SHIPPED, Part.LETTER_CHILD))
    loop.open()
    qtbot.waitUntil(lambda: loop.letter != b"", timeout=WITHIN)


def test_a_field_is_inserted_from_the_list_by_the_keyboard(page: ModelPage, qtbot: QtBot, qapp: QApplication) -> None:
    open_part(page, Part.SMS, qtbot)
    page.panel.body.moveCursor(QTextCursor.MoveOperation.End)
    picking(qapp, "prenom du patient")
    page.panel.tools.insert_field()
    assert page.panel.body.content.endswith("@PPREN")


def test_what_is_typed_shows_on_the_page_and_undo_takes_it_back(page: ModelPage, qtbot: QtBot) -> None:
    before = page.loop.letter
    rows = page.panel.letter_rows
    cursor = QTextCursor(page.panel.body.document().findBlockByNumber(2))
    page.panel.body.setTextCursor(cursor)
    qtbot.keyClicks(page.panel.body, "Bien le bonjour. ")
    qtbot.waitUntil(lambda: page.loop.letter not in (b"", before), timeout=WITHIN)
    assert page.preview.page.pages == 1
    while page.panel.body.document().isUndoAvailable():
        page.panel.body.undo()
    assert page.panel.letter_rows == rows
    qtbot.waitUntil(lambda: page.loop.letter == before, timeout=WITHIN)


def test_a_letters_words_keep_their_manner_and_take_another(page: ModelPage, qtbot: QtBot) -> None:
    def subject() -> tuple[tuple[str, bool], ...]:
        return tuple((run.text, run.bold) for run in page.panel.letter_rows[0][1].block.runs)  # type: ignore[union-attr] # a paragraph

    assert subject() == (("Objet : votre dossier en ligne", True),)
    cursor = QTextCursor(page.panel.body.document().findBlockByNumber(0))
    cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, 5)
    page.panel.body.setTextCursor(cursor)
    qtbot.mouseClick(page.panel.tools.bold, Qt.MouseButton.LeftButton)
    assert subject() == (("Objet", False), (" : votre dossier en ligne", True))


def test_the_sign_in_picture_and_the_code_can_be_taken_out_and_put_back(page: ModelPage, qtbot: QtBot) -> None:
    body, tools = page.panel.body, page.panel.tools
    place = next(i for i, (_, row) in enumerate(page.panel.letter_rows) if isinstance(row.block, SignInPicture))
    cursor = QTextCursor(body.document().findBlockByNumber(place))
    cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, 1)
    body.setTextCursor(cursor)
    qtbot.keyClick(body, Qt.Key.Key_Delete)
    assert not any(isinstance(row.block, SignInPicture) for _, row in page.panel.letter_rows)
    tools.image.trigger()
    assert sum(isinstance(row.block, SignInPicture) for _, row in page.panel.letter_rows) == 1

    body.setTextCursor(QTextCursor(body.document().findBlockByNumber(2)))
    tools.qr.trigger()
    assert not any(row.beside_code for _, row in page.panel.letter_rows)
    tools.qr.trigger()
    assert [place for place, (_, row) in enumerate(page.panel.letter_rows) if row.beside_code] == [2, 3]


def test_only_words_are_pasted(page: ModelPage, qtbot: QtBot) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("Des mots")
    page.panel.body.moveCursor(QTextCursor.MoveOperation.Start)
    page.panel.body.paste()
    assert page.panel.letter_rows[0][1].block.runs[0].text.startswith("Des mots")  # type: ignore[union-attr] # a paragraph


def test_a_draft_is_found_again_and_saved(page: ModelPage, qtbot: QtBot, library: Library, told: list[str]) -> None:
    open_part(page, Part.SMS, qtbot)
    type_at_end(page, " @PPREN", qtbot)
    qtbot.waitUntil(lambda: library.load(SHIPPED, Part.SMS).draft, timeout=WITHIN)
    open_part(page, Part.EMAIL_CHILD, qtbot)
    open_part(page, Part.SMS, qtbot)
    assert page.panel.body.content.endswith(" @PPREN")
    assert page.origin.text() == "Brouillon gardé à 9h12, à enregistrer" or page.origin.text().startswith("Brouillon")
    qtbot.mouseClick(page.panel.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(told), timeout=WITHIN)
    assert library.load(SHIPPED, Part.SMS).content.endswith(" @PPREN")
    assert not library.load(SHIPPED, Part.SMS).draft
    assert not page.panel.save.isEnabled()


def test_leaving_at_once_loses_nothing(page: ModelPage, qtbot: QtBot, library: Library) -> None:
    open_part(page, Part.SMS, qtbot)
    type_at_end(page, " @PPREN", qtbot)
    page.keep()
    assert library.load(SHIPPED, Part.SMS).content.endswith(" @PPREN")


def test_a_broken_text_does_not_go_on_to_the_recipients(page: ModelPage, qtbot: QtBot) -> None:
    gone: list[bool] = []
    page.next_wanted.connect(lambda: gone.append(True))
    open_part(page, Part.SMS, qtbot)
    type_at_end(page, " @DNOMM", qtbot)
    qtbot.mouseClick(page.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.notice.isVisible, timeout=WITHIN)
    assert page.notice.text.startswith("SMS, à tous\u00a0: Le champ «\u00a0@DNOMM\u00a0» n’existe pas.")
    assert not gone


def test_the_shipped_text_comes_back_after_a_question(
    page: ModelPage, qtbot: QtBot, answering: Callable[[bool], list[str]]
) -> None:
    open_part(page, Part.SMS, qtbot)
    shipped = page.panel.body.content
    type_at_end(page, " @PPREN", qtbot)
    titles = answering(True)
    page.panel.restore_action.trigger()
    assert titles == ["Revenir au texte fourni\u00a0?"]
    qtbot.waitUntil(lambda: page.panel.body.content == shipped, timeout=WITHIN)
    assert page.origin.text() == "Texte fourni par WebOrtho"


def test_an_email_takes_the_letter_s_words_and_gives_them_back(page: ModelPage, qtbot: QtBot) -> None:
    panel = page.panel
    open_part(page, Part.EMAIL_CHILD, qtbot)
    before = panel.body.content
    panel.actions_menu.aboutToShow.emit()
    assert panel.take_letter_action.isEnabled()
    panel.take_letter_action.trigger()
    qtbot.waitUntil(lambda: "Entrez les informations comme indiqué ci-dessous" in panel.body.content, timeout=WITHIN)
    assert panel.subject.content == "Votre dossier en ligne"
    assert page.origin.text().startswith("Brouillon gardé")
    qtbot.waitUntil(lambda: page.preview.words == "", timeout=WITHIN)
    assert panel.status.text().endswith("tous reconnus")
    panel.actions_menu.aboutToShow.emit()
    panel.discard_action.trigger()
    qtbot.waitUntil(lambda: panel.body.content == before, timeout=WITHIN)
    open_part(page, Part.LETTER_CHILD, qtbot)
    panel.actions_menu.aboutToShow.emit()
    assert not panel.take_letter_action.isEnabled()


def test_a_new_model_is_a_copy_under_its_own_name(
    page: ModelPage, qtbot: QtBot, qapp: QApplication, library: Library
) -> None:
    def answer() -> None:
        dialog = qapp.activeModalWidget()
        if isinstance(dialog, NameDialog):
            look.stop()
            dialog.entry.setText("Rentrée")
            dialog.action.click()

    look = QTimer(page, interval=10)
    look.timeout.connect(answer)
    look.start()
    page.panel.new_action.trigger()
    qtbot.waitUntil(lambda: page._required.model == "Rentrée", timeout=WITHIN)
    qtbot.waitUntil(lambda: page.panel.models.currentText() == "Rentrée", timeout=WITHIN)
    assert library.names() == (*SHIPPED_MODELS, "Rentrée")


def test_the_records_follow_one_another_by_arrows_and_by_name(
    page: ModelPage, qtbot: QtBot, qapp: QApplication
) -> None:
    first = page.loop.letter
    qtbot.mouseClick(page.preview._buttons[2], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.loop.letter not in (b"", first), timeout=WITHIN)
    assert page.preview.place == 1
    picking(qapp, "5312")
    page.preview.choose_by_name()
    qtbot.waitUntil(lambda: page.loop.letter == first, timeout=WITHIN)


def test_the_sms_meter_counts_and_dear_characters_are_replaced_in_the_text(page: ModelPage, qtbot: QtBot) -> None:
    open_part(page, Part.SMS, qtbot)
    page.panel.body.replace_all("Rendez-vous à l’hôpital")
    qtbot.waitUntil(
        lambda: isinstance(page.loop.shown, SmsPreview) and page.loop.shown.text == "Rendez-vous à l'hopital",
        timeout=WITHIN,
    )
    assert page.preview.sms.meter.text().startswith("23\u00a0caractères · GSM-7 · 1\u00a0SMS")
    assert "«\u00a0’\u00a0» devient «\u00a0'\u00a0»" in page.preview.sms.dear.text()
    qtbot.mouseClick(page.preview.sms.replace, Qt.MouseButton.LeftButton)
    assert page.panel.body.content == "Rendez-vous à l'hopital"
    page.panel.body.undo()
    assert page.panel.body.content == "Rendez-vous à l’hôpital"


def test_an_emails_preview_fetches_nothing(page: ModelPage, qtbot: QtBot) -> None:
    open_part(page, Part.EMAIL_CHILD, qtbot)
    qtbot.waitUntil(lambda: "Lina" in page.preview.email.html.toPlainText(), timeout=WITHIN)
    page.preview.email.html.show_html('<p>a<img src="http://127.0.0.1:9/x.png"><img src="cid:y">b</p>', {})
    assert page.preview.email.html.toPlainText().replace("\ufffc", "") == "ab"
    assert page.preview.email.subject.text() == "Le dossier d’orthodontie de Lina est en ligne"


def test_a_trial_letter_is_printed_as_it_is_shown(page: ModelPage, tmp_path: Path) -> None:
    assert isinstance(page.loop.shown, LetterPreview)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "essai.pdf"))
    printer.setResolution(150)
    steps: list[tuple[int, int]] = []
    assert print_pdf(page.loop.letter, printer, lambda done, total: steps.append((done, total))) == 1
    assert steps == [(1, 1)]
    assert (tmp_path / "essai.pdf").stat().st_size > 10_000


# The screen


def recipients(screen: MailingScreen, qtbot: QtBot) -> None:
    qtbot.mouseClick(screen.model.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(screen.recipients.next.isEnabled, timeout=WITHIN)
    assert screen.stepper.current == RECIPIENTS


def total(screen: MailingScreen) -> int:
    return screen.recipients.chosen.total if screen.recipients.chosen else -1


def test_recipients_are_narrowed_taken_out_and_chosen_by_hand(screen: MailingScreen, qtbot: QtBot) -> None:
    recipients(screen, qtbot)
    everybody = total(screen)
    screen.recipients.filters.with_email.click()
    qtbot.waitUntil(lambda: 0 < total(screen) < everybody, timeout=WITHIN)
    screen.recipients.filters.with_email.click()
    qtbot.waitUntil(lambda: total(screen) == everybody, timeout=WITHIN)

    screen.recipients.table.selectRow(0)
    qtbot.keyClick(screen.recipients.table, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: total(screen) == everybody - 1, timeout=WITHIN)
    assert "retiré\u00a0: 1" in screen.recipients.left_out.text()

    qtbot.mouseClick(screen.recipients.filters.way.part("hand"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: total(screen) == 0 and not screen.recipients.next.isEnabled(), timeout=WITHIN)
    assert screen.recipients.next.toolTip() == "Cochez les patients à qui écrire."
    qtbot.keyClicks(screen.recipients.search, "00042zzz")
    assert screen.recipients.left_out.text() == "Aucun patient ne correspond à «\u00a000042zzz\u00a0»."
    assert not screen.recipients.all.isEnabled()
    for _ in "zzz":
        qtbot.keyClick(screen.recipients.search, Qt.Key.Key_Backspace)
    assert screen.recipients.all.text() == "Cocher ceux qui sont affichés"
    qtbot.mouseClick(screen.recipients.all, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: total(screen) == 1, timeout=WITHIN)
    assert screen._recipe.chosen == frozenset({"00042"})


def test_who_wants_no_announcement_is_left_out_from_then_on(screen: MailingScreen, qtbot: QtBot) -> None:
    recipients(screen, qtbot)
    before = total(screen)
    screen.recipients.table.selectRow(0)
    qtbot.mouseClick(screen.recipients.opt_out, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: total(screen) == before - 1, timeout=WITHIN)
    assert "ne veut rien\u00a0: 1" in screen.recipients.left_out.text()


def test_the_remedies_of_the_check_change_what_leaves(
    screen: MailingScreen, qtbot: QtBot, answering: Callable[[bool], list[str]]
) -> None:
    recipients(screen, qtbot)
    qtbot.mouseClick(screen.recipients.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(screen.check.next.isEnabled, timeout=WITHIN)
    assert screen.stepper.current == CHECK

    def codes() -> set[str]:
        return {row.finding.code for row in screen.check.checked.rows} if screen.check.checked else set()

    assert {"connected", "same-household"} <= codes()
    titles = answering(True)
    press(screen, qtbot, "connected", "Retirer")
    qtbot.waitUntil(lambda: "connected" not in codes(), timeout=WITHIN)
    assert titles == ["Retirer 1 patient de cet envoi\u00a0?"]
    press(screen, qtbot, "same-household", "Regrouper")
    qtbot.waitUntil(lambda: "same-household" not in codes(), timeout=WITHIN)
    assert screen._recipe.group
    press(screen, qtbot, "sms-parts", "Basculer")
    qtbot.waitUntil(lambda: "sms-parts" not in codes(), timeout=WITHIN)
    assert screen.check.checked is not None
    assert screen.check.checked.report.by_channel[ChannelKind.SMS] == 0


def test_what_the_cabinet_has_not_said_yet_leads_to_where_it_is_said(
    open_screen: OpenScreen, practice: Practice, qtbot: QtBot, navigated: list[tuple[str, object]]
) -> None:
    screen = open_screen(practice)
    recipients(screen, qtbot)
    qtbot.mouseClick(screen.recipients.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: screen.check.checked is not None, timeout=WITHIN)
    press(screen, qtbot, "no-signatory", "Compléter")
    assert navigated == [("setup", "cabinet")]


def press(screen: MailingScreen, qtbot: QtBot, code: str, words: str) -> None:
    buttons = screen.check._buttons
    button = next(button for (found, action), button in buttons.items() if found == code and action.value == words)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_somebody_who_navigates_here_with_patients_finds_them_chosen(screen: MailingScreen, qtbot: QtBot) -> None:
    screen.receive(("00042",))
    qtbot.waitUntil(lambda: total(screen) == 1, timeout=WITHIN)
    assert screen.stepper.current == RECIPIENTS


def test_closing_keeps_the_choices_for_the_next_start(screen: MailingScreen, qtbot: QtBot) -> None:
    recipients(screen, qtbot)
    screen.recipients.filters.active.click()
    screen.closing()
    assert '"active":true' in (screen._file.read_text(encoding="utf-8"))
    assert screen.busy_with() == ""

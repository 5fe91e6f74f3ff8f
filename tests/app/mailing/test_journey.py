"""A mailing on the screen, from the texts to the letter-boxes: what a person presses, and what arrives."""

import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
import zxingcpp
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import AuthResult
from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from app.board import Connection
from app.desk.ledger import open_outbox
from app.mailing.letter.file import letter_toml
from app.mailing.library import Part
from app.mailing.previews import EmailPreview
from app.mailing.refused import read_later
from app.mailing.refused_dialog import RefusedDialog
from app.mailing.sending import Ended, confirm_sent, find_interrupted, give_up, look_at, pending
from app.mailing.sending_presenter import journal_rows
from app.mailing.view import CHECK, SENDING, MailingScreen
from app.settings import write_settings
from cli.visitor import Visitor
from merge.letters.model import Picture
from merge.letters.shipped import shipped_letter
from merge.outbox import Draft
from merge.recipients import ChannelKind
from portal.api.desk import Medium
from portal.pages.addresses import APPOINTMENTS, WELCOME
from tests.app.conftest import WITHIN
from tests.app.desk.conftest import LetterBoxes
from tests.app.mailing.conftest import OpenScreen
from tests.app.practice import Practice
from tests.merge.servers import HOST, Gateway, free_port

Answering = Callable[[bool], list[str]]
FIRST_FITS, LETTERS, EMAILS, SMS = 0, 3, 4, 5
"""Places in the list of channel orders."""


def to_recipients(screen: MailingScreen, qtbot: QtBot, order: int) -> None:
    qtbot.mouseClick(screen.model.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(screen.recipients.next.isEnabled, timeout=WITHIN)
    screen.recipients.filters.order.setCurrentIndex(order)
    screen.recipients.filters.order.activated.emit(order)
    qtbot.waitUntil(screen.recipients.next.isEnabled, timeout=WITHIN)


def to_check(screen: MailingScreen, qtbot: QtBot) -> None:
    qtbot.mouseClick(screen.recipients.next, Qt.MouseButton.LeftButton)
    assert screen.stepper.current == CHECK
    qtbot.waitUntil(screen.check.next.isEnabled, timeout=WITHIN)


def to_sending(screen: MailingScreen, qtbot: QtBot, order: int) -> int:
    """How many messages would leave."""
    to_recipients(screen, qtbot, order)
    to_check(screen, qtbot)
    qtbot.mouseClick(screen.check.next, Qt.MouseButton.LeftButton)
    assert screen.stepper.current == SENDING
    assert screen.check.checked is not None
    return len(screen.check.checked.sendable)


def push(button: QAbstractButton) -> None:
    """Not by the mouse: shown this instant, it may not yet stand where it will."""
    assert button.isVisible()
    assert button.isEnabled()
    button.click()


def start(screen: MailingScreen, answering: Answering) -> list[Ended]:
    """Press « Lancer l’envoi »; what it ended with will be in the list."""
    ended: list[Ended] = []
    screen.errands.run.ended.connect(ended.append)
    titles = answering(True)
    push(screen.sending.start)
    assert len(titles) == 1
    assert titles[0].startswith("Envoyer ")
    return ended


def slowly(practice: Practice, boxes: LetterBoxes, per_minute: float) -> None:
    settings = boxes.settings()
    smtp = msgspec.structs.replace(settings.smtp, per_minute=per_minute)
    write_settings(msgspec.structs.replace(settings, smtp=smtp), practice.desk().settings_file)


def test_a_mailing_is_paused_resumed_and_arrives_whole(
    own_practice: Practice,
    open_screen: OpenScreen,
    boxes: LetterBoxes,
    qtbot: QtBot,
    answering: Answering,
    *,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    slowly(own_practice, boxes, 900)
    screen = open_screen(own_practice)
    wanted = to_sending(screen, qtbot, EMAILS)
    ended = start(screen, answering)
    qtbot.waitUntil(lambda: screen.sending.pause.isVisible() and bool(boxes.mail.letters()), timeout=WITHIN)
    assert screen.busy_with().startswith("Un envoi est en cours.")

    push(screen.sending.pause)
    assert screen.sending.title.text() == "Envoi en pause"
    # The message under way still arrives; then nothing does.
    qtbot.wait(300)
    paused_at = len(boxes.mail.letters())
    qtbot.wait(500)
    assert len(boxes.mail.letters()) == paused_at < wanted
    push(screen.sending.resume)
    qtbot.waitUntil(lambda: bool(ended), timeout=WITHIN)

    assert len(boxes.mail.letters()) == wanted
    assert ended[0].picture.counts[ChannelKind.EMAIL].sent == wanted
    assert screen.sending.title.text() == "Envoi terminé"
    assert f"{wanted}\u00a0accès vérifiés" in screen.sending.detail.text()
    assert len(screen.sending.table.model().rows) == wanted  # type: ignore[attr-defined] # our own model
    assert screen.busy_with() == ""

    file = tmp_path / "journal.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    push(screen.sending.export)
    qtbot.waitUntil(file.exists, timeout=WITHIN)
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == wanted + 1
    assert lines[0].startswith('"Date";"Heure";"État"')


def test_a_mailing_is_made_ready_by_the_keyboard_alone(screen: MailingScreen, qtbot: QtBot) -> None:
    def press(key: Qt.Key) -> None:
        focused = screen.focusWidget()
        assert focused is not None
        qtbot.keyClick(focused, key)

    def has_focus(widget: QWidget) -> bool:
        return screen.focusWidget() is widget

    screen.model.next.setFocus()
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: has_focus(screen.recipients.search), timeout=WITHIN)
    qtbot.waitUntil(screen.recipients.next.isEnabled, timeout=WITHIN)
    press(Qt.Key.Key_Down)
    assert has_focus(screen.recipients.table)
    press(Qt.Key.Key_Down)
    before = screen.recipients.chosen
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: screen.recipients.chosen is not before, timeout=WITHIN)
    for _ in range(20):
        if has_focus(screen.recipients.next):
            break
        screen.focusNextChild()
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: has_focus(screen.check.next), timeout=WITHIN)
    press(Qt.Key.Key_Return)
    assert screen.stepper.current == SENDING
    assert has_focus(screen.sending.start)


def test_every_choice_of_printing_is_reached_in_a_low_window(screen: MailingScreen, qtbot: QtBot) -> None:
    screen.resize(884, 540)
    to_sending(screen, qtbot, LETTERS)
    paper = screen.sending.paper
    for widget in (paper.order, paper.envelopes, paper.place):
        assert widget.height() >= widget.minimumSizeHint().height()
    for _ in range(30):
        if screen.focusWidget() is paper.place:
            break
        qtbot.keyClick(screen.focusWidget(), Qt.Key.Key_Tab)
    assert screen.focusWidget() is paper.place
    assert not paper.place.visibleRegion().isEmpty()


def test_the_letter_itself_arrives_as_an_e_mail_with_its_pictures_and_as_text(
    own_practice: Practice, open_screen: OpenScreen, boxes: LetterBoxes, qtbot: QtBot, answering: Answering
) -> None:
    desk = own_practice.desk()
    write_settings(boxes.settings(), desk.settings_file)
    models = desk.base / "modeles"
    models.mkdir()
    Image.new("RGB", (300, 120), "#0B5563").save(models / "facade.png")
    for name in ("lettre-enfant", "lettre-adulte"):
        letter = shipped_letter(name)
        letter = msgspec.structs.replace(
            letter, blocks=(*letter.blocks, Picture("facade.png", 60, "La façade du cabinet"))
        )
        (models / f"{name}.toml").write_bytes(letter_toml(letter))
    screen = open_screen(own_practice)
    page, panel = screen.model, screen.model.panel
    for part in (Part.EMAIL_CHILD, Part.EMAIL_ADULT, Part.EMAIL_FAMILY):
        panel.part_chosen.emit(part)
        qtbot.waitUntil(lambda part=part: page._required.part is part, timeout=WITHIN)
        qtbot.mouseClick(panel.form.part("letter"), Qt.MouseButton.LeftButton)
    panel.part_chosen.emit(Part.EMAIL_CHILD)
    qtbot.waitUntil(lambda: isinstance(shown := page.loop.shown, EmailPreview) and bool(shown.images), timeout=WITHIN)
    assert isinstance(page.loop.shown, EmailPreview)
    assert len(page.loop.shown.images) == 2, "the code and the front"
    wanted = to_sending(screen, qtbot, EMAILS)
    ended = start(screen, answering)
    qtbot.waitUntil(lambda: bool(ended), timeout=WITHIN)

    messages = [message_from_bytes(path.read_bytes(), policy=default) for path in boxes.mail.letters()]
    assert len(messages) == wanted
    links = set()
    for message in messages:
        plain, html = message.get_body(("plain",)), message.get_body(("html",))
        assert plain is not None
        assert html is not None
        words, page_of_it = plain.get_content(), html.get_content()
        pictures = {str(part["Content-ID"])[1:-1]: part for part in message.walk() if part["Content-ID"]}
        assert set(re.findall(r'src="cid:([^"]+)"', page_of_it)) == set(pictures)
        sizes = {cid: Image.open(BytesIO(part.get_content())).size for cid, part in pictures.items()}
        assert (300, 120) in sizes.values()
        (code,) = zxingcpp.read_barcodes(
            Image.open(BytesIO(next(pictures[cid].get_content() for cid, size in sizes.items() if size != (300, 120))))
        )
        assert code.text in words
        assert "Identifiant de cabinet" in words
        assert "[La façade du cabinet]" in words
        assert "salutations" in words
        links.add(code.text)
    assert len(links) == wanted, "each its own"


def test_a_mailing_that_is_stopped_is_found_again_at_the_next_start_and_ends_without_a_double(
    open_screen: OpenScreen, own_practice: Practice, boxes: LetterBoxes, qtbot: QtBot, answering: Answering
) -> None:
    slowly(own_practice, boxes, 900)
    screen = open_screen(own_practice)
    wanted = to_sending(screen, qtbot, EMAILS)
    ended = start(screen, answering)
    qtbot.waitUntil(lambda: bool(boxes.mail.letters()), timeout=WITHIN)
    answering(True)
    qtbot.mouseClick(screen.sending.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(ended), timeout=WITHIN)
    assert screen.sending.title.text() == "Envoi arrêté"
    waiting = ended[0].picture.waiting
    assert 0 < waiting < wanted
    assert len(boxes.mail.letters()) == wanted - waiting

    write_settings(boxes.settings(), own_practice.desk().settings_file)
    again = open_screen(own_practice)
    qtbot.mouseClick(again.model.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: again.recipients.chosen is not None, timeout=WITHIN)
    assert f"envoi en attente\u00a0: {waiting}" in again.recipients.left_out.text(), "nobody is in two mailings"
    qtbot.waitUntil(again.notice.isVisible, timeout=WITHIN)
    assert again.notice.text.startswith(f"Un envoi a été interrompu\u00a0: {waiting}\u00a0messages attendent de partir")
    push(again.notice.button)
    qtbot.waitUntil(again.sending.go_on.isVisible, timeout=WITHIN)
    resumed: list[Ended] = []
    again.errands.run.ended.connect(resumed.append)
    push(again.sending.go_on)
    qtbot.waitUntil(lambda: bool(resumed), timeout=WITHIN)

    assert len(boxes.mail.letters()) == wanted
    assert len({path.read_bytes() for path in boxes.mail.letters()}) == wanted
    assert find_interrupted(own_practice.desk()) is None


def test_what_waits_can_be_abandoned_and_its_recipients_written_to_again(
    open_screen: OpenScreen, own_practice: Practice, boxes: LetterBoxes, qtbot: QtBot, answering: Answering
) -> None:
    slowly(own_practice, boxes, 900)
    screen = open_screen(own_practice)
    to_sending(screen, qtbot, EMAILS)
    ended = start(screen, answering)
    qtbot.waitUntil(lambda: bool(boxes.mail.letters()), timeout=WITHIN)
    answering(True)
    qtbot.mouseClick(screen.sending.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(ended), timeout=WITHIN)
    waiting = ended[0].picture.waiting
    titles = answering(True)
    push(screen.sending.abandon)
    assert titles == [f"Abandonner {waiting}\u00a0messages en attente\u00a0?"]
    qtbot.waitUntil(lambda: not screen.sending.go_on.isVisible(), timeout=WITHIN)
    assert find_interrupted(own_practice.desk()) is None
    assert pending(own_practice.desk()) == {}


def test_letters_are_written_and_the_code_on_them_opens_the_first_visit(
    own_screen: MailingScreen, own_practice: Practice, qtbot: QtBot, answering: Answering, tmp_path: Path
) -> None:
    screen, file = own_screen, tmp_path / "lettres.pdf"
    wanted = to_sending(screen, qtbot, LETTERS)
    screen.sending.paper.place.setText(str(file))
    screen.sending.paper.cards.setChecked(True)
    ended = start(screen, answering)
    qtbot.waitUntil(lambda: bool(ended), timeout=WITHIN)

    assert ended[0].papers.letters is not None
    assert ended[0].papers.letters.papers >= wanted
    assert file.with_name("lettres - fiches d’accès.pdf").exists()
    assert screen.sending.print.isVisible()
    document = QPdfDocument()
    document.load(str(file))
    assert document.pageCount() == ended[0].papers.letters.papers
    link = code_on(document.render(0, QSize(1240, 1754)))
    assert link.startswith(own_practice.portal.address)
    number = document.getAllText(0).text().split("Dossier n° ")[1].split()[0]
    dossier = screen._context.board.dossiers[number]
    assert dossier.patient.birth_date is not None
    with Visitor(own_practice.portal.address) as browser:
        path = link.removeprefix(own_practice.portal.address)
        browser.submit(path, then=WELCOME, birth_date=f"{dossier.patient.birth_date:%d%m%Y}")
        browser.submit(WELCOME, then=APPOINTMENTS, new_password="violon-marguerite-orage", email="p@exemple.fr")
    with own_practice.desk().portal() as portal:
        informed = [one.informed.medium for one in portal.desk.accounts() if one.informed is not None]
    assert Medium.LETTER in informed or Medium.CARD in informed


def test_letters_are_bound_for_a_mail_house_with_their_envelopes_and_the_refused_ones_are_kept_for_later(
    own_practice: Practice,
    open_screen: OpenScreen,
    boxes: LetterBoxes,
    qtbot: QtBot,
    answering: Answering,
    *,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    write_settings(boxes.settings(), own_practice.desk().settings_file)
    contacts = own_practice.folder / "export" / "destinataires.csv"
    whole = contacts.read_bytes()
    broken = re.findall(rb"\n([^;]+);1;[^\n]*;21000;", whole)[:2]
    for number in broken:
        contacts.write_bytes(re.sub(rb"(\n" + number + rb";1;[^\n]*);21000;", rb"\1;;", contacts.read_bytes()))
    screen = open_screen(own_practice)
    wanted = to_sending(screen, qtbot, LETTERS)
    page, options = screen.sending, screen.sending.paper
    assert screen.check.checked is not None
    refused = {number for one in screen.check.checked.refused for number in one.numbers}
    assert refused > {number.decode() for number in broken}, "the demo has addresses that are too long"
    assert page.refused.text.startswith(f"{len(refused)}\u00a0lettres refusées. ")
    assert "il manque le code postal" in page.refused.text

    options.propose(tmp_path / "lettres.pdf")
    options.binding.setCurrentText("Lots de 20 pages")
    assert options.place.text() == str(tmp_path / "lettres")
    options.mail_house.setChecked(True)
    options.envelopes.setCurrentText("C5")
    assert options.place.text() == str(tmp_path / "lettres.zip")
    ended = start(screen, answering)
    qtbot.waitUntil(lambda: bool(ended), timeout=WITHIN)
    with zipfile.ZipFile(tmp_path / "lettres.zip") as archive:
        names = archive.namelist()
        table = archive.read("destinataires.csv").decode("utf-8-sig").splitlines()
    assert "LISEZ-MOI.txt" in names
    assert sum(name.startswith("lot ") for name in names) == -(-wanted // 20)
    assert len(table) == wanted + 1
    document = QPdfDocument()
    document.load(str(tmp_path / "lettres - enveloppes.pdf"))
    assert document.pageCount() == wanted
    assert (page.folder.isVisible(), page.open.isVisible(), page.print.isVisible()) == (True, False, False)

    def later(dialog: RefusedDialog) -> None:
        assert dialog.windowTitle() == f"{len(refused)}\u00a0lettres refusées"
        qtbot.mouseClick(dialog.later, Qt.MouseButton.LeftButton)

    monkeypatch.setattr(RefusedDialog, "exec", later)
    push(page.refused.button)
    qtbot.waitUntil(lambda: read_later(own_practice.state_dir) is not None, timeout=WITHIN)

    contacts.write_bytes(whole)
    again = open_screen(own_practice)
    assert again.sending.paper.printing == options.printing, "the choices of the last mailing"
    qtbot.waitUntil(again.notice.isVisible, timeout=WITHIN)
    assert again.notice.text.startswith(f"{len(refused)}\u00a0lettres refusées attendent depuis le ")
    push(again.notice.button)
    qtbot.waitUntil(lambda: again.check.checked is not None, timeout=WITHIN)
    assert again.check.checked is not None
    assert {one.numbers[0] for one in again.check.checked.selection.recipients} == refused
    assert {one.numbers[0].encode() for one in again.check.checked.sendable} == set(broken), "they were corrected"


def code_on(page: QImage) -> str:
    """What the QR code of a page says."""
    page = page.convertToFormat(QImage.Format.Format_RGB888)
    picture = Image.frombytes(
        "RGB", (page.width(), page.height()), bytes(page.constBits()), "raw", "RGB", page.bytesPerLine()
    )
    (found,) = zxingcpp.read_barcodes(picture)
    return str(found.text)


def test_a_server_that_is_away_says_so_and_everything_stays_ready(
    open_screen: OpenScreen, own_practice: Practice, boxes: LetterBoxes, qtbot: QtBot, answering: Answering
) -> None:
    settings = boxes.settings()
    nobody = msgspec.structs.replace(settings.smtp, port=9)
    write_settings(msgspec.structs.replace(settings, smtp=nobody), own_practice.desk().settings_file)
    screen = open_screen(own_practice)
    wanted = to_sending(screen, qtbot, EMAILS)
    ended = start(screen, answering)
    qtbot.waitUntil(lambda: bool(ended), timeout=WITHIN)

    assert screen.sending.title.text() == "Envoi à reprendre"
    assert screen.sending.notice.text.startswith("Le serveur d’envoi 127.0.0.1 ne peut pas être joint.")
    assert ended[0].picture.waiting == wanted
    assert boxes.mail.letters() == []
    write_settings(settings, own_practice.desk().settings_file)
    push(screen.sending.go_on)
    qtbot.waitUntil(lambda: len(ended) == 2, timeout=WITHIN)
    assert len(boxes.mail.letters()) == wanted


def test_without_a_sender_the_screen_says_it_before_leads_to_the_settings_and_knows_what_was_set_up_there(
    open_screen: OpenScreen,
    practice: Practice,
    boxes: LetterBoxes,
    qtbot: QtBot,
    navigated: list[tuple[str, object]],
) -> None:
    screen = open_screen(practice)
    to_sending(screen, qtbot, FIRST_FITS)
    assert screen.sending.notice.text.startswith("L’envoi des e-mails et SMS n’est pas réglé sur ce poste")
    assert screen.sending.title.text() == "Rien à envoyer"
    assert not screen.sending.start.isVisible()
    push(screen.sending.notice.button)
    assert navigated == [("setup", "senders")]

    write_settings(boxes.settings(), practice.desk().settings_file)
    screen.shown()
    qtbot.waitUntil(screen.sending.start.isVisible, timeout=WITHIN)
    assert not screen.sending.notice.isVisible()
    assert screen.sending.title.text() == "Prêt à envoyer"


def test_an_sms_whose_fate_is_unknown_is_sent_again_only_by_a_person(
    open_screen: OpenScreen, own_practice: Practice, boxes: LetterBoxes, qtbot: QtBot, answering: Answering
) -> None:
    settings = boxes.settings()
    with Gateway(breaks="close") as gateway:
        silent = msgspec.structs.replace(settings.sms, url=gateway.url)
        write_settings(msgspec.structs.replace(settings, sms=silent), own_practice.desk().settings_file)
        screen = open_screen(own_practice)
        wanted = to_sending(screen, qtbot, SMS)
        ended = start(screen, answering)
        qtbot.waitUntil(lambda: bool(ended), timeout=WITHIN)
        assert len(gateway.asked) == wanted
    assert ended[0].picture.counts[ChannelKind.SMS].unknown == wanted
    assert screen.sending.filter.part("unknown").text() == f"À vérifier ({wanted})"
    assert not screen.sending.go_on.isVisible()

    write_settings(settings, own_practice.desk().settings_file)
    screen.sending.table.selectRow(0)
    row = screen.sending.table.selected_row()
    assert row is not None
    titles = answering(True)
    push(screen.sending.again)
    assert titles == [f"Renvoyer 1 message à {row.recipient}\u00a0?"]
    qtbot.waitUntil(screen.sending.go_on.isVisible, timeout=WITHIN)
    push(screen.sending.go_on)
    qtbot.waitUntil(lambda: len(ended) == 2, timeout=WITHIN)
    assert len(boxes.sms.messages()) == 1
    assert ended[1].picture.counts[ChannelKind.SMS].unknown == wanted - 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_wrong_password_is_a_sentence_and_everything_stays_ready(
    open_screen: OpenScreen, own_practice: Practice, boxes: LetterBoxes, qtbot: QtBot, answering: Answering
) -> None:
    def refuse(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    server = Controller(
        Sink(), hostname=HOST, port=free_port(), authenticator=refuse, auth_required=True, auth_require_tls=False
    )
    server.start()
    try:
        settings = boxes.settings()
        smtp = msgspec.structs.replace(settings.smtp, port=server.port, user="cabinet")
        write_settings(msgspec.structs.replace(settings, smtp=smtp), own_practice.desk().settings_file)
        screen = open_screen(own_practice)
        wanted = to_sending(screen, qtbot, EMAILS)
        ended = start(screen, answering)
        qtbot.waitUntil(lambda: bool(ended), timeout=WITHIN)
    finally:
        server.stop()
    said = screen.sending.notice.text
    assert said.startswith("Le serveur d’envoi 127.0.0.1 refuse le nom d’utilisateur ou le mot de passe")
    assert said.endswith("Le reste est prêt à partir.")
    assert ended[0].picture.waiting == wanted
    assert screen.sending.go_on.isVisible()


_KILLED = """
import datetime, os, signal, sys
from pathlib import Path
from app.desk.desk import Desk
from app.desk.mailing import choose, new_campaign
from app.board import Connection
from app.mailing.sending import Picture, Plan, carry_out
from merge.campaign import Control
from merge.outbox import Draft
from merge.recipients import ChannelKind, Choice
from sync.cancel import CancelToken

desk = Desk(Path(sys.argv[1]), Path(sys.argv[2]))
dossiers = desk.read_source().dossiers
with desk.portal() as portal:
    accounts = portal.desk.accounts()
selection = choose(dossiers, accounts, Choice(order=(ChannelKind.EMAIL,)), datetime.date.today(), ())

def tell(picture: Picture) -> None:
    if picture.settled >= 3:
        os.kill(os.getpid(), signal.SIGKILL)

print(len(selection.recipients), flush=True)
carry_out(desk, Plan(new_campaign(), selection.recipients, desk.base / "modeles"), Control(), tell, CancelToken())
"""


def test_a_program_that_was_killed_goes_on_where_it_was(
    open_screen: OpenScreen, own_practice: Practice, boxes: LetterBoxes, qtbot: QtBot
) -> None:
    slowly(own_practice, boxes, 600)
    command = [sys.executable, "-c", _KILLED, str(own_practice.config_file), str(own_practice.state_dir)]
    killed = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    wanted, arrived = int(killed.stdout), len(boxes.mail.letters())
    assert 3 <= arrived < wanted

    write_settings(boxes.settings(), own_practice.desk().settings_file)
    screen = open_screen(own_practice)
    qtbot.waitUntil(screen.notice.isVisible, timeout=WITHIN)
    push(screen.notice.button)
    qtbot.waitUntil(screen.sending.go_on.isVisible, timeout=WITHIN)
    ended: list[Ended] = []
    screen.errands.run.ended.connect(ended.append)
    push(screen.sending.go_on)
    qtbot.waitUntil(lambda: bool(ended), timeout=WITHIN)

    count = ended[0].picture.counts[ChannelKind.EMAIL]
    assert count.sent + count.unknown == wanted
    assert len(boxes.mail.letters()) == wanted


def test_without_the_portal_only_letters_are_written_and_it_is_said_before(
    screen: MailingScreen, practice: Practice, qtbot: QtBot, answering: Answering, tmp_path: Path
) -> None:
    to_recipients(screen, qtbot, LETTERS)
    to_check(screen, qtbot)
    screen._context.board.connection = Connection.OFFLINE
    qtbot.mouseClick(screen.check.next, Qt.MouseButton.LeftButton)
    assert screen.sending.notice.text.startswith("Le portail ne répond pas\u00a0: seules les lettres")
    file = tmp_path / "lettres.pdf"
    screen.sending.paper.place.setText(str(file))
    ended = start(screen, answering)
    qtbot.waitUntil(lambda: bool(ended), timeout=WITHIN)
    document = QPdfDocument()
    document.load(str(file))
    assert ended[0].papers.letters is not None
    assert document.pageCount() == ended[0].papers.letters.papers > 10
    assert find_interrupted(practice.desk()) is None


def test_a_file_that_a_dead_program_was_writing_is_settled_by_a_person(practice: Practice) -> None:
    desk = practice.desk()
    drafts = [Draft(f"papier{n}", "letter", (str(n),), "Jeanne", "", b"", (f"{n:032x}",)) for n in range(3)]
    with open_outbox(desk.state_dir, desk.config.cabinet, desk.store()) as outbox:
        outbox.begin("c", drafts)
    found = find_interrupted(desk)
    assert found is not None
    assert (found.ready, found.unknown) == (0, 3)
    assert pending(desk) == {}
    (row,) = journal_rows(look_at(desk, "c"), ZoneInfo("Europe/Paris"))
    assert (row.recipient, row.is_paper, row.can_confirm) == ("3\u00a0lettres", True, True)

    confirm_sent(desk, "c", row.ids[:1])
    ended = give_up(desk, "c", row.ids[1:])
    assert (ended.counts[ChannelKind.LETTER].sent, ended.counts[ChannelKind.LETTER].failed) == (1, 2)
    assert find_interrupted(desk) is None

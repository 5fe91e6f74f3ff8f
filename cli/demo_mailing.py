"""The demo's mail: a campaign by e-mail, SMS and letter, more letters, cards; then a link that arrived is followed."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import msgspec

from app.desk.desk import Desk
from app.desk.mailing import Mailing, choose, look_over, new_campaign, prepare, print_letters, send, without_blocked
from app.desk.office import Office, open_office
from app.desk.printing import PaperFormat, PrintReport, paper_recipients
from cabinet.dossier import Dossier
from cabinet.errors import WebOrthoError
from cli.letter_box import MailBox, SmsBox
from cli.visitor import Visitor
from merge.campaign import Control
from merge.findings import Gravity
from merge.letters.output.order import Order, in_order
from merge.outbox import State
from merge.recipients import ChannelKind, Choice, Recipient
from portal.pages import addresses

Step = Callable[[str], AbstractContextManager[None]]
"""A step by its French name, as `Journey.step` times it."""
_LINK = re.compile(r"http://[^\s/]+(/activer/\S+)")


class MailFailed(WebOrthoError):
    """Something did not arrive, or could not be printed, as the demo shows it."""


class MailResult(msgspec.Struct, frozen=True):
    """What was sent and printed, and where it is. Folders and files are absolute paths."""

    emails: int
    email_folder: str
    sms: int
    sms_folder: str
    letters: int
    letters_file: str
    word_letters: int
    word_letters_file: str
    cards: int
    cards_file: str
    verified: int
    """Codes and links that the portal confirmed before anything left."""
    refused: tuple[str, ...]
    """Sentences on who got nothing: the demo's export holds addresses that no envelope takes."""
    followed: str
    """The patient whose e-mailed link was followed to a chosen password."""


def mail(
    desk: Desk, folder: Path, boxes: tuple[MailBox, SmsBox], step: Step, *, password: str, spared: frozenset[str]
) -> MailResult:
    """Write to the whole cabinet but the `spared` numbers, who came already or are still to come.

    `password` is what the patient chooses who follows a link. Raise `WebOrthoError`.
    """
    letter_box, sms_box = boxes
    folder.mkdir()
    dossiers = desk.read_source().dossiers
    written_to = tuple(dossier for dossier in dossiers if dossier.number not in spared)
    with open_office(desk) as office:
        with step("Campagne : préparation et contrôle des accès"):
            mailing, blocked = _decided(office, written_to)
            ready = prepare(office, mailing, dt.datetime.now(office.zone))
        with step("E-mails et SMS"):
            sent = send(office, mailing.campaign, control=Control())
            if sent.counts[State.SENT] != ready.added:
                raise MailFailed(
                    f"{ready.added} messages étaient prêts, {sent.counts[State.SENT]} sont partis.",
                    "Le journal des envois dit pourquoi.",
                )
        letters = office.texts.letters(office.settings)
        with step("Lettres de la campagne (Word)"):
            word = print_letters(office, mailing, letters, folder / "lettres.docx", form=PaperFormat.DOCX)
        with step("Lettres à tous les autres (PDF)"):
            others = tuple(one for one in mailing.recipients if one.channel is not ChannelKind.LETTER)
            on_paper = paper_recipients(dossier for one in others for dossier in one.dossiers)
            pdf = office.press.letters(in_order(Order.POSTCODE, on_paper), letters, folder / "lettres.pdf")
        with step("Cartes d’accès et affiche"):
            cards = office.press.cards(paper_recipients(written_to), folder / "cartes.pdf")
            office.press.poster(folder / "affiche.pdf")
    with step("Première visite par le lien reçu"):
        followed = _follow(desk.config.portal, letter_box.letters()[0], mailing.recipients, password)
    return MailResult(
        emails=len(letter_box.letters()),
        email_folder=str(letter_box.folder),
        sms=len(sms_box.messages()),
        sms_folder=str(sms_box.folder),
        letters=pdf.papers,
        letters_file=str(pdf.path),
        word_letters=word.papers,
        word_letters_file=str(word.path),
        cards=cards.papers,
        cards_file=str(cards.path),
        verified=ready.verified.valid + sum(report.verified for report in (pdf, word, cards)),
        refused=tuple(dict.fromkeys((*blocked, *_refused(pdf, word, cards)))),
        followed=followed,
    )


def _decided(office: Office, dossiers: tuple[Dossier, ...]) -> tuple[Mailing, tuple[str, ...]]:
    """The campaign as a receptionist would decide it, without what the check blocks; and what it said of those."""
    accounts = office.ledger.client.accounts()
    selection = choose(dossiers, accounts, Choice(), office.setting.today, office.settings.opted_out)
    texts = office.texts.texts(office.settings)
    report = look_over(office, selection, texts, office.texts.letters(office.settings), accounts=accounts)
    blocked = tuple(found.detail for found in report.findings if found.gravity is Gravity.BLOCKING)
    return Mailing(without_blocked(selection, report), texts, new_campaign()), blocked


def _refused(*reports: PrintReport) -> Iterator[str]:
    for report in reports:
        yield from (problem.sentence for problem in report.refused)


def _follow(portal: str, letter: Path, recipients: tuple[Recipient, ...], password: str) -> str:
    """Open the link of an e-mail that arrived, as its reader would; the patient's number."""
    message = message_from_bytes(letter.read_bytes(), policy=default)
    body = message.get_body(("plain",))
    found = _LINK.search(str(body.get_content())) if body else None
    dossier = next((one.dossiers[0] for one in recipients if one.address and one.address in str(message["To"])), None)
    if found is None or dossier is None or dossier.patient.birth_date is None:
        raise MailFailed(f"L’e-mail {letter} n’a pas de lien à suivre.", "Ouvrez-le dans un éditeur de texte.")
    with Visitor(portal) as browser:
        browser.submit(found[1], then=addresses.WELCOME, birth_date=f"{dossier.patient.birth_date:%d%m%Y}")
        browser.submit(
            addresses.WELCOME,
            then=addresses.APPOINTMENTS,
            new_password=password,
            email=str(message["To"].addresses[0].addr_spec),
        )
    return dossier.number

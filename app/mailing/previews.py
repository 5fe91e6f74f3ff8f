"""What one record's letter, e-mail or SMS will be, for the screen: by the same code as what leaves the house."""

import datetime as dt
import io
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from app.desk.issuer import sample_words
from app.mailing.library import Part
from cabinet.dossier import Addressee, Dossier, Patient
from merge.emails.message import EmailComposer, EmailTemplate, Sender, compile_email
from merge.letters.composer import Composer, Letter
from merge.letters.fonts import FontBook
from merge.letters.html import letter_email
from merge.letters.model import LetterSet, LetterTemplate
from merge.letters.pdf import LetterPress
from merge.letters.pictures import PictureShelf
from merge.letters.sheet import Sheet
from merge.letters.stream import StreamedCanvas
from merge.preparing import Setting, record_for
from merge.recipients import ChannelKind, Choice, Filters, Recipient, select
from merge.record import CabinetFacts, IssuedSecret, MergeRecord
from merge.sms.segments import Measure, measure, replacement
from merge.sms.text import compose_sms
from merge.template import compile_template
from merge.texts import Audience, EmailText, audience_of
from portal.pages.settings import FirstAccess

_PREVIEW_ID = "apercu"


@dataclass(frozen=True)
class LetterPreview:
    pdf: bytes
    """The letter's pages; empty where it is refused."""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class EmailPreview:
    to: str
    subject: str
    text: str
    html: str
    problems: tuple[str, ...] = ()
    """Values that are missing: the texts show the field in their place."""
    images: Mapping[str, bytes] = field(default_factory=dict)
    """Pictures of the HTML, by what stands after « cid: » there."""


@dataclass(frozen=True)
class Offending:
    """A character that makes the whole SMS dearer."""

    sign: str
    offered: str | None
    """What would stand for it, None where nothing can."""


@dataclass(frozen=True)
class SmsPreview:
    to: str
    text: str
    """As it would be sent, with safe characters in the place of dear ones."""
    measure: Measure
    offending: tuple[Offending, ...] = ()
    """Characters of the text as typed that are not in the GSM alphabet."""
    problems: tuple[str, ...] = ()


Preview = LetterPreview | EmailPreview | SmsPreview


class Previewer:
    """Keeps fonts and the last letter's layout: a keystroke costs one layout. Safe in any thread, one at a time."""

    def __init__(self, setting: Setting, first_access: FirstAccess, sender: Sender) -> None:
        self.setting = setting
        self._first_access = first_access
        self._sender = sender
        self._emails: EmailComposer | None = None
        self._fonts: FontBook | None = None
        self._composer: tuple[LetterTemplate, Composer] | None = None
        self._shelf = PictureShelf()
        self._lock = threading.Lock()

    def record(self, recipient: Recipient) -> MergeRecord:
        """With secrets that visibly are none."""
        link = f"https://{self.setting.cabinet.site}/activer/EXEMPLE"
        secrets = {one: IssuedSecret(sample_words(self._first_access, one.number), link) for one in recipient.wanted}
        return record_for(recipient, self.setting, secrets)

    def letter(self, template: LetterTemplate, recipient: Recipient, folder: Path) -> LetterPreview:
        """The pages as they would be printed; the letter's pictures lie in `folder`.

        Raise `TemplateError` for an unknown field, `PictureError` for a picture that cannot be printed.
        """
        with self._lock:
            composer = self._composer_of(template, folder)
            composed = composer.compose(self.record(recipient))
            if not isinstance(composed, Letter):
                return LetterPreview(b"", tuple(problem.sentence for problem in composed))
            return LetterPreview(_pages(composed, composer))

    def email(self, text: EmailText, recipient: Recipient) -> EmailPreview:
        """Raise `TemplateError` for an unknown field, `EmailAddressError` for an impossible sender."""
        return self._email(compile_email(text), recipient)

    def letter_email(self, subject: str, letter: LetterTemplate, recipient: Recipient, folder: Path) -> EmailPreview:
        """The letter itself as an e-mail; its pictures lie in `folder`. Raises as `email` and `letter`."""
        return self._email(letter_email(letter, self._shelf.pictures(folder, letter.pictures()), subject), recipient)

    def _email(self, template: EmailTemplate, recipient: Recipient) -> EmailPreview:
        with self._lock:
            record = self.record(recipient)
            if self._emails is None:
                self._emails = EmailComposer(self._sender)
            subject, body = template.subject.merge(record), template.body.merge(record)
            problems = tuple(dict.fromkeys(problem.sentence for problem in (*subject.problems, *body.problems)))
            if problems:
                html = self._emails.html(body, subject.preview)
                return EmailPreview(recipient.address, subject.preview, body.preview, html, problems)
            message = self._emails.compose(template, record, _PREVIEW_ID, dt.datetime.now(dt.UTC))
            return EmailPreview(recipient.address, message["Subject"], *_contents(message), images=_images(message))

    def sms(self, text: str, recipient: Recipient) -> SmsPreview:
        """Raise `TemplateError` for an unknown field."""
        template = compile_template(text)
        record = self.record(recipient)
        merged = template.merge(record)
        if merged.problems:
            text = merged.preview
            problems = tuple(problem.sentence for problem in merged.problems)
            return SmsPreview(recipient.address, text, measure(text), problems=problems)
        sms = compose_sms(template, record)
        typed = compose_sms(template, record, replace=False)
        offending = tuple(Offending(sign, replacement(sign)) for sign in typed.measure.offending)
        return SmsPreview(recipient.address, sms.text, sms.measure, offending)

    def _composer_of(self, template: LetterTemplate, folder: Path) -> Composer:
        pictures = self._shelf.pictures(folder, template.pictures())
        if self._composer is None or self._composer[0] is not template:
            self._fonts = FontBook() if self._fonts is None else self._fonts
            self._composer = (template, Composer(LetterSet(template, template, pictures), self._fonts))
        return self._composer[1]


def _pages(letter: Letter, composer: Composer) -> bytes:
    record, file = letter.record, io.BytesIO()
    title, author = letter.layout.template.title, record.cabinet.name
    canvas = StreamedCanvas(file, title=title, author=author, day=record.today)
    LetterPress(Sheet(canvas, composer.fonts)).print(letter)
    canvas.save()
    return file.getvalue()


def _contents(message: EmailMessage) -> tuple[str, str]:
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    return (str(plain.get_content()) if plain else "", str(html.get_content()) if html else "")


def _images(message: EmailMessage) -> dict[str, bytes]:
    """By their Content-ID, without its brackets (RFC 2392)."""
    return {str(part["Content-ID"]).strip("<>"): part.get_content() for part in message.walk() if part["Content-ID"]}


def recipients_for(part: Part, dossiers: Iterable[Dossier], today: dt.date) -> tuple[Recipient, ...]:
    """Those whom a text may be shown for: everybody whom it speaks to, whether or not they are written to this time.

    Where the cabinet's data hold nobody, somebody invented: a text can be written before the first export is read.
    """
    channel = part.channel
    family = part.audience is Audience.FAMILY
    choice = Choice(Filters(never_informed=False), (channel,), group_households=family)
    found = [
        recipient for recipient in select(dossiers, choice, today).recipients if _speaks_to(part, recipient, today)
    ]
    return tuple(found) or (_invented(part),)


def _speaks_to(part: Part, recipient: Recipient, today: dt.date) -> bool:
    if part is Part.SMS:
        return True
    facts = Setting(_NO_CABINET, today)
    return audience_of(record_for(recipient, facts, {})) is part.audience


_NO_CABINET = CabinetFacts(code="", name="", site="", sign_in_url="")


def _invented(part: Part) -> Recipient:
    names = ("Lina", "Hugo") if part.audience is Audience.FAMILY else ("Lina",)
    first_name = "Lina" if part.audience is Audience.ADULT else "Jeanne"
    addressee = Addressee(
        civility="Madame",
        last_name="SPÉCIMEN",
        first_name=first_name,
        address_1="3 rue de l’Exemple",
        postcode="21000",
        city="DIJON",
        email="jeanne@exemple.fr",
        mobile="06 39 98 12 34",
    )
    dossiers = tuple(
        Dossier(Patient(f"531{2 + place}", "", "SPÉCIMEN", name, dt.date(2012, 4, 15)), (addressee,))
        for place, name in enumerate(names)
    )
    address = {ChannelKind.EMAIL: addressee.email, ChannelKind.SMS: "+33639981234"}.get(part.channel, "")
    return Recipient(addressee, dossiers, part.channel, address)

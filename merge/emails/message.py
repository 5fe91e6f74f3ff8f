"""A merged text -> an e-mail: plain text and responsive HTML, with headers that no value can add to.

RFC 5322 (headers), RFC 2369 and RFC 8058 (List-Unsubscribe), RFC 3834 (Auto-Submitted). The message is 7-bit clean, so
every server takes it as it is.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol

from jinja2 import Environment, PackageLoader

from cabinet.errors import WebOrthoError
from cabinet.values import clean
from merge.fields import BY_NAME, Field, FieldKind, link_target
from merge.merging import Merged, RecordProblem, Span, Template
from merge.record import MergeRecord
from merge.template import compile_template
from merge.texts import EmailText

_PERSONAL_LINK = BY_NAME["LIEN"]


class EmailAddressError(WebOrthoError):
    """An address that no message can be written to or from."""


@dataclass(frozen=True)
class Sender:
    """Who the cabinet's e-mails come from."""

    name: str
    address: str
    reply_to: str = ""
    unsubscribe_url: str = ""
    """An https address that takes a POST (RFC 8058), with `{id}` where the delivery's own id goes, or ""."""


class MergedRich(Protocol):
    """A body that is more than text: `templates/emails/letter.html` shows it."""

    @property
    def problems(self) -> tuple[RecordProblem, ...]: ...

    @property
    def text(self) -> str: ...

    @property
    def preview(self) -> str: ...

    @property
    def images(self) -> Mapping[str, bytes]:
        """PNG pictures that go with the message, by name."""
        ...


class RichBody(Protocol):
    """A body with tables and pictures (`merge.letters.html`)."""

    @property
    def fields(self) -> frozenset[Field]: ...

    def merge(self, record: MergeRecord) -> MergedRich: ...


@dataclass(frozen=True)
class EmailTemplate:
    subject: Template
    body: Template | RichBody


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    href: str = ""
    code: bool = False


@dataclass(frozen=True, slots=True)
class _Paragraph:
    lines: tuple[tuple[_Piece, ...], ...]
    button: str = ""


def compile_email(text: EmailText) -> EmailTemplate:
    """Raise `TemplateError` for the subject or the body."""
    return EmailTemplate(compile_template(clean(text.subject)), compile_template(text.body))


class EmailComposer:
    """Makes messages; keeps the compiled layout, so that one composer serves a whole campaign."""

    def __init__(self, sender: Sender) -> None:
        environment = Environment(
            loader=PackageLoader("templates", "emails"), autoescape=True, trim_blocks=True, lstrip_blocks=True
        )
        self._layout = environment.get_template("layout.html")
        self._letter = environment.get_template("letter.html")
        self._sender = sender
        self._from = mailbox(sender.name, sender.address)
        self._reply_to = mailbox(sender.name, sender.reply_to) if sender.reply_to else None

    def compose(self, template: EmailTemplate, record: MergeRecord, message_id: str, now: dt.datetime) -> EmailMessage:
        """The message of a record. `message_id` (letters, digits, hyphens) makes the Message-ID; `now` has a time zone.

        Raise `RecordBlockedError` where a required value is missing, `EmailAddressError` for an impossible address.
        """
        addressee = record.addressee
        subject = clean(template.subject.merge(record).text)
        merged = template.body.merge(record)
        message = EmailMessage(SMTP)
        message["Date"] = format_datetime(now)
        message["From"] = self._from
        message["To"] = mailbox(f"{addressee.first_name} {addressee.last_name}", addressee.email)
        if self._reply_to:
            message["Reply-To"] = self._reply_to
        message["Subject"] = subject
        message["Message-ID"] = f"<{message_id}@{self._from.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        unsubscribe = self._sender.unsubscribe_url.replace("{id}", message_id)
        if unsubscribe:
            message["List-Unsubscribe"] = f"<{unsubscribe}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(_plain(merged, unsubscribe), cte="quoted-printable")
        html = self.html(merged, subject, unsubscribe, message_id)
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        part = message.get_body(("html",))
        if part is not None and not isinstance(merged, Merged):
            for name, png in merged.images.items():
                part.add_related(png, "image", "png", cid=f"<{self._cid(name, message_id)}>")
        message["Content-Language"] = "fr"
        return message

    def html(self, merged: Merged | MergedRich, subject: str, unsubscribe: str = "", message_id: str = "") -> str:
        """The HTML part, also for the preview: values are escaped, the personal link is a button."""
        if isinstance(merged, Merged):
            return self._layout.render(
                subject=subject, cabinet=self._sender.name, paragraphs=_paragraphs(merged), unsubscribe=unsubscribe
            )
        cids = {name: self._cid(name, message_id) for name in merged.images}
        return self._letter.render(subject=subject, letter=merged, cids=cids, unsubscribe=unsubscribe)

    def _cid(self, name: str, message_id: str) -> str:
        """What a picture is called in its message (RFC 2392)."""
        return f"{name}.{message_id}@{self._from.domain}"


def mailbox(name: str, address: str) -> Address:
    """A header's address, in one line whatever the values hold; the domain in ASCII (IDNA).

    Raise `EmailAddressError` for what is no address.
    """
    local, _, domain = clean(address).rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
        local.encode("ascii")
        if not local or not ascii_domain:
            raise ValueError
        return Address(clean(name), addr_spec=f"{local}@{ascii_domain}")
    except (ValueError, IndexError, MessageError) as error:  # all of these are the library's ways to say no
        raise EmailAddressError(
            f"« {clean(address)} » n’est pas une adresse e-mail.", "Corrigez-la dans le logiciel du cabinet."
        ) from error


def _plain(merged: Merged | MergedRich, unsubscribe: str) -> str:
    text = merged.text.strip("\n") + "\n"
    return f"{text}\n-- \nNe plus recevoir ces annonces : {unsubscribe}\n" if unsubscribe else text


def _paragraphs(merged: Merged) -> list[_Paragraph]:
    """Paragraphs stand between empty lines; a personal link alone on its line is a button."""
    paragraphs: list[_Paragraph] = []
    lines: list[tuple[_Piece, ...]] = []

    def close() -> None:
        if lines:
            paragraphs.append(_Paragraph(tuple(lines)))
            lines.clear()

    for spans in merged.lines:
        told = [span for span in spans if span.text.strip()]
        if len(told) == 1 and told[0].field is _PERSONAL_LINK and not told[0].missing:
            close()
            paragraphs.append(_Paragraph((), button=told[0].text))
        elif told:
            lines.extend(_lines(spans))
        else:
            close()
    close()
    return paragraphs


def _lines(spans: tuple[Span, ...]) -> list[tuple[_Piece, ...]]:
    """The lines of one typed line: a zone's value may hold several."""
    lines: list[list[_Piece]] = [[]]
    for span in spans:
        for index, text in enumerate(span.text.split("\n")):
            if index:
                lines.append([])
            lines[-1].append(_piece(span, text))
    return [tuple(line) for line in lines]


def _piece(span: Span, text: str) -> _Piece:
    kind = span.field.kind if span.field and not span.missing else FieldKind.TEXT
    if kind is FieldKind.LINK:
        return _Piece(text, href=link_target(text))
    return _Piece(text, code=kind is FieldKind.CODE)

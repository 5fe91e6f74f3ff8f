"""The portal's e-mails: French text from `templates/mail/`, as plain text and as simple HTML of the same sentences.

A template's first line is the subject; blank lines part the paragraphs; a paragraph that is exactly the letter's link
becomes a button. Values are inserted once: what a person wrote is never read as a template, and what would break a
header is refused by `email.message` or flattened here first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid, parseaddr
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

NO_BREAK_SPACE = "\u00a0"
MAX_SUBJECT = 150
"""Characters: longer subjects are cut by every mail program."""


class UnusableAddress(ValueError):
    """A letter's sender, recipient or address to answer to is not one e-mail address."""


@dataclass(frozen=True)
class Letter:
    template: str
    """Name of a file of `templates/mail/` without `.txt`."""
    to: str
    values: Mapping[str, str] = field(default_factory=dict)
    link: str = ""
    link_label: str = ""
    reply_to: str = ""


def compose(letter: Letter, *, cabinet_name: str, mail_from: str) -> EmailMessage:
    """The message as it is sent. Raise `UnusableAddress` for an address that is none."""
    _, sender = parseaddr(mail_from)
    subject, _, body = _written(letter, cabinet_name).partition("\n")
    message = EmailMessage(policy=SMTP)
    message["Subject"] = flat(subject)[:MAX_SUBJECT]
    message["From"] = _address(cabinet_name, sender)
    message["To"] = _address("", letter.to)
    if letter.reply_to:
        message["Reply-To"] = _address("", letter.reply_to)
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.strip() + "\n", cte="quoted-printable")
    message.add_alternative(_html(body, letter, cabinet_name), subtype="html", cte="quoted-printable")
    return message


def _written(letter: Letter, cabinet_name: str) -> str:
    values = {"cabinet": flat(cabinet_name), "link": letter.link, **letter.values}
    return _texts().get_template(f"{letter.template}.txt").render(values)


def _html(body: str, letter: Letter, cabinet_name: str) -> str:
    paragraphs = [part.strip("\n") for part in body.split("\n\n") if part.strip()]
    return (
        _pages()
        .get_template("layout.html")
        .render(paragraphs=paragraphs, link=letter.link, link_label=letter.link_label, cabinet=flat(cabinet_name))
    )


def _address(name: str, address: str) -> Address:
    """A header address; line breaks, accents and what is not one address are refused."""
    if not address.isascii():
        raise UnusableAddress
    try:
        return Address(display_name=flat(name), addr_spec=address)
    except (ValueError, MessageError, IndexError) as error:
        # The parser of the standard library has three ways to say so.
        raise UnusableAddress from error


def flat(text: str) -> str:
    """One line: control characters have no place in a header, nor paragraphs in a value. No-break spaces stay."""
    visible = "".join(sign if sign.isprintable() or sign == NO_BREAK_SPACE else " " for sign in text)
    return " ".join(word for word in visible.split(" ") if word)


@cache
def _texts() -> Environment:
    loader = PackageLoader("templates", "mail")
    return Environment(loader=loader, autoescape=False, undefined=StrictUndefined, trim_blocks=True)  # noqa: S701 - plain text


@cache
def _pages() -> Environment:
    loader = PackageLoader("templates", "mail")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)

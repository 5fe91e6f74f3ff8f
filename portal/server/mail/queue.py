"""Puts an e-mail in the queue, in the transaction of what caused it: a request never talks to a mail server."""

from email.message import EmailMessage

import msgspec
from django.conf import settings
from django.utils import timezone

from portal.server.cabinets.models import Cabinet
from portal.server.mail.letters import Letter, compose
from portal.server.mail.models import QueuedMail


class Envelope(msgspec.Struct, frozen=True):
    """What the mail server is told, beside the message itself."""

    sender: str
    recipient: str
    message: bytes
    """RFC 5322."""


def enqueue(cabinet: Cabinet, letter: Letter, number: str = "") -> QueuedMail:
    """Queue a letter of this cabinet, about this patient if any. Raise `UnusableAddress` for one that is none."""
    message = compose(letter, cabinet_name=cabinet.name, mail_from=settings.CONFIG.mail_from)
    sealed = seal(cabinet, enveloped(message))
    return QueuedMail.objects.create(cabinet=cabinet, number=number, sealed=sealed, due_at=timezone.now())


def enveloped(message: EmailMessage) -> Envelope:
    """Sender and recipient are the header's own, so that no other address can slip in between."""
    [sender] = message["From"].addresses
    [recipient] = message["To"].addresses
    return Envelope(sender.addr_spec, recipient.addr_spec, message.as_bytes())


def seal(cabinet: Cabinet, envelope: Envelope) -> bytes:
    return settings.SEALER.seal(cabinet.code, "mail", "", msgspec.msgpack.encode(envelope))


def unseal(mail: QueuedMail) -> Envelope:
    """Raise `SealBroken` for a row that was tampered with."""
    plain = settings.SEALER.open(mail.cabinet.code, "mail", "", bytes(mail.sealed))
    return msgspec.msgpack.decode(plain, type=Envelope)

"""What patients wrote, for the cabinet: the newest messages, what was read, and answers, each sent once."""

import datetime as dt

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.api import desk
from portal.api.desk import MessageState
from portal.server.accounts import audit
from portal.server.api.problems import Kind, Problem
from portal.server.cabinets.models import Cabinet, Device
from portal.server.cabinets.settings_store import current_settings
from portal.server.contact.messages import Written, opened
from portal.server.contact.models import Message
from portal.server.mail.letters import Letter, UnusableAddress
from portal.server.mail.queue import enqueue
from portal.server.patients.frame import local_time
from portal.server.sealing import SealBroken

LISTED = 300
DAMAGED = "Ce message est abîmé\u00a0: le portail ne peut plus le lire. Prévenez votre hébergeur."


class Answered(msgspec.Struct, frozen=True):
    """One answer, as it is kept."""

    body: str
    by_email: bool
    at: dt.datetime


def newest(cabinet: Cabinet) -> tuple[desk.Message, ...]:
    """The newest messages, opened, newest first."""
    rows = Message.objects.of(cabinet).select_related("cabinet").order_by("-created_at", "-pk")[:LISTED]
    return tuple(_shown(row) for row in rows)


def mark(cabinet: Cabinet, message: str, *, read: bool) -> None:
    """Raise `Problem` NOT_FOUND for a message that is not there, or another cabinet's."""
    found = Message.objects.of(cabinet).filter(pk=_key(message))
    if not found.update(read_at=timezone.now() if read else None):
        raise Problem(Kind.NOT_FOUND)


def answer(device: Device, message: str, given: desk.Answer) -> dt.datetime:
    """E-mail the answer, or keep the note of one by telephone; when that was. The same answer again changes nothing.

    Raise `Problem`: NOT_FOUND, NO_ADDRESS for an e-mail to somebody who gave no address, BAD_BODY for a blank answer.
    """
    if not given.body.strip():
        raise Problem(Kind.BAD_BODY)
    cabinet, now = device.cabinet, timezone.now()
    with transaction.atomic():
        # Two people who answer at once: the second one waits, and finds the first one's answer.
        row = Message.objects.of(cabinet).select_for_update().filter(pk=_key(message)).first()
        if row is None:
            raise Problem(Kind.NOT_FOUND)
        former = _answers(row)
        for one in former:
            if (one.body, one.by_email) == (given.body, given.by_email):
                return one.at
        if given.by_email:
            _send(cabinet, row, given.body)
        _keep(cabinet, row, (*former, Answered(given.body, given.by_email, now)))
        audit.record(cabinet, row.number, audit.Event.MESSAGE_ANSWERED, device.name)
    return now


def _send(cabinet: Cabinet, row: Message, body: str) -> None:
    written = opened(row)
    if not written.reply_to:
        raise Problem(Kind.NO_ADDRESS)
    try:
        enqueue(cabinet, _letter(cabinet, row, written, body), row.number)
    except UnusableAddress as error:
        raise Problem(Kind.NO_ADDRESS) from error


def _letter(cabinet: Cabinet, row: Message, written: Written, body: str) -> Letter:
    """The answer, without what the patient wrote: an e-mail is an open card, and they know what they asked."""
    values = {
        "subject": f"\u00a0: {written.subject}" if written.subject else "",
        "date": local_time(cabinet, row.created_at).strftime("%d/%m/%Y"),
        "answer": body.strip(),
    }
    return Letter("contact_answer", written.reply_to, values=values, reply_to=current_settings(cabinet).contact_email)


def _keep(cabinet: Cabinet, row: Message, answers: tuple[Answered, ...]) -> None:
    row.sealed_answer = settings.SEALER.seal(cabinet.code, "answer", row.number, msgspec.json.encode(answers))
    row.answered_at = answers[-1].at
    row.save(update_fields=["sealed_answer", "answered_at"])


def _answers(row: Message) -> tuple[Answered, ...]:
    if not row.sealed_answer:
        return ()
    plain = settings.SEALER.open(row.cabinet.code, "answer", row.number, bytes(row.sealed_answer))
    return msgspec.json.decode(plain, type=tuple[Answered, ...])


def _shown(row: Message) -> desk.Message:
    try:
        written, answers = opened(row), _answers(row)
    except SealBroken:
        written, answers = Written("", DAMAGED, ""), ()
    return desk.Message(
        id=f"{row.pk:032x}",
        number=row.number,
        at=row.created_at,
        state=_state(row),
        subject=written.subject,
        body=written.body,
        reply_to=written.reply_to,
        answer="\n\n".join(one.body for one in answers),
        answered_at=row.answered_at,
    )


def _state(row: Message) -> MessageState:
    if row.answered_at:
        return MessageState.ANSWERED
    return MessageState.READ if row.read_at else MessageState.UNREAD


def _key(message: str) -> int:
    return int(message, 16)

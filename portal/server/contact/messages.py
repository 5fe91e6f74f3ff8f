"""A patient's message: kept sealed for the cabinet, and e-mailed to it in the same transaction."""

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cabinet.dossier import Patient
from portal.pages.settings import PortalSettings
from portal.server.access import Reader
from portal.server.accounts.telling import tell
from portal.server.contact.models import Message
from portal.server.mail.letters import Letter
from portal.server.patients.frame import local_time

MAX_SUBJECT = 120
MAX_MESSAGE = 4000
"""Characters. A form that sends more was not ours, or its writer should call."""

EMPTY = "Écrivez votre message avant de valider."
TOO_LONG = f"Votre message est trop long. Limitez-le à {MAX_MESSAGE} caractères."


class Written(msgspec.Struct, frozen=True):
    """What the patient wrote, and where the answer goes ("" if there is no address)."""

    subject: str
    body: str
    reply_to: str


def problem_with(written: Written) -> str:
    """Why this message is not sent, or ""."""
    if not written.body.strip():
        return EMPTY
    return TOO_LONG if len(written.body) > MAX_MESSAGE else ""


def send(reader: Reader, patient: Patient, written: Written, chosen: PortalSettings) -> bool:
    """Keep the message and queue its e-mail; False if the same message was sent that day already.

    The cabinet's address must be set before a settings document is published; without one, or with one that
    no e-mail can go to, the message waits on the portal, where the cabinet reads it too.
    """
    cabinet = reader.cabinet
    sealed = settings.SEALER.seal(cabinet.code, "message", reader.number, msgspec.json.encode(written))
    with transaction.atomic():
        _, is_new = Message.objects.get_or_create(
            cabinet=cabinet,
            digest=_digest(reader, written),
            defaults={"number": reader.number, "sealed": sealed},
        )
        if is_new and chosen.contact_email:
            tell(cabinet, reader.number, _letter(patient, written, chosen.contact_email))
    return is_new


def opened(message: Message) -> Written:
    """The sealed message. Raise `SealBroken` for a row that was tampered with."""
    plain = settings.SEALER.open(message.cabinet.code, "message", message.number, bytes(message.sealed))
    return msgspec.json.decode(plain, type=Written)


def _digest(reader: Reader, written: Written) -> str:
    today = local_time(reader.cabinet, timezone.now()).date()
    content = f"{reader.cabinet.pk}/{reader.number}/{today}/{written.subject}\n{written.body}"
    return settings.SEALER.keyed_hash("message", content)


def _letter(patient: Patient, written: Written, to: str) -> Letter:
    name = " ".join(part for part in (patient.civility, patient.first_name, patient.last_name) if part)
    if written.reply_to:
        answer = f"Pour répondre, répondez à cet e-mail : votre réponse ira à {written.reply_to}."
    else:
        answer = "Ce patient n’a pas donné d’adresse e-mail : répondez-lui par téléphone ou au prochain rendez-vous."
    values = {
        "patient": name or "Un patient",
        "number": patient.number,
        "subject": f" : {written.subject}" if written.subject else "",
        "message": written.body.strip(),
        "answer": answer,
    }
    return Letter("contact_message", to, values=values, reply_to=written.reply_to)

"""Answers by e-mail to a first visit or a forgotten password: asked for in a request, decided outside of it.

The request writes one row whoever asks (`ask`); the worker then looks whether there is such a dossier (`answer_all`).
So neither what a request says nor how long it takes tells which accounts exist, and a mail server that is down
changes nothing.
"""

from collections.abc import Iterable
from contextlib import suppress

import msgspec
from django.conf import settings
from django.db import transaction

from cabinet.dossier import Dossier, DossierFormatError
from portal.pages import addresses
from portal.server import throttle
from portal.server.access import dossier_for_first_visit
from portal.server.accounts import audit, links
from portal.server.accounts.first_access import FirstAccessRule
from portal.server.accounts.identifiers import contact_hash, spellings
from portal.server.accounts.links import Purpose
from portal.server.accounts.models import Access, PendingAnswer
from portal.server.accounts.sessions import open_email
from portal.server.accounts.telling import tell
from portal.server.cabinets.models import Cabinet
from portal.server.cabinets.settings_store import current_settings
from portal.server.mail.letters import Letter
from portal.server.sealing import SealBroken

BATCH = 50


class Asked(msgspec.Struct, frozen=True):
    """What was typed."""

    number: str
    secret: str = ""


def ask(cabinet: Cabinet, purpose: Purpose, asked: Asked) -> None:
    """Keep the question for the worker."""
    plain = msgspec.json.encode(asked)
    sealed = settings.SEALER.seal(cabinet.code, "asked", purpose, plain)
    PendingAnswer.objects.create(cabinet=cabinet, purpose=purpose, sealed=sealed)


def forget(cabinet: Cabinet, number: str) -> None:
    """Delete the questions that may mean this dossier. They are sealed, and few: the worker answers every second."""
    for pending in PendingAnswer.objects.of(cabinet).select_related("cabinet"):
        # A damaged row is the worker's to find.
        with suppress(SealBroken, msgspec.DecodeError):
            if number in spellings(_asked(pending).number):
                PendingAnswer.objects.of(cabinet).filter(pk=pending.pk).delete()


def answer_all() -> int:
    """Answer what was asked, oldest first; how many questions. A chore of `mail.worker.run_forever`."""
    answered = 0
    for pending in PendingAnswer.objects.across_cabinets().select_related("cabinet").order_by("pk")[:BATCH]:
        own, taken = PendingAnswer.objects.of(pending.cabinet).filter(pk=pending.pk), 0
        try:
            with transaction.atomic():
                taken, _ = own.delete()
                if taken:
                    _answer(pending)
        except (SealBroken, DossierFormatError, msgspec.DecodeError):
            # A damaged row must not keep all later ones waiting.
            own.delete()
            audit.log(pending.cabinet.code, audit.Event.UNREADABLE)
        answered += bool(taken)
    return answered


def _answer(pending: PendingAnswer) -> None:
    cabinet = pending.cabinet
    asked = _asked(pending)
    dossier = _find(cabinet, asked.number)
    if dossier is None:
        return
    if pending.purpose == Purpose.RESET:
        _answer_forgotten(cabinet, dossier)
    elif FirstAccessRule.of(current_settings(cabinet).first_access).matches(asked.secret, dossier.patient):
        _answer_first_visit(cabinet, dossier)


def _asked(pending: PendingAnswer) -> Asked:
    plain = settings.SEALER.open(pending.cabinet.code, "asked", pending.purpose, bytes(pending.sealed))
    return msgspec.json.decode(plain, type=Asked)


def _find(cabinet: Cabinet, number: str) -> Dossier | None:
    found = (dossier_for_first_visit(cabinet, spelling) for spelling in spellings(number))
    return next((dossier for dossier in found if dossier), None)


def _answer_first_visit(cabinet: Cabinet, dossier: Dossier) -> None:
    """A link of their own for each contact on file that has no access yet; a reminder for each that has.

    Former links stay valid for their hour: whoever else asks for links cannot take one out of a parent's hand.
    """
    number = dossier.number
    accesses = list(Access.objects.of(cabinet).filter(number=number))
    with_access = {access.contact_hash for access in accesses}
    with_access |= {contact_hash(cabinet, number, open_email(cabinet, number, a.sealed_email)) for a in accesses}
    mailed = 0
    for email in _on_file(dossier):
        contact = contact_hash(cabinet, number, email)
        if contact in with_access:
            forgotten = links.address(addresses.FORGOTTEN)
            letter = Letter("already_open", email, link=forgotten, link_label="Choisir un mot de passe")
            mailed += _remind(cabinet, number, contact, letter)
        elif links.may_mail(cabinet, number, Purpose.FIRST_VISIT, contact=contact):
            token = links.make(cabinet, number, Purpose.FIRST_VISIT, contact=contact, email=email)
            link = links.address(addresses.FIRST_VISIT_LINK, token=token)
            letter = Letter("first_visit", email, link=link, link_label="Choisir mon mot de passe")
            mailed += tell(cabinet, number, letter)
    if mailed:
        audit.record(cabinet, number, audit.Event.FIRST_VISIT_MAILED)


def _answer_forgotten(cabinet: Cabinet, dossier: Dossier) -> None:
    """A link for each access, to its chosen address or else the one on file; the way in for who has none yet."""
    number = dossier.number
    on_file = _on_file(dossier)
    by_contact = {contact_hash(cabinet, number, email): email for email in on_file}
    told: set[str] = set()
    mailed = 0
    for access in Access.objects.of(cabinet).filter(number=number):
        chosen = open_email(cabinet, number, access.sealed_email)
        email = chosen or by_contact.get(access.contact_hash) or next(iter(on_file), "")
        told |= {email.casefold(), by_contact.get(access.contact_hash, "").casefold()}
        if email and links.may_mail(cabinet, number, Purpose.RESET, access=access):
            token = links.make(cabinet, number, Purpose.RESET, access=access)
            link = links.address(addresses.RESET, token=token)
            letter = Letter("reset", email, link=link, link_label="Choisir un nouveau mot de passe")
            mailed += tell(cabinet, number, letter)
    for contact, email in by_contact.items():
        if email.casefold() not in told:
            first = links.address(addresses.FIRST_VISIT)
            letter = Letter("no_access_yet", email, link=first, link_label="Première visite")
            mailed += _remind(cabinet, number, contact, letter)
    if mailed:
        audit.record(cabinet, number, audit.Event.RESET_MAILED)


def _remind(cabinet: Cabinet, number: str, contact: str, letter: Letter) -> bool:
    """Send a letter whose link opens nothing by itself, as seldom as those whose link does."""
    may = throttle.may_mail(cabinet.code, contact, a_day=links.MAX_MAILED_A_DAY, anew_after=links.MAILED_ANEW_AFTER)
    return may and tell(cabinet, number, letter)


def _on_file(dossier: Dossier) -> Iterable[str]:
    """Distinct addresses of the addressees, in their order."""
    return {a.email.strip().casefold(): a.email.strip() for a in dossier.addressees if a.email.strip()}.values()

"""What becomes of an access: a new password, a new e-mail, a reset, an end. Each ends the other sessions and tells."""

from django.db import transaction
from django.utils import timezone

from portal.pages import addresses
from portal.server.accounts import audit, links, sessions
from portal.server.accounts.links import Purpose
from portal.server.accounts.models import Access, OneTimeLink, Session
from portal.server.accounts.passwords import HASHING, salt_for
from portal.server.accounts.telling import tell
from portal.server.cabinets.models import Cabinet
from portal.server.mail.letters import Letter


def change_password(access: Access, password: str) -> str:
    """Replace the password, end all sessions, tell the address of the access.

    Answers the cookie of a new session for the browser that asked: its identifier changes too.
    """
    hashed = _hashed(access, password)
    with transaction.atomic():
        _set_password(access, hashed)
        sessions.end_all(access)
        audit.record(access.cabinet, access.number, audit.Event.PASSWORD_CHANGED)
        return sessions.open_for(access)


def change_email(access: Access, email: str, session_id: int) -> None:
    """Replace the address, end the other sessions, tell the old address and the new one."""
    cabinet, old = access.cabinet, email_of(access)
    with transaction.atomic():
        access.sealed_email = sessions.seal_email(cabinet, access.number, email)
        access.save(update_fields=["sealed_email"])
        links.kill(cabinet, access.number, (Purpose.RESET,))
        sessions.end_all(access, but=session_id)
        audit.record(cabinet, access.number, audit.Event.EMAIL_CHANGED)
        if old and old != email:
            tell(cabinet, access.number, Letter("email_changed", old))
        tell(cabinet, access.number, Letter("email_confirmed", email))


def reset_password(link: OneTimeLink, password: str) -> str | None:
    """Use a reset link: a new password, all sessions ended; the cookie of a new one, or None if it was used before."""
    if link.access is None:
        return None
    access = link.access
    hashed = _hashed(access, password)
    with transaction.atomic():
        if not links.use(link):
            return None
        _set_password(access, hashed)
        sessions.end_all(access)
        audit.record(link.cabinet, link.number, audit.Event.PASSWORD_RESET)
        return sessions.open_for(access)


def revoke_all(cabinet: Cabinet, number: str, actor: str = "") -> int:
    """Close every access of a dossier with its sessions, links and codes ("Réinitialiser"); how many accesses.

    The next person starts with a first visit. `actor`: the device that asked, for the audit trail.
    """
    with transaction.atomic():
        closed = Access.objects.of(cabinet).filter(number=number).count()
        Session.objects.of(cabinet).filter(number=number).delete()
        links.kill(cabinet, number)
        Access.objects.of(cabinet).filter(number=number).delete()
        audit.record(cabinet, number, audit.Event.ACCESSES_REVOKED, actor)
    return closed


def email_of(access: Access) -> str:
    """The chosen address, or ""."""
    return sessions.open_email(access.cabinet, access.number, access.sealed_email)


def _hashed(access: Access, password: str) -> str:
    """Before the transaction: whoever waits for a hash must not hold the database meanwhile."""
    return HASHING.hash(password, salt_for(access.cabinet.pk, access.number))


def _set_password(access: Access, hashed: str) -> None:
    access.password = hashed
    access.password_changed_at = timezone.now()
    access.save(update_fields=["password", "password_changed_at"])
    links.kill(access.cabinet, access.number, (Purpose.RESET,))
    email = email_of(access)
    if email:
        forgotten = links.address(addresses.FORGOTTEN)
        letter = Letter("password_changed", email, link=forgotten, link_label="Choisir un nouveau mot de passe")
        tell(access.cabinet, access.number, letter)

"""Sessions of our own: a secret in a cookie, its hash in a row that carries the cabinet, and two clocks."""

import datetime as dt
import hmac
import secrets
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.server.accounts.models import Access, OneTimeLink, Session
from portal.server.cabinets.models import Cabinet

IDLE = dt.timedelta(minutes=15)
ABSOLUTE = dt.timedelta(hours=12)
FORM_KEPT = dt.timedelta(hours=2)
"""How long after its last activity a session's open form may still be sent, to be kept for its owner."""
SEEN_EVERY = dt.timedelta(minutes=1)
"""A page costs a write at most this often."""
_SECRET_BYTES = 32


class Gone(Exception):
    """What the session would belong to is no longer there: the cabinet reset the dossier at this moment."""


class Opening(StrEnum):
    """What opened a first visit."""

    SECRET = "secret"  # noqa: S105 - the name of a way in
    """The initial secret, in the `procedure` level."""
    MAILED_LINK = "mailed_link"
    PRINTED_LINK = "printed_link"
    CODE = "code"


@dataclass(frozen=True)
class FirstVisit:
    """What a session remembers of a first visit until the password is chosen."""

    number: str
    opening: Opening
    contact_hash: str = ""
    email: str = ""
    """On file, to pre-fill the form."""
    link: OneTimeLink | None = None
    """That opened it, by itself or by the personal code beside it."""


@dataclass(frozen=True)
class Found:
    session: Session
    is_idle: bool
    """Ended for lack of activity."""


def cookie_name() -> str:
    """With the prefix, a browser takes the cookie over HTTPS only and from no other host (RFC 6265bis, 4.1.3)."""
    return "session" if settings.CONFIG.is_loopback else "__Host-session"


def open_for(access: Access) -> str:
    """A session of this access with an identifier of its own; the value of its cookie. Raise `Gone`."""
    return _open(access.cabinet, Session(number=access.number, access=access))


def open_first_visit(cabinet: Cabinet, visit: FirstVisit) -> str:
    """A session that may only choose a password; the value of its cookie. Raise `Gone`."""
    return _open(
        cabinet,
        Session(
            number=visit.number,
            opened_by=visit.opening,
            contact_hash=visit.contact_hash,
            sealed_email=seal_email(cabinet, visit.number, visit.email),
            link=visit.link,
        ),
    )


def _open(cabinet: Cabinet, session: Session) -> str:
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    session.cabinet = cabinet
    session.token_hash = _hashed(secret)
    session.last_seen_at = timezone.now()
    try:
        # References are looked at when the transaction ends: within a larger one, that is where it fails.
        with transaction.atomic():
            session.save(force_insert=True)
    except IntegrityError as error:
        raise Gone from error
    return f"{cabinet.pk}.{secret}"


def find(cookie: str, now: dt.datetime) -> Found | None:
    """The session behind a cookie, with its access and its cabinet, in one query."""
    cabinet_id, _, secret = cookie.partition(".")
    if not (cabinet_id.isascii() and cabinet_id.isdigit() and len(cabinet_id) < 19 and secret):
        return None
    session = (
        Session.objects.filter(cabinet=int(cabinet_id), token_hash=_hashed(secret))
        .select_related("access", "cabinet")
        .first()
    )
    if session is None or now - session.created_at >= ABSOLUTE:
        return None
    return Found(session, is_idle=now - session.last_seen_at >= IDLE)


def seen(session: Session, now: dt.datetime) -> None:
    """Remember activity, at most once a minute."""
    if now - session.last_seen_at >= SEEN_EVERY:
        Session.objects.of(session.cabinet).filter(pk=session.pk).update(last_seen_at=now)


def form_proof(request: HttpRequest) -> str:
    """What a form carries to show that it was opened in the session of this request: others cannot make it up."""
    return settings.SEALER.keyed_hash("form", request.COOKIES.get(cookie_name(), ""))


def is_own_form(request: HttpRequest, session: Session, proof: str, now: dt.datetime) -> bool:
    """Whether a form that was sent after its session ended was opened in it, and not too long ago."""
    return hmac.compare_digest(proof.encode(), form_proof(request).encode()) and now - session.last_seen_at < FORM_KEPT


def end(cabinet: Cabinet, session_id: int) -> None:
    Session.objects.of(cabinet).filter(pk=session_id).delete()


def end_all(access: Access, *, but: int | None = None) -> None:
    """End the sessions of an access: all, or all others than `but`."""
    Session.objects.of(access.cabinet).filter(access=access).exclude(pk=but or 0).delete()


def forget_old(now: dt.datetime | None = None) -> int:
    """Delete sessions past their absolute limit; how many."""
    before = (now or timezone.now()) - ABSOLUTE
    deleted, _ = Session.objects.across_cabinets().filter(created_at__lt=before).delete()
    return deleted


def set_cookie(response: HttpResponse, value: str) -> None:
    """Gone with the browser; not for scripts; not sent along from other sites' forms."""
    response.set_cookie(cookie_name(), value, httponly=True, samesite="Lax", secure=not settings.CONFIG.is_loopback)


def delete_cookie(response: HttpResponse) -> None:
    response.set_cookie(
        cookie_name(), "", max_age=0, httponly=True, samesite="Lax", secure=not settings.CONFIG.is_loopback
    )


def seal_email(cabinet: Cabinet, number: str, email: str) -> bytes:
    """`sealed_email` of every table of accounts."""
    return settings.SEALER.seal(cabinet.code, "email", number, email.encode()) if email else b""


def open_email(cabinet: Cabinet, number: str, sealed: bytes | memoryview) -> str:
    return settings.SEALER.open(cabinet.code, "email", number, bytes(sealed)).decode() if sealed else ""


def _hashed(secret: str) -> str:
    return settings.SEALER.keyed_hash("session", secret)

"""One-time links: 128 random bits, stored hashed, built from the configured origin only, used by POST.

A link that was mailed for a first visit or a reset dies when it is used. A printed or announced link also asks the
birth date, and dies when a password is chosen, so that a parent who is interrupted can scan the card again; a few
wrong dates kill it.
"""

import datetime as dt
import secrets
from collections.abc import Collection
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cabinet.errors import WebOrthoError
from portal.server.access import dossier_for_first_visit
from portal.server.accounts.identifiers import contact_hash
from portal.server.accounts.models import Access, OneTimeLink
from portal.server.accounts.sessions import seal_email
from portal.server.cabinets.models import Cabinet

_TOKEN_BYTES = 16
MAX_WRONG_DATES = 5
MAX_MAILED_A_DAY = 5
"""Links for one contact and purpose: whoever knows a number must not fill a family's letter-box."""
MAILED_ANEW_AFTER = dt.timedelta(minutes=10)


class Purpose(StrEnum):
    FIRST_VISIT = "first_visit"
    RESET = "reset"
    PAPER = "paper"
    EMAIL = "email"


LIFETIME: dict[Purpose, dt.timedelta] = {
    Purpose.FIRST_VISIT: dt.timedelta(hours=1),
    Purpose.RESET: dt.timedelta(hours=1),
    Purpose.PAPER: dt.timedelta(days=60),
    Purpose.EMAIL: dt.timedelta(days=14),
}
"""SECURITY.md, 6. Nothing but the link protects the first two, so they live an hour at most."""
ANNOUNCED = (Purpose.PAPER, Purpose.EMAIL)


class CannotStage(WebOrthoError):
    """No activation link can be made for this patient."""


def make(
    cabinet: Cabinet,
    number: str,
    purpose: Purpose,
    *,
    access: Access | None = None,
    contact: str = "",
    email: str = "",
    is_active: bool = True,
) -> str:
    """A new link's token, `<cabinet id>.<secret>`. It is stored hashed and cannot be shown again."""
    secret = secrets.token_hex(_TOKEN_BYTES)
    now = timezone.now()
    OneTimeLink.objects.create(
        cabinet=cabinet,
        purpose=purpose,
        number=number,
        token_hash=_hashed(secret),
        access=access,
        contact_hash=contact,
        sealed_email=seal_email(cabinet, number, email),
        active_at=now if is_active else None,
        expires_at=now + LIFETIME[purpose],
    )
    return f"{cabinet.pk}.{secret}"


def may_mail(
    cabinet: Cabinet, number: str, purpose: Purpose, *, access: Access | None = None, contact: str = ""
) -> bool:
    """Whether this contact, or this access, may get one more link: not while a fresh one is alive, few a day."""
    now = timezone.now()
    mailed = OneTimeLink.objects.of(cabinet).filter(
        number=number,
        purpose=purpose,
        access=access,
        contact_hash=contact,
        created_at__gt=now - dt.timedelta(days=1),
    )
    fresh = mailed.filter(used_at=None, created_at__gt=now - MAILED_ANEW_AFTER)
    return not fresh.exists() and mailed.count() < MAX_MAILED_A_DAY


def address(path: str, **values: str) -> str:
    """The full address that an e-mail carries: a path of `portal.pages.addresses` at the configured origin."""
    return settings.CONFIG.origin + path.format(**values)


def find_live(token: str, purposes: Collection[Purpose]) -> OneTimeLink | None:
    """The link of this token if it may still be used now."""
    cabinet_id, _, secret = token.partition(".")
    if not (cabinet_id.isascii() and cabinet_id.isdigit() and len(cabinet_id) < 19 and secret):
        return None
    now = timezone.now()
    return (
        OneTimeLink.objects.filter(
            cabinet=int(cabinet_id),
            token_hash=_hashed(secret),
            purpose__in=purposes,
            used_at=None,
            active_at__lte=now,
            expires_at__gt=now,
            failures__lt=MAX_WRONG_DATES,
        )
        .select_related("cabinet", "access")
        .first()
    )


def use(link: OneTimeLink) -> bool:
    """Use the link up; False if somebody else was quicker."""
    unused = OneTimeLink.objects.of(link.cabinet).filter(pk=link.pk, used_at=None)
    return unused.update(used_at=timezone.now()) == 1


def count_date(link: OneTimeLink) -> bool:
    """Count a birth date as wrong before it is looked at; False if no try is left, however many run at once."""
    alive = OneTimeLink.objects.of(link.cabinet).filter(pk=link.pk, failures__lt=MAX_WRONG_DATES)
    return alive.update(failures=F("failures") + 1) == 1


def give_date_back(link: OneTimeLink) -> None:
    """The birth date that was counted was the right one."""
    OneTimeLink.objects.of(link.cabinet).filter(pk=link.pk, failures__gt=0).update(failures=F("failures") - 1)


def kill(cabinet: Cabinet, number: str, purposes: Collection[Purpose] = tuple(Purpose), contact: str = "") -> None:
    """Make a patient's unused links worthless: all of these purposes, or only those of one contact."""
    links = OneTimeLink.objects.of(cabinet).filter(number=number, purpose__in=purposes, used_at=None)
    (links.filter(contact_hash=contact) if contact else links).delete()


def kill_unaddressed(cabinet: Cabinet, number: str) -> None:
    """Make a patient's valid paper links worthless that name no contact: whoever holds the paper could use them."""
    links = OneTimeLink.objects.of(cabinet).filter(number=number, purpose__in=ANNOUNCED, contact_hash="", used_at=None)
    links.exclude(active_at=None).delete()


def stage_link(cabinet: Cabinet, number: str, kind: Purpose, email: str = "") -> str:
    """The token of an activation link (`@LIEN`, the QR code) that is not valid before `activate_links`.

    `kind`: `PAPER` (60 days) or `EMAIL` (14 days, `email` is the address that it is announced to). Raise
    `CannotStage` for a patient who is not published or whose birth date is unknown: the link asks for it.
    """
    if kind not in ANNOUNCED:
        raise ValueError(kind)
    dossier = dossier_for_first_visit(cabinet, number)
    if dossier is None:
        raise CannotStage(
            f"Le dossier {number} n’est pas sur le portail.", "Lancez une synchronisation, puis recommencez."
        )
    if dossier.patient.birth_date is None:
        raise CannotStage(
            f"La date de naissance du dossier {number} n’est pas connue : son lien ne pourrait pas s’ouvrir.",
            "Complétez la fiche, synchronisez, puis recommencez.",
        )
    contact = contact_hash(cabinet, number, email) if email else ""
    return make(cabinet, number, kind, contact=contact, email=email, is_active=False)


def activate_links(cabinet: Cabinet, tokens: Collection[str]) -> int:
    """What carries these links is safely out: they become valid, and the former ones of the same kind and contact die.

    Answers how many became valid; repeating is harmless. A link's days count from here.
    """
    hashes = [_hashed(token.partition(".")[2]) for token in tokens]
    now = timezone.now()
    activated = 0
    with transaction.atomic():
        staged = OneTimeLink.objects.of(cabinet).filter(token_hash__in=hashes, active_at=None, purpose__in=ANNOUNCED)
        for link in staged:
            former = OneTimeLink.objects.of(cabinet).filter(
                number=link.number, purpose=link.purpose, contact_hash=link.contact_hash, used_at=None
            )
            former.exclude(token_hash__in=hashes).exclude(active_at=None).delete()
            link.active_at = now
            link.expires_at = now + LIFETIME[Purpose(link.purpose)]
            link.save(update_fields=["active_at", "expires_at"])
            activated += 1
    return activated


def forget_old(now: dt.datetime | None = None) -> int:
    """Delete links that expired a month ago; how many."""
    before = (now or timezone.now()) - dt.timedelta(days=30)
    deleted, _ = OneTimeLink.objects.across_cabinets().filter(expires_at__lt=before).delete()
    return deleted


def _hashed(secret: str) -> str:
    return settings.SEALER.keyed_hash("link", secret)

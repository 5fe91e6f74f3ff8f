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
from django.db.models import F, Q
from django.utils import timezone

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
    # What is announced: the values of `portal.api.desk.Medium`.
    LETTER = "letter"
    CARD = "card"
    EMAIL = "email"
    SMS = "sms"


LIFETIME: dict[Purpose, dt.timedelta] = {
    Purpose.FIRST_VISIT: dt.timedelta(hours=1),
    Purpose.RESET: dt.timedelta(hours=1),
    Purpose.LETTER: dt.timedelta(days=60),
    Purpose.CARD: dt.timedelta(days=60),
    Purpose.EMAIL: dt.timedelta(days=14),
    Purpose.SMS: dt.timedelta(days=14),
}
"""SECURITY.md, 6. Nothing but the link protects the first two, so they live an hour at most."""
ANNOUNCED = (Purpose.LETTER, Purpose.CARD, Purpose.EMAIL, Purpose.SMS)
STAGED_KEPT = dt.timedelta(days=7)
"""What was to carry it did not leave within a week."""


def make(
    cabinet: Cabinet,
    number: str,
    purpose: Purpose,
    *,
    access: Access | None = None,
    contact: str = "",
    email: str = "",
) -> str:
    """A new link's token, valid at once. It is stored hashed and cannot be shown again."""
    token, hashed = new_token(cabinet)
    now = timezone.now()
    OneTimeLink.objects.create(
        cabinet=cabinet,
        purpose=purpose,
        number=number,
        token_hash=hashed,
        access=access,
        contact_hash=contact,
        sealed_email=seal_email(cabinet, number, email),
        active_at=now,
        expires_at=now + LIFETIME[purpose],
    )
    return token


def new_token(cabinet: Cabinet) -> tuple[str, str]:
    """A token, `<cabinet id>.<secret>`, and its hash."""
    secret = secrets.token_hex(_TOKEN_BYTES)
    return f"{cabinet.pk}.{secret}", hash_of(secret)


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
            token_hash=hash_of(secret),
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


def forget_old(now: dt.datetime | None = None) -> int:
    """Delete links that expired a month ago, and those that were staged and never sent; how many."""
    now = now or timezone.now()
    expired = Q(expires_at__lt=now - dt.timedelta(days=30))
    never_sent = Q(purpose__in=ANNOUNCED, active_at=None, created_at__lt=now - STAGED_KEPT)
    deleted, _ = OneTimeLink.objects.across_cabinets().filter(expired | never_sent).delete()
    return deleted


def hash_of(secret: str) -> str:
    """Of a token's secret part, as it is stored."""
    return settings.SEALER.keyed_hash("link", secret)

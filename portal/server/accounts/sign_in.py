"""Signing in: one hash, whatever the account, and no word on what was wrong."""

from dataclasses import dataclass

from django.utils import timezone

from portal.server.accounts import audit
from portal.server.accounts.identifiers import likeliest, number_typed, spellings
from portal.server.accounts.models import Access
from portal.server.accounts.passwords import HASHING, MAX_LENGTH, salt_for
from portal.server.cabinets.models import Cabinet


@dataclass(frozen=True)
class Credentials:
    cabinet: Cabinet | None
    """None: no cabinet has the code that was typed."""
    number: str
    password: str


def access_of(credentials: Credentials) -> Access | None:
    """The access whose password was typed. Costs one query and one hash, whether or not there is such an account."""
    cabinet = credentials.cabinet
    cabinet_id = cabinet.pk if cabinet else 0
    candidates = Access.objects.filter(cabinet=cabinet_id, number__in=spellings(credentials.number))
    stored = list(candidates.select_related("cabinet").order_by("slot"))
    number = likeliest((access.number for access in stored), credentials.number)
    accesses = [access for access in stored if access.number == number]
    salt = salt_for(cabinet_id, number or number_typed(credentials.number))
    match = HASHING.first_match(credentials.password[: MAX_LENGTH + 1], [a.password for a in accesses], salt)
    return None if match is None else accesses[match]


def signed_in(access: Access) -> None:
    Access.objects.of(access.cabinet).filter(pk=access.pk).update(last_sign_in_at=timezone.now())
    audit.record(access.cabinet, access.number, audit.Event.SIGN_IN)


def is_password_of(access: Access, password: str) -> bool:
    """Whether a signed-in person knows their current password."""
    salt = salt_for(access.cabinet.pk, access.number)
    return HASHING.first_match(password[: MAX_LENGTH + 1], [access.password], salt) is not None

"""Personal codes: 12 signs of 31 (59 bits), shown once, stored hashed beside their link; they open the first visit."""

import secrets
from collections.abc import Collection

from django.conf import settings
from django.utils import timezone

from portal.server.accounts.first_access import CODE_ALPHABET, CODE_LENGTH, normalised_code
from portal.server.accounts.links import ANNOUNCED
from portal.server.accounts.models import OneTimeLink
from portal.server.cabinets.models import Cabinet


def new_code() -> str:
    """As it is printed: `ABCD-EFGH-JKMN`."""
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def hash_of(cabinet: Cabinet, number: str, typed: str) -> str:
    """Bound to its patient: the same code is worth nothing with another number."""
    return settings.SEALER.keyed_hash("personal-code", f"{cabinet.pk}/{number}/{normalised_code(typed)}")


def find_live(cabinet: Cabinet, numbers: Collection[str], typed: str) -> OneTimeLink | None:
    """The link whose code was typed for one of these spellings of a number, if it is valid: one query, found or not.

    Wrong birth dates behind the link leave the code alone: it is long enough to open by itself.
    """
    now = timezone.now()
    return (
        OneTimeLink.objects.of(cabinet)
        .filter(
            number__in=numbers,
            code_hash__in=[hash_of(cabinet, number, typed) for number in numbers],
            purpose__in=ANNOUNCED,
            used_at=None,
            active_at__lte=now,
            expires_at__gt=now,
        )
        .select_related("cabinet")
        .first()
    )

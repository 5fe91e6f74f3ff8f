"""Personal codes: 12 signs of 31 (59 bits), made here, shown once, stored hashed; they open the first visit."""

import datetime as dt
import secrets
from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.server.accounts.first_access import CODE_ALPHABET, CODE_LENGTH, normalised_code
from portal.server.accounts.models import PersonalCode
from portal.server.cabinets.models import Cabinet

LIFETIME = dt.timedelta(days=60)
"""From its activation: as long as a printed link."""


def stage_code(cabinet: Cabinet, number: str) -> str:
    """A new code for this patient, as it is printed (`ABCD-EFGH-JKMN`). Not valid before `activate_codes`."""
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    PersonalCode.objects.create(cabinet=cabinet, number=number, code_hash=_hashed(cabinet, number, code))
    return "-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def activate_codes(cabinet: Cabinet, codes: Collection[tuple[str, str]]) -> int:
    """What carries these (number, code) pairs is safely out: they become valid and the patients' former codes die.

    Answers how many became valid; repeating is harmless.
    """
    activated = 0
    with transaction.atomic():
        for number, code in codes:
            own = PersonalCode.objects.of(cabinet).filter(number=number)
            hashed = _hashed(cabinet, number, normalised_code(code))
            now_valid = own.filter(code_hash=hashed, active_at=None).update(active_at=timezone.now())
            if now_valid:
                own.exclude(code_hash=hashed).exclude(active_at=None).delete()
                activated += 1
    return activated


def find_live(cabinet: Cabinet, numbers: Collection[str], typed: str) -> PersonalCode | None:
    """The valid code that was typed for one of these spellings of a number: one query, found or not."""
    hashes = [_hashed(cabinet, number, normalised_code(typed)) for number in numbers]
    return (
        PersonalCode.objects.of(cabinet)
        .filter(number__in=numbers, code_hash__in=hashes, used_at=None, active_at__gt=timezone.now() - LIFETIME)
        .first()
    )


def use(code: PersonalCode) -> bool:
    """Use the code up; False if somebody else was quicker."""
    unused = PersonalCode.objects.of(code.cabinet).filter(pk=code.pk, used_at=None)
    return unused.update(used_at=timezone.now()) == 1


def kill(cabinet: Cabinet, number: str) -> None:
    """Make a patient's unused codes worthless."""
    PersonalCode.objects.of(cabinet).filter(number=number, used_at=None).delete()


def kill_active(cabinet: Cabinet, number: str) -> None:
    """Make a patient's valid codes worthless; one that is still being printed becomes valid when it is out."""
    PersonalCode.objects.of(cabinet).filter(number=number, used_at=None).exclude(active_at=None).delete()


def forget_old(now: dt.datetime | None = None) -> int:
    """Delete codes that are used or too old; how many."""
    spent = Q(used_at__isnull=False) | Q(active_at__lte=(now or timezone.now()) - LIFETIME)
    deleted, _ = PersonalCode.objects.across_cabinets().filter(spent).delete()
    return deleted


def _hashed(cabinet: Cabinet, number: str, code: str) -> str:
    """Bound to its patient: the same code is worth nothing with another number."""
    return settings.SEALER.keyed_hash("personal-code", f"{cabinet.pk}/{number}/{code}")

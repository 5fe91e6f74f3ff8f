"""Who was informed, how and when; and claims, so that two computers never write to the same patient at once."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from portal.api.desk import Announcement, Informed, Medium, TakenElsewhere
from portal.server.api.problems import Kind, Problem
from portal.server.cabinets.models import Cabinet, Device
from portal.server.desk import models
from portal.server.publishing.models import NotPublished, Reason
from portal.server.publishing.runs import lock

CLAIMED_FOR = dt.timedelta(hours=2)
"""Renewed by claiming again. A computer that is switched off holds the others up no longer than this."""
_FIRST_YEAR = 2000


def claim(device: Device, campaign: str, numbers: Collection[str]) -> tuple[TakenElsewhere, ...]:
    """Make these patients the campaign's; answer those that another device is writing to, and that stay with it."""
    now = timezone.now()
    with transaction.atomic():
        cabinet = lock(device.cabinet)
        held = models.Claim.objects.of(cabinet).filter(number__in=numbers, until__gt=now, device__revoked_at=None)
        others = held.exclude(device=device).select_related("device").order_by("number")
        taken = tuple(TakenElsewhere(one.number, one.device.name, one.until) for one in others)
        models.Claim.objects.bulk_create(
            (
                models.Claim(cabinet=cabinet, number=number, campaign=campaign, device=device, until=now + CLAIMED_FOR)
                for number in sorted(set(numbers) - {one.number for one in taken})
            ),
            update_conflicts=True,
            unique_fields=["cabinet", "number"],
            update_fields=["campaign", "device", "until"],
        )
    return taken


def release(device: Device, campaigns: Collection[str]) -> None:
    """Give up what these campaigns of this device claimed."""
    models.Claim.objects.of(device.cabinet).filter(device=device, campaign__in=campaigns).delete()


def announce(device: Device, announcements: Collection[Announcement]) -> None:
    """Write down who was informed; the device's claims on them have served. Repeating is harmless.

    Of several times, the latest stays, and none is later than now, whatever a computer's clock says. Of a patient
    whose data were erased, nothing is written down. Raise `Problem` BAD_BODY for a time before the portal was.
    """
    now = timezone.now()
    if any(one.at.year < _FIRST_YEAR for one in announcements):
        raise Problem(Kind.BAD_BODY)  # a computer without a clock; the first years overflow a database
    numbers = {one.number for one in announcements}
    with transaction.atomic():
        cabinet = lock(device.cabinet)
        known = models.Announcement.objects.of(cabinet).filter(number__in=numbers)
        latest = {(one.number, one.medium): one.at for one in known}
        erased = NotPublished.objects.of(cabinet).filter(number__in=numbers, reason=Reason.ERASED.value)
        barred = set(erased.values_list("number", flat=True))
        for one in announcements:
            if one.number not in barred:
                # In UTC: PostgreSQL knows no offset beyond sixteen hours.
                key, at = (one.number, one.medium.value), min(one.at, now).astimezone(dt.UTC)
                latest[key] = max(at, latest.get(key, at))
        models.Announcement.objects.bulk_create(
            (models.Announcement(cabinet=cabinet, number=n, medium=m, at=at) for (n, m), at in sorted(latest.items())),
            update_conflicts=True,
            unique_fields=["cabinet", "number", "medium"],
            update_fields=["at"],
        )
        models.Claim.objects.of(cabinet).filter(device=device, number__in=numbers).delete()


def informed(cabinet: Cabinet) -> dict[str, Informed]:
    """The latest announcement to each patient."""
    rows = models.Announcement.objects.of(cabinet).order_by("at").values_list("number", "medium", "at")
    return {number: Informed(Medium(medium), at) for number, medium, at in rows}


def forget(cabinet: Cabinet, numbers: Collection[str]) -> None:
    """What is known of these patients goes with their accounts."""
    models.Announcement.objects.of(cabinet).filter(number__in=numbers).delete()
    models.Claim.objects.of(cabinet).filter(number__in=numbers).delete()


def forget_old(now: dt.datetime | None = None) -> int:
    """Delete claims that have run out; how many."""
    return models.Claim.objects.across_cabinets().filter(until__lt=now or timezone.now()).delete()[0]

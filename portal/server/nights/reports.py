"""Runs as their devices tell them: written down once, and set before the watch when they were scheduled."""

import datetime as dt
from collections.abc import Iterator

import msgspec
from django.db import transaction
from django.utils import timezone

from portal.api.nights import AskedState, Ending, KnownRun, PlannedNight, RunTold, Schedule
from portal.api.shapes import Committed, Launched, RunNotice
from portal.server.api.problems import Kind, Problem
from portal.server.cabinets.models import Cabinet, Device
from portal.server.nights import models
from portal.server.publishing.models import PublishedDossier
from portal.server.publishing.runs import lock

SHOWN = dt.timedelta(days=30)
SHOWN_AT_MOST = 200
KEPT = dt.timedelta(days=400)
"""As long as the runs themselves (`portal.server.housekeeping`)."""
MAILS_KEPT = dt.timedelta(days=30)


def tell(device: Device, told: RunTold) -> None:
    """Write down how a run ended; told again, the last word counts. Raise `Problem` NOT_FOUND for another's run.

    What its computer's clock says is shown, but never later than now.
    """
    now = timezone.now()
    ended_at = min(told.ended_at, now)
    notice = msgspec.structs.replace(told.notice, started_at=min(told.notice.started_at, ended_at))
    told = msgspec.structs.replace(told, notice=notice, ended_at=ended_at)
    with transaction.atomic():
        cabinet = lock(device.cabinet)
        known = models.ToldRun.objects.of(cabinet).filter(key=notice.key).first()
        if known is not None and known.device_id != device.pk:
            raise Problem(Kind.NOT_FOUND)
        values = {
            "device": device,
            "told_at": now,
            "ending": told.ending.value,
            "awaits_verdict": notice.launched is Launched.AUTOMATIC,
            "document": msgspec.json.encode(told),
        }
        row, _ = models.ToldRun.objects.of(cabinet).update_or_create(cabinet=cabinet, key=notice.key, defaults=values)
        if notice.request is not None:
            _answer(cabinet, notice.request, row)
        look_soon(cabinet, now)


def tell_current(device: Device, notice: RunNotice) -> None:
    """Write down a run that found the portal to show everything already."""
    shown = PublishedDossier.objects.of(device.cabinet).filter(withdrawn_at=None).count()
    tell(device, RunTold(notice, Ending.CURRENT, ended_at=timezone.now(), unchanged=shown))


def tell_committed(device: Device, notice: RunNotice, done: Committed) -> None:
    """Write down a run that published. Of what waits for a person its computer tells the rest."""
    waiting = len(done.held) + len(done.reused)
    moved = done.added or done.changed or done.withdrawn
    tell(
        device,
        RunTold(
            notice,
            Ending.HELD if waiting else Ending.PUBLISHED if moved else Ending.CURRENT,
            ended_at=timezone.now(),
            added=done.added,
            changed=done.changed,
            withdrawn=done.withdrawn,
            unchanged=done.unchanged,
            held=waiting,
        ),
    )


def plan(device: Device, schedule: Schedule) -> None:
    """Expect a run of this device every evening, or no longer. The evening of today counts if it is still to come.

    What the same computer planned before it was enrolled anew is over.
    """
    now = timezone.now()
    with transaction.atomic():
        cabinet = lock(device.cabinet)
        former = models.PlannedNight.objects.of(cabinet).filter(device__name=device.name).exclude(device=device)
        former.exclude(device__revoked_at=None, device__last_seen_at__gt=device.enrolled_at).delete()
        if schedule.at is None:
            models.PlannedNight.objects.of(cabinet).filter(device=device).delete()
            return
        values = {"at": dt.time.fromisoformat(schedule.at), "since": now}
        models.PlannedNight.objects.of(cabinet).update_or_create(cabinet=cabinet, device=device, defaults=values)
        look_soon(cabinet, now)


def _answer(cabinet: Cabinet, request: str, run: models.ToldRun) -> None:
    """The request that the same device took is over, even if it was thought lost."""
    taken = models.RunRequest.objects.of(cabinet).filter(key=request, device=run.device)
    taken.exclude(state=AskedState.ENDED.value).update(state=AskedState.ENDED.value, run=run)


def look_soon(cabinet: Cabinet, now: dt.datetime) -> None:
    """Have the background process look at this cabinet's nights. Within a transaction that holds the cabinet."""
    models.Watch.objects.of(cabinet).update_or_create(cabinet=cabinet, defaults={"look_at": now})


def planned(cabinet: Cabinet) -> list[models.PlannedNight]:
    """Of devices that may still publish.

    A computer that was revoked, and enrolled anew under its name, runs in the evening as it did: its plan is expected
    of it from then on, until it says otherwise. One that was revoked for good is waited for no longer.
    """
    rows = list(models.PlannedNight.objects.of(cabinet).select_related("device").order_by("at", "pk"))
    found = [row for row in rows if row.device.revoked_at is None]
    names = {row.device.name for row in found}
    for row in rows:
        if row.device.revoked_at is None or row.device.name in names:
            continue
        again = Device.objects.of(cabinet).filter(name=row.device.name, revoked_at=None).order_by("pk").last()
        if again is not None and again.pk > row.device_id:
            row.device, row.since = again, max(row.since, again.enrolled_at)
            names.add(again.name)
            found.append(row)
    return found


def shown_plans(device: Device) -> Iterator[PlannedNight]:
    for one in planned(device.cabinet):
        yield PlannedNight(one.device.name, one.device == device, f"{one.at:%H:%M}", one.device.last_seen_at)


def shown_runs(device: Device) -> Iterator[KnownRun]:
    """The cabinet's runs of late, newest first."""
    rows = models.ToldRun.objects.of(device.cabinet).filter(told_at__gt=timezone.now() - SHOWN)
    for row in rows.select_related("device").order_by("-told_at", "-pk")[:SHOWN_AT_MOST]:
        yield KnownRun(row.device.name if row.device else "", row.device == device, told_of(row))


def told_of(row: models.ToldRun) -> RunTold:
    return msgspec.json.decode(bytes(row.document), type=RunTold)


def forget_old(now: dt.datetime | None = None) -> int:
    """Delete runs and the notes of mails that are past their time; how many."""
    now = now or timezone.now()
    runs = models.ToldRun.objects.across_cabinets().filter(told_at__lt=now - KEPT).delete()[0]
    mails = models.NightMail.objects.across_cabinets().filter(day__lt=(now - MAILS_KEPT).date()).delete()[0]
    return runs + mails

"""Runs that one computer of a cabinet asks of another: taken once, followed while they go on, given up when silent."""

import datetime as dt
import secrets
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.api.nights import AskedRun, AskedState, RunProgress, Wanted
from portal.pages.formats import French
from portal.server.api.problems import Kind, Problem
from portal.server.cabinets.models import Cabinet, Device
from portal.server.nights import reports
from portal.server.nights.models import RunRequest
from portal.server.publishing.runs import lock

TAKEN_WITHIN = dt.timedelta(minutes=15)
"""The computer with the nightly task looks every five minutes: three times it did not."""
SILENT_AT_MOST = dt.timedelta(minutes=3)
"""Whoever does it tells more often than this."""
KEPT = dt.timedelta(days=30)
_OPEN = (AskedState.WAITING.value, AskedState.RUNNING.value)
_FORMATS = French()


def ask(device: Device) -> AskedRun:
    """Ask for a run; the one that is open, if there is one. Raise `Problem` NO_AGENT where no other would look."""
    now = timezone.now()
    with transaction.atomic():
        cabinet = lock(device.cabinet)
        _expire(cabinet, now)
        found = RunRequest.objects.of(cabinet).filter(state__in=_OPEN).select_related("device").first()
        if found is None:
            if all(plan.device_id == device.pk for plan in reports.planned(cabinet)):
                raise Problem(Kind.NO_AGENT)
            found = RunRequest.objects.create(
                cabinet=cabinet,
                key=secrets.token_hex(16),
                state=AskedState.WAITING.value,
                asked_at=now,
                until=now + TAKEN_WITHIN,
            )
        return _shown(cabinet, found)


def look(device: Device, key: str) -> AskedRun:
    """How far it is. Raise `Problem` NOT_FOUND."""
    _expire(device.cabinet, timezone.now())
    return _shown(device.cabinet, _request(device.cabinet, key))


def give_up(device: Device, key: str) -> None:
    """It is wanted no longer. Repeating is harmless. Raise `Problem` NOT_FOUND."""
    request = _request(device.cabinet, key)
    _if_in(request, *_OPEN).update(state=AskedState.CANCELLED.value)


def claim(device: Device) -> Wanted:
    """Take what is asked for, if anything is: of several computers that look at once, one gets it.

    One that took it and never heard so gets it again.
    """
    now = timezone.now()
    free = Q(state=AskedState.WAITING.value) | Q(state=AskedState.RUNNING.value, device=device, progress=b"")
    asked = RunRequest.objects.of(device.cabinet).filter(free, until__gt=now)
    found = asked.first()
    if found is None:
        return Wanted()
    taken = asked.filter(pk=found.pk).update(state=AskedState.RUNNING.value, device=device, until=now + SILENT_AT_MOST)
    return Wanted(found.key) if taken else Wanted()


def progress(device: Device, key: str, where: RunProgress) -> AskedRun:
    """Where the run stands; it goes on. Raise `Problem` NOT_FOUND for one that this device did not take."""
    request = _request(device.cabinet, key)
    if request.device_id != device.pk:
        raise Problem(Kind.NOT_FOUND)
    until = timezone.now() + SILENT_AT_MOST
    _if_in(request, AskedState.RUNNING.value).update(progress=msgspec.json.encode(where), until=until)
    return _shown(device.cabinet, _request(device.cabinet, key))


def forget_old(now: dt.datetime | None = None) -> int:
    """Delete requests that are long over; how many."""
    old = RunRequest.objects.across_cabinets().filter(asked_at__lt=(now or timezone.now()) - KEPT)
    return old.delete()[0]


def _request(cabinet: Cabinet, key: str) -> RunRequest:
    found = RunRequest.objects.of(cabinet).filter(key=key).select_related("device", "run").first()
    if found is None:
        raise Problem(Kind.NOT_FOUND)
    return found


def _if_in(request: RunRequest, *states: str) -> QuerySet[RunRequest]:
    """That very row, if it is in one of these states at the moment of the statement."""
    return RunRequest.objects.of(request.cabinet).filter(pk=request.pk, state__in=states)


def _expire(cabinet: Cabinet, now: dt.datetime) -> None:
    late = RunRequest.objects.of(cabinet).filter(state__in=_OPEN, until__lte=now)
    late.update(state=AskedState.EXPIRED.value)


def _shown(cabinet: Cabinet, row: RunRequest) -> AskedRun:
    state = AskedState(row.state)
    doer = row.device or _expected(cabinet)
    what, todo = _silence(cabinet, row, doer) if state is AskedState.EXPIRED else ("", "")
    return AskedRun(
        request=row.key,
        state=state,
        asked_at=row.asked_at,
        device_name=doer.name if doer else "",
        progress=msgspec.json.decode(bytes(row.progress), type=RunProgress) if row.progress else None,
        what=what,
        todo=todo,
        run=reports.told_of(row.run) if row.run else None,
    )


def _expected(cabinet: Cabinet) -> Device | None:
    """The computer that looks: of several, the one that was here last."""
    devices = [plan.device for plan in reports.planned(cabinet)]
    return max(devices, key=_last_seen, default=None)


def _silence(cabinet: Cabinet, row: RunRequest, doer: Device | None) -> tuple[str, str]:
    if doer is None:
        return "Plus aucun poste du cabinet n’est chargé de la synchronisation.", Kind.NO_AGENT.value.detail
    name = f"Le poste «\u00a0{doer.name}\u00a0»"
    seen = _last_seen(doer).astimezone(ZoneInfo(cabinet.time_zone))
    since = f"depuis le {_FORMATS.long_date(seen.date())} à {_FORMATS.time(seen)}"
    todo = "Vérifiez qu’il est allumé, que sa session est ouverte et qu’il accède à Internet, puis recommencez."
    if row.device is not None:
        return f"{name} a commencé, mais ne répond plus {since}. Rien n’est publié à moitié.", todo
    return f"{name}, qui lit l’export du cabinet, n’a pas répondu {since}.", todo


def _last_seen(device: Device) -> dt.datetime:
    return device.last_seen_at or device.enrolled_at

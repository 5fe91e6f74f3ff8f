"""What the home page shows of a cabinet's portal: figures, each counted by the database."""

import datetime as dt
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

import msgspec
from django.db.models import Count, Exists, Min, OuterRef
from django.utils import timezone

from portal.api.desk import MonthCount, Overview
from portal.api.shapes import Committed
from portal.server.accounts.audit import Event
from portal.server.accounts.models import Access, AuditEvent
from portal.server.cabinets.models import Cabinet, SettingsDocument
from portal.server.contact.models import Message
from portal.server.desk.models import Announcement
from portal.server.nights.watch import trouble_of
from portal.server.publishing.models import NotPublished, PublishedDossier, Reason, SyncRun

MONTHS = 12


def overview(cabinet: Cabinet) -> Overview:
    """The cabinet's figures as of now."""
    published = PublishedDossier.objects.of(cabinet).filter(withdrawn_at=None)
    has_access = Exists(Access.objects.filter(cabinet=OuterRef("cabinet"), number=OuterRef("number")))
    was_informed = Exists(Announcement.objects.filter(cabinet=OuterRef("cabinet"), number=OuterRef("number")))
    unread = Message.objects.of(cabinet).filter(read_at=None, answered_at=None)
    messages = unread.aggregate(count=Count("pk"), oldest=Min("created_at"))
    last = _last_commit(cabinet)
    versions = SettingsDocument.objects.of(cabinet).order_by("-version").values_list("version", flat=True)
    return Overview(
        published=published.count(),
        activated=published.filter(has_access).count(),
        activations=activations(cabinet, timezone.now()),
        hidden=NotPublished.objects.of(cabinet).filter(reason=Reason.HIDDEN.value).count(),
        unread_messages=messages["count"],
        oldest_unread=messages["oldest"],
        never_informed=published.filter(~has_access, ~was_informed).count(),
        settings_version=versions.first() or 0,
        as_of=cabinet.as_of,
        held_withdrawals=len(last.held) if last else 0,
        held_reused=len(last.reused) if last else 0,
        trouble=trouble_of(cabinet),
    )


def activations(cabinet: Cabinet, now: dt.datetime) -> tuple[MonthCount, ...]:
    """Dossiers with an access at the end of each of the last twelve months, by the cabinet's own calendar.

    Read from the trail: an access that was closed since counts for the months in which it was open.
    """
    zone = ZoneInfo(cabinet.time_zone)
    happened = AuditEvent.objects.of(cabinet).filter(kind__in=(Event.ACCESS_CREATED, Event.ACCESSES_REVOKED))
    events = iter(happened.order_by("at", "pk").values_list("number", "kind", "at"))
    return tuple(_counted(events, _last_months(now.astimezone(zone))))


def _counted(
    events: Iterator[tuple[str, str, dt.datetime]], months: Iterable[tuple[str, dt.datetime]]
) -> Iterator[MonthCount]:
    open_now: set[str] = set()
    event = next(events, None)
    for month, end in months:
        while event is not None and event[2] < end:
            number, kind, _ = event
            (open_now.add if kind == Event.ACCESS_CREATED else open_now.discard)(number)
            event = next(events, None)
        yield MonthCount(month, len(open_now))


def _last_months(now: dt.datetime) -> Iterator[tuple[str, dt.datetime]]:
    """Each month as YYYY-MM and the moment after it, oldest first; the last one runs."""
    this = now.year * 12 + now.month - 1
    for count in range(this - MONTHS + 1, this + 1):
        following = dt.datetime((count + 1) // 12, (count + 1) % 12 + 1, 1, tzinfo=now.tzinfo)
        yield f"{count // 12:04}-{count % 12 + 1:02}", following


def _last_commit(cabinet: Cabinet) -> Committed | None:
    committed = SyncRun.objects.of(cabinet).exclude(answer=None).order_by("-opened_at", "-pk")
    answer = committed.values_list("answer", flat=True).first()
    return None if answer is None else msgspec.json.decode(bytes(answer), type=Committed)

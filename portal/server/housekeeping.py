"""What is past its time goes: accounts of patients withdrawn 30 days ago, broken runs, spent codes, old sessions."""

import datetime as dt
import logging
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from portal.server import throttle
from portal.server.accounts import links, sessions
from portal.server.accounts.models import Access, AuditEvent, OneTimeLink, Session
from portal.server.cabinets.models import Cabinet, EnrolmentCode
from portal.server.contact import drafts
from portal.server.desk import announcements
from portal.server.mail import worker
from portal.server.nights import reports, requests
from portal.server.publishing.commit import drop_unreferenced_photos
from portal.server.publishing.models import PublishedDossier, RunOutcome, StagedDossier, SyncRun
from portal.server.publishing.runs import close, lock

WITHDRAWN_KEPT = dt.timedelta(days=30)
BROKEN_RUN_KEPT = dt.timedelta(days=2)
"""A run that broke one night can be taken up the next one."""
RUNS_KEPT = dt.timedelta(days=400)
CODES_KEPT = dt.timedelta(days=30)
NUMBERS_A_STATEMENT = 500
_log = logging.getLogger("portal.housekeeping")


@dataclass(frozen=True)
class Tidied:
    erased_patients: int
    closed_runs: int
    forgotten: int
    """Codes, runs and their reports, sessions, links, drafts, claims, mails and counters past their time."""


def tidy(now: dt.datetime | None = None) -> Tidied:
    """One round over the installation; each step is a transaction of its own, and repeating is harmless."""
    now = now or timezone.now()
    erased = closed = 0
    for cabinet in Cabinet.objects.iterator():
        erased += _erase_withdrawn(cabinet, now)
        closed += _close_broken_runs(cabinet, now)
    forgotten = sum(
        (
            _forget_runs(now),
            _forget_codes(now),
            sessions.forget_old(now),
            links.forget_old(now),
            drafts.forget_old(now),
            announcements.forget_old(now),
            worker.forget_old(now),
            reports.forget_old(now),
            requests.forget_old(now),
            throttle.forget_old(now),
        )
    )
    result = Tidied(erased, closed, forgotten)
    if erased or closed or forgotten:
        _log.info("erased %d patients, closed %d runs, forgot %d rows", erased, closed, forgotten)
    return result


def _erase_withdrawn(cabinet: Cabinet, now: dt.datetime) -> int:
    """The dossier's row and everything that let its patient in. What they wrote to the cabinet is the cabinet's."""
    erased = 0
    while True:
        with transaction.atomic():
            lock(cabinet)  # a commit may be reviving one of them
            rows = PublishedDossier.objects.of(cabinet).filter(withdrawn_at__lt=now - WITHDRAWN_KEPT)
            numbers = list(rows.values_list("number", flat=True)[:NUMBERS_A_STATEMENT])
            if not numbers:
                return erased
            announcements.forget(cabinet, numbers)
            for model in (Session, OneTimeLink, AuditEvent, Access):
                model.objects.of(cabinet).filter(number__in=numbers).delete()
            rows.filter(number__in=numbers).delete()
        erased += len(numbers)


def _close_broken_runs(cabinet: Cabinet, now: dt.datetime) -> int:
    with transaction.atomic():
        locked = lock(cabinet)
        broken = SyncRun.objects.of(locked).filter(status=RunOutcome.OPEN, lease_until__lt=now - BROKEN_RUN_KEPT)
        for run in broken:
            close(run, RunOutcome.DISCARDED)
        if broken:
            drop_unreferenced_photos(locked)
    return len(broken)


def _forget_runs(now: dt.datetime) -> int:
    runs = SyncRun.objects.across_cabinets().filter(opened_at__lt=now - RUNS_KEPT).exclude(status=RunOutcome.OPEN)
    staged = StagedDossier.objects.filter(run=OuterRef("pk"), cabinet=OuterRef("cabinet"))
    return runs.filter(~Exists(staged)).delete()[0]


def _forget_codes(now: dt.datetime) -> int:
    return EnrolmentCode.objects.across_cabinets().filter(expires_at__lt=now - CODES_KEPT).delete()[0]

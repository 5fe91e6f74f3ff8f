"""Sync runs: one device at a time holds a cabinet's lease; a broken run is taken up again by its own device."""

import datetime as dt
import secrets

import msgspec
from django.db import transaction
from django.utils import timezone

from portal.api.documents import DocumentName
from portal.api.guards import lacks_birth_dates, losses
from portal.api.manifest import tag_of
from portal.api.shapes import OpenRun, RunState, RunStatus, TableCounts
from portal.pages.settings import FirstAccessPolicy
from portal.server.api.problems import Kind, Problem
from portal.server.cabinets import documents
from portal.server.cabinets.models import Cabinet, Device
from portal.server.cabinets.settings_store import current_settings
from portal.server.publishing import identities
from portal.server.publishing.models import NotPublished, Reason, RunOutcome, StagedDossier, SyncRun
from portal.server.publishing.wording import losses_sentence

LEASE = dt.timedelta(minutes=30)
"""Renewed by every batch and photo. A computer that is switched off holds the others up no longer than this."""


def open_run(device: Device, request: OpenRun) -> RunState:
    """Answer `current` when the portal shows exactly `request.root`, else open (or take up again) the device's run.

    Raise `Problem`: LEASE_HELD while another device publishes, TABLE_LOST_ROWS for an export without any patient,
    NO_BIRTH_DATES.
    """
    if request.counts.patients == 0:
        raise Problem(Kind.TABLE_LOST_ROWS, losses_sentence(losses(None, request.counts)))
    with transaction.atomic():
        cabinet = lock(device.cabinet)
        now = timezone.now()
        mapping_version = documents.version_of(cabinet, DocumentName.MAPPING)
        held = SyncRun.objects.of(cabinet).filter(status=RunOutcome.OPEN).first()
        if held is not None and held.device_id != device.pk:
            if _is_alive(held, now):
                raise Problem(Kind.LEASE_HELD)
            close(held, RunOutcome.DISCARDED)
            held = None
        if request.root == cabinet.root:
            if held is not None:
                close(held, RunOutcome.DISCARDED)
            cabinet.as_of = now
            cabinet.save(update_fields=["as_of"])
            return RunState(
                RunStatus.CURRENT,
                portal_root=cabinet.root,
                last_counts=last_counts_of(cabinet),
                not_published=tuple(sorted(not_published(cabinet))),
                erased=tuple(sorted(erased(cabinet))),
                mapping_version=mapping_version,
            )
        if cabinet.last_counts is None:
            # Known before anything travels; birth dates that went since are losses first, which the client tells.
            require_birth_dates(cabinet, request.counts)
        if held is None:
            held = SyncRun.objects.create(
                cabinet=cabinet,
                key=secrets.token_hex(16),
                device=device,
                status=RunOutcome.OPEN,
                lease_until=now + LEASE,
            )
        else:
            _renew(held, now)
        return RunState(
            RunStatus.OPEN,
            run=held.key,
            portal_root=cabinet.root,
            last_counts=last_counts_of(cabinet),
            not_published=tuple(sorted(not_published(cabinet))),
            erased=tuple(sorted(erased(cabinet))),
            mapping_version=mapping_version,
            manifest_tag=tag_of(bytes.fromhex(cabinet.root), identities.kept(cabinet)),
        )


def require_birth_dates(cabinet: Cabinet, counts: TableCounts) -> None:
    """Raise `Problem` NO_BIRTH_DATES where first visits ask for what no patient has."""
    policy = current_settings(cabinet).first_access.policy
    if policy is FirstAccessPolicy.BIRTH_DATE and lacks_birth_dates(counts):
        raise Problem(Kind.NO_BIRTH_DATES)


def own_run(device: Device, key: str) -> SyncRun:
    """A run that this device opened, whatever became of it. Raise `Problem` NOT_FOUND for anything else."""
    run = SyncRun.objects.of(device.cabinet).filter(key=key, device=device).first()
    if run is None:
        raise Problem(Kind.NOT_FOUND)
    return run


def renewed_run(device: Device, key: str) -> SyncRun:
    """The device's open run, its lease renewed. Raise `Problem` RUN_CLOSED when it is not open any more."""
    run = own_run(device, key)
    require_open(run)
    _renew(run, timezone.now())
    return run


def require_open(run: SyncRun) -> None:
    """Raise `Problem` RUN_CLOSED for one that is not open any more."""
    if run.status != RunOutcome.OPEN:
        raise Problem(Kind.RUN_CLOSED)


def discard(device: Device, key: str) -> None:
    """Drop what was staged and free the lease. Repeating is harmless; what was committed stays committed."""
    with transaction.atomic():
        lock(device.cabinet)
        run = own_run(device, key)
        if run.status == RunOutcome.OPEN:
            close(run, RunOutcome.DISCARDED)


def close(run: SyncRun, outcome: RunOutcome) -> None:
    StagedDossier.objects.of(run.cabinet).filter(run=run).delete()
    run.status = outcome
    run.save(update_fields=["status"])


def lock(cabinet: Cabinet) -> Cabinet:
    """The cabinet's row, newly read, for this transaction alone (SQLite locks the whole file: see settings.py)."""
    return Cabinet.objects.select_for_update().get(pk=cabinet.pk)


def last_counts_of(cabinet: Cabinet) -> TableCounts | None:
    return msgspec.convert(cabinet.last_counts, TableCounts) if cabinet.last_counts else None


def not_published(cabinet: Cabinet) -> frozenset[str]:
    return frozenset(NotPublished.objects.of(cabinet).values_list("number", flat=True))


def erased(cabinet: Cabinet) -> frozenset[str]:
    """Those of them who are so by their own wish."""
    rows = NotPublished.objects.of(cabinet).filter(reason=Reason.ERASED.value)
    return frozenset(rows.values_list("number", flat=True))


def _is_alive(run: SyncRun, now: dt.datetime) -> bool:
    return run.lease_until > now and run.device is not None and run.device.revoked_at is None


def _renew(run: SyncRun, now: dt.datetime) -> None:
    SyncRun.objects.of(run.cabinet).filter(pk=run.pk).update(lease_until=now + LEASE)

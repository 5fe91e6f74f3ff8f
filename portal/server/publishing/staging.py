"""Batches of dossiers on their way: checked, sealed and set aside, shown to nobody before the commit."""

import re
from collections.abc import Callable

from django.db import connection, transaction

from cabinet.dossier import DossierFormatError, decode, digest_of
from cabinet.identity import prints_of
from portal.api.shapes import Batch, BatchEntry
from portal.server.access import MAX_ENCODED_BYTES, dossier_sealer
from portal.server.api.problems import Kind, Problem
from portal.server.cabinets.models import Cabinet, Device
from portal.server.cabinets.registry import digest_key_of
from portal.server.publishing.models import StagedDossier
from portal.server.publishing.runs import own_run, renewed_run, require_open

MAX_NUMBER = 64
"""Characters; and no NUL, which PostgreSQL keeps in no text."""
_STAGE = """
    INSERT INTO publishing_stageddossier (cabinet_id, run_id, batch, number, digest, sealed, photo_digest, identity)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (cabinet_id, run_id, number) DO UPDATE SET
        batch = excluded.batch, digest = excluded.digest, sealed = excluded.sealed,
        photo_digest = excluded.photo_digest, identity = excluded.identity
"""
"""A number that an earlier, broken attempt had in another batch moves here. Objects of the ORM, made to be inserted and
forgotten, would take as long as all the rest of a batch.
"""
_PHOTO_DIGEST = re.compile(r"|[0-9a-f]{32}")


def stage(device: Device, run_key: str, index: int, batch: Batch) -> None:
    """Set a batch aside under its index (from 0). The same batch again, or another in its place, replaces it.

    Raise `Problem`: DIGEST_MISMATCH, BAD_DOSSIER or BAD_BODY for what cannot be right, RUN_CLOSED, NOT_FOUND.
    """
    cabinet = device.cabinet
    require_open(own_run(device, run_key))
    rows = _rows(cabinet, batch)
    with transaction.atomic():
        run = renewed_run(device, run_key)  # it may have been taken over while this batch was being sealed
        StagedDossier.objects.of(cabinet).filter(run=run, batch=index).delete()
        with connection.cursor() as cursor:
            cursor.executemany(_STAGE, [(cabinet.pk, run.pk, index, *row) for row in rows])


_Row = tuple[str, bytes, bytes, str, bytes]
"""Number, digest, sealed dossier, photo's digest, identity."""


def _rows(cabinet: Cabinet, batch: Batch) -> list[_Row]:
    if not batch.entries or len({entry.number for entry in batch.entries}) != len(batch.entries):
        raise Problem(Kind.BAD_BODY)
    key = digest_key_of(cabinet)
    seal = dossier_sealer(cabinet)
    return [_row(entry, key, seal) for entry in batch.entries]


def _row(entry: BatchEntry, key: bytes, seal: Callable[[str, bytes], bytes]) -> _Row:
    if len(entry.encoded) > MAX_ENCODED_BYTES:
        raise Problem(Kind.TOO_LARGE)
    if digest_of(entry.encoded, key) != entry.digest:
        raise Problem(Kind.DIGEST_MISMATCH)
    try:
        dossier = decode(entry.encoded)
    except DossierFormatError as error:
        raise Problem(Kind.BAD_DOSSIER) from error
    if dossier.number != entry.number or not 0 < len(entry.number) <= MAX_NUMBER or "\0" in entry.number:
        raise Problem(Kind.BAD_DOSSIER)
    if not _PHOTO_DIGEST.fullmatch(dossier.photo_digest):
        raise Problem(Kind.BAD_DOSSIER)
    sealed = seal(entry.number, entry.encoded)
    return entry.number, entry.digest, sealed, dossier.photo_digest, prints_of(dossier, key)

"""Every sealed column of the installation, and sealing them all anew with the newest key.

A rotation has two halves, because a request that is under way may still write with the former key:

1. `begin` puts a new key first in the key file (running servers follow it at once) and `reseal` goes through the rows;
2. `finish`, some time later, goes through them again and drops the former keys, if nothing needs them any more.

Both may be stopped at any moment and started again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction

from cabinet.errors import WebOrthoError
from portal.server.accounts.models import Access, OneTimeLink, PendingAnswer, Session
from portal.server.cabinets.models import Cabinet, SharedDocumentVersion
from portal.server.contact.models import Draft, Message
from portal.server.mail.models import QueuedMail
from portal.server.publishing.models import Photo, PublishedDossier, StagedDossier
from portal.server.sealing import SealBroken, read_ring, write_ring

ROWS_A_STEP = 200


class RotationRefused(WebOrthoError):
    """The former keys are still needed."""


@dataclass(frozen=True)
class SealedColumn:
    model: type[models.Model]
    column: str
    kind: str
    number_column: str = ""
    """Whose value the seal is bound to beside the cabinet; empty: to none."""


SEALED_COLUMNS = (
    SealedColumn(Cabinet, "sealed_digest_key", "digest-key"),
    SealedColumn(SharedDocumentVersion, "sealed", "document", "name"),
    SealedColumn(PublishedDossier, "sealed", "dossier", "number"),
    SealedColumn(StagedDossier, "sealed", "dossier", "number"),
    SealedColumn(Photo, "sealed", "photo", "digest"),
    SealedColumn(Access, "sealed_email", "email", "number"),
    SealedColumn(Session, "sealed_email", "email", "number"),
    SealedColumn(OneTimeLink, "sealed_email", "email", "number"),
    SealedColumn(PendingAnswer, "sealed", "asked", "purpose"),
    SealedColumn(Message, "sealed", "message", "number"),
    SealedColumn(Message, "sealed_answer", "answer", "number"),
    SealedColumn(Draft, "sealed", "draft", "number"),
    SealedColumn(QueuedMail, "sealed", "mail"),
)


@dataclass(frozen=True)
class Resealed:
    rows: int
    broken: int
    """Rows that open with no key of the ring: left as they are."""


def begin(keys_file: Path) -> bool:
    """Add a new key unless a rotation is under way already. Whether one was added."""
    ring = read_ring(keys_file)
    if len(ring.keys) > 1:
        return False
    write_ring(ring.with_new_key(), keys_file)
    return True


def reseal(progress: Callable[[str], object] = lambda _: None) -> Resealed:
    """Seal anew what an older key sealed, a few rows at a time; `progress` is told the table."""
    rows = broken = 0
    for column in SEALED_COLUMNS:
        progress(column.model.__name__)
        for keys in _steps(column.model):
            done, lost = _reseal_rows(column, keys)
            rows, broken = rows + done, broken + lost
    return Resealed(rows, broken)


def finish(keys_file: Path) -> Resealed:
    """Seal what is left and drop the former keys. Raise `RotationRefused` when a row would become unreadable."""
    result = reseal()
    if result.broken:
        raise RotationRefused(
            f"{result.broken} valeurs scellées ne s’ouvrent avec aucune clé de l’installation. Les clés sont gardées.",
            "Reprenez de vos sauvegardes le fichier de clés d’alors, ou restaurez la base qui va avec celui-ci.",
        )
    write_ring(read_ring(keys_file).without_old_keys(), keys_file)
    return result


def _everything(model: type[models.Model]) -> models.QuerySet[Any]:
    """All rows, of all cabinets: the key file belongs to the installation."""
    return models.QuerySet(model)


def _steps(model: type[models.Model]) -> Iterator[list[int]]:
    last = 0
    while True:
        keys = list(_everything(model).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:ROWS_A_STEP])
        if not keys:
            return
        yield keys
        last = keys[-1]


def _reseal_rows(column: SealedColumn, keys: list[int]) -> tuple[int, int]:
    code = "code" if column.model is Cabinet else "cabinet__code"
    fields = ("pk", code, column.column, *((column.number_column,) if column.number_column else ()))
    done = broken = 0
    with transaction.atomic():
        for pk, cabinet_code, value, *number in _everything(column.model).filter(pk__in=keys).values_list(*fields):
            sealed = bytes(value or b"")
            if not sealed or settings.SEALER.is_sealed_with_newest(sealed):
                continue
            place = (cabinet_code, column.kind, number[0] if number else "")
            try:
                anew = settings.SEALER.seal(*place, settings.SEALER.open(*place, sealed))
            except SealBroken:
                broken += 1
                continue
            # Only if nobody wrote the row meanwhile: what a server writes now is sealed with the newest key.
            done += _everything(column.model).filter(pk=pk, **{column.column: sealed}).update(**{column.column: anew})
    return done, broken

"""Dossiers that a former version published get the identity of their patient, from their sealed content."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import migrations, models

import zstandard

from cabinet.dossier import DossierFormatError, decode
from cabinet.identity import identity_of
from portal.server.access import MAX_ENCODED_BYTES
from portal.server.sealing import SealBroken

ROWS_A_STATEMENT = 500


def identify(apps: Any, schema_editor: object) -> None:  # noqa: ARG001 - Django's
    dossiers: models.QuerySet[Any] = models.QuerySet(apps.get_model("publishing", "PublishedDossier"))
    cabinets: models.QuerySet[Any] = models.QuerySet(apps.get_model("cabinets", "Cabinet"))
    for cabinet in cabinets:
        rows = dossiers.filter(cabinet=cabinet, withdrawn_at=None, identity=b"")
        key = None
        while chunk := list(rows.order_by("pk")[:ROWS_A_STATEMENT]):
            key = key or settings.SEALER.open(cabinet.code, "digest-key", "", bytes(cabinet.sealed_digest_key))
            for row in chunk:
                row.identity = _identity(cabinet.code, row, key)
            dossiers.bulk_update(chunk, ["identity"])


def _identity(code: str, row: Any, key: bytes) -> bytes:
    """Of a row that is damaged: one that is compared with nothing."""
    with suppress(SealBroken, DossierFormatError):
        compressed = settings.SEALER.open(code, "dossier", row.number, bytes(row.sealed))
        encoded = zstandard.ZstdDecompressor().decompress(compressed, max_output_size=MAX_ENCODED_BYTES)
        return identity_of(decode(encoded).patient, key)
    return b"?"


class Migration(migrations.Migration):

    dependencies = [
        ('cabinets', '0001_initial'),
        ('publishing', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='publisheddossier',
            name='identity',
            field=models.BinaryField(default=b''),
        ),
        migrations.AddField(
            model_name='stageddossier',
            name='identity',
            field=models.BinaryField(default=b''),
        ),
        migrations.RunPython(identify, migrations.RunPython.noop),
    ]

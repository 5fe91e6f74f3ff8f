"""The only way to a dossier: it takes the signed-in patient or the device, and never a bare number from a request.

A device sees a dossier at the desk, where people compare it with the cabinet's export (`shown_at_desk`); the nightly
program's token opens none. Two exceptions serve `portal.server.accounts` alone. `dossier_for_first_visit`: before
there is a session, what a person typed must be compared with the dossier; the answers are the same whatever it
returns. `birth_dates`: a device asks for secrets of many patients, and is told no more than whether they could be used.
"""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

import zstandard
from django.conf import settings

from cabinet.dossier import Dossier, DossierFormatError, decode
from portal.server.cabinets.models import Cabinet, Device
from portal.server.publishing.models import Photo, PublishedDossier
from portal.server.sealing import SealBroken

MAX_ENCODED_BYTES = 4 * 1024 * 1024
"""No dossier was accepted that is larger (`publishing.staging`): a bound for the decompression."""


@dataclass(frozen=True)
class Reader:
    """Whom a session speaks for, with the cabinet that every query of theirs starts with."""

    cabinet: Cabinet
    number: str
    access_id: int
    session_id: int


@dataclass(frozen=True)
class Shown:
    """What a page is made from, read in one row."""

    dossier: Dossier
    photo_digest: str
    published_at: datetime


@dataclass(frozen=True)
class ShownPhoto:
    content: bytes
    content_type: str


def shown_to(reader: Reader) -> Shown | None:
    """What the reader's pages show, or None when their dossier is withdrawn. `SealBroken`: it was tampered with."""
    return _shown(reader.cabinet, reader.number)


def shown_at_desk(device: Device, number: str) -> Shown | None:
    """What the device's cabinet shows of this patient. Only `portal.server.desk.patients` asks, and writes it down."""
    return _shown(device.cabinet, number)


def photo_of(reader: Reader, digest: str) -> ShownPhoto | None:
    """The reader's own photo under this digest. Another patient's photo is as absent as one that never was."""
    is_own = (
        PublishedDossier.objects.of(reader.cabinet)
        .filter(number=reader.number, withdrawn_at=None, photo_digest=digest)
        .exists()
    )
    photo = Photo.objects.of(reader.cabinet).filter(digest=digest).first() if digest and is_own else None
    if photo is None:
        return None
    content = settings.SEALER.open(reader.cabinet.code, "photo", digest, bytes(photo.sealed))
    return ShownPhoto(content, photo.content_type)


def dossier_for_first_visit(cabinet: Cabinet, number: str) -> Dossier | None:
    """The dossier that somebody who has no session yet claims to know (see the module's docstring)."""
    shown = _shown(cabinet, number)
    return shown.dossier if shown else None


def birth_dates(cabinet: Cabinet, numbers: Collection[str]) -> dict[str, date | None]:
    """Of those of these numbers that are published and can be read: whether a link that asks for it can open."""
    rows = PublishedDossier.objects.of(cabinet).filter(number__in=numbers, withdrawn_at=None)
    known: dict[str, date | None] = {}
    for number, sealed in rows.values_list("number", "sealed"):
        with suppress(SealBroken, DossierFormatError):  # one damaged row does not keep all others waiting
            known[number] = _unsealed(cabinet, number, bytes(sealed)).patient.birth_date
    return known


def dossier_sealer(cabinet: Cabinet) -> Callable[[str, bytes], bytes]:
    """What makes of a number and its encoded dossier what `PublishedDossier.sealed` holds, for those of one batch.

    Compressed, then sealed for exactly this patient of this cabinet.
    """
    compress, seal = zstandard.ZstdCompressor().compress, settings.SEALER.sealing(cabinet.code, "dossier")
    return lambda number, encoded: seal(number, compress(encoded))


def _shown(cabinet: Cabinet, number: str) -> Shown | None:
    row = (
        PublishedDossier.objects.of(cabinet)
        .filter(number=number, withdrawn_at=None)
        .values_list("sealed", "photo_digest", "published_at")
        .first()
    )
    if row is None:
        return None
    sealed, photo_digest, published_at = row
    return Shown(_unsealed(cabinet, number, bytes(sealed)), photo_digest, published_at)


def _unsealed(cabinet: Cabinet, number: str, sealed: bytes) -> Dossier:
    compressed = settings.SEALER.open(cabinet.code, "dossier", number, sealed)
    return decode(zstandard.ZstdDecompressor().decompress(compressed, max_output_size=MAX_ENCODED_BYTES))

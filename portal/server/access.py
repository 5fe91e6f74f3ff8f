"""The only way to a dossier: it takes the signed-in patient or the device, and never a bare number from a request.

One exception, `dossier_for_first_visit`: before there is a session, what a person typed must be compared with the
dossier. It serves `portal.server.accounts` alone, whose answers are the same whatever it returns.
"""

from dataclasses import dataclass
from datetime import datetime

import zstandard
from django.conf import settings

from cabinet.dossier import Dossier, decode
from portal.server.cabinets.models import Cabinet
from portal.server.publishing.models import Photo, PublishedDossier

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


def seal_dossier(cabinet: Cabinet, number: str, encoded: bytes, compressor: zstandard.ZstdCompressor) -> bytes:
    """What `PublishedDossier.sealed` holds: compressed, then sealed for exactly this patient of this cabinet."""
    return settings.SEALER.seal(cabinet.code, "dossier", number, compressor.compress(encoded))


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
    compressed = settings.SEALER.open(cabinet.code, "dossier", number, bytes(sealed))
    encoded = zstandard.ZstdDecompressor().decompress(compressed, max_output_size=MAX_ENCODED_BYTES)
    return Shown(decode(encoded), photo_digest, published_at)

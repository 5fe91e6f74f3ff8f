"""A cabinet's logo and access map: named by the digest of what its device sent, public, drawn anew."""

from cabinet.dossier import digest_of
from portal.server.api.problems import Kind, Problem
from portal.server.cabinets.models import Cabinet, CabinetImage
from portal.server.cabinets.registry import digest_key_of
from portal.server.images import CABINET_IMAGE_EDGE, ImageRefused, redraw


def keep(cabinet: Cabinet, digest: str, content: bytes) -> None:
    """Repeating is harmless. Raise `Problem`: DIGEST_MISMATCH, BAD_IMAGE."""
    if digest_of(content, digest_key_of(cabinet)).hex() != digest:
        raise Problem(Kind.DIGEST_MISMATCH)
    try:
        clean = redraw(content, CABINET_IMAGE_EDGE)
    except ImageRefused as error:
        raise Problem(Kind.BAD_IMAGE) from error
    image = CabinetImage(cabinet=cabinet, digest=digest, content_type=clean.content_type, content=clean.content)
    CabinetImage.objects.bulk_create([image], ignore_conflicts=True)

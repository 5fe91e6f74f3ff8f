"""Patients' photos: content-addressed, drawn anew, sealed; kept for as long as a shown dossier names them."""

from django.conf import settings
from django.utils import timezone

from portal.server.api.problems import Kind, Problem
from portal.server.cabinets.models import Device
from portal.server.images import PHOTO_EDGE, ImageRefused, redraw
from portal.server.publishing.models import Photo, RunOutcome, SyncRun
from portal.server.publishing.runs import renewed_run

DIGESTS_A_STATEMENT = 500


def wanted(device: Device, run_key: str, offered: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the offered photos that the portal does not have, in the order of the offer."""
    run = renewed_run(device, run_key)
    known: set[str] = set()
    for start in range(0, len(offered), DIGESTS_A_STATEMENT):
        chunk = offered[start : start + DIGESTS_A_STATEMENT]
        known.update(Photo.objects.of(run.cabinet).filter(digest__in=chunk).values_list("digest", flat=True))
    return tuple(dict.fromkeys(digest for digest in offered if digest not in known))


def keep(device: Device, digest: str, content: bytes) -> None:
    """Store a photo under its digest. Repeating is harmless.

    The digest names the cabinet's own file, of which `content` is a small copy made for the portal: only the cabinet
    can compare the two. Raise `Problem`: RUN_CLOSED without an open run of this device, BAD_IMAGE.
    """
    cabinet = device.cabinet
    run = SyncRun.objects.of(cabinet).filter(device=device, status=RunOutcome.OPEN).first()
    if run is None:
        raise Problem(Kind.RUN_CLOSED)
    renewed_run(device, run.key)
    if Photo.objects.of(cabinet).filter(digest=digest).exists():
        return
    try:
        clean = redraw(content, PHOTO_EDGE)
    except ImageRefused as error:
        raise Problem(Kind.BAD_IMAGE) from error
    sealed = settings.SEALER.seal(cabinet.code, "photo", digest, clean.content)
    photo = Photo(
        cabinet=cabinet, digest=digest, content_type=clean.content_type, sealed=sealed, created_at=timezone.now()
    )
    Photo.objects.bulk_create([photo], ignore_conflicts=True)

"""A cabinet's settings document: published whole, every version kept, cleaned when written and again when read."""

from functools import lru_cache
from hashlib import blake2b

import msgspec
from django.db import transaction

from portal.api.desk import PublishedVersion
from portal.api.shapes import PublishSettings, SettingsVersion
from portal.pages.settings import PortalSettings, check, decode, encode
from portal.server.api.problems import Kind, Problem
from portal.server.cabinets.models import Cabinet, CabinetImage, Device, SettingsDocument

_CACHED_CABINETS = 1024


def current_settings(cabinet: Cabinet) -> PortalSettings:
    """What the cabinet's pages are made with. No query when this content was read before; defaults before the first."""
    if not cabinet.settings_digest:
        return PortalSettings()
    return _read(cabinet.pk, cabinet.settings_digest)


def version_of(cabinet: Cabinet, version: int | None = None) -> SettingsVersion:
    """A published version, or the newest. Version 0 and the default document before the first.

    Raise `Problem` NOT_FOUND for a version that was never published.
    """
    rows = SettingsDocument.objects.of(cabinet).order_by("-version")
    row = (rows if version is None else rows.filter(version=version)).first()
    if row is not None:
        return SettingsVersion(row.version, msgspec.Raw(bytes(row.document)), row.published_at)
    if version:
        raise Problem(Kind.NOT_FOUND)
    return SettingsVersion(0, msgspec.Raw(encode(PortalSettings())))


def history(cabinet: Cabinet) -> tuple[PublishedVersion, ...]:
    """Every version that was published, newest first."""
    rows = SettingsDocument.objects.of(cabinet).order_by("-version")
    published = rows.values_list("version", "published_at", "device__name")
    return tuple(PublishedVersion(version, at, name or "") for version, at, name in published)


def publish(device: Device, request: PublishSettings) -> SettingsVersion:
    """Make the document the next version. Raise `Problem`: BAD_BODY, BAD_SETTINGS, VERSION_CONFLICT."""
    try:
        # Not `decode`, which cleans: what would be cleaned away is refused with a reason.
        document = msgspec.json.decode(request.document, type=PortalSettings)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(Kind.BAD_BODY) from error
    complaints = check(document)
    if complaints:
        raise Problem(Kind.BAD_SETTINGS, " ".join(("Rien n’a été modifié.", *complaints)))
    content = encode(document)
    with transaction.atomic():
        cabinet = Cabinet.objects.select_for_update().get(pk=device.cabinet_id)
        newest = (
            SettingsDocument.objects.of(cabinet).order_by("-version").values_list("version", flat=True).first() or 0
        )
        if request.base_version != newest:
            raise Problem(Kind.VERSION_CONFLICT)
        _require_images(cabinet, document)
        row = SettingsDocument.objects.create(cabinet=cabinet, version=newest + 1, document=content, device=device)
        cabinet.settings_digest = _content_digest(content)
        cabinet.save(update_fields=["settings_digest"])
    return SettingsVersion(row.version, msgspec.Raw(content), row.published_at)


def _require_images(cabinet: Cabinet, document: PortalSettings) -> None:
    named = {digest for digest in (document.logo_digest, document.access_image_digest) if digest}
    known = set(CabinetImage.objects.of(cabinet).filter(digest__in=named).values_list("digest", flat=True))
    if named - known:
        raise Problem(
            Kind.BAD_SETTINGS,
            "Rien n’a été modifié. Le logo ou le plan d’accès n’est pas arrivé sur le portail\u00a0: "
            "choisissez-le de nouveau.",
        )


@lru_cache(maxsize=_CACHED_CABINETS)
def _read(cabinet_id: int, settings_digest: str) -> PortalSettings:
    """Cached by content, so that nothing ever has to be told that it changed."""
    cabinet = Cabinet.objects.get(pk=cabinet_id)
    for row in SettingsDocument.objects.of(cabinet).order_by("-version").iterator(chunk_size=10):
        content = bytes(row.document)
        if _content_digest(content) == settings_digest:
            return decode(content)
    raise LookupError(f"settings {settings_digest} of cabinet {cabinet.code}")


def _content_digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()

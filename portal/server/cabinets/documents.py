"""What a cabinet's computers share: sealed documents, saved over the version that they were made from."""

from django.conf import settings
from django.db import transaction

from portal.api.documents import MAX_DOCUMENT_BYTES, DocumentName, SavedDocument, SaveDocument, SharedDocument
from portal.server.api.problems import Kind, Problem
from portal.server.cabinets.models import Cabinet, Device, SharedDocumentVersion

VERSIONS_KEPT = 20


def listed(cabinet: Cabinet) -> tuple[SavedDocument, ...]:
    """The newest version of each that there is."""
    rows = SharedDocumentVersion.objects.of(cabinet).order_by("name", "version").select_related("device")
    newest = {row.name: row for row in rows.defer("sealed")}
    return tuple(_saved(row) for row in newest.values())


def newest(cabinet: Cabinet, name: DocumentName) -> SharedDocument:
    """Version 0 and nothing before the first."""
    row = _newest(cabinet, name)
    return SharedDocument(_saved(row), _opened(row)) if row else SharedDocument(SavedDocument(name, 0), b"")


def version_of(cabinet: Cabinet, name: DocumentName) -> int:
    """Of the newest; 0 before the first."""
    rows = SharedDocumentVersion.objects.of(cabinet).filter(name=name.value).order_by("-version")
    return rows.values_list("version", flat=True).first() or 0


def save(device: Device, name: DocumentName, request: SaveDocument) -> SavedDocument:
    """Make it the next version. Raise `Problem`: TOO_LARGE, DOCUMENT_CONFLICT; nothing is changed then."""
    if len(request.content) > MAX_DOCUMENT_BYTES:
        raise Problem(Kind.TOO_LARGE)
    with transaction.atomic():
        cabinet = Cabinet.objects.select_for_update().get(pk=device.cabinet_id)
        former = _newest(cabinet, name)
        if former is not None and _opened(former) == request.content:
            return _saved(former)
        if request.base_version != (former.version if former else 0):
            raise Problem(Kind.DOCUMENT_CONFLICT)
        row = SharedDocumentVersion.objects.create(
            cabinet=cabinet,
            name=name.value,
            version=request.base_version + 1,
            sealed=settings.SEALER.seal(cabinet.code, "document", name.value, request.content),
            device=device,
        )
        SharedDocumentVersion.objects.of(cabinet).filter(
            name=name.value, version__lte=row.version - VERSIONS_KEPT
        ).delete()
    return _saved(row)


def _newest(cabinet: Cabinet, name: DocumentName) -> SharedDocumentVersion | None:
    rows = SharedDocumentVersion.objects.of(cabinet).filter(name=name.value)
    return rows.select_related("device").order_by("-version").first()


def _opened(row: SharedDocumentVersion) -> bytes:
    return settings.SEALER.open(row.cabinet.code, "document", row.name, bytes(row.sealed))


def _saved(row: SharedDocumentVersion) -> SavedDocument:
    return SavedDocument(DocumentName(row.name), row.version, row.saved_at, row.device.name if row.device else "")

"""Numbers that are never shown, whatever the source says: hidden by the cabinet, or erased on request."""

from django.db import transaction
from django.utils import timezone

from portal.api.manifest import root_of_digests
from portal.server.cabinets.models import Cabinet
from portal.server.publishing import runs
from portal.server.publishing.commit import drop_unreferenced_photos, shown_digests, withdraw
from portal.server.publishing.models import NotPublished, Reason


def exclude(cabinet: Cabinet, number: str, reason: Reason) -> None:
    """Withdraw the dossier at once and keep it from coming back by sync. An erased patient does not become hidden."""
    with transaction.atomic():
        locked = runs.lock(cabinet)
        existing = NotPublished.objects.of(locked).filter(number=number).first()
        if existing is None:
            NotPublished.objects.create(cabinet=locked, number=number, reason=reason.value)
        elif reason is Reason.ERASED:
            NotPublished.objects.of(locked).filter(pk=existing.pk).update(reason=reason.value)
        withdraw(locked, (number,), timezone.now())
        drop_unreferenced_photos(locked)
        locked.root = root_of_digests(shown_digests(locked).items()).hex()
        locked.save(update_fields=["root"])


def readmit(cabinet: Cabinet, number: str) -> bool:
    """Let the next sync publish a hidden number again. False for one that is not hidden: the erased never return."""
    removed, _ = NotPublished.objects.of(cabinet).filter(number=number, reason=Reason.HIDDEN.value).delete()
    return removed > 0

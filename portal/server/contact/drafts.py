"""Keeps what somebody was writing when their session ended, for the same person's next sign-in."""

import datetime as dt

import msgspec
from django.conf import settings
from django.utils import timezone

from portal.server.accounts.models import Access
from portal.server.contact import models
from portal.server.contact.messages import MAX_MESSAGE, MAX_SUBJECT

KEPT = dt.timedelta(days=1)


class Draft(msgspec.Struct, frozen=True):
    subject: str = ""
    message: str = ""


def keep(access: Access, draft: Draft) -> None:
    """Keep the draft, in place of a former one. An empty one changes nothing."""
    if not draft.message.strip():
        return
    kept = Draft(draft.subject[:MAX_SUBJECT], draft.message[:MAX_MESSAGE])
    sealed = settings.SEALER.seal(access.cabinet.code, "draft", access.number, msgspec.json.encode(kept))
    models.Draft.objects.update_or_create(
        cabinet=access.cabinet,
        access=access,
        defaults={"number": access.number, "sealed": sealed, "created_at": timezone.now()},
    )


def of(access: Access) -> Draft:
    """What this person was writing within a day, or an empty draft."""
    row = models.Draft.objects.of(access.cabinet).filter(access=access, created_at__gt=timezone.now() - KEPT).first()
    if row is None:
        return Draft()
    plain = settings.SEALER.open(access.cabinet.code, "draft", access.number, bytes(row.sealed))
    return msgspec.json.decode(plain, type=Draft)


def forget(access: Access) -> None:
    models.Draft.objects.of(access.cabinet).filter(access=access).delete()


def forget_old(now: dt.datetime | None = None) -> int:
    """Delete drafts that nobody came back to; how many."""
    before = (now or timezone.now()) - KEPT
    deleted, _ = models.Draft.objects.across_cabinets().filter(created_at__lt=before).delete()
    return deleted

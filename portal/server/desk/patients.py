"""A cabinet's patients as the desk sees them: who is shown, who has an access, who came; and hiding and erasing one."""

import datetime as dt

from django.db import transaction
from django.db.models import Count, Max

from cabinet.dossier import encode
from portal.api.desk import Account, Showing, ShownDossier
from portal.server import throttle
from portal.server.access import shown_at_desk
from portal.server.accounts import answers, audit, changes
from portal.server.accounts.identifiers import throttled_account
from portal.server.accounts.models import Access, OneTimeLink
from portal.server.api.problems import Kind, Problem
from portal.server.cabinets.models import Cabinet, Device
from portal.server.contact.models import Message
from portal.server.desk import announcements
from portal.server.mail.models import QueuedMail
from portal.server.publishing.exclusion import exclude, readmit
from portal.server.publishing.models import NotPublished, PublishedDossier, Reason


def accounts(cabinet: Cabinet) -> tuple[Account, ...]:
    """Every number that is or was published, or hidden, in order; a handful of queries however many there are."""
    showing = _showing(cabinet)
    accesses = _accesses(cabinet)
    informed = announcements.informed(cabinet)
    counted_by = {number: throttled_account(cabinet.code, number) for number in showing}
    closed = throttle.closed_accounts(cabinet.code, frozenset(counted_by.values()))
    rows = []
    for number, shown in sorted(showing.items()):
        count, last_visit = accesses.get(number, (0, None))
        rows.append(Account(number, shown, count, counted_by[number] in closed, last_visit, informed.get(number)))
    return tuple(rows)


def dossier(device: Device, number: str) -> ShownDossier:
    """What the portal shows of a patient, for a person at the desk; the patient's trail keeps who looked.

    Counted before it is looked at, so that a stolen token copies no cabinet unnoticed. Raise `Problem` TOO_MANY_LOOKS,
    and NOT_FOUND where nothing is shown.
    """
    too_many = throttle.may_look(device.cabinet.code, str(device.pk))
    if too_many:
        raise Problem(Kind.TOO_MANY_LOOKS, retry_after=too_many.retry_after)
    shown = shown_at_desk(device, number)
    if shown is None:
        raise Problem(Kind.NOT_FOUND)
    audit.record(device.cabinet, number, audit.Event.SEEN_AT_DESK, device.name)
    return ShownDossier(encode(shown.dossier), shown.published_at)


def reset(cabinet: Cabinet, number: str, actor: str) -> int:
    """Close all accesses with their links and codes; how many. Raise `Problem` NOT_FOUND for an unknown number."""
    if not (
        PublishedDossier.objects.of(cabinet).filter(number=number).exists()
        or Access.objects.of(cabinet).filter(number=number).exists()
    ):
        raise Problem(Kind.NOT_FOUND)
    return changes.revoke_all(cabinet, number, actor)


def hide(cabinet: Cabinet, number: str, actor: str) -> None:
    """Withdraw the dossier at once and keep it from coming back. A number that was never published may be hidden."""
    with transaction.atomic():
        exclude(cabinet, number, Reason.HIDDEN)
        audit.record(cabinet, number, audit.Event.HIDDEN, actor)


def show(cabinet: Cabinet, number: str, actor: str) -> None:
    """Let the next sync publish it again; nothing to do for one that is not hidden. Raise `Problem` ERASED."""
    with transaction.atomic():
        if readmit(cabinet, number):
            audit.record(cabinet, number, audit.Event.SHOWN, actor)
        elif NotPublished.objects.of(cabinet).filter(number=number).exists():
            raise Problem(Kind.ERASED)


def erase(cabinet: Cabinet, number: str, actor: str) -> None:
    """Delete what the portal holds of a patient, for good; the trail keeps that and when it was done, and by whom."""
    with transaction.atomic():
        exclude(cabinet, number, Reason.ERASED)
        changes.revoke_all(cabinet, number, actor)
        answers.forget(cabinet, number)
        # Used links, too: they hold an address. Mails last: what was being answered has queued its own.
        for model in (OneTimeLink, Message, PublishedDossier, QueuedMail):
            model.objects.of(cabinet).filter(number=number).delete()
        announcements.forget(cabinet, (number,))
        audit.record(cabinet, number, audit.Event.ERASED, actor)


def _showing(cabinet: Cabinet) -> dict[str, Showing]:
    """What the cabinet decided comes before what the sync did."""
    published = PublishedDossier.objects.of(cabinet).values_list("number", "withdrawn_at")
    showing = {number: Showing.SHOWN if at is None else Showing.WITHDRAWN for number, at in published}
    barred = NotPublished.objects.of(cabinet).values_list("number", "reason")
    return showing | {number: Showing(reason) for number, reason in barred}


def _accesses(cabinet: Cabinet) -> dict[str, tuple[int, dt.datetime | None]]:
    """How many accesses each dossier has, and when one of them last signed in."""
    counted = Access.objects.of(cabinet).values("number").annotate(count=Count("pk"), last=Max("last_sign_in_at"))
    return {number: (count, last) for number, count, last in counted.values_list("number", "count", "last")}

"""Numbers that an export gives to another patient: known by the identity of whom the number last belonged to.

A withdrawn patient's account is kept for some days, and so is the identity: their number is not another's meanwhile.
"""

from collections.abc import Mapping

from django.db.models import QuerySet

from cabinet.identity import is_another
from portal.api.manifest import manifest_of
from portal.api.shapes import Manifest, ManifestEntry
from portal.server.accounts import answers, audit
from portal.server.accounts.models import Access, AuditEvent, OneTimeLink, Session
from portal.server.cabinets.models import Cabinet
from portal.server.contact.models import Message
from portal.server.desk.models import Announcement, Claim
from portal.server.mail.models import QueuedMail
from portal.server.publishing.models import PublishedDossier, StagedDossier


def shown(cabinet: Cabinet, staged: QuerySet[StagedDossier]) -> dict[str, bytes]:
    """Number -> identity of the dossiers that are shown, and of which another was staged."""
    dossiers = PublishedDossier.objects.of(cabinet).filter(withdrawn_at=None, number__in=staged.values("number"))
    return {number: bytes(identity) for number, identity in dossiers.values_list("number", "identity")}


def kept(cabinet: Cabinet) -> tuple[ManifestEntry, ...]:
    """The withdrawn patients whose accounts are kept, in order of number."""
    # Put in order here: for it SQLite would leave the index of states, and read every sealed dossier of the cabinet.
    rows = PublishedDossier.objects.of(cabinet).exclude(withdrawn_at=None).values_list("number", "identity")
    return tuple(ManifestEntry(number, b"", bytes(who)) for number, who in sorted(rows))


def manifest(cabinet: Cabinet) -> Manifest:
    """Everything that is shown, and who is kept, by one statement: a commit may come between two."""
    rows = PublishedDossier.objects.of(cabinet).values_list("number", "digest", "identity", "withdrawn_at")
    entries = [(ManifestEntry(n, bytes(digest), bytes(who)), at is None) for n, digest, who, at in rows]
    shown = (entry for entry, is_shown in entries if is_shown)
    return manifest_of(shown, (entry for entry, is_shown in entries if not is_shown))


def reused(before: Mapping[str, bytes], arriving: Mapping[str, bytes]) -> frozenset[str]:
    """Those of the arriving numbers (-> identity) that belonged to somebody else, by what was known `before`."""
    return frozenset(n for n in arriving.keys() & before.keys() if is_another(before[n], arriving[n]))


def hand_over(cabinet: Cabinet, number: str, actor: str) -> None:
    """Nothing that the former patient's family had opens, receives or shows anything of the number any more.

    Accesses, sessions, links, codes, questions, mails and messages go, and so does the trail, which its patient reads.
    """
    answers.forget(cabinet, number)
    for model in (Session, OneTimeLink, AuditEvent, Access, Message, QueuedMail, Announcement, Claim):
        model.objects.of(cabinet).filter(number=number).delete()
    audit.record(cabinet, number, audit.Event.HANDED_OVER, actor)

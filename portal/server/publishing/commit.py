"""The commit of a run: all that it staged and withdraws becomes what patients see, in one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from portal.api.guards import changed_parts, losses, must_hold, replaced_patients
from portal.api.manifest import root_of_digests
from portal.api.shapes import Commit, Committed, Role
from portal.server.api.problems import Kind, Problem
from portal.server.cabinets.models import Cabinet, Device
from portal.server.publishing import identities, runs
from portal.server.publishing.models import Photo, PublishedDossier, RunOutcome, StagedDossier, SyncRun
from portal.server.publishing.wording import changed_sentence, losses_sentence, replaced_sentence

NUMBERS_A_STATEMENT = 500

_PUBLISH_STAGED = """
    INSERT INTO publishing_publisheddossier
        (cabinet_id, number, digest, sealed, photo_digest, identity, published_at, withdrawn_at)
    SELECT cabinet_id, number, digest, sealed, photo_digest, identity, %(now)s, NULL
    FROM publishing_stageddossier AS staged
    WHERE cabinet_id = %(cabinet)s AND run_id = %(run)s AND batch < %(batches)s
        AND NOT EXISTS (
            SELECT 1 FROM publishing_notpublished AS barred
            WHERE barred.cabinet_id = staged.cabinet_id AND barred.number = staged.number
        )
    ON CONFLICT (cabinet_id, number) DO UPDATE SET
        digest = excluded.digest, sealed = excluded.sealed, photo_digest = excluded.photo_digest,
        identity = excluded.identity, published_at = excluded.published_at, withdrawn_at = NULL
    WHERE publishing_publisheddossier.digest <> excluded.digest
        OR publishing_publisheddossier.withdrawn_at IS NOT NULL
"""
"""The sealed rows never leave the database: 10,000 of them move in one statement (SQLite 3.24, PostgreSQL 9.5)."""


@dataclass(frozen=True)
class _Change:
    """What a commit makes of the state that is shown: number -> digest."""

    before: Mapping[str, bytes]
    staged: dict[str, bytes]
    """Of those that are published."""
    withdrawn: tuple[str, ...]
    held: tuple[str, ...]
    reused: tuple[str, ...]
    """Arrived, but seem to belong to somebody else now: they wait as well."""
    handed_over: tuple[str, ...]
    """The same, confirmed."""

    def answer(self, as_of: datetime) -> Committed:
        changed = sum(1 for n, digest in self.staged.items() if self.before.get(n, digest) != digest)
        added = sum(1 for n in self.staged if n not in self.before)
        gone = frozenset(self.withdrawn)
        after = {n: digest for n, digest in self.before.items() if n not in gone} | self.staged
        return Committed(
            root=root_of_digests(after.items()).hex(),
            added=added,
            changed=changed,
            withdrawn=len(self.withdrawn),
            unchanged=len(after) - added - changed,
            held=self.held,
            reused=self.reused,
            as_of=as_of,
        )


def commit(device: Device, run_key: str, request: Commit) -> Committed:
    """Apply a run. A commit that was applied gives its first answer again, whatever is asked the second time.

    Raise `Problem`: ROLE_NOT_ALLOWED, RUN_CLOSED, STALE_ROOT, BATCH_MISSING, TABLE_LOST_ROWS, TABLE_GREW,
    PATIENTS_CHANGED, PATIENTS_REPLACED, NO_BIRTH_DATES; then nothing is changed.
    """
    is_confirming = request.confirm_withdrawals or request.confirm_losses or request.confirm_reused
    if is_confirming and device.role != Role.PRACTITIONER:
        raise Problem(
            Kind.ROLE_NOT_ALLOWED,
            "Seul un poste de praticien peut confirmer de nombreux retraits, un export qui a beaucoup perdu ou un "
            "numéro qui change de patient. Confirmez depuis ce poste.",
        )
    with transaction.atomic():
        cabinet = runs.lock(device.cabinet)
        run = runs.own_run(device, run_key)
        if run.answer is not None:
            return msgspec.json.decode(bytes(run.answer), type=Committed)
        _check(cabinet, run, request)
        change = _change(cabinet, run, request)
        now = timezone.now()
        for number in change.handed_over:
            identities.hand_over(cabinet, number, device.name)
        _apply(cabinet, run, request.batches, change, now)
        answer = change.answer(now)
        cabinet.root = answer.root
        cabinet.last_counts = msgspec.to_builtins(request.counts)
        cabinet.as_of = now
        cabinet.save(update_fields=["root", "last_counts", "as_of"])
        run.answer = msgspec.json.encode(answer)
        run.save(update_fields=["answer"])
        runs.close(run, RunOutcome.COMMITTED)
    return answer


def withdraw(cabinet: Cabinet, numbers: Iterable[str], now: datetime) -> None:
    """Empty these dossiers. Their rows stay for as long as their patients' accounts are kept."""
    ordered = sorted(numbers)
    for start in range(0, len(ordered), NUMBERS_A_STATEMENT):
        PublishedDossier.objects.of(cabinet).filter(
            number__in=ordered[start : start + NUMBERS_A_STATEMENT], withdrawn_at=None
        ).update(digest=b"", sealed=b"", photo_digest="", withdrawn_at=now)


def drop_unreferenced_photos(cabinet: Cabinet) -> None:
    shown = PublishedDossier.objects.filter(cabinet=OuterRef("cabinet"), photo_digest=OuterRef("digest"))
    Photo.objects.of(cabinet).filter(~Exists(shown)).delete()


def shown_digests(cabinet: Cabinet) -> dict[str, bytes]:
    """Number -> digest of every dossier that is shown."""
    rows = PublishedDossier.objects.of(cabinet).filter(withdrawn_at=None).values_list("number", "digest")
    return {number: bytes(digest) for number, digest in rows}


def _check(cabinet: Cabinet, run: SyncRun, request: Commit) -> None:
    if run.status != RunOutcome.OPEN:
        raise Problem(Kind.RUN_CLOSED)
    if request.base_root != cabinet.root:
        raise Problem(Kind.STALE_ROOT)
    lost = losses(runs.last_counts_of(cabinet), request.counts)
    if lost.no_patient or (lost and not request.confirm_losses):
        raise Problem(Kind.TABLE_LOST_ROWS if lost.is_less else Kind.TABLE_GREW, losses_sentence(lost))
    runs.require_birth_dates(cabinet, request.counts)
    staged = StagedDossier.objects.of(cabinet).filter(run=run, batch__lt=request.batches)
    if staged.values("batch").distinct().count() != request.batches:
        raise Problem(Kind.BATCH_MISSING)


def _change(cabinet: Cabinet, run: SyncRun, request: Commit) -> _Change:
    before = shown_digests(cabinet)
    barred = runs.not_published(cabinet)
    rows = StagedDossier.objects.of(cabinet).filter(run=run, batch__lt=request.batches)
    arriving = {
        n: (digest, bytes(who))
        for n, digest, who in rows.values_list("number", "digest", "identity")
        if n not in barred
    }
    shown = identities.shown(cabinet, rows)
    kept = {entry.number: entry.identity for entry in identities.kept(cabinet)}
    others = identities.reused(shown | kept, {number: who for number, (_, who) in arriving.items()})
    reused = others.difference(request.confirm_reused)
    same = {number: who for number, (_, who) in arriving.items() if number not in others}
    changed = changed_parts(shown, same, len(before))
    if changed and not request.confirm_losses:
        raise Problem(Kind.PATIENTS_CHANGED, changed_sentence(changed))
    staged = {number: bytes(digest) for number, (digest, _) in arriving.items() if number not in reused}
    waiting = reused.union(request.reused) - barred
    gone = before.keys() & frozenset(request.withdrawn + request.held) - barred - arriving.keys()
    new = staged.keys() - before.keys() - kept.keys()
    replaced = replaced_patients(len(gone) + len(waiting), len(new) + len(waiting), len(before))
    if replaced and not request.confirm_losses:
        raise Problem(Kind.PATIENTS_REPLACED, replaced_sentence(replaced))
    leaving = before.keys() & (frozenset(request.withdrawn) | barred) - arriving.keys()
    # A person asked for the barred ones: only the others may be an accident.
    unasked = leaving - barred
    held = unasked if must_hold(len(unasked), len(before)) and not request.confirm_withdrawals else frozenset()
    withdrawn = leaving - held
    held |= frozenset(request.held) & before.keys() - withdrawn
    return _Change(
        before,
        staged,
        withdrawn=tuple(sorted(withdrawn)),
        held=tuple(sorted(held)),
        reused=tuple(sorted(waiting)),
        handed_over=tuple(sorted(others - reused)),
    )


def _apply(cabinet: Cabinet, run: SyncRun, batches: int, change: _Change, now: datetime) -> None:
    for start in range(0, len(change.reused), NUMBERS_A_STATEMENT):
        waiting = change.reused[start : start + NUMBERS_A_STATEMENT]
        StagedDossier.objects.of(cabinet).filter(run=run, number__in=waiting).delete()
    if batches:
        with connection.cursor() as cursor:
            cursor.execute(
                _PUBLISH_STAGED,
                {
                    "cabinet": cabinet.pk,
                    "run": run.pk,
                    "batches": batches,
                    "now": connection.ops.adapt_datetimefield_value(now),
                },
            )
    withdraw(cabinet, change.withdrawn, now)
    drop_unreferenced_photos(cabinet)

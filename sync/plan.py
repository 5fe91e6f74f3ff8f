"""What a run would do, as plain data: what was read now against what the portal shows.

Pure: no clock, no file, no network. The same inputs give the same plan, and a plan that was carried out plans nothing.
"""

from collections.abc import Collection, Mapping

import msgspec

from cabinet.dossier import Digest
from cabinet.identity import is_another
from portal.api.guards import Losses, changed_parts, losses, must_hold, replaced_patients
from portal.api.manifest import manifest_of
from portal.api.shapes import Manifest, ManifestEntry, TableCounts
from sync.doubts import kept_out, respelled, tail
from sync.errors import GuardRefused, LossesRefused
from sync.wording import NO_BREAK_SPACE


class Fingerprint(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What planning needs to know of one dossier that was read."""

    digest: Digest
    photo_digest: str = ""
    """Hexadecimal; empty when the dossier has no photo."""
    filled: int = 0
    """Which fields say something: `cabinet.filled.mask_of`."""
    identity: bytes = b""
    """Whom it is about: `cabinet.identity.prints_of`."""


class Plan(msgspec.Struct, frozen=True):
    """What to publish and what to withdraw. Numbers are in order, so that a repeated run makes the same batches."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    withdrawn: tuple[str, ...]
    held: tuple[str, ...]
    """Withdrawals that wait for a practitioner's confirmation: these patients stay shown."""
    is_confirmed: bool
    """Whether withdrawals that the guard would hold go through, because a person confirmed them."""
    respelled: tuple[tuple[str, str], ...]
    """(as the portal shows it, as it is now) of numbers with other zeros at their beginning: the former are held, the
    latter not added."""
    tail: tuple[str, ...]
    """Of those who are held, the last numbers of all, as if the export ended too early."""
    reused: tuple[str, ...]
    """Numbers that seem to belong to somebody else than on the portal: they wait, and nothing of theirs changes."""
    handed_over: tuple[str, ...]
    """The same, confirmed, and other spellings of hidden numbers that are: they are among the added and changed."""
    stayed: tuple[str, ...]
    """Patients whom the portal shows, and whose row is refused now: they stay as they were."""
    unchanged: int
    left_out: int
    """Patients read but not published, because the cabinet hid them or they had themselves erased."""
    photos: tuple[str, ...]
    """Digests of the photos of added and changed dossiers: the portal says which of them it lacks."""
    lost: Losses
    counts: TableCounts
    base: Digest
    """The portal's root that this plan starts from."""
    after: Manifest
    """What the portal shows once the plan is carried out."""

    @property
    def published(self) -> tuple[str, ...]:
        """Numbers whose dossiers travel."""
        return tuple(sorted((*self.added, *self.changed)))

    @property
    def changes_nothing(self) -> bool:
        return self.base == self.after.root


def make_plan(
    now: Mapping[str, Fingerprint],
    shown: Manifest,
    *,
    counts: TableCounts,
    last_counts: TableCounts | None = None,
    not_published: Collection[str] = (),
    confirm_withdrawals: bool = False,
    confirm_reused: Collection[str] = (),
    refused: Collection[str] = (),
    cut_off: Collection[str] = (),
    ended_early: tuple[str, ...] = (),
    gone_files: tuple[str, ...] = (),
) -> Plan:
    """Compare the dossiers read `now` (number -> fingerprint) with what the portal shows.

    `not_published` numbers leave the portal at once, uncounted by the guard: a person asked for it. Other withdrawals
    beyond `must_hold`, or doubtful ones (`sync.doubts`), are held unless `confirm_withdrawals`, and numbers that belong
    to somebody else now unless they are in `confirm_reused`; nor are others published that are spelled like one that is
    not. `refused` numbers stand in the source, in rows that cannot be published: they are not withdrawn. `cut_off`
    files end within a line, unlike before; of the `ended_early` tables the last patients have nothing any more
    (`sync.last_rows`), and `gone_files` are not there any more. Nothing is refused here: see `require_sound`.
    """
    standing = {entry.number: entry for entry in shown.entries}
    barred = kept_out(not_published, now.keys(), standing, confirm_reused)
    let_in = kept_out(not_published, now.keys(), standing) - barred if confirm_reused else frozenset()
    wanted = {n: print_ for n, print_ in now.items() if n not in barred} if barred else now
    kept = {entry.number: entry for entry in shown.kept}

    # Nearly all of thousands stand as they did: what follows looks at the others.
    moved = [
        n
        for n, print_ in wanted.items()
        if (entry := standing.get(n)) is None or entry.digest != print_.digest or entry.identity != print_.identity
    ]
    owners = {n: entry.identity for n in moved if (entry := standing.get(n) or kept.get(n)) is not None}
    others = {n for n, identity in owners.items() if is_another(identity, wanted[n].identity)}
    reused = others.difference(confirm_reused)
    new = [n for n in moved if n not in standing and n not in reused]
    changed = sorted(n for n in moved if n in standing and n not in reused and wanted[n].digest != standing[n].digest)
    others_name = changed_parts(owners, {n: wanted[n].identity for n in changed if n not in others}, len(standing))
    stayed = (standing.keys() & frozenset(refused)) - now.keys() - barred
    gone = standing.keys() - wanted.keys() - stayed
    missing = sorted(gone - barred)
    # Most nights nobody is missing, and a first one has thousands of new ones.
    arriving = {n: wanted[n].identity for n in new if missing}
    other_zeros = respelled({n: standing[n].identity for n in missing}, arriving)
    last_ones = tail(missing, now.keys() | frozenset(refused)) if missing else ()
    is_suspicious = must_hold(len(missing), len(standing))
    doubtful = missing if is_suspicious else sorted({was for was, _ in other_zeros}.union(last_ones))
    held = [] if confirm_withdrawals else doubtful
    waiting = frozenset(() if confirm_withdrawals else (number for _, number in other_zeros))
    added = [n for n in sorted(new) if n not in waiting]
    withdrawn = sorted(gone.difference(held))

    gone_now = frozenset(withdrawn)
    after = {n: entry for n, entry in standing.items() if n not in gone_now}
    waiting |= reused
    after |= {n: ManifestEntry(n, wanted[n].digest, wanted[n].identity) for n in moved if n not in waiting}
    kept |= {n: ManifestEntry(n, b"", standing[n].identity) for n in withdrawn}
    return Plan(
        added=tuple(added),
        changed=tuple(changed),
        withdrawn=tuple(withdrawn),
        held=tuple(held),
        is_confirmed=bool(doubtful) and confirm_withdrawals,
        respelled=() if confirm_withdrawals else other_zeros,
        tail=last_ones if held else (),
        reused=tuple(sorted(reused)),
        handed_over=tuple(sorted((others - reused) | let_in)),
        stayed=tuple(sorted(stayed)),
        unchanged=len(wanted) - len(added) - len(changed) - len(waiting),
        left_out=len(now) - len(wanted),
        photos=tuple(sorted({wanted[n].photo_digest for n in (*added, *changed)} - {""})),
        lost=msgspec.structs.replace(
            losses(last_counts, counts),
            changed=others_name,
            cut_off=tuple(sorted(cut_off)),
            ended_early=ended_early,
            gone_files=gone_files,
            replaced=replaced_patients(
                len(missing) - len(other_zeros) + len(reused),
                len([n for n in added if n not in kept]) + len(reused),
                len(standing),
            ),
        ),
        counts=counts,
        base=Digest(shown.root),
        after=manifest_of(after.values(), (entry for n, entry in kept.items() if n not in after)),
    )


def require_sound(lost: Losses, *, confirmed: bool = False, all_refused: bool = False) -> None:
    """Raise `GuardRefused` when no patient is left, and `LossesRefused` for losses that nobody `confirmed`.

    `all_refused`: where none is left there were some, whose rows are all refused.
    """
    if lost.no_patient and all_refused:
        raise GuardRefused(
            "Toutes les lignes de patients de l’export sont refusées. Rien n’a été publié, le portail reste comme il "
            "était.",
            "Faites lire l’export par «\u00a0webortho check\u00a0», qui dit ce qui ne va pas, corrigez-le, puis "
            "relancez la synchronisation.",
        )
    if lost.no_patient:
        raise GuardRefused(
            "L’export ne contient aucun patient. Rien n’a été publié, le portail reste comme il était.",
            "Vérifiez que l’export du logiciel du cabinet s’est bien terminé, puis relancez la synchronisation.",
        )
    if lost and not confirmed:
        seems, todo = _seeming(lost)
        raise LossesRefused(
            f"{seems}{NO_BREAK_SPACE}: {lost} depuis la dernière synchronisation. Rien n’a été publié, le portail "
            "reste comme il était.",
            f"{todo}, puis relancez la synchronisation. "
            "Si c’est voulu, un praticien peut le confirmer pour cette fois.",
            lost,
        )


def _seeming(lost: Losses) -> tuple[str, str]:
    """What an export looks like that lost this, and what to do."""
    if lost.replaced:
        return _ANOTHER, _COMPARE_NUMBERS
    if lost.changed:
        return _MIXED_UP, _PUT_IN_PLACE
    return (_INCOMPLETE, _EXPORT_AGAIN) if lost.is_less else (_TWICE, _LOOK_FOR_COPIES)


_ANOTHER = "L’export semble être celui d’un autre cabinet, ou ses numéros de patients ont changé"
_COMPARE_NUMBERS = "Vérifiez que c’est bien l’export de ce cabinet, et que chaque patient y a toujours le même numéro"
_TWICE = "L’export semble contenir des lignes en double"
_LOOK_FOR_COPIES = "Vérifiez que l’export ne contient pas deux fois les mêmes lignes, ni un fichier et sa copie"
_INCOMPLETE = "L’export semble incomplet"
_EXPORT_AGAIN = "Refaites l’export du logiciel du cabinet, vérifiez qu’il est complet"
_MIXED_UP = "L’export semble avoir des colonnes échangées ou décalées"
_PUT_IN_PLACE = "Vérifiez dans l’export et dans le mapping que chaque colonne est à sa place"

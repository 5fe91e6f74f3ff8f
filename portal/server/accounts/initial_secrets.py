"""Initial secrets: staged when a letter fetches them, valid once the letter is safely out, dead with the first visit.

One handle names an addressee's activation link and, under the `personal_code` policy, the code printed beside it.
"""

import secrets
from collections.abc import Collection, Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.api.desk import Medium, MergedSecret, SecretsVerified, SecretWanted, StagedSecret
from portal.pages import addresses
from portal.pages.settings import FirstAccessPolicy
from portal.server.access import birth_dates
from portal.server.accounts import audit, codes, links
from portal.server.accounts.identifiers import contact_hash
from portal.server.accounts.links import ANNOUNCED, LIFETIME, Purpose
from portal.server.accounts.models import OneTimeLink
from portal.server.accounts.sessions import seal_email
from portal.server.cabinets.models import Cabinet
from portal.server.cabinets.settings_store import current_settings

_HANDLE_BYTES = 16
NOT_PUBLISHED = "Le dossier {number} n’est pas sur le portail. Lancez une synchronisation, puis recommencez."
NO_BIRTH_DATE = (
    "La date de naissance du dossier {number} n’est pas connue\u00a0: son lien ne pourrait pas s’ouvrir. "
    "Complétez la fiche, synchronisez, puis recommencez."
)


def stage(cabinet: Cabinet, medium: Medium, wanted: Collection[SecretWanted]) -> tuple[StagedSecret, ...]:
    """An answer to each, in their order: its secrets, or why this patient could not use any. Nothing is valid yet."""
    known = birth_dates(cabinet, {one.number for one in wanted})
    with_code = current_settings(cabinet).first_access.policy is FirstAccessPolicy.PERSONAL_CODE
    rows: list[OneTimeLink] = []
    answers: list[StagedSecret] = []
    for one in wanted:
        if known.get(one.number) is None:
            refusal = NO_BIRTH_DATE if one.number in known else NOT_PUBLISHED
            answers.append(StagedSecret(one.number, refused=refusal.format(number=one.number)))
            continue
        row, answer = _staged(cabinet, Purpose(medium.value), one, with_code)
        rows.append(row)
        answers.append(answer)
    OneTimeLink.objects.bulk_create(rows)
    return tuple(answers)


def activate(cabinet: Cabinet, handles: Collection[str], actor: str = "") -> tuple[str, ...]:
    """What carries them is out: they become valid, and the former ones of the same addressee and medium die.

    Their days count from here. Answers those of the handles that open nothing, forgotten or replaced meanwhile;
    repeating is harmless.
    """
    now = timezone.now()
    with transaction.atomic():
        # Two computers that print for one addressee: the later one's is the one that lives.
        Cabinet.objects.select_for_update().get(pk=cabinet.pk)
        announced = OneTimeLink.objects.of(cabinet).filter(purpose__in=ANNOUNCED)
        known = list(announced.filter(handle__in=handles).order_by("pk"))
        newest = {_whose(link): link.pk for link in known if link.active_at is None}
        for purpose in {purpose for _, purpose, _ in newest}:
            of_purpose = [pk for (_, its, _), pk in newest.items() if its == purpose]
            valid_until = now + LIFETIME[Purpose(purpose)]
            announced.filter(pk__in=of_purpose).update(active_at=now, expires_at=valid_until)
        numbers = {number for number, _, _ in newest}
        # Those of this very request that were staged twice for one addressee die with the former ones.
        out = announced.filter(Q(handle__in=handles) | ~Q(active_at=None), number__in=numbers, used_at=None)
        former = {link.pk for link in out if newest.get(_whose(link), link.pk) != link.pk}
        announced.filter(pk__in=former).delete()
        audit.record_all(cabinet, numbers, audit.Event.SECRET_SENT, actor)
        alive = {link.handle for link in known if link.pk not in former}
    return tuple(handle for handle in dict.fromkeys(handles) if handle not in alive)


def discard(cabinet: Cabinet, handles: Collection[str]) -> None:
    """Forget what was staged under these handles; what is valid stays valid."""
    OneTimeLink.objects.of(cabinet).filter(handle__in=handles, purpose__in=ANNOUNCED, active_at=None).delete()


def verify(cabinet: Cabinet, merged: Iterable[MergedSecret]) -> SecretsVerified:
    """Whether each opens its dossier now, or will once it is activated. Nothing is used up or counted."""
    asked = tuple(merged)
    now = timezone.now()
    handles = [one.handle for one in asked]
    alive = OneTimeLink.objects.of(cabinet).filter(
        handle__in=handles, purpose__in=ANNOUNCED, used_at=None, expires_at__gt=now
    )
    by_handle = {link.handle: link for link in alive}
    wrong = tuple(one.handle for one in asked if not _opens(cabinet, by_handle.get(one.handle), one))
    return SecretsVerified(len(asked) - len(wrong), wrong)


def kill_others(cabinet: Cabinet, number: str, opener: OneTimeLink | None, *, is_alone: bool) -> None:
    """A first visit ended: what else its person was sent opens nothing any more.

    A forgotten card must not make a second access behind the parents’ backs. `is_alone`: nobody else is written to
    about this dossier, so that all of it was theirs; the other parent keeps theirs. What is still being printed
    becomes valid when it is out.
    """
    others = OneTimeLink.objects.of(cabinet).filter(number=number, purpose__in=ANNOUNCED, used_at=None)
    others = others.exclude(active_at=None)
    if is_alone:
        others.delete()
    elif opener is not None:
        others.filter(addressee_hash=opener.addressee_hash).delete()


def _staged(cabinet: Cabinet, purpose: Purpose, one: SecretWanted, with_code: bool) -> tuple[OneTimeLink, StagedSecret]:
    token, token_hash = links.new_token(cabinet)
    code = codes.new_code() if with_code else ""
    handle = secrets.token_hex(_HANDLE_BYTES)
    row = OneTimeLink(
        cabinet=cabinet,
        purpose=purpose,
        number=one.number,
        token_hash=token_hash,
        code_hash=codes.hash_of(cabinet, one.number, code) if code else "",
        handle=handle,
        addressee_hash=settings.SEALER.keyed_hash("addressee", f"{cabinet.pk}/{one.number}/{one.contact}"),
        contact_hash=contact_hash(cabinet, one.number, one.email) if one.email else "",
        sealed_email=seal_email(cabinet, one.number, one.email),
        expires_at=timezone.now() + LIFETIME[purpose],
    )
    return row, StagedSecret(one.number, handle, links.address(addresses.ACTIVATE, token=token), code)


def _whose(link: OneTimeLink) -> tuple[str, str, str]:
    return link.number, link.purpose, link.addressee_hash


def _opens(cabinet: Cabinet, link: OneTimeLink | None, merged: MergedSecret) -> bool:
    """Something must stand in the letter, and all that stands there must be right."""
    if link is None or link.number != merged.number or not (merged.link or merged.code):
        return False
    start = links.address(addresses.ACTIVATE, token=f"{cabinet.pk}.")
    if merged.link and links.hash_of(merged.link.removeprefix(start)) != link.token_hash:
        return False
    return not merged.code or codes.hash_of(cabinet, link.number, merged.code) == link.code_hash

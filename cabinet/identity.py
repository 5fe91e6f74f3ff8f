"""Whom a dossier is about, as three short prints: a number that goes to another patient is known by comparing them.

The prints are keyed like the dossier's digest and four bytes each: they are compared, and tell nothing by themselves.
"""

from hashlib import blake2b

from cabinet.dossier import Patient
from cabinet.values import fold

PRINT_BYTES = 4
"""Two people share a print once in four thousand million: then a number that changed hands would go unnoticed."""
IDENTITY_BYTES = 3 * PRINT_BYTES
PARTS = ("nom", "prénom", "date de naissance")
"""What the prints are of, in their order, as within a French sentence."""
_UNKNOWN = bytes(PRINT_BYTES)


def identity_of(patient: Patient, key: bytes) -> bytes:
    """Prints of last name, first name and birth date, 12 bytes; `key` is the cabinet's digest key.

    Accents, case, hyphens and spaces of a name do not count; what is not known is printed as zeros.
    """
    birth = patient.birth_date.isoformat() if patient.birth_date else ""
    # Set up once for the three: that takes most of the time of so short a print.
    start = blake2b(digest_size=PRINT_BYTES, key=key, person=b"webortho-who")
    return b"".join(_print(text, start) for text in (_letters(patient.last_name), _letters(patient.first_name), birth))


def is_another(before: bytes, now: bytes) -> bool:
    """Whether two identities are two people: name and birth date both changed.

    Names may have changed places, and one of the three may be corrected. Where a birth date is not known, both names
    must differ. An identity of another length is of an unknown version, and says nothing.
    """
    if before == now or len(before) != IDENTITY_BYTES or len(now) != IDENTITY_BYTES:
        return False
    *names_before, birth_before = _prints(before)
    *names_now, birth_now = _prints(now)
    if _UNKNOWN in (birth_before, birth_now):
        named = _UNKNOWN not in (*names_before, *names_now)
        return named and not set(names_before) & set(names_now)
    return birth_before != birth_now and sorted(names_before) != sorted(names_now)


def parts_changed(before: bytes, now: bytes) -> tuple[bool, ...]:
    """Of each of `PARTS`, whether it was known, is known, and is another. An unknown version says nothing."""
    if before == now or len(before) != IDENTITY_BYTES or len(now) != IDENTITY_BYTES:
        return (False,) * len(PARTS)
    pairs = zip(_prints(before), _prints(now), strict=True)
    return tuple(had != has and _UNKNOWN not in (had, has) for had, has in pairs)


def _letters(name: str) -> str:
    folded = fold(name)
    return folded if folded.isalnum() else "".join(filter(str.isalnum, folded))


def _print(text: str, start: blake2b) -> bytes:
    if not text:
        return _UNKNOWN
    state = start.copy()
    state.update(text.encode())
    return state.digest()


def _prints(identity: bytes) -> list[bytes]:
    return [identity[start : start + PRINT_BYTES] for start in range(0, IDENTITY_BYTES, PRINT_BYTES)]

"""Whom a dossier is about, as short prints: a number that goes to another patient is known by comparing them.

The prints are keyed like the dossier's digest and four bytes each: they are compared, and tell nothing by themselves.
Three are the person's. Further ones are of what hardly ever changes of a dossier: where it does for many at once, rows
went to others than theirs. New prints are added at the end, and those that one side does not have say nothing.
"""

import datetime as dt
from collections.abc import Iterable
from hashlib import blake2b

from cabinet.dossier import Dossier, Fee, Instalment, Patient
from cabinet.values import fold

PRINT_BYTES = 4
"""Two people share a print once in four thousand million: then a number that changed hands would go unnoticed."""
IDENTITY_BYTES = 3 * PRINT_BYTES
"""Of the person's prints."""
PERSON = ("nom", "prénom", "date de naissance")
HISTORY = ("premier rendez-vous", "premiers honoraires", "dernière échéance")
"""Lines that stand once they are known: also in exports that leave out what is settled."""
PARTS = (*PERSON, "e-mail du destinataire", "mobile du destinataire", "adresse du destinataire", *HISTORY)
"""What the prints are of, in their order, as within a French sentence."""
_UNKNOWN = bytes(PRINT_BYTES)


def identity_of(patient: Patient, key: bytes) -> bytes:
    """Prints of last name, first name and birth date, 12 bytes; `key` is the cabinet's digest key.

    Accents, case, hyphens and spaces of a name do not count; what is not known is printed as zeros.
    """
    return _prints_of(_person(patient), key)


def prints_of(dossier: Dossier, key: bytes) -> bytes:
    """The prints of all `PARTS` of a canonical dossier; they begin with the patient's identity."""
    to = dossier.addressees
    visit = dossier.appointments[0] if dossier.appointments else None
    last_due = next((due for due in reversed(dossier.instalments) if due.date), None)
    history = (
        visit.start.isoformat() if visit else "",
        _sum(dossier.fees[0]) if dossier.fees else "",
        _sum(last_due) if last_due else "",
    )
    contact = (
        "\n".join([one.email for one in to if one.email]),
        "\n".join([one.mobile for one in to if one.mobile]),
        "\n".join([f"{_letters(one.address_1)} {one.postcode}" for one in to if one.address_1]),
    )
    return _prints_of((*_person(dossier.patient), *contact, *history), key)


def _person(patient: Patient) -> tuple[str, str, str]:
    return _letters(patient.last_name), _letters(patient.first_name), _day(patient.birth_date)


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _sum(line: Fee | Instalment) -> str:
    """With its day, without which it is not known well enough."""
    return f"{line.date.isoformat()}\n{line.total}\n{line.amount}" if line.date else ""


def _prints_of(texts: Iterable[str], key: bytes) -> bytes:
    # Set up once for all: that takes most of the time of so short a print.
    start = blake2b(digest_size=PRINT_BYTES, key=key, person=b"webortho-who")
    return b"".join(_print(text, start) for text in texts)


def is_another(before: bytes, now: bytes) -> bool:
    """Whether two identities are two people: name and birth date both changed.

    Names may have changed places, and one of the three may be corrected. Where a birth date is not known, both names
    must differ. What is shorter than an identity says nothing; only the person's prints are looked at.
    """
    if before == now or min(len(before), len(now)) < IDENTITY_BYTES:
        return False
    *names_before, birth_before = _prints(before[:IDENTITY_BYTES])
    *names_now, birth_now = _prints(now[:IDENTITY_BYTES])
    if _UNKNOWN in (birth_before, birth_now):
        named = _UNKNOWN not in (*names_before, *names_now)
        return named and not set(names_before) & set(names_now)
    return birth_before != birth_now and sorted(names_before) != sorted(names_now)


def parts_changed(before: bytes, now: bytes) -> tuple[bool, ...]:
    """Of each of `PARTS`, whether it was known, is known, and is another."""
    if before == now or min(len(before), len(now)) < IDENTITY_BYTES:
        return (False,) * len(PARTS)
    pairs = zip(_prints(before), _prints(now), strict=False)
    changed = [had != has and _UNKNOWN not in (had, has) for had, has in pairs][: len(PARTS)]
    return (*changed, *([False] * (len(PARTS) - len(changed))))


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
    return [identity[start : start + PRINT_BYTES] for start in range(0, len(identity), PRINT_BYTES)]

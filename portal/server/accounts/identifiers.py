"""Cabinet codes, patient numbers and e-mail addresses as people type them: case and spaces are forgiven."""

import unicodedata
from collections.abc import Iterable

from django.conf import settings

from cabinet.values import clean
from portal.server.cabinets.models import Cabinet

MAX_NUMBER = 64
MAX_CODE = 32


def cabinet_typed(code: str) -> Cabinet | None:
    """The cabinet whose code was typed, if there is one. Codes are lower case and public."""
    return Cabinet.objects.filter(code=code_typed(code)).first()


def code_typed(code: str) -> str:
    """Without control characters: PostgreSQL takes no NUL."""
    return "".join(clean(code).split()).lower()[:MAX_CODE]


def number_typed(number: str) -> str:
    """On one line, without control characters; full-width and other compatible signs as the usual ones."""
    return clean(unicodedata.normalize("NFKC", number))[:MAX_NUMBER]


def spellings(number: str) -> tuple[str, ...]:
    """The stored numbers that somebody who typed `number` may mean, likeliest first.

    A number is text and may hold letters and spaces, so what was typed is tried before what it could stand for. All of
    them share the number's `account_key`: nobody gets more attempts at a dossier by writing its number otherwise.
    """
    kept = number_typed(number)
    closed = kept.replace(" ", "")
    forms = dict.fromkeys(form for text in (kept, closed) for form in (text, text.upper(), text.lower()))
    return tuple(form for form in forms if account_key(form) == account_key(number))


def account_key(number: str) -> str:
    """The same for all spellings of a number. Upper case first: "ı" and "ſ" become "I" and "S" only there."""
    return unicodedata.normalize("NFKC", number_typed(number).replace(" ", "").upper()).casefold()


def throttled_account(code: str, number: str) -> str:
    """What the throttle counts a dossier's attempts by."""
    return f"{code}/{account_key(number)}"


def likeliest(numbers: Iterable[str], typed: str) -> str | None:
    """Of the stored numbers that `typed` may mean, the one that it means."""
    stored = frozenset(numbers)
    return next((spelling for spelling in spellings(typed) if spelling in stored), None)


def contact_hash(cabinet: Cabinet, number: str, email: str) -> str:
    """Recognises a contact on file without storing the address."""
    return settings.SEALER.keyed_hash("contact", f"{cabinet.pk}/{number}/{email.strip().casefold()}")

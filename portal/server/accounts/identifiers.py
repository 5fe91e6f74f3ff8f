"""Cabinet codes, patient numbers and e-mail addresses as people type them: case and spaces are forgiven."""

from collections.abc import Iterable

from django.conf import settings

from portal.server.cabinets.models import Cabinet

MAX_NUMBER = 64
MAX_CODE = 32


def cabinet_typed(code: str) -> Cabinet | None:
    """The cabinet whose code was typed, if there is one. Codes are lower case and public."""
    return Cabinet.objects.filter(code=code_typed(code)).first()


def code_typed(code: str) -> str:
    return "".join(code.split()).lower()[:MAX_CODE]


def number_typed(number: str) -> str:
    return " ".join(number.split())[:MAX_NUMBER]


def spellings(number: str) -> tuple[str, ...]:
    """The stored numbers that somebody who typed `number` may mean, likeliest first.

    A number is text and may hold letters and spaces, so what was typed is tried before what it could stand for.
    """
    kept = number_typed(number)
    closed = kept.replace(" ", "")
    return tuple(dict.fromkeys(form for text in (kept, closed) for form in (text, text.upper(), text.lower())))


def account_key(number: str) -> str:
    """The same for all spellings of a number."""
    return number_typed(number).replace(" ", "").lower()


def likeliest(numbers: Iterable[str], typed: str) -> str | None:
    """Of the stored numbers that `typed` may mean, the one that it means."""
    stored = frozenset(numbers)
    return next((spelling for spelling in spellings(typed) if spelling in stored), None)


def contact_hash(cabinet: Cabinet, number: str, email: str) -> str:
    """Recognises a contact on file without storing the address."""
    return settings.SEALER.keyed_hash("contact", f"{cabinet.pk}/{number}/{email.strip().casefold()}")

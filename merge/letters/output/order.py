"""The order in which letters come out of the printer."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

from cabinet.values import fold

if TYPE_CHECKING:
    # Whoever chose recipients has loaded it; letters alone need none of it.
    from merge.recipients import Recipient

_SIGNS = re.compile(r"[^\w]|_")
_DIGITS = re.compile(r"(\d+)")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
Key = tuple[object, ...]


class Order(StrEnum):
    """The values are what a command line says."""

    POSTCODE = "code-postal"
    """As the post wants large mailings."""
    NAME = "nom"
    """The addressee's."""
    NUMBER = "numero"
    """The patient's."""


def in_order(order: Order, recipients: "Iterable[Recipient]") -> "tuple[Recipient, ...]":
    """The recipients sorted; equal ones by name, then by number, so that the same people come in the same order."""
    return tuple(sorted(recipients, key=lambda one: (_first(order, one), _by_name(one), _by_number(one))))


def name_key(text: str) -> Key:
    """Where a name stands in a French directory: letter by letter, accents last and from the end.

    Spaces, hyphens and apostrophes do not count, so a particle is the beginning of its name: D’ALMEIDA stands with
    DALMEIDA, « de la Tour » with DELATOUR. Names of equal letters follow their accents: cote, côte, coté, côté.
    """
    small = unicodedata.normalize("NFD", text.casefold().translate(_LIGATURES))
    accents = tuple(
        "".join(accent for accent in letter[1:] if unicodedata.combining(accent))
        for letter in re.findall(r"\w[^\w]*", small)
    )
    return _SIGNS.sub("", fold(small)), accents[::-1]


def number_key(number: str) -> Key:
    """« 99 » before « 5312 », « A9 » before « A10 »: digits are compared as numbers, where they stand."""
    parts = _DIGITS.split(fold(number))
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts if part), number


def _first(order: Order, recipient: "Recipient") -> Key:
    match order:
        case Order.POSTCODE:
            return recipient.addressee.postcode, name_key(recipient.addressee.city)
        case Order.NUMBER:
            return _by_number(recipient)
        case Order.NAME:
            return ()


def _by_name(recipient: "Recipient") -> Key:
    addressee = recipient.addressee
    return name_key(addressee.last_name), name_key(addressee.first_name)


def _by_number(recipient: "Recipient") -> Key:
    return tuple(map(number_key, recipient.numbers))

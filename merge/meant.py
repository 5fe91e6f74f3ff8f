"""Whom of a patient's addressees a message is meant for: two parents are written to apart."""

from collections.abc import Mapping
from hashlib import blake2b

from cabinet.values import fold
from merge.letters.problems import name_of
from merge.recipients import Recipient, Selection

Meant = Mapping[str, frozenset[str]]
"""Patients' numbers, each with its addressees as `whom` names them."""


def whom(number: str, name: str) -> str:
    """Names an addressee of a patient without saying who it is; `name` is `name_of` them."""
    return blake2b(f"{number}\0{fold(name)}".encode(), digest_size=8).hexdigest()


def only(meant: Meant, every: Selection, usual: Selection) -> Selection:
    """Of every addressee those who are meant; the usual ones of a patient of whom none of these is there any more.

    A name that was corrected since must not cost anybody the message.
    """

    def is_meant(one: Recipient) -> bool:
        return any(whom(number, name_of(one.addressee)) in meant.get(number, ()) for number in one.numbers)

    there = [one for one in every.recipients if is_meant(one)]
    found = {number for one in there for number in one.numbers}
    rest = [one for one in usual.recipients if found.isdisjoint(one.numbers)]
    places = {number: place for place, one in enumerate(every.recipients) for number in one.numbers}
    return Selection(
        tuple(sorted((*there, *rest), key=lambda one: places[one.numbers[0]])),
        tuple(one for one in usual.left_out if one.dossier.number not in found),
    )

"""Patients who are missing from an export in a way that patients do not leave: few of them, so no count tells."""

import re
from collections.abc import Collection, Mapping

from cabinet.identity import is_another

TAIL_PATIENTS = 3
"""One or two who were entered last may be entered by mistake, and gone the next day."""


def respelled(
    missing: Mapping[str, bytes], added: Mapping[str, bytes], hidden: Collection[str] = ()
) -> tuple[tuple[str, str], ...]:
    """(number as it was, as it is) of those that lost or gained zeros at their beginning, as a spreadsheet takes them.

    Number -> identity (`cabinet.identity`) of both: somebody else is no spelling of anybody. Once one is found, so is
    each of the `hidden`, patients whom nobody is to see and of whom the number alone is known.
    """
    bare = _by_bare(missing)
    found = {n: was for n in added if (was := bare.get(_bare(n), "")) and not is_another(missing[was], added[n])}
    if found and hidden:
        bare = _by_bare(hidden)
        found |= {n: was for n in added if n not in found and (was := bare.get(_bare(n), ""))}
    return tuple(sorted((was, now) for now, was in found.items()))


def kept_out(hidden: Collection[str], numbers: Collection[str]) -> frozenset[str]:
    """The hidden numbers, and those among `numbers` that are theirs in an export that spells all in its own way now:
    without zeros at their beginning, or all of one length.

    Whoever is hidden or erased stays so, even once a practitioner has confirmed the others' new spellings.
    """
    spelled: set[str] = set()
    if gone := [number for number in hidden if number not in numbers]:
        if not any(number.startswith("0") for number in numbers):
            spelled.update(map(_bare, gone))
        if len(lengths := {len(number) for number in numbers}) == 1:
            spelled.update(_bare(number).zfill(*lengths) for number in gone)
    return frozenset(hidden) | spelled.intersection(numbers)


def _by_bare(numbers: Collection[str]) -> dict[str, str]:
    return {_bare(number): number for number in numbers}


def _bare(number: str) -> str:
    return number.lstrip("0")


def is_tail(missing: Collection[str], present: Collection[str]) -> bool:
    """Whether those who are missing are the last numbers of all: an export that ends too early, at a line's end.

    Programs write patients by number, and whoever leaves a practice was seldom the last to come: of those who have
    been there for years, three would be the last three by a chance of one in millions.
    """
    if len(missing) < TAIL_PATIENTS or not present:
        return False
    by_letters = max(present) < min(missing)
    return by_letters or max(map(_by_figures, present)) < min(map(_by_figures, missing))


def _by_figures(number: str) -> tuple[str | int, ...]:
    """« A-9 » before « A-10 »: as numbers are sorted that are no text."""
    return tuple(int(part) if place % 2 else part for place, part in enumerate(re.split(r"([0-9]+)", number)))

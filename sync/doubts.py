"""Patients who are missing from an export in a way that patients do not leave: few of them, so no count tells."""

import re
from collections.abc import Collection, Iterable, Mapping

from cabinet.identity import is_another

TAIL_PATIENTS = 3
"""One or two who were entered last may be entered by mistake, and gone the next day."""


def respelled(missing: Mapping[str, bytes], added: Mapping[str, bytes]) -> tuple[tuple[str, str], ...]:
    """(number as it was, as it is) of those that lost or gained zeros at their beginning, as a spreadsheet takes them.

    Number -> identity (`cabinet.identity`) of both: somebody else is no spelling of anybody.
    """
    former = {_bare(number): number for number in missing}
    found = {n: was for n in added if (was := former.get(_bare(n), "")) and not is_another(missing[was], added[n])}
    return tuple(sorted((was, now) for now, was in found.items()))


def kept_out(
    hidden: Collection[str], numbers: Collection[str], shown: Iterable[str], confirmed: Collection[str] = ()
) -> frozenset[str]:
    """The hidden numbers, and those of an export's `numbers` that are theirs with other zeros at the beginning.

    Of whoever is hidden or erased the number alone is known, so it counts for any spelling of it, unless it stands in
    the export itself, or the other is `shown` on the portal and so is somebody else's, or a practitioner `confirmed`
    that it is. A hidden number itself stays out whoever confirms it.
    """
    gone = {_bare(number) for number in hidden if number not in numbers}
    spelled = {number for number in numbers if _bare(number) in gone} if gone else set()
    return frozenset(hidden) | spelled.difference(shown, confirmed)


def _bare(number: str) -> str:
    return number.lstrip("0")


def tail(missing: Collection[str], present: Collection[str]) -> tuple[str, ...]:
    """Of those who are missing, the last numbers of all, if so many: an export that ends too early, at a line's end.

    Programs write patients by number, and whoever leaves a practice was seldom the last to come: of those who have
    been there for years, three would be the last three by a chance of one in millions. Others may leave meanwhile. In
    the order of letters they may not: an archive of old patients, all but « 98 » and « 997 », has such a tail.
    """
    if len(missing) < TAIL_PATIENTS or not present:
        return ()
    last = max(map(_by_figures, present))
    found = [number for number in missing if _by_figures(number) > last]
    if len(found) < TAIL_PATIENTS:
        found = list(missing) if max(present) < min(missing) else []
    return tuple(sorted(found))


def _by_figures(number: str) -> tuple[str | int, ...]:
    """« A-9 » before « A-10 »: as numbers are sorted that are no text."""
    return tuple(int(part) if place % 2 else part for place, part in enumerate(re.split(r"([0-9]+)", number)))

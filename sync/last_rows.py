"""Tables that end too early at a line's end, by so little that no count tells: the last patients have no rows left."""

from collections.abc import Mapping, Sequence
from itertools import dropwhile, islice
from operator import not_

from cabinet.filled import rows_mask
from portal.api.guards import TABLE_NAMES
from sync.plan import Fingerprint

LAST_PATIENTS = 12
"""Fewer new patients may lose their only appointment in one night: their day is closed."""
STANDING_PATIENTS = 10
"""Of these, who must be in the export still."""
REMEMBERED_PATIENTS = 48
"""They and those before them: a cut takes the rows of all from one patient on, and of nobody before."""
OTHERS = 2
"""Who may have lost theirs on the same day. Where more did, it is no cut: a month's bills are paid, all at once."""
_ROWS = {table: rows_mask(table) for table in TABLE_NAMES if table != "patients"}


def last_with_rows(patients: Mapping[str, Fingerprint]) -> dict[str, tuple[str, ...]]:
    """Table -> the highest numbers that have rows of it."""
    # The longest first, and of one length the highest: two sorts without a call for each are quicker than one.
    ordered = sorted(sorted(patients, reverse=True), key=len, reverse=True)
    return {
        table: tuple(islice((number for number in ordered if patients[number].filled & rows), REMEMBERED_PATIENTS))
        for table, rows in _ROWS.items()
    }


def cut_tables(last: Mapping[str, tuple[str, ...]], patients: Mapping[str, Fingerprint]) -> tuple[str, ...]:
    """Tables of which the last of `last_with_rows` have no rows any more, though they are patients still.

    Programs write a table by patient. One that is written by day, or that begins with the newest, loses rows of
    everybody, as ordinary nights do: of it nothing is said.
    """
    found = []
    for table, numbers in last.items():
        last_ones, before = (
            [bool(patients[number].filled & _ROWS[table]) for number in some if number in patients]
            for some in (numbers[:LAST_PATIENTS], numbers[LAST_PATIENTS:])
        )
        if _is_cut(last_ones, before):
            found.append(table)
    return tuple(found)


def _is_cut(last: Sequence[bool], before: Sequence[bool]) -> bool:
    """Whether nearly all have rows still, up to one from whom on nobody has; both begin with the last of theirs."""
    if len(last) < STANDING_PATIENTS or any(last):
        return False
    return list(dropwhile(not_, before)).count(False) <= OTHERS

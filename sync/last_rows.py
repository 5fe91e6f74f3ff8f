"""Tables that end too early at a line's end, by so little that no count tells: the last patients have no rows left."""

from collections.abc import Mapping
from itertools import islice

from cabinet.filled import rows_mask
from portal.api.guards import TABLE_NAMES
from sync.plan import Fingerprint

LAST_PATIENTS = 12
"""Fewer new patients may lose their only appointment in one night: their day is closed."""
STANDING_PATIENTS = 10
"""Of these, who must be in the export still."""
_ROWS = {table: rows_mask(table) for table in TABLE_NAMES if table != "patients"}


def last_with_rows(patients: Mapping[str, Fingerprint]) -> dict[str, tuple[str, ...]]:
    """Table -> the highest numbers that have rows of it."""
    ordered = sorted(patients, key=lambda number: (len(number), number), reverse=True)
    return {
        table: tuple(islice((number for number in ordered if patients[number].filled & rows), LAST_PATIENTS))
        for table, rows in _ROWS.items()
    }


def cut_tables(last: Mapping[str, tuple[str, ...]], patients: Mapping[str, Fingerprint]) -> tuple[str, ...]:
    """Tables of which none of the `last_with_rows` has any more, though they are patients still.

    Programs write a table by patient. One that is written by day, or that begins with the newest, loses rows of
    everybody, as ordinary nights do: of it nothing is said.
    """
    found = []
    for table, numbers in last.items():
        standing = [patients[number] for number in numbers if number in patients]
        if len(standing) >= STANDING_PATIENTS and not any(print_.filled & _ROWS[table] for print_ in standing):
            found.append(table)
    return tuple(found)

"""The two guards that both sides hold to, so that an old client or a new one cannot empty a portal (DESIGN.md §4).

A cabinet's export that lost much of a table is a broken export, not a cabinet that lost its patients: nothing is
published. Many withdrawals at once may be right (an archive was cleaned) or wrong: they alone wait for a person.
"""

import msgspec

from portal.api.shapes import TableCounts

LOST_SHARE = 0.10
LOST_ROWS = 50
WITHDRAWN_SHARE = 0.05
WITHDRAWN_PATIENTS = 20


class LostTable(msgspec.Struct, frozen=True):
    table: str
    """A field name of `TableCounts`."""
    before: int
    now: int


def lost_tables(before: TableCounts | None, now: TableCounts) -> tuple[LostTable, ...]:
    """Tables that lost more than 10 % and more than 50 of their rows; and the patients, if none is left at all."""
    lost = []
    for table in TableCounts.__struct_fields__:
        had: int = getattr(before, table) if before else 0
        has: int = getattr(now, table)
        gone = had - has
        if (gone > LOST_ROWS and gone > had * LOST_SHARE) or (table == "patients" and has == 0):
            lost.append(LostTable(table, had, has))
    return tuple(lost)


def must_hold(withdrawn: int, published: int) -> bool:
    """Whether this many withdrawals of so many published patients wait for a confirmation."""
    return withdrawn > WITHDRAWN_PATIENTS and withdrawn > published * WITHDRAWN_SHARE

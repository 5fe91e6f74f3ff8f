"""Whether a column of sums is what an account comes to after each line of a ledger, and not what remains of a fee."""

from dataclasses import replace
from itertools import combinations

from cabinet.guessing.contents import MOSTLY, cents_of
from cabinet.guessing.matching import is_amounts
from cabinet.guessing.model import Level, Match
from cabinet.guessing.samples import TableSample

_FEWEST = 3
"""Steps from a line to a patient's next one that prove anything."""
_RUNNING = (
    "la colonne «\u00a0{}\u00a0» semble être le solde du compte après chaque ligne, et non ce qui reste à payer de "
    "celle-ci. Si c’est bien un reste, retirez le #."
)


def without_running(found: list[Match], table: TableSample, owner: str) -> list[Match]:
    """A fee's fields; what remains of it is held where its column behaves as a running balance."""
    return [
        replace(match, level=Level.UNSURE, question=_RUNNING.format(match.columns[0]), is_held=True)
        if match.field == "remaining" and _is_running(table, owner, match.columns[0])
        else match
        for match in found
    ]


def _is_running(table: TableSample, owner: str, balance: str) -> bool:
    """Whether it goes from line to line by a sum of either, and is once more than all sums of its own line.

    What remains of a fee is never more than the fee.
    """
    names = [column.name for column in table.columns]
    whose, place = names.index(owner), names.index(balance)
    money = [at for at, column in enumerate(table.columns) if at not in (whose, place) and is_amounts(column)]
    last: dict[str, tuple[int, set[int]]] = {}
    steps = forwards = backwards = 0
    is_beyond = False
    for row in table.beginning:
        now = cents_of(row[place])
        if now is None:
            continue
        sums = _sums([cents for at in money if (cents := cents_of(row[at]))])
        is_beyond = is_beyond or bool(sums and abs(now) > max(sums))
        before, sums_before = last.get(row[whose], (now, sums))
        if now != before:
            steps += 1
            forwards += abs(now - before) in sums
            backwards += abs(now - before) in sums_before
        last[row[whose]] = now, sums
    return is_beyond and steps >= _FEWEST and max(forwards, backwards) >= MOSTLY * steps


def _sums(cents: list[int]) -> set[int]:
    """What a line may change an account by: one of its sums, or a debit less a credit."""
    return {*map(abs, cents), *(abs(one - other) for one, other in combinations(cents, 2))}

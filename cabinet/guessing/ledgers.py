"""Ledgers: debits are fees, credits are what was paid, and what the account comes to after a line is no fee's rest."""

from dataclasses import replace
from itertools import combinations

from cabinet.fields import Kind
from cabinet.guessing.contents import MOSTLY, cents_of
from cabinet.guessing.matching import is_amounts
from cabinet.guessing.model import Level, Match, PartGuess, Question, Topic
from cabinet.guessing.samples import Sample, TableSample
from cabinet.guessing.words import ideas_of

_FEWEST = 3
"""Steps from a line to a patient's next one that prove anything."""
_RUNNING = (
    "la colonne «\u00a0{}\u00a0» semble être le solde du compte après chaque ligne, et non ce qui reste à payer de "
    "celle-ci. Si c’est bien un reste, retirez le #."
)
_CHARGES = (
    "seules les lignes de «\u00a0{}\u00a0» sont lues, comme honoraires\u00a0; celles de «\u00a0{}\u00a0» sont des "
    "règlements, et rien ne dit ce qui reste à payer de chaque honoraire. Si le logiciel sait aussi exporter les "
    "honoraires ou les échéances, préférez cet export."
)
_LEDGER = "La table {} est un grand livre («\u00a0{}\u00a0», «\u00a0{}\u00a0»)\u00a0: "
_NOBODYS = "aucune colonne n’y désigne le patient. Ajoutez-y son numéro, ou exportez les honoraires ou les échéances."
_NOT_APART = "une même ligne y a un débit et un crédit. Exportez plutôt les honoraires ou les échéances."

Sides = tuple[Sample, Sample]
"""The columns of debits and of credits."""


def sides_of(table: TableSample) -> Sides | None:
    """Those of a ledger."""
    debit, credit = (_side(table, idea) for idea in ("debit", "credit"))
    return (debit, credit) if debit and credit and debit.counts else None


def _side(table: TableSample, idea: str) -> Sample | None:
    named = (column for column in table.columns if any(idea in word for word in ideas_of(column.said)))
    return next((column for column in named if column.content.fits(Kind.MONEY)), None)


def charges_of(found: list[Match], table: TableSample) -> list[Match]:
    """The amount of fees that have none but a ledger's debits."""
    sides = sides_of(table)
    if sides is None or not _are_apart(table, sides) or any(match.field in ("amount", "total") for match in found):
        return []
    return [Match("amount", (sides[0].name,), Level.LIKELY, "le nom, et aucun crédit sur la même ligne")]


def without_credits(part: PartGuess, table: TableSample) -> PartGuess:
    """Fees without the lines that say what was paid."""
    sides = sides_of(table)
    if part.part != "fees" or sides is None or not _are_apart(table, sides):
        return part
    debit, credit = sides
    nothing = sorted(text for text in credit.counts if cents_of(text) == 0)
    question = Question(Topic.ROWS, _CHARGES.format(debit.name, credit.name))
    return replace(part, where=(credit.name, ("", *nothing)), questions=(*part.questions, question))


def why_unread(table: TableSample, *, is_joined: bool) -> str:
    """What to tell of a table that is no part of the mapping; empty unless it is a ledger that cannot be one."""
    sides = sides_of(table)
    if sides is None or (is_joined and _are_apart(table, sides)):
        return ""
    said = _LEDGER.format(table.name, *(side.name for side in sides))
    return said + (_NOT_APART if is_joined else _NOBODYS)


def _are_apart(table: TableSample, sides: Sides) -> bool:
    """Whether each line is a debit or a credit."""
    names = [column.name for column in table.columns]
    debit, credit = (names.index(side.name) for side in sides)
    return not any(cents_of(row[debit]) and cents_of(row[credit]) for row in table.beginning)


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

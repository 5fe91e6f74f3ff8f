"""What was paid of instalments where no column says yes or no: a sum beside the one that is due, or the day."""

from cabinet.fields import Kind
from cabinet.guessing.contents import is_null_day
from cabinet.guessing.fields import PAYMENTS, likeness
from cabinet.guessing.matching import is_amounts
from cabinet.guessing.model import Level, Match
from cabinet.guessing.samples import Sample, TableSample
from cabinet.guessing.words import ideas_of
from cabinet.values import fold

_NOTHING_MORE = 0.75
"""The likeness of a name that says no more than a payment does."""
_PAID = frozenset({"settled", "payment"})
_TO_COME = ("prevu", "limite", "attendu")


def payments_of(found: list[Match], table: TableSample, taken: set[str]) -> list[Match]:
    """The payment's fields of instalments whose others are found; `taken` are columns of something else."""
    fields = {match.field: match for match in found}
    used = taken.union(*(match.columns for match in found))
    if "settled" in fields or not {"amount", "date"} <= fields.keys():
        return []
    free = [column for column in table.columns if column.name not in used and _speaks_of_payment(column)]
    tests = {"settled_amount": _holds_sums, "settled_on": _holds_days}
    reasons = {"settled_amount": "le nom, et les montants", "settled_on": "le nom, et des dates qui manquent"}
    return [
        Match(name, (column.name,), Level.LIKELY, reasons[name])
        for name, wanted in PAYMENTS.items()
        if (column := next((one for one in free if tests[name](one) and _is_like(one, wanted)), None))
    ]


def _speaks_of_payment(column: Sample) -> bool:
    """« Soldé » may as well be a balance, and « Date de paiement prévue » is when it is due."""
    ideas = ideas_of(column.said)
    says = any(word & _PAID for word in ideas) and not any("balance" in word for word in ideas)
    return says and not any(word in fold(column.said) for word in _TO_COME)


def _is_like(column: Sample, wanted: str) -> bool:
    return likeness(column.said, wanted, frozenset({"patient", "instalment"})) >= _NOTHING_MORE


def _holds_sums(column: Sample) -> bool:
    is_paid = is_amounts(column) and not column.content.is_day
    return is_paid and not any(text.startswith(("-", "\N{MINUS SIGN}")) for text in column.texts)


def _holds_days(column: Sample) -> bool:
    """Where every row has one, it may be the day that a payment is due."""
    days = column.filled - sum(count for text, count in column.counts.items() if is_null_day(text))
    return column.content.fits(Kind.DATE) and 0 < days < column.rows

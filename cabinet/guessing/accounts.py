"""One table that holds both instalments and fees: told apart by a column of kinds, or by columns of their own."""

from collections.abc import Mapping
from dataclasses import replace

from cabinet.guessing.matching import FEW
from cabinet.guessing.model import PartGuess, Question, Topic
from cabinet.guessing.samples import Sample, TableSample
from cabinet.guessing.words import ideas_of

Texts = Mapping[str, tuple[str, ...]]
"""Part -> texts of the column of kinds."""
_IDEAS = {"instalments": "instalment", "fees": "fee"}


def kinds_of(table: TableSample) -> tuple[Sample, Texts] | None:
    """The column that says which rows are instalments and which are fees, and its texts for each."""
    for column in table.columns:
        if 2 <= len(column.counts) <= FEW and not column.content.is_day:
            texts = {part: _texts(column, idea) for part, idea in _IDEAS.items()}
            if all(texts.values()):
                return column, texts
    return None


def filtered(part: PartGuess, column: Sample, texts: Texts) -> PartGuess:
    """The part with the rows that the column gives it."""
    rest = sorted(set(column.counts) - {text for own in texts.values() for text in own})
    said = ", ".join(f"«\u00a0{text}\u00a0»" for text in rest)
    text = (
        f"les lignes {said} de «\u00a0{column.name}\u00a0» ne sont lues ni comme échéances ni comme honoraires."
        if rest
        else f"les lignes sont choisies par la colonne «\u00a0{column.name}\u00a0»."
    )
    return replace(part, where=(column.name, texts[part.part]), questions=(*part.questions, Question(Topic.ROWS, text)))


def has_both(instalments: PartGuess, fees: PartGuess) -> bool:
    """Whether a table has an amount of its own for each, so that a row may be both."""
    due, charged = (part.match("amount") for part in (instalments, fees))
    if due is None or charged is None or due.columns == charged.columns:
        return False
    return _says(due.columns[0], "instalment") and _says(charged.columns[0], "fee")


def _texts(column: Sample, idea: str) -> tuple[str, ...]:
    return tuple(sorted(text for text in column.counts if _says(text, idea)))


def _says(text: str, idea: str) -> bool:
    return any(idea in word for word in ideas_of(text))

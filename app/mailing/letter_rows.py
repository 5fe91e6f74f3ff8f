"""A letter as the editor shows it: rows in order, each a paragraph or a fixture, and back to a letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import msgspec

from merge.letters.model import Block, LetterTemplate, Paragraph, WithCode


@dataclass(frozen=True)
class Row:
    """One paragraph, or something that is placed but not typed: the sign-in picture, a table, the signature."""

    block: Block
    beside_code: bool = False
    """Whether the personal QR code stands to the right of it."""


def rows_of(template: LetterTemplate) -> tuple[Row, ...]:
    """The body of a letter, in order."""
    rows: list[Row] = []
    for block in template.blocks:
        if isinstance(block, WithCode):
            rows += [Row(paragraph, beside_code=True) for paragraph in block.paragraphs]
        else:
            rows.append(Row(block))
    return tuple(rows)


def with_rows(template: LetterTemplate, rows: Sequence[Row]) -> LetterTemplate:
    """The letter with another body; all that is not edited here stays as it is in the file.

    A letter has one QR code: it stands beside the first rows that ask for it. Empty paragraphs at the end are dropped.
    """
    rows = _without_empty_end(rows)
    after = next((block.space_after for block in template.blocks if isinstance(block, WithCode)), 0.0)
    blocks: list[Block] = []
    placed = False
    for beside, group in groupby(rows, key=lambda row: row.beside_code and isinstance(row.block, Paragraph)):
        members = [row.block for row in group]
        if beside and not placed:
            placed = True
            paragraphs = tuple(block for block in members if isinstance(block, Paragraph))
            blocks.append(WithCode(paragraphs, space_after=after))
        else:
            blocks += members
    return msgspec.structs.replace(template, blocks=tuple(blocks))


def split(rows: Sequence[Row], *, confirmed: bool) -> tuple[tuple[tuple[int, Row], ...], tuple[tuple[int, Row], ...]]:
    """Rows with their places: those that the portal's protection level prints, and those it does not."""
    placed = tuple(enumerate(rows))
    shown = tuple((place, row) for place, row in placed if _is_printed(row, confirmed=confirmed))
    return shown, tuple(one for one in placed if one not in shown)


def merged(shown: Sequence[tuple[int, Row]], hidden: Sequence[tuple[int, Row]]) -> tuple[Row, ...]:
    """All rows again, after the shown ones were edited: a hidden one stands behind what stood before it.

    A shown row bears the place that it, or the row it was split from, came from.
    """
    rows: list[tuple[int, Row]] = list(shown)
    for place, row in hidden:
        before = [index for index, (origin, _) in enumerate(rows) if origin < place]
        rows.insert(before[-1] + 1 if before else 0, (place, row))
    return tuple(row for _, row in rows)


def text_of(paragraph: Paragraph) -> str:
    return "".join(run.text for run in paragraph.runs)


def _is_printed(row: Row, *, confirmed: bool) -> bool:
    return not isinstance(row.block, Paragraph) or row.block.when.holds(confirmed=confirmed)


def _without_empty_end(rows: Sequence[Row]) -> list[Row]:
    kept = list(rows)
    while kept and isinstance(kept[-1].block, Paragraph) and not text_of(kept[-1].block).strip():
        kept.pop()
    return kept

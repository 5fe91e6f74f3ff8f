"""A letter as the editor shows it: rows in order, each a paragraph or a fixture, and back to a letter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import msgspec

from merge.letters.model import (
    Block,
    Cell,
    EachChild,
    LetterTemplate,
    Paragraph,
    Signature,
    SignInPicture,
    Table,
    WithCode,
)


@dataclass(frozen=True)
class Row:
    """One paragraph, or something that is placed but not typed: the sign-in picture, a table, the signature."""

    block: Block
    beside_code: bool = False
    """Whether the personal QR code stands to the right of it."""
    each_child: bool = False
    """Whether it is printed for each child of the household."""


def rows_of(template: LetterTemplate) -> tuple[Row, ...]:
    """The body of a letter, in order."""
    return tuple(_rows(template.blocks))


def _rows(blocks: Sequence[Block], *, each_child: bool = False) -> Iterator[Row]:
    for block in blocks:
        if isinstance(block, EachChild):
            yield from _rows(block.blocks, each_child=True)
        elif isinstance(block, WithCode):
            yield from (Row(paragraph, beside_code=True, each_child=each_child) for paragraph in block.paragraphs)
        else:
            yield Row(block, each_child=each_child)


def with_rows(template: LetterTemplate, rows: Sequence[Row]) -> LetterTemplate:
    """The letter with another body; all that is not edited here stays as it is in the file.

    A letter has one QR code: it stands beside the first rows that ask for it. Empty paragraphs at the end are dropped.
    """
    rows = _without_empty_end(rows)
    codes = [block for block in _blocks_within(template.blocks) if isinstance(block, WithCode)]
    after = codes[0].space_after if codes else 0.0
    blocks: list[Block] = []
    placed = False
    for each_child, members in groupby(rows, key=lambda row: row.each_child and not isinstance(row.block, Signature)):
        made, placed = _with_code(tuple(members), after, placed=placed)
        if each_child:
            made = [EachChild(tuple(one for one in made if not isinstance(one, Signature | EachChild)))]
        blocks += made
    return msgspec.structs.replace(template, blocks=tuple(blocks))


def _with_code(rows: Sequence[Row], after: float, *, placed: bool) -> tuple[list[Block], bool]:
    """The blocks of these rows, and whether the QR code has its place now."""
    blocks: list[Block] = []
    for beside, group in groupby(rows, key=lambda row: row.beside_code and isinstance(row.block, Paragraph)):
        members = [row.block for row in group]
        if beside and not placed:
            placed = True
            paragraphs = tuple(block for block in members if isinstance(block, Paragraph))
            blocks.append(WithCode(paragraphs, space_after=after))
        else:
            blocks += members
    return blocks, placed


def _blocks_within(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, EachChild):
            yield from block.blocks


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


def text_of(paragraph: Paragraph | Cell) -> str:
    return "".join(run.text for run in paragraph.runs)


def texts_of(template: LetterTemplate) -> Iterator[str]:
    """Every text of a letter in which @fields are merged, in the order of the page."""
    yield template.letterhead.title
    for line in template.letterhead.lines:
        yield from line
    yield from map(text_of, template.references)
    yield template.place_and_date
    for block in _blocks_within(template.blocks):
        match block:
            case Paragraph():
                yield text_of(block)
            case WithCode():
                yield from map(text_of, block.paragraphs)
            case Table():
                yield from (text_of(cell) for row in block.rows for cell in row.cells)
            case SignInPicture():
                yield from (note.value for note in block.notes)


def _is_printed(row: Row, *, confirmed: bool) -> bool:
    return not isinstance(row.block, Paragraph) or row.block.when.holds(confirmed=confirmed)


def _without_empty_end(rows: Sequence[Row]) -> list[Row]:
    kept = list(rows)
    while kept and isinstance(kept[-1].block, Paragraph) and not text_of(kept[-1].block).strip():
        kept.pop()
    return kept

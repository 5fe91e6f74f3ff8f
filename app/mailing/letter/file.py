"""A letter as the TOML file that `merge.letters.model` reads, laid out for people who open it with a text editor."""

import json
from collections.abc import Iterable, Iterator

import msgspec

from merge.letters.model import Block, Cell, EachChild, LetterTemplate, Paragraph, Run, SignInPicture, Table, WithCode

_Value = str | bool | float | tuple[object, ...]


def letter_toml(template: LetterTemplate) -> bytes:
    """The file of a letter; `merge.letters.model.read_letter` answers the same letter again."""
    return ("\n".join(_lines(template)).strip("\n") + "\n").encode("utf-8")


def _lines(template: LetterTemplate) -> Iterator[str]:
    yield f"title = {_text(template.title)}"
    yield f"place_and_date = {_text(template.place_and_date)}"
    if template.footer:
        yield f"footer = {_text(template.footer)}"
    yield from _table("[letterhead]", template.letterhead)
    if own := list(_entries(template.page)):
        yield from ("", "[page]", *own)
    for paragraph in template.references:
        yield from ("", "[[references]]", *_paragraph(paragraph))
    for block in template.blocks:
        yield from _block(block, "blocks")


def _block(block: Block, path: str) -> Iterator[str]:
    """One of the tables `[[path]]`."""
    yield from ("", f"[[{path}]]", f"type = {_text(str(block.__struct_config__.tag))}")
    match block:
        case Paragraph():
            yield from _paragraph(block)
        case WithCode():
            yield from _entries(block, but=("paragraphs",))
            for paragraph in block.paragraphs:
                yield from ("", f"[[{path}.paragraphs]]", *_paragraph(paragraph))
        case SignInPicture():
            yield from _entries(block, but=("notes",))
            for note in block.notes:
                yield from ("", f"[[{path}.notes]]", *_entries(note))
        case Table():
            columns = ", ".join(_inline(_entries(column)) for column in block.columns)
            yield from (f"columns = [{columns}]", *_entries(block, but=("columns", "rows")))
            for row in block.rows:
                yield from ("", f"[[{path}.rows]]", *_entries(row, but=("cells",)), "cells = [")
                yield from (f"    {_cell(cell)}," for cell in row.cells)
                yield "]"
        case EachChild():
            for inner in block.blocks:
                yield from _block(inner, f"{path}.blocks")
        case _:
            yield from _entries(block)


def _cell(cell: Cell) -> str:
    return _inline((f"runs = [{', '.join(_run(run) for run in cell.runs)}]", *_entries(cell, but=("runs",))))


def _paragraph(paragraph: Paragraph) -> Iterator[str]:
    yield f"runs = [{', '.join(_run(run) for run in paragraph.runs)}]"
    yield from _entries(paragraph, but=("runs",))


def _run(run: Run) -> str:
    return _inline(_entries(run))


def _inline(entries: Iterable[str]) -> str:
    return "{ " + ", ".join(entries) + " }"


def _table(head: str, table: msgspec.Struct) -> Iterator[str]:
    yield from ("", head, *_entries(table))


def _entries(table: msgspec.Struct, but: tuple[str, ...] = ()) -> Iterator[str]:
    """What differs from the default, as every reader fills in the rest."""
    for field in msgspec.structs.fields(table):
        value = getattr(table, field.name)
        if field.name not in but and value != field.default:
            yield f"{field.name} = {_value(value)}"


def _value(value: _Value) -> str:
    if isinstance(value, str):
        return _text(str(value))
    if isinstance(value, tuple):
        return f"[{', '.join(_value(item) for item in value)}]"  # type: ignore[arg-type] # the model's tuples hold values
    return json.dumps(value)


def _text(text: str) -> str:
    """A basic string: TOML's escapes are JSON's, but for DEL, which JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")

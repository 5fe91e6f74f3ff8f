"""A letter as the TOML file that `merge.letters.model` reads, laid out for people who open it with a text editor."""

import json
from collections.abc import Iterator

import msgspec

from merge.letters.model import Block, LetterTemplate, Paragraph, Run, Signature, SignInPicture, WithCode

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
        yield from ("", "[[blocks]]", *_block(block))


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield 'type = "paragraph"'
        yield from _paragraph(block)
    elif isinstance(block, WithCode):
        yield 'type = "with_code"'
        yield from _entries(block, but=("paragraphs",))
        for paragraph in block.paragraphs:
            yield from ("", "[[blocks.paragraphs]]", *_paragraph(paragraph))
    elif isinstance(block, SignInPicture):
        yield 'type = "sign_in_picture"'
        yield from _entries(block, but=("notes",))
        for note in block.notes:
            yield from ("", "[[blocks.notes]]", *_entries(note))
    elif isinstance(block, Signature):
        yield 'type = "signature"'
        yield from _entries(block)


def _paragraph(paragraph: Paragraph) -> Iterator[str]:
    yield f"runs = [{', '.join(_run(run) for run in paragraph.runs)}]"
    yield from _entries(paragraph, but=("runs",))


def _run(run: Run) -> str:
    return "{ " + ", ".join(_entries(run)) + " }"


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

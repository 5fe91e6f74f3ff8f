"""Footnotes and endnotes: each letter has its own, with its own values and its own numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from lxml import etree

from merge.word.letter import Nodes
from merge.word.nodes import Begin, End, Note, NoteHere, NoteNumber
from merge.word.story import Found, Source, assemble, compile_story
from merge.word.xml import OFF, Gaps, W, child, replace_by, value_of, wrap

KINDS = {"footnotes": "footnote", "endnotes": "endnote"}
"""By the type of the relation to their part."""
FOOTNOTE = "footnote"
_PLAIN = {"numFmt": "decimal", "numStart": "1", "numRestart": "continuous"}
"""How footnotes are numbered where nothing else is said (ECMA-376, part 1, 17.11)."""
_ORDINARY = frozenset({"", "normal"})
"""The others draw the line above the notes, and stay as they are."""


@dataclass(frozen=True, slots=True)
class NotePart:
    """A part of notes, around the place for those of the letters."""

    kind: str
    part: str
    head: str
    tail: str
    notes: Mapping[str, Nodes]
    """By the number that the text refers to."""
    free: int
    """The first number that the template leaves."""


def read_notes(kind: str, part: str, source: Source, found: Found) -> NotePart | None:
    """The compiled notes; None where there are none but Word's own."""
    root, gaps = source.root, Gaps()
    ordinary = [one for one in root.iterchildren(f"{W}{kind}") if value_of(one, "type") in _ORDINARY]
    if not ordinary:
        return None
    numbers = [value_of(one, "id") for one in root.iterchildren(f"{W}{kind}")]
    free = max((int(number) for number in numbers if number.isdigit()), default=0) + 1
    compile_story(source, gaps, found)
    for one in ordinary:
        number = value_of(one, "id")
        one.set(f"{W}id", gaps.value(NoteNumber()))
        wrap(one, gaps.element(Begin(partial(Note, number))), gaps.element(End()))
    nodes = assemble(gaps.pieces(root))
    rest = "".join(node for node in nodes if isinstance(node, str))
    head, sign, tail = rest.rpartition("</")
    notes = {node.number: node.nodes for node in nodes if isinstance(node, Note)}
    return NotePart(kind, part, head, sign + tail, notes, free)


def take_references(root: etree._Element, notes: NotePart, gaps: Gaps) -> None:
    """Put gaps where the text refers to a note."""
    for reference in list(root.iter(f"{W}{notes.kind}Reference")):
        nodes = notes.notes.get(value_of(reference, "id"))
        if nodes is not None:
            marked = value_of(reference, "customMarkFollows") not in ("", *OFF)
            here = NoteHere(notes.kind, notes.part, nodes, notes.free, is_numbered=not marked)
            replace_by(reference, gaps.element(here))


def numbered_plainly(said: Iterable[etree._Element]) -> bool:
    """Whether footnotes are 1, 2, 3 through a letter, by all that is `said` of them (`w:footnotePr`)."""
    return all(value_of(child(one, name)) in ("", plain) for one in said for name, plain in _PLAIN.items())

"""One letter while it is written: its text so far, and what it needs beside its text.

Relations, pictures, headers, notes and lists of its own are gathered here, and reach the file only when the whole
letter is right. A *copy* is a letter, or a repetition within a letter: what a document may have once is named by copy.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol
from xml.sax.saxutils import quoteattr

from merge.fields import Field
from merge.letters.qr_png import qr_png
from merge.merging import Merged, RecordProblem
from merge.record import MergeRecord
from merge.word.package import RELATION_TYPES, Relation

_CODE_EMU = 28 * 36_000
"""A QR code in the text is 28 mm wide, as in our own letters."""
_FIRST_BOOKMARK = 2_000_000_000
"""Numbers of bookmarks of ours, of 31 bits like all."""
BEGINS, ENDS = "WebOrthoDebut", "WebOrthoFin"
"""Bookmarks at a letter's ends are called so, and then by the letter's number in its document, from 1."""
_FIRST_DRAWING = 100_000_000
"""Numbers of drawings of ours, above those that programs give."""
_DRAWING = (
    '<w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" distT="0" '
    'distB="0" distL="0" distR="0"><wp:extent cx="{size}" cy="{size}"/><wp:docPr id="{number}" name="QR {number}" '
    'descr="Code personnel à scanner"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr>'
    '<pic:cNvPr id="{number}" name="QR {number}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
    '<a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="{relation}"/>'
    '<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
    '<a:ext cx="{size}" cy="{size}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing>"
)


class Node(Protocol):
    """What a compiled part is made of, beside plain text."""

    def write(self, letter: "Letter") -> None: ...


Nodes = Sequence["str | Node"]


@dataclass(frozen=True, slots=True)
class OwnPart:
    """A part that this letter alone has: a header with its own values."""

    name: str
    like: str
    """The part of the template whose content type and relations it has."""
    xml: str
    relations: tuple[str, ...]
    """Those it has beside the template's."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the letters before have used up, or can share with this one."""

    alone: bool = False
    """Whether there will be no other letter in the document."""
    marked: bool = False
    """Whether bookmarks say where each letter begins and ends: in documents that are cut once they are PDFs."""
    numbers_notes: bool = False
    """Whether footnotes bear their numbers as text: for a program that would count them through the document."""
    letters: int = 0
    copies: int = 0
    notes: int = 0
    lists: int = 0
    headers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """By the template's part: the text last written, and its relation."""


class Letter:
    """A record on its way through the nodes of a template."""

    def __init__(self, record: MergeRecord, known: Known) -> None:
        self.record = record
        self.out: list[str] = []
        self.texts: tuple[str, ...] = ()
        """Of the atoms of the paragraph that is being written."""
        self.section_at = 0
        """Where in `out` the letter's last section is described when another letter follows."""
        self.section = ""
        """The XML of that section."""
        self.problems: list[RecordProblem] = []
        self.filled: set[Field] = set()
        self.slots = 0
        self.values = 0
        """How many places of fields were met, and how many of them had a value."""
        self.relations: dict[str, list[str]] = {}
        self.pictures: dict[str, bytes] = {}
        self.own_parts: list[OwnPart] = []
        self.notes: dict[str, list[str]] = {}
        self.lists: dict[str, tuple[int, str]] = {}
        self.headers: dict[str, tuple[str, str]] = {}
        self._marks: dict[str, int] = {}
        """Where in `out` the bookmarks stand."""
        self._footnotes = 0
        """So far, of those that are numbered."""
        self.note_number = ""
        """Of the note that is being written."""
        self.copy = known.copies
        self.copies = known.copies + 1
        self._known = known
        self._part = ""
        self._relation_count = 0
        self._note_count = known.notes
        self._drawings = 0
        self._links: dict[str, str] = {}

    @property
    def is_first(self) -> bool:
        return self._known.letters == 0

    @property
    def is_alone(self) -> bool:
        return self._known.alone

    def known(self) -> Known:
        """What the next letter is to know, when this one stands in the file."""
        return replace(
            self._known,
            letters=self._known.letters + 1,
            copies=self.copies,
            notes=self._note_count,
            lists=self._known.lists + len(self.lists),
            headers={**self._known.headers, **self.headers},
        )

    def own_name(self, given: str) -> str:
        """A name (at most 40 characters) that no other letter has; the first letter keeps the template's."""
        return given if self.is_first else f"{given[:28]}_l{self._known.letters}"

    def bookmark(self, which: str) -> str:
        """The name of the bookmark at an end of the letter, "" where letters are not marked."""
        return f"{which}{self._known.letters + 1}" if self._known.marked else ""

    def mark(self, which: str) -> None:
        """Put a bookmark: where the letter begins, at the first of its possible places; where it ends, at the last."""
        name = self.bookmark(which)
        if not name or (which == BEGINS and which in self._marks):
            return
        if which in self._marks:
            self.out[self._marks[which]] = ""
        self._marks[which] = len(self.out)
        number = _FIRST_BOOKMARK + 2 * self._known.letters + (which == ENDS)
        self.out.append(f'<w:bookmarkStart w:id="{number}" w:name="{name}"/><w:bookmarkEnd w:id="{number}"/>')

    def write(self, nodes: Nodes) -> None:
        for node in nodes:
            if isinstance(node, str):
                self.out.append(node)
            else:
                node.write(self)

    def note_merged(self, merged: Merged, slots: int, filled: Sequence[Field]) -> None:
        """Count a paragraph's fields."""
        self.problems += merged.problems
        self.filled.update(filled)
        self.slots += slots
        self.values += len(filled)

    @contextmanager
    def of_child(self, child: MergeRecord, *, again: bool) -> Iterator[None]:
        """Write for one child of the household; `again`: the same text was written for another before."""
        record, copy = self.record, self.copy
        self.record = child
        if again:
            self.copy, self.copies = self.copies, self.copies + 1
        yield
        self.record, self.copy = record, copy

    @contextmanager
    def aside(self, part: str) -> Iterator[list[str]]:
        """Write into another part's text, which the block is given."""
        out, before = self.out, self._part
        self.out, self._part = [], part
        yield self.out
        self.out, self._part = out, before

    def relation(self, kind: str, target: str, *, external: bool = False) -> str:
        """Relate the part that is being written to something of this letter's; answers the relation's id."""
        self._relation_count += 1
        identity = f"rIdL{self._known.letters + 1}x{self._relation_count}"
        mode = ' TargetMode="External"' if external else ""
        written = f'<Relationship Id="{identity}" Type="{RELATION_TYPES}{kind}" Target={quoteattr(target)}{mode}/>'
        self.relations.setdefault(self._part, []).append(written)
        return identity

    def picture(self, link: str) -> str:
        """The relation of the picture of a QR code; the same code is one picture."""
        if link not in self._links:
            name = f"media/code{self._known.letters + 1}x{len(self._links) + 1}.png"
            self._links[link] = name
            self.pictures[name] = qr_png(link)
        return self.relation("image", self._links[link])

    def drawing(self, link: str) -> str:
        """A QR code as the content of a run."""
        self._drawings += 1
        number = _FIRST_DRAWING + self._known.letters * 100 + self._drawings
        return _DRAWING.format(size=_CODE_EMU, number=number, relation=self.picture(link))

    def header(self, given: Relation, nodes: Nodes) -> str:
        """The relation of a header or footer with this letter's values; equal ones are one part.

        The first letter's takes the place of the template's, `given`.
        """
        part = given.target
        if part in self.headers:
            return self.headers[part][1]
        stem, _, suffix = part.rpartition(".")
        name = part if self.is_first else f"{stem}l{self._known.letters + 1}.{suffix}"
        with self.aside(name) as out:
            self.write(nodes)
        xml = "".join(out)
        before = self._known.headers.get(part)
        if before and before[0] == xml:
            self.headers[part] = before
            return before[1]
        relation = given.id if self.is_first else self.relation(given.type, name.rpartition("/")[2])
        self.own_parts.append(OwnPart(name, part, xml, tuple(self.relations.pop(name, ()))))
        self.headers[part] = (xml, relation)
        return relation

    def own_note(self, kind: str, part: str, nodes: Nodes, free: int) -> str:
        """Write a note for this letter; answers its number, of which `free` is the first that the template leaves."""
        self.note_number = number = str(free + self._note_count)
        self._note_count += 1
        with self.aside(part) as out:
            self.write(nodes)
        self.notes.setdefault(kind, []).append("".join(out))
        return number

    def note_shown(self, kind: str) -> str:
        """The number that the next footnote shows as text, "" where the program that shows it counts."""
        if kind != "footnote" or not self._known.numbers_notes:
            return ""
        self._footnotes += 1
        return str(self._footnotes)

    def own_list(self, given: str, free: int, describe: Callable[[int], str]) -> str:
        """The number of a list that begins anew in this letter; the first letter keeps the template's."""
        if self.is_first:
            return given
        if given not in self.lists:
            number = free + self._known.lists + len(self.lists)
            self.lists[given] = (number, describe(number))
        return str(self.lists[given][0])

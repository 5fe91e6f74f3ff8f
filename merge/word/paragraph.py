"""One paragraph's text with its fields, over however many runs people's typing spread it; merged run by run.

The text of all runs is compiled as one template. Each stretch of text in a run is an atom; a value goes where its field
begins, and takes the looks of that run. What is no text (pictures, bookmarks, links around) keeps its place.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from merge.fields import Field, FieldKind
from merge.merging import Merged, Slot, Span, Template
from merge.record import MergeRecord
from merge.template import compile_template
from merge.word.merge_fields import PLACE
from merge.word.xml import PROPERTIES, RUN, TEXT, XML_SPACE, P, W, flow, value_of

QR = Field("QR", "Code QR du lien personnel", "", lambda record: record.secret.link, FieldKind.LINK)
"""Drawn, not written: the catalogue of texts does not have it."""
_QR = re.compile(r"(?<![\w@])@QR(?![A-Z0-9])")
_HELD = "\ufffc"
_BLANK = " \t\r\n"
"""Not kept around a text that does not ask for it (XML 1.0, 2.10, as Word reads it)."""
_SIGNS = {f"{W}tab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "\u2011", f"{W}softHyphen": "\u00ad"}
_NO_TEXT = frozenset({f"{W}del", f"{W}moveFrom", f"{W}rt", PROPERTIES, P})
_MARKS = frozenset(
    f"{W}{kind}{end}" for kind in ("bookmark", "perm", "moveFromRange", "moveToRange") for end in ("Start", "End")
)


@dataclass(frozen=True, slots=True)
class Atom:
    """Neighbouring text elements of one run."""

    run: etree._Element
    elements: tuple[etree._Element, ...]
    start: int
    end: int


class ParagraphText:
    """The text of a paragraph in the tree, and where each part of it stands."""

    def __init__(self, paragraph: etree._Element, fields: Sequence[Field]) -> None:
        """`fields`: what stands at the places that `MergeFields` made."""
        self.atoms: list[Atom] = []
        self._places: list[tuple[etree._Element, int]] = []
        self._given: list[Slot] = []
        self._text: list[str] = []
        self._length = 0
        for run in _runs(paragraph):
            group: list[etree._Element] = []
            start = self._length
            for item in run:
                text = _text_of(item)
                if text is None:
                    self._end_atom(run, group, start)
                    group, start = [], self._length
                    continue
                if place := item.get(PLACE):
                    self._given.append(Slot(fields[int(place)], self._length, self._length + 1))
                    text = _HELD
                group.append(item)
                self._places.append((item, self._length))
                self._text.append(text)
                self._length += len(text)
            self._end_atom(run, group, start)
        self.text = "".join(self._text)
        self._given += [Slot(QR, match.start(), match.end()) for match in _QR.finditer(self.text)]

    def _end_atom(self, run: etree._Element, elements: list[etree._Element], start: int) -> None:
        if elements:
            self.atoms.append(Atom(run, tuple(elements), start, self._length))

    @property
    def has_fields(self) -> bool:
        """Whether there is anything to compile."""
        return bool(self._given) or "@" in self.text or "*" in self.text

    def compiled(self) -> Template:
        """Raise `merge.template.TemplateError`."""
        return compile_template(self.text, sorted(self._given, key=lambda slot: slot.start))

    def cut(self, start: int, end: int) -> None:
        """Take a stretch of the text out of the tree; this object is used up."""
        for element, begins in self._places:
            text = element.text or ""
            if element.tag == TEXT and not element.get(PLACE) and begins < end and start < begins + len(text):
                element.text = text[: max(0, start - begins)] + text[max(0, end - begins) :]
                element.set(XML_SPACE, "preserve")

    def excerpt(self) -> str:
        """Enough of the text for a person to find it."""
        text = " ".join(self.text.replace(_HELD, "").split())
        return text if len(text) <= 40 else f"{text[:39]}…"


def _runs(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The runs of a paragraph whose text is read, in order; those of text boxes belong to paragraphs of their own."""
    for item in paragraph:
        if item.tag == RUN:
            yield item
        elif item.tag not in _NO_TEXT:
            yield from _runs(item)


def _text_of(item: etree._Element) -> str | None:
    if item.tag == TEXT:
        text = item.text or ""
        if item.get(XML_SPACE) != "preserve" and text != text.strip(_BLANK):
            item.text = text = text.strip(_BLANK)
        return text
    if item.tag == f"{W}br":
        return "\n" if value_of(item, "type") in ("", "textWrapping") else None
    return _SIGNS.get(item.tag)


def holds_only_text(paragraph: etree._Element) -> bool:
    """Whether nothing but words goes with it when its line disappears."""
    for item in paragraph.iter():
        if item.tag == RUN:
            if any(_text_of(one) is None and one.tag != f"{W}rPr" for one in item):
                return False
        elif item.tag == f"{W}sectPr":
            return False
    return True


def marks_in(paragraph: etree._Element) -> list[etree._Element]:
    """Bookmarks and the like that begin or end within, whose other end may be elsewhere."""
    return [item for item in paragraph.iter() if item.tag in _MARKS]


@dataclass(frozen=True, slots=True)
class Setting:
    """A paragraph merged for a record."""

    texts: tuple[str, ...]
    """XML for each atom; none when the paragraph disappears."""
    merged: Merged
    filled: tuple[Field, ...]


class Plan:
    """A compiled paragraph, for any number of records."""

    def __init__(self, template: Template, ends: Sequence[int], looks: Sequence[str]) -> None:
        """`ends`: where each atom's text ends. `looks`: its run's beginning as XML, `<w:r><w:rPr>…</w:rPr>`."""
        self.template = template
        self._ends = ends
        self._looks = looks
        self._breaks = [match.start() for match in re.finditer("\n", template.text)]
        self.slots = sum(1 for _ in template.slots())

    def set(self, record: MergeRecord, draw: Callable[[str], str]) -> Setting:
        """The paragraph for a record; `draw` answers a QR code as the content of a run."""
        merged = self.template.merge(record)
        out = [""] * len(self._ends)
        filled: list[Field] = []
        current = 0
        for number, line in enumerate(merged.lines):
            if number:
                current = self._break(out, current, line)
            for span in line:
                if span.field is None:
                    current = self._literal(out, current, span)
                    continue
                if span.missing or not span.text:
                    continue
                filled.append(span.field)
                drawn = draw(span.text) if span.field is QR else flow(span.text)
                current = self._put(out, current, self._atom(span.start), drawn)
        return Setting(tuple(out) if merged.lines else (), merged, tuple(filled))

    def _break(self, out: list[str], current: int, line: Sequence[Span]) -> int:
        """The line break stands in the atom that typed it."""
        place = bisect_right(self._breaks, line[0].start) if line else 0
        atom = self._atom(self._breaks[place - 1]) if place else current
        return self._put(out, current, max(current, atom), flow("\n"))

    def _literal(self, out: list[str], current: int, span: Span) -> int:
        """Text that may go over several atoms."""
        if len(span.text) != span.end - span.start:
            # What joins two children is written where the last of them ends.
            at = span.start if span.end > span.start else max(0, span.end - 1)
            return self._put(out, current, self._atom(at), flow(span.text))
        start = span.start
        while start < span.end:
            atom = self._atom(start)
            end = min(span.end, self._ends[atom])
            current = self._put(out, current, atom, flow(span.text[start - span.start : end - span.start]))
            start = end
        return current

    def _put(self, out: list[str], current: int, atom: int, xml: str) -> int:
        """Append to an atom; to the current one, in that atom's looks, where the text went back for the next child."""
        if atom >= current:
            out[atom] += xml
            return atom
        out[current] += f"</w:r>{self._looks[atom]}{xml}</w:r>{self._looks[current]}"
        return current

    def _atom(self, position: int) -> int:
        return min(bisect_right(self._ends, position), len(self._ends) - 1)

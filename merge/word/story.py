"""A part of the document with text in it, compiled: the body, a header, a footer, a note.

The tree is prepared step by step (`compile_story` says in which order), then cut into text and nodes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from merge.fields import Field
from merge.merging import Template
from merge.template import TemplateError
from merge.word.blocks import take_blocks, take_rows
from merge.word.cleaning import clean, unbind
from merge.word.identities import make_unique
from merge.word.letter import Node, Nodes
from merge.word.links import take_links
from merge.word.merge_fields import MergeFields
from merge.word.names import why_typed
from merge.word.nodes import AtomHere, Begin, End, MakeParagraph
from merge.word.package import Relation
from merge.word.paragraph import QR, ParagraphText, Plan, holds_only_text, marks_in
from merge.word.placeholders import take_code_pictures
from merge.word.places import Place
from merge.word.xml import Gaps, P, W, as_text, child, remove, wrap


@dataclass(frozen=True, slots=True)
class WordProblem:
    """What is wrong with a template, and where, as people look for it in Word."""

    place: str
    name: str
    """The field as it is written."""
    sentence: str


@dataclass
class Found:
    """What the compiling of one or several parts came upon."""

    fields: dict[Field, None] = field(default_factory=dict)
    problems: list[WordProblem] = field(default_factory=list)
    repeats: bool = False
    """Whether something repeats for each child of a household."""

    def add(self, template: Template) -> None:
        self.fields.update(dict.fromkeys(slot.field for slot in template.slots()))


@dataclass(frozen=True, slots=True)
class Source:
    """A part before it is compiled."""

    label: str
    """Where it is, for people: « En-tête »."""
    root: etree._Element
    relations: Mapping[str, Relation]


def compile_story(source: Source, gaps: Gaps, found: Found) -> bool:
    """Put gaps into a part's tree wherever letters differ; answers whether a record's values are among them."""
    root = source.root
    clean(root)
    merge_fields = MergeFields()
    merge_fields.take(root)
    place = Place(source.label, root)
    for complaint in merge_fields.complaints:
        found.problems.append(WordProblem(place.of(complaint.paragraph), complaint.name, _capital(complaint.sentence)))
    unbind(root)
    repeats = take_blocks(root, merge_fields.fields, gaps)
    take_rows(root, merge_fields.fields, gaps)
    links = take_links(root, source.relations, gaps)
    pictures = take_code_pictures(root, gaps)
    make_unique(root, gaps)
    written = [_take_paragraph(paragraph, merge_fields.fields, place, gaps, found) for paragraph in list(root.iter(P))]
    for template in links:
        found.add(template)
    if pictures:
        found.fields[QR] = None
    found.repeats |= repeats
    return any(written) or bool(links) or pictures or repeats


def assemble(pieces: Iterator[object]) -> Nodes:
    """Text and fillings as nodes: what stands between a `Begin` and its `End` is the node's own."""
    nodes: list[str | Node] = []
    for piece in pieces:
        if isinstance(piece, Begin):
            nodes.append(piece.make(assemble(pieces)))
        elif isinstance(piece, End):
            break
        else:
            nodes.append(piece)  # type: ignore[arg-type] # a gap's filling is a node when it is no mark
    return tuple(nodes)


def _take_paragraph(paragraph: etree._Element, fields: Sequence[Field], place: Place, gaps: Gaps, found: Found) -> bool:
    text = ParagraphText(paragraph, fields)
    if not text.has_fields:
        return False
    try:
        template = text.compiled()
    except TemplateError as error:
        at = place.of(paragraph)
        found.problems += [
            WordProblem(
                at, problem.name, _capital(why_typed(problem.name) or problem.sentence.partition(":")[2].strip())
            )
            for problem in error.problems
        ]
        return False
    if not any(True for _ in template.slots()) and "@@" not in text.text:
        return False
    found.add(template)
    repeats = "@ENFANTS" in text.text
    found.repeats |= repeats
    outer = _outer(paragraph)
    droppable = _droppable(outer, paragraph)
    looks = []
    for index, atom in enumerate(text.atoms):
        looks.append(_looks(atom.run) if repeats else "")
        atom.elements[0].addprevious(gaps.element(AtomHere(index)))
        for element in atom.elements:
            remove(element)
    marks = assemble(gaps.cut("".join(map(as_text, marks_in(paragraph)))))
    make = MakeParagraph(Plan(template, [atom.end for atom in text.atoms], looks), droppable, marks)
    wrap(outer, gaps.element(Begin(make)), gaps.element(End()))
    return True


def _looks(run: etree._Element) -> str:
    properties = child(run, "rPr")
    return f"<w:r>{'' if properties is None else as_text(properties)}"


def _outer(paragraph: etree._Element) -> etree._Element:
    """The paragraph, or the content control that holds nothing else: it goes when the line goes."""
    outer = paragraph
    while (content := outer.getparent()) is not None and content.tag == f"{W}sdtContent" and len(content) == 1:
        control = content.getparent()
        if control is None:
            break
        outer = control
    return outer


def _droppable(outer: etree._Element, paragraph: etree._Element) -> bool:
    """Whether the document stays one without it: cells, headers and notes need a last paragraph, tables one between."""
    if not holds_only_text(paragraph):
        return False
    beside = [one for one in outer.itersiblings() if isinstance(one.tag, str)]
    before = [one for one in outer.itersiblings(preceding=True) if isinstance(one.tag, str)]
    if not any(one.tag == P for one in beside):
        return False
    return not (beside[0].tag == f"{W}tbl" and before and before[0].tag == f"{W}tbl")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

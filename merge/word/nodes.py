"""The gaps of a compiled part: paragraphs, repetitions, lines that disappear, and what must be unique in a document."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from merge.fields import FieldKind
from merge.merging import RecordProblem, Span, Template
from merge.word.letter import ENDS, Letter, Node, Nodes
from merge.word.package import Relation
from merge.word.paragraph import QR, Plan


@dataclass(frozen=True, slots=True)
class Begin:
    """Marks in a tree where a node begins that holds others; `make` makes it of them."""

    make: Callable[[Nodes], Node]


@dataclass(frozen=True, slots=True)
class End:
    """Marks where the node ends that began last."""


@dataclass(frozen=True, slots=True)
class AtomHere:
    """The text of a paragraph's atom."""

    index: int

    def write(self, letter: Letter) -> None:
        if letter.texts:
            letter.out.append(letter.texts[self.index])


@dataclass(frozen=True, slots=True)
class MakeParagraph:
    plan: Plan
    droppable: bool
    marks: Nodes

    def __call__(self, nodes: Nodes) -> "ParagraphNode":
        return ParagraphNode(nodes, self.plan, self.droppable, self.marks)


@dataclass(frozen=True, slots=True)
class ParagraphNode:
    nodes: Nodes
    plan: Plan
    droppable: bool
    marks: Nodes
    """What stays of the paragraph when its lines disappear: bookmarks that begin or end in it."""

    def write(self, letter: Letter) -> None:
        setting = self.plan.set(letter.record, letter.drawing)
        letter.note_merged(setting.merged, self.plan.slots, setting.filled)
        if not setting.texts and self.droppable:
            letter.write(self.marks)
            return
        around, letter.texts = letter.texts, setting.texts
        letter.write(self.nodes)
        letter.texts = around


@dataclass(frozen=True, slots=True)
class Each:
    """What stands between @ENFANTS and @FINENFANTS: once for each child."""

    nodes: Nodes

    def write(self, letter: Letter) -> None:
        for index, child in enumerate(letter.record.per_child()):
            with letter.of_child(child, again=index > 0):
                letter.write(self.nodes)


@dataclass(frozen=True, slots=True)
class Together:
    """A table row (or a table of nothing but such rows): a line like any other, gone when all its fields are empty."""

    nodes: Nodes

    def write(self, letter: Letter) -> None:
        length, slots, values, problems = len(letter.out), letter.slots, letter.values, len(letter.problems)
        letter.write(self.nodes)
        if letter.slots > slots and letter.values == values and len(letter.problems) == problems:
            del letter.out[length:]


@dataclass(frozen=True, slots=True)
class Once:
    """A comment's place: in the first letter alone, for there is one comment."""

    nodes: Nodes

    def write(self, letter: Letter) -> None:
        if letter.is_first:
            letter.write(self.nodes)


@dataclass(frozen=True, slots=True)
class Body:
    """What is written for each letter."""

    nodes: Nodes

    def write(self, letter: Letter) -> None:
        letter.write(self.nodes)


@dataclass(frozen=True, slots=True)
class FinalSection:
    """The page set-up of the end of the document."""

    nodes: Nodes

    def write(self, letter: Letter) -> None:
        letter.write(self.nodes)


@dataclass(frozen=True, slots=True)
class SectionHere:
    """Where the letter's last section is described when another letter follows."""

    def write(self, letter: Letter) -> None:
        letter.section_at = len(letter.out)
        letter.out.append("")


@dataclass(frozen=True, slots=True)
class Unique:
    """A number that no other copy may have."""

    given: str
    index: int
    count: int
    above: int

    def write(self, letter: Letter) -> None:
        copy = letter.copy
        letter.out.append(str(self.above + (copy - 1) * self.count + self.index) if copy else self.given)


@dataclass(frozen=True, slots=True)
class UniqueName:
    """A bookmark's name (at most 40 characters, ECMA-376, part 1, 17.13.6.2)."""

    given: str

    def write(self, letter: Letter) -> None:
        letter.out.append(f"{self.given[:28]}_l{letter.copy}" if letter.copy else self.given)


@dataclass(frozen=True, slots=True)
class Address:
    """The target of a link, with fields."""

    template: Template
    part_of_code: bool = False
    """Whether it stands in a field's code instead of a relation."""

    def write(self, letter: Letter) -> None:
        merged = self.template.merge(letter.record)
        filled = tuple(span.field for line in merged.lines for span in line if span.field and not span.missing)
        letter.note_merged(merged, sum(1 for _ in self.template.slots()), filled)
        address = self._address(merged.lines[0] if merged.lines else ())
        if self.part_of_code:
            letter.out.append(address.replace("&", "&amp;").replace("<", "&lt;"))
        else:
            letter.out.append(letter.relation("hyperlink", address, external=True))

    def _address(self, line: tuple[Span, ...]) -> str:
        parts: list[str] = []
        for span in line:
            if span.field is None:
                parts.append(span.text)
            elif span.field.kind is FieldKind.LINK:
                whole = "://" in span.text or (parts and parts[-1].endswith("://"))
                parts.append(span.text if whole else f"https://{span.text}")
            else:
                parts.append(quote(span.text, safe=""))
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class CodePicture:
    """The relation of a picture that is a QR code."""

    def write(self, letter: Letter) -> None:
        letter.slots += 1
        link = QR.render(letter.record)
        if not link:
            why = f"{QR.description} : rien n’est connu. Préparez les lettres avec le portail, ou retirez l’image."
            letter.problems.append(RecordProblem("empty-field", 0, QR, why))
            return
        letter.values += 1
        letter.filled.add(QR)
        letter.out.append(letter.picture(link))


@dataclass(frozen=True, slots=True)
class HeaderHere:
    """The relation of a header or footer with fields."""

    given: Relation
    nodes: Nodes

    def write(self, letter: Letter) -> None:
        letter.out.append(letter.header(self.given, self.nodes))


@dataclass(frozen=True, slots=True)
class NoteHere:
    """A reference to a footnote or endnote, which is written for each letter anew."""

    kind: str
    part: str
    nodes: Nodes
    free: int
    is_numbered: bool
    """Whether it has a number, and no mark that somebody typed."""

    def write(self, letter: Letter) -> None:
        number = letter.own_note(self.kind, self.part, self.nodes, self.free)
        shown = letter.note_shown(self.kind) if self.is_numbered else ""
        mark = ' w:customMarkFollows="1"' if shown or not self.is_numbered else ""
        text = f"<w:t>{shown}</w:t>" if shown else ""
        letter.out.append(f'<w:{self.kind}Reference{mark} w:id="{number}"/>{text}')


@dataclass(frozen=True, slots=True)
class NoteNumber:
    """The number of the note itself."""

    def write(self, letter: Letter) -> None:
        letter.out.append(letter.note_number)


@dataclass(frozen=True, slots=True)
class ListHere:
    """The number of a list that each letter begins anew."""

    given: str
    free: int
    head: str
    tail: str
    """The list's description, around its number."""

    def write(self, letter: Letter) -> None:
        letter.out.append(letter.own_list(self.given, self.free, lambda number: f"{self.head}{number}{self.tail}"))


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote or endnote of the template: taken out of its part, and written for each letter."""

    number: str
    nodes: Nodes

    def write(self, letter: Letter) -> None:
        letter.write(self.nodes)


@dataclass(frozen=True, slots=True)
class MarkHere:
    """The beginning or the end of the letter's text."""

    which: str

    def write(self, letter: Letter) -> None:
        letter.mark(self.which)


@dataclass(frozen=True, slots=True)
class PageCount:
    """« page 1 sur 2 »: of the letter, in a document that holds many.

    LibreOffice does not know a section's number of pages, and a letter may have several sections; but its pages begin
    at one, and the last one's number is what a reference to the letter's end says.
    """

    def write(self, letter: Letter) -> None:
        if letter.is_alone:
            letter.out.append("NUMPAGES")
        else:
            end = letter.bookmark(ENDS)
            letter.out.append(f"PAGEREF {end}" if end else "SECTIONPAGES")


@dataclass(frozen=True, slots=True)
class SequenceName:
    """The name of what counts figures or tables: of this letter alone, for a name is counted through a document."""

    given: str

    def write(self, letter: Letter) -> None:
        letter.out.append(letter.own_name(self.given))

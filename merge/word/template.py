"""A cabinet's Word document as a template: read and compiled once, then written for any number of patients."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from cabinet.errors import WebOrthoError
from merge.fields import SECRETS, Field
from merge.word.blank import with_blanks
from merge.word.letter import Nodes
from merge.word.list_styles import spell_out
from merge.word.lists import ListPart, take_lists
from merge.word.nodes import Body, FinalSection, PageCount
from merge.word.notes import FOOTNOTE, KINDS, NotePart, numbered_plainly, read_notes, take_references
from merge.word.outside import refuse_missing, refuse_outside
from merge.word.own_pictures import OwnPictures, with_own_pictures
from merge.word.package import Relation, WordFile, WordFileError, not_word, open_word, read_word_file
from merge.word.paragraph import QR
from merge.word.sections import counts_through, keep_apart, sections_of, take_sections
from merge.word.settings import footnote_settings, has_sides, section_endnotes, settled
from merge.word.story import Found, Source, WordProblem, assemble, compile_story
from merge.word.xml import Gaps, R, W, change_codes, read_part

_TEXT = "Texte"
_LABELS = {"header": "En-tête", "footer": "Pied de page", "footnotes": "Notes", "endnotes": "Notes de fin"}
_PAGES = re.compile(r"\bNUMPAGES\b", re.IGNORECASE)
_RAW_PAGES = re.compile(rb"\bNUMPAGES\b", re.IGNORECASE)
_ELEMENT = re.compile(rb"<[^<>]*>")


class WordTemplateError(WebOrthoError):
    """A template with fields that cannot be merged. `problems` has every place; the message is the first one's."""

    def __init__(self, problems: tuple[WordProblem, ...]) -> None:
        first = problems[0]
        super().__init__(f"{first.place} : {first.sentence}")
        self.problems = problems


@dataclass(frozen=True)
class WordTemplate:
    """A compiled document. With `problems` it is good for telling them, not for writing."""

    word: WordFile
    fields: tuple[Field, ...]
    """Those it names, in the order of its text; headers and footers first. A QR code is `paragraph.QR`."""
    problems: tuple[WordProblem, ...]
    per_household: bool
    """Whether something repeats for each child: such a letter is for a household, any other for one child."""
    head: str
    letter: Nodes
    section: Nodes
    tail: str
    headers: tuple[str, ...]
    """Parts that differ between letters."""
    notes: tuple[NotePart, ...]
    lists: ListPart | None
    lists_part: str
    keep_apart: bool
    """Whether only a document of its own shows a letter as it is meant, when it becomes a PDF."""
    marked: bool
    """Whether the number of a letter's pages is that of the page where a bookmark says that it ends."""

    @property
    def has_secrets(self) -> bool:
        """Whether a letter carries a code or a link made for one person."""
        names = {field.name for field in SECRETS} | {QR.name}
        return any(field.name in names for field in self.fields)

    def check(self) -> None:
        """Raise `WordTemplateError` where a field cannot be merged."""
        if self.problems:
            raise WordTemplateError(self.problems)


def load_template(path: Path, pictures: OwnPictures | None = None) -> WordTemplate:
    """As `read_template`."""
    return read_template(read_word_file(path), pictures)


def read_template(data: bytes, pictures: OwnPictures | None = None) -> WordTemplate:
    """Read and compile a .docx, with the cabinet's own `pictures`.

    Raise `WordFileError` for a file that is no template; what is wrong with fields is told in `problems`.
    """
    given = open_word(data)
    gathers_endnotes = not section_endnotes(given)
    word = settled(given)
    refuse_outside(word)
    refuse_missing(word)
    labels = {
        word.main: _TEXT,
        **{one.target: _LABELS[one.type] for one in word.relations(word.main) if one.type in _LABELS},
    }
    labels = {part: label for part, label in labels.items() if part in word.parts}
    word, problems = with_own_pictures(word, labels, pictures or {})
    return _Reading(word, problems).read(gathers_endnotes=gathers_endnotes)


class _Reading:
    def __init__(self, word: WordFile, problems: Iterable[WordProblem]) -> None:
        self._word = word
        self._found = Found(problems=list(problems))
        self._relations: Mapping[str, Relation] = {}

    def read(self, *, gathers_endnotes: bool) -> WordTemplate:
        """`gathers_endnotes`: they stood at the end of the document, not of a section."""
        found, gaps = self._found, Gaps()
        root = read_part(self._word.parts[self._word.main])
        bodies = root.findall(f"{W}body")
        if root.tag != f"{W}document" or not bodies:
            raise WordFileError("Ce modèle n’a pas de texte.", "Choisissez le document Word de la lettre.")
        if len(bodies) > 1:
            raise not_word()
        body = bodies[0]
        word = self._word = with_blanks(self._word, root)
        self._relations = {relation.id: relation for relation in word.relations(word.main)}
        one_section = len(sections_of(root)) <= 1
        counts_pages = any(_asks_for_pages(part) for name, part in word.parts.items() if name.endswith(".xml"))
        counted = counts_pages and (one_section or counts_through(root))
        apart = keep_apart(root, counts_pages=counts_pages)
        plain = numbered_plainly((*root.iter(f"{W}footnotePr"), *footnote_settings(word)))
        used = {one.get(f"{R}id", "") for one in root.iter(f"{W}headerReference", f"{W}footerReference")}
        headers = self._headers(used, counted=counted)
        notes = self._notes()
        compile_story(Source(_TEXT, root, self._relations), gaps, found)
        if counted:
            _count_pages(root, gaps)
        for part in notes:
            take_references(root, part, gaps)
        lists_part, styles_part = word.related("numbering") or "", word.related("styles") or ""
        if lists_part in word.parts and styles_part in word.parts:
            spell_out(root, word.parts[styles_part])
        lists = take_lists(root, word.parts[lists_part], gaps) if lists_part in word.parts else None
        kinds = {part.kind for part in notes}
        take_sections(
            body,
            self._relations,
            headers,
            gaps,
            notes=sorted(kinds),
            has_sides=has_sides(word),
            gathers_endnotes=gathers_endnotes,
        )
        head, letter, section, tail = _cut(assemble(gaps.pieces(root)))
        return WordTemplate(
            word=word,
            fields=tuple({field.name: field for field in found.fields}.values()),
            problems=tuple(dict.fromkeys(found.problems)),
            per_household=found.repeats,
            head=head,
            letter=letter,
            section=section,
            tail=tail,
            headers=tuple(headers),
            notes=notes,
            lists=lists,
            lists_part=lists_part,
            keep_apart=apart or "endnote" in kinds or (FOOTNOTE in kinds and not plain),
            marked=counted and not one_section,
        )

    def _headers(self, used: Iterable[str], *, counted: bool) -> Mapping[str, Nodes]:
        """The headers and footers that differ between letters, compiled, by part.

        `used`: relations of the sections. `counted`: whether a letter's pages can be, where their number is asked for.
        """
        headers: dict[str, Nodes] = {}
        for relation in (self._relations[one] for one in sorted(used) if one in self._relations):
            if relation.target not in self._word.parts or relation.target in headers:
                continue
            source, gaps = self._source(relation), Gaps()
            differs = compile_story(source, gaps, self._found)
            differs |= counted and _count_pages(source.root, gaps)
            if differs:
                headers[relation.target] = assemble(gaps.pieces(source.root))
        return headers

    def _notes(self) -> tuple[NotePart, ...]:
        parts = (
            read_notes(KINDS[relation.type], relation.target, self._source(relation), self._found)
            for relation in self._relations.values()
            if relation.type in KINDS and relation.target in self._word.parts
        )
        return tuple(part for part in parts if part is not None)

    def _source(self, relation: Relation) -> Source:
        related = {one.id: one for one in self._word.relations(relation.target)}
        return Source(_LABELS[relation.type], read_part(self._word.parts[relation.target]), related)


def _count_pages(root: etree._Element, gaps: Gaps) -> bool:
    """Put gaps where the document's pages are counted; answers whether they are."""
    return change_codes(root, lambda code: _PAGES.sub(lambda _: gaps.value(PageCount()), code))


def _asks_for_pages(part: bytes) -> bool:
    """Whether the number of pages is written in a part as it comes, where a field's code may be cut by elements."""
    return any(_RAW_PAGES.search(text) for text in (part, _ELEMENT.sub(b"", part)))


def _cut(nodes: Nodes) -> tuple[str, Nodes, Nodes, str]:
    """What is before the letters, a letter, its last section, and what is after."""
    body = next(node for node in nodes if isinstance(node, Body))
    section = next(node for node in nodes if isinstance(node, FinalSection))
    place = nodes.index(body)
    before, after = nodes[:place], nodes[place + 1 :]
    head = "".join(node for node in before if isinstance(node, str))
    tail = "".join(node for node in after if isinstance(node, str))
    return head, body.nodes, section.nodes, tail

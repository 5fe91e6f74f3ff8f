"""Page set-up: each letter is sections of its own, which begin on a new page and count their pages from one."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from lxml import etree

from merge.word.letter import BEGINS, ENDS, Nodes
from merge.word.nodes import Begin, Body, End, FinalSection, HeaderHere, MakeParagraph, MarkHere, SectionHere
from merge.word.package import Relation
from merge.word.xml import PROPERTIES, RUN, TEXT, Gaps, P, R, W, child, value_of, wrap

_ORDER = (
    "headerReference", "footerReference", "footnotePr", "endnotePr", "type", "pgSz", "pgMar", "paperSrc", "pgBorders",
    "lnNumType", "pgNumType", "cols", "formProt", "vAlign", "noEndnote", "titlePg", "textDirection", "bidi",
    "rtlGutter", "docGrid", "printerSettings", "sectPrChange",
)  # fmt: skip
"""Of a section's properties (ECMA-376, part 1, A.1, CT_SectPr)."""
KINDS = {f"{W}headerReference": "header", f"{W}footerReference": "footer"}
_SIDES = frozenset({"oddPage", "evenPage"})
"""Sections that begin on a certain side of a sheet: a blank page may stand before them."""
_GOES_ON = frozenset({"continuous", "newSection"})
"""Numbers of lines that do not begin anew with a page."""
_BESIDE = frozenset(
    f"{W}{name}"
    for name in ("bookmarkStart", "bookmarkEnd", "permStart", "permEnd", "commentRangeStart", "commentRangeEnd")
)
"""What may stand between a document's last paragraph and its section."""
_REFERENCES = tuple(KINDS)
_BOX = f"{W}txbxContent"
_FIELDS = (f"{W}fldChar", f"{W}fldSimple")


def sections_of(root: etree._Element) -> list[etree._Element]:
    """The sections in their order, but for what tracked changes remember of them."""
    return [one for one in root.iter(f"{W}sectPr") if next(one.iterancestors(f"{W}sectPrChange"), None) is None]


def missing_references(root: etree._Element) -> list[tuple[str, str]]:
    """(element, type) of headers and footers that a later section has and the first has not.

    The first section of a letter would take them over from the letter before.
    """
    first, *others = [
        {(one.tag, value_of(one, "type")) for one in section.iterchildren(*_REFERENCES)}
        for section in sections_of(root)
    ] or [set()]
    return sorted(set().union(*others) - first)


def keep_apart(root: etree._Element, *, counts_pages: bool) -> bool:
    """Whether letters in one document would begin on another side of the sheet, or count the pages or lines of others.

    `counts_pages`: whether the number of pages is written somewhere.
    """
    sections = sections_of(root)
    first_kind = value_of(child(sections[0], "type")) if sections else ""
    counts_lines = any(value_of(one, "restart") in _GOES_ON for one in root.iter(f"{W}lnNumType"))
    return first_kind == "evenPage" or counts_lines or (counts_pages and not counts_through(root))


def counts_through(root: etree._Element) -> bool:
    """Whether the number of a letter's last page, as it is shown, is how many pages it has."""
    numbers = [child(section, "pgNumType") for section in sections_of(root)] or [None]
    first, *others = [value_of(one, "start") for one in numbers]
    return first in ("", "1") and not any(others) and value_of(numbers[-1], "fmt") in ("", "decimal")


def take_sections(
    body: etree._Element,
    relations: Mapping[str, Relation],
    headers: Mapping[str, Nodes],
    gaps: Gaps,
    *,
    notes: Collection[str],
    has_sides: bool,
    gathers_endnotes: bool,
) -> None:
    """Put gaps around the letter and its last section; `headers` are those with fields, by part.

    `notes`: the kinds that the letter has. `has_sides`: whether odd pages differ from even ones, so that each letter
    begins on a sheet of its own. `gathers_endnotes`: they stand at the letter's end, not at each section's.
    """
    final = body[-1] if len(body) and body[-1].tag == f"{W}sectPr" else etree.SubElement(body, f"{W}sectPr")
    sections = sections_of(body)
    for section in sections:
        for reference in section.iterchildren(*_REFERENCES):
            relation = relations.get(reference.get(f"{R}id", ""))
            if relation and relation.target in headers:
                here = HeaderHere(relation, headers[relation.target])
                reference.set(f"{R}id", gaps.value(here))
    for kind in notes:
        _within(_within(sections[0], f"{kind}Pr"), "numRestart").set(f"{W}val", "eachSect")
    for section in sections[:-1] if "endnote" in notes and gathers_endnotes else ():
        _within(section, "noEndnote")
    _begin_anew(sections[0], "oddPage" if has_sides else "nextPage")
    _mark_ends(body, gaps)
    _place_of_section(final, gaps)
    body.insert(0, gaps.element(Begin(Body)))
    final.addprevious(gaps.element(End()))
    wrap(final, gaps.element(Begin(FinalSection)), gaps.element(End()))


def _begin_anew(section: etree._Element, begins: str) -> None:
    kind = _within(section, "type")
    if value_of(kind) not in _SIDES:
        kind.set(f"{W}val", begins)
    numbers = _within(section, "pgNumType")
    if not value_of(numbers, "start"):
        numbers.set(f"{W}start", "1")


def _mark_ends(body: etree._Element, gaps: Gaps) -> None:
    """Where the letter begins and ends: in the first and the last paragraph that a record leaves.

    LibreOffice loses what stands behind a field or a picture at the very end, moves what stands between paragraphs to
    another letter, and drops an empty paragraph that ends a section; where a mark does not say the right page, the
    letters are converted one by one.
    """
    paragraphs = [(one, may_go) for one in body.iter(P) if (may_go := _may_disappear(one, gaps)) is not None]
    for paragraph in _until_one_stays(paragraphs):
        _put_first(paragraph, gaps.element(MarkHere(BEGINS)))
    for paragraph in _until_one_stays([one for one in reversed(paragraphs) if not _is_empty(one[0])]):
        if _ends_in_text(paragraph):
            paragraph.append(gaps.element(MarkHere(ENDS)))
        else:
            _put_first(paragraph, gaps.element(MarkHere(ENDS)))


def _until_one_stays(paragraphs: Iterable[tuple[etree._Element, bool]]) -> Iterator[etree._Element]:
    """The paragraphs up to the first that no record makes disappear; with each, whether one may."""
    for paragraph, may_go in paragraphs:
        yield paragraph
        if not may_go:
            break


def _is_empty(paragraph: etree._Element) -> bool:
    return all(one.tag == f"{W}rPr" for run in paragraph.iter(RUN) for one in run)


def _ends_in_text(paragraph: etree._Element) -> bool:
    """Whether it has no field of Word's, and its last run holds nothing but words and what is merged into them."""
    last = paragraph[-1]
    words = (f"{W}rPr", TEXT)
    return (
        last.tag == RUN
        and all(not isinstance(one.tag, str) or one.tag in words for one in last)
        and next(paragraph.iter(*_FIELDS), None) is None
    )


def _put_first(paragraph: etree._Element, element: etree._Element) -> None:
    paragraph.insert(0 if child(paragraph, "pPr") is None else 1, element)


def _may_disappear(paragraph: etree._Element, gaps: Gaps) -> bool | None:
    """Whether its line may go; None for one that a letter has many times, or in a text box, which stands anywhere."""
    may_go = False
    for one in (paragraph, *paragraph.iterancestors()):
        before = one.getprevious()
        begin = None if before is None else gaps.filling(before)
        if one.tag == _BOX:
            return None
        if isinstance(begin, Begin):
            if not isinstance(begin.make, MakeParagraph):
                return None
            may_go |= begin.make.droppable
    return may_go


def _place_of_section(final: etree._Element, gaps: Gaps) -> None:
    """A section ends in its last paragraph; where there is none (or it ends another), in one of no height."""
    last = final.getprevious()
    while last is not None and (not isinstance(last.tag, str) or last.tag in _BESIDE):
        last = last.getprevious()
    if last is None or last.tag != P or last.find(f"{PROPERTIES}/{W}sectPr") is not None:
        last = etree.Element(P)
        final.addprevious(last)
        spacing = etree.SubElement(etree.SubElement(last, PROPERTIES), f"{W}spacing")
        for name, value in (("before", "0"), ("after", "0"), ("line", "20"), ("lineRule", "exact")):
            spacing.set(f"{W}{name}", value)
    properties = child(last, "pPr")
    if properties is None:
        properties = etree.Element(PROPERTIES)
        last.insert(0, properties)
    here = gaps.element(SectionHere())
    change = child(properties, "pPrChange")
    if change is None:
        properties.append(here)
    else:
        change.addprevious(here)


def _within(parent: etree._Element, name: str) -> etree._Element:
    """The child of this name, made at its place when there is none."""
    found = child(parent, name)
    if found is not None:
        return found
    found = etree.Element(f"{W}{name}")
    later = {f"{W}{one}" for one in _ORDER[_ORDER.index(name) + 1 :]} if name in _ORDER else set()
    after = next((one for one in parent if one.tag in later), None)
    if after is None:
        parent.append(found)
    else:
        after.addprevious(found)
    return found

"""Page set-up: each letter is sections of its own, which begin on a new page and count their pages from one."""

from collections.abc import Mapping

from lxml import etree

from merge.word.letter import BEGINS, ENDS, Nodes
from merge.word.nodes import Begin, Body, End, FinalSection, HeaderHere, MakeParagraph, MarkHere, SectionHere
from merge.word.package import Relation
from merge.word.xml import PROPERTIES, RUN, Gaps, P, R, W, child, value_of, wrap

_ORDER = (
    "headerReference", "footerReference", "footnotePr", "endnotePr", "type", "pgSz", "pgMar", "paperSrc", "pgBorders",
    "lnNumType", "pgNumType", "cols", "formProt", "vAlign", "noEndnote", "titlePg", "textDirection", "bidi",
    "rtlGutter", "docGrid", "printerSettings", "sectPrChange",
)  # fmt: skip
"""Of a section's properties (ECMA-376, part 1, A.1, CT_SectPr)."""
KINDS = {f"{W}headerReference": "header", f"{W}footerReference": "footer"}
_SIDES = frozenset({"oddPage", "evenPage"})
"""Sections that begin on a certain side of a sheet: a blank page may stand before them."""
_REFERENCES = tuple(KINDS)
_BOX = f"{W}txbxContent"


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
    """Whether letters in one document could be cut wrongly, or would count the pages of others.

    `counts_pages`: whether the number of pages is written somewhere.
    """
    sections = sections_of(root)
    if any(value_of(child(section, "type")) in _SIDES for section in sections):
        return True
    starts = {value_of(child(section, "pgNumType"), "start") for section in sections}
    return counts_pages and (len(sections) > 1 or not starts <= {"", "1"})


def take_sections(
    body: etree._Element,
    relations: Mapping[str, Relation],
    headers: Mapping[str, Nodes],
    gaps: Gaps,
    *,
    with_notes: bool,
) -> None:
    """Put gaps around the letter and its last section; `headers` are those with fields, by part."""
    final = body[-1] if len(body) and body[-1].tag == f"{W}sectPr" else etree.SubElement(body, f"{W}sectPr")
    sections = sections_of(body)
    for section in sections:
        for reference in section.iterchildren(*_REFERENCES):
            relation = relations.get(reference.get(f"{R}id", ""))
            if relation and relation.target in headers:
                here = HeaderHere(relation, headers[relation.target])
                reference.set(f"{R}id", gaps.value(here))
        if with_notes:
            for kind in ("footnotePr", "endnotePr"):
                _within(_within(section, kind), "numRestart").set(f"{W}val", "eachSect")
    _begin_anew(sections[0])
    _mark_ends(body, gaps)
    _place_of_section(final, gaps)
    body.insert(0, gaps.element(Begin(Body)))
    final.addprevious(gaps.element(End()))
    wrap(final, gaps.element(Begin(FinalSection)), gaps.element(End()))


def _begin_anew(section: etree._Element) -> None:
    kind = _within(section, "type")
    if value_of(kind) not in _SIDES:
        kind.set(f"{W}val", "nextPage")
    numbers = _within(section, "pgNumType")
    if not value_of(numbers, "start"):
        numbers.set(f"{W}start", "1")


def _mark_ends(body: etree._Element, gaps: Gaps) -> None:
    """Where the letter begins and ends, in paragraphs that no record makes disappear.

    LibreOffice loses what stands behind a field at the very end, and moves what stands between paragraphs to another
    letter; where a mark does not say the right page, the letters are converted one by one.
    """
    stay = [one for one in body.iter(P) if not _may_disappear(one, gaps)]
    if not stay:
        return
    properties = child(stay[0], "pPr")
    stay[0].insert(0 if properties is None else 1, gaps.element(MarkHere(BEGINS)))
    texts = [one for one in stay[-1].iterchildren(RUN) if child(one, "fldChar") is None]
    if texts and texts[-1].getnext() is None:
        stay[-1].append(gaps.element(MarkHere(ENDS)))
    else:
        stay[-1].insert(0 if child(stay[-1], "pPr") is None else 1, gaps.element(MarkHere(ENDS)))


def _may_disappear(paragraph: etree._Element, gaps: Gaps) -> bool:
    """Whether it is in something that repeats or goes away, or in a text box, which stands anywhere."""
    for one in (paragraph, *paragraph.iterancestors()):
        before = one.getprevious()
        begin = None if before is None else gaps.filling(before)
        stays = isinstance(begin, Begin) and isinstance(begin.make, MakeParagraph) and not begin.make.droppable
        if one.tag == _BOX or (isinstance(begin, Begin) and not stays):
            return True
    return False


def _place_of_section(final: etree._Element, gaps: Gaps) -> None:
    """A section ends in its last paragraph; where there is none (or it ends another), in one of no height."""
    last = final.getprevious()
    while last is not None and not isinstance(last.tag, str):
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

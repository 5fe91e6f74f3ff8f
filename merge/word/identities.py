"""What a document may have only once: numbers of bookmarks, revisions, drawings and controls, and bookmarks' names."""

import re
from collections.abc import Iterable

from lxml import etree

from merge.word.nodes import Begin, End, Once, SequenceName, Unique, UniqueName
from merge.word.xml import WP, Gaps, W, change_codes, value_of, wrap

_OTHERS = frozenset(
    f"{W}{name}" for name in ("footnoteReference", "endnoteReference", "footnote", "endnote", "comment", "id")
)
_COMMENTS = (f"{W}commentRangeStart", f"{W}commentRangeEnd", f"{W}commentReference")
_SEQUENCE = re.compile(r'^(\s*SEQ\s*["\s]\s*)(\w+)', re.IGNORECASE)
"""The name of a counter (ECMA-376, part 1, 17.16.5.56)."""
_REFERS = re.compile(r"\s*(?:REF|PAGEREF|NOTEREF|HYPERLINK\s+\\l)\b", re.IGNORECASE)
"""How the code of a field begins that names a bookmark next. A link with an address leads out of the document."""
_CONTROLS_ABOVE = 1_000_000_000
"""Controls have random numbers of 31 bits."""


def make_unique(root: etree._Element, gaps: Gaps) -> None:
    """Put gaps where copies must differ."""
    _comments(root, gaps)
    annotations = [
        one for one in root.iter(f"{W}*") if f"{W}id" in one.attrib and one.tag not in (*_OTHERS, *_COMMENTS)
    ]
    _number(annotations, f"{W}id", gaps)
    _number(root.iter(f"{WP}docPr"), "id", gaps)
    _number(root.iterfind(f".//{W}sdtPr/{W}id"), f"{W}val", gaps, above=_CONTROLS_ABOVE)
    _names(root, gaps)
    _sequences(root, gaps)


def _number(elements: Iterable[etree._Element], attribute: str, gaps: Gaps, above: int = 0) -> None:
    elements = [one for one in elements if re.fullmatch(r"-?\d{1,10}", one.get(attribute, ""))]
    index = {given: place for place, given in enumerate(dict.fromkeys(one.get(attribute, "") for one in elements))}
    above = above or max(map(int, index), default=0) + 1
    for element in elements:
        given = element.get(attribute, "")
        element.set(attribute, gaps.value(Unique(given, index[given], len(index), above)))


def _names(root: etree._Element, gaps: Gaps) -> None:
    starts = list(root.iter(f"{W}bookmarkStart"))
    names = {value_of(one, "name") for one in starts} - {""}
    for element in starts:
        if name := value_of(element, "name"):
            element.set(f"{W}name", gaps.value(UniqueName(name)))
    for link in root.iter(f"{W}hyperlink"):
        if value_of(link, "anchor") in names:
            link.set(f"{W}anchor", gaps.value(UniqueName(value_of(link, "anchor"))))
    if not names:
        return
    word = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?!\w)")

    def own(code: str) -> str:
        if not _REFERS.match(code):
            return code
        return word.sub(lambda match: gaps.value(UniqueName(match[0])), code, count=1)

    change_codes(root, own)


def _sequences(root: etree._Element, gaps: Gaps) -> None:
    change_codes(root, lambda code: _SEQUENCE.sub(lambda match: match[1] + gaps.value(SequenceName(match[2])), code))


def _comments(root: etree._Element, gaps: Gaps) -> None:
    for element in list(root.iter(*_COMMENTS)):
        wrap(element, gaps.element(Begin(Once)), gaps.element(End()))

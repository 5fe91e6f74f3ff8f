"""Paragraphs that are numbered by their style say so themselves: only then can a letter's list have its own number."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from merge.word.xml import PROPERTIES, P, W, child, read_part, value_of

_BEFORE_NUMBER = ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl")
_BEFORE_INDENT = (
    *_BEFORE_NUMBER, "numPr", "suppressLineNumbers", "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku",
    "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid",
    "spacing",
)  # fmt: skip
"""What stands before `numPr` and before `ind` (ECMA-376, part 1, A.1, CT_PPrBase)."""


@dataclass(frozen=True, slots=True)
class _ListStyle:
    number: str
    level: str
    indent: etree._Element | None
    """The style's own, which a number of the paragraph's own would override."""


def spell_out(root: etree._Element, styles: bytes) -> None:
    """Write into each paragraph the list that its style numbers it by."""
    known = _list_styles(read_part(styles))
    for paragraph in root.iter(P) if known else ():
        properties = child(paragraph, "pPr")
        style = None if properties is None else known.get(value_of(child(properties, "pStyle")))
        if properties is None or style is None or child(properties, "numPr") is not None:
            continue
        number = etree.Element(f"{W}numPr")
        etree.SubElement(number, f"{W}ilvl", {f"{W}val": style.level})
        etree.SubElement(number, f"{W}numId", {f"{W}val": style.number})
        _insert(properties, number, _BEFORE_NUMBER)
        if style.indent is not None and child(properties, "ind") is None:
            _insert(properties, deepcopy(style.indent), _BEFORE_INDENT)


def _list_styles(styles: etree._Element) -> Mapping[str, _ListStyle]:
    by_name = {value_of(one, "styleId"): one for one in styles.iterchildren(f"{W}style")}
    found = {name: _list_style(name, by_name) for name in by_name}
    return {name: style for name, style in found.items() if style is not None}


def _list_style(name: str, styles: Mapping[str, etree._Element]) -> _ListStyle | None:
    """A style's list and indent, its own or those of what it is based on."""
    number = indent = None
    seen: set[str] = set()
    while name in styles and name not in seen:
        seen.add(name)
        style = styles[name]
        number = style.find(f"{PROPERTIES}/{W}numPr") if number is None else number
        indent = style.find(f"{PROPERTIES}/{W}ind") if indent is None else indent
        name = value_of(child(style, "basedOn"))
    if number is None or not value_of(child(number, "numId")):
        return None
    return _ListStyle(value_of(child(number, "numId")), value_of(child(number, "ilvl")) or "0", indent)


def _insert(properties: etree._Element, element: etree._Element, before: tuple[str, ...]) -> None:
    names = {f"{W}{name}" for name in before}
    place = max((index + 1 for index, one in enumerate(properties) if one.tag in names), default=0)
    properties.insert(place, element)

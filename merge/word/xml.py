"""WordprocessingML: its names, and how a part becomes text with gaps.

A part is prepared as a tree, and written a thousand times as text: a gap is put into the tree as a processing
instruction (between elements) or as a sign that no text holds (within an attribute), and `pieces` cuts the written
tree there. What stands between two gaps is written by lxml once and never looked at again.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import cast
from xml.sax.saxutils import escape

from lxml import etree

from merge.word.package import parse, written

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{_W}}}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
V = "{urn:schemas-microsoft-com:vml}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
P, RUN, TEXT, PROPERTIES = f"{W}p", f"{W}r", f"{W}t", f"{W}pPr"
OFF = frozenset({"0", "false", "off"})
"""Values of a switch that is off."""
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_GAP = re.compile("<\\?gap (\\d+)\\?>|\ufdd0(\\d+)\ufdd1")
_FLOW = re.compile("[\n\t\u2011\u00ad]")
_SIGNS = {"\n": "<w:br/>", "\t": "<w:tab/>", "\u2011": "<w:noBreakHyphen/>", "\u00ad": "<w:softHyphen/>"}


def read_part(data: bytes) -> etree._Element:
    """The tree of a part, in which `w` stands for WordprocessingML as in all that is put into it later.

    Raise `merge.word.package.WordFileError`.
    """
    root = parse(data)
    if root.nsmap.get("w") == _W:
        return root
    names = dict(root.nsmap)
    names["w"] = _W
    renamed = etree.Element(root.tag, None, nsmap=cast("dict[str, str]", names))
    for name, value in root.attrib.items():
        renamed.set(name, value)
    renamed.extend(list(root))
    return renamed


class Gaps:
    """The gaps of one part: what fills each is any object."""

    def __init__(self) -> None:
        self._fillings: list[object] = []

    def element(self, filling: object) -> etree._Element:
        """A gap to be put between elements."""
        return etree.ProcessingInstruction("gap", str(self._add(filling)))

    def value(self, filling: object) -> str:
        """A gap to be put into an attribute or a text."""
        return f"\ufdd0{self._add(filling)}\ufdd1"

    def filling(self, element: etree._Element) -> object:
        """What fills the gap that this is; None for any other element."""
        # Parts are read without comments and processing instructions: what is no element is a gap.
        return None if isinstance(element.tag, str) else self._fillings[int(element.text or "")]

    def pieces(self, root: etree._Element) -> Iterator[object]:
        """The whole part: text, and between two texts what fills the gap."""
        yield from self.cut(written(root).decode())

    def cut(self, text: str) -> Iterator[object]:
        """Text with gaps, cut there."""
        end = 0
        for match in _GAP.finditer(text):
            if match.start() > end:
                yield text[end : match.start()]
            yield self._fillings[int(match[1] or match[2])]
            end = match.end()
        yield text[end:]

    def _add(self, filling: object) -> int:
        self._fillings.append(filling)
        return len(self._fillings) - 1


@lru_cache(maxsize=2048)
def flow(text: str) -> str:
    """Text as the content of a run: escaped, with its line breaks, tabs and special hyphens."""
    if not _FLOW.search(text):
        return f'<w:t xml:space="preserve">{escape(text)}</w:t>' if text else ""
    parts = []
    end = 0
    for match in _FLOW.finditer(text):
        parts += [flow(text[end : match.start()]), _SIGNS[match[0]]]
        end = match.end()
    return "".join((*parts, flow(text[end:])))


def as_text(element: etree._Element) -> str:
    """An element as XML."""
    return etree.tostring(element, encoding="unicode", with_tail=False)


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of this name in WordprocessingML."""
    return element.find(f"{W}{name}")


def value_of(element: etree._Element | None, attribute: str = "val") -> str:
    """An attribute in WordprocessingML's own namespace, "" where there is none."""
    return "" if element is None else element.get(f"{W}{attribute}", "")


def remove(element: etree._Element) -> None:
    """Take an element out of its parent; a part's elements have no text after them that counts."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def replace_by(element: etree._Element, other: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.replace(element, other)


def wrap(element: etree._Element, before: etree._Element, after: etree._Element) -> None:
    """Put two gaps around an element."""
    element.addprevious(before)
    element.addnext(after)


def change_codes(root: etree._Element, change: Callable[[str], str]) -> bool:
    """Put what `change` makes of it in place of each field's code; answers whether one is another now."""
    changed = False
    for element in root.iter(f"{W}instrText", f"{W}fldSimple"):
        simple = element.tag != f"{W}instrText"
        code = value_of(element, "instr") if simple else element.text or ""
        other = change(code)
        if other == code:
            continue
        changed = True
        if simple:
            element.set(f"{W}instr", other)
        else:
            element.text = other
    return changed

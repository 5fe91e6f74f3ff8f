"""What repeats for each child, and table rows that are lines: gone when all their fields are empty.

@ENFANTS and @FINENFANTS stand each alone in a paragraph, or each alone in a table row, or at the beginning and at the
end of one row, which then repeats.
"""

from collections.abc import Sequence

from lxml import etree

from merge.fields import Field
from merge.template import CLOSE, OPEN
from merge.word.nodes import Begin, Each, End, Together
from merge.word.paragraph import ParagraphText, holds_only_text
from merge.word.xml import Gaps, P, W, replace_by, wrap

_OPEN, _CLOSE = f"@{OPEN}", f"@{CLOSE}"
_NOTES = (f"{W}footnoteReference", f"{W}endnoteReference")
_ROW, _TABLE, _CELL = f"{W}tr", f"{W}tbl", f"{W}tc"


def take_blocks(root: etree._Element, fields: Sequence[Field], gaps: Gaps) -> bool:
    """Put gaps around what repeats, in place of the markers; answers whether anything does.

    A marker without its other one stays in the text, where compiling the paragraph refuses it.
    """
    markers: dict[etree._Element, str] = {}
    found = False
    for table in root.iter(_TABLE):
        for row in list(table.iterchildren(_ROW)):
            said = _said(row, fields)
            if len(said) == 1 and said[0].text.strip() in (_OPEN, _CLOSE):
                markers[row] = said[0].text.strip()
            elif len(said) > 1 and _opens_and_closes(said):
                wrap(row, gaps.element(Begin(Each)), gaps.element(End()))
                found = True
    in_rows = {paragraph for row in markers for paragraph in row.iter(P)}
    for paragraph in root.iter(P):
        if paragraph not in in_rows and holds_only_text(paragraph):
            text = ParagraphText(paragraph, fields).text.strip()
            if text in (_OPEN, _CLOSE):
                markers[paragraph] = text
    for parent in {marker.getparent() for marker in markers}:
        found |= parent is not None and _pair(parent, markers, gaps)
    return found


def take_rows(root: etree._Element, fields: Sequence[Field], gaps: Gaps) -> None:
    """Put gaps around the rows that are lines, and around tables that have nothing else."""
    for table in list(root.iter(_TABLE)):
        rows = list(table.iterchildren(_ROW))
        lines = [row for row in rows if _is_line(row, fields)]
        for row in lines:
            wrap(row, gaps.element(Begin(Together)), gaps.element(End()))
        if lines and len(lines) == len(rows) and next(table.iterancestors(), table).tag != _CELL:
            wrap(table, gaps.element(Begin(Together)), gaps.element(End()))


def _said(within: etree._Element, fields: Sequence[Field]) -> list[ParagraphText]:
    """The paragraphs that say something."""
    texts = [ParagraphText(paragraph, fields) for paragraph in within.iter(P)]
    return [text for text in texts if text.text.strip()]


def _opens_and_closes(said: Sequence[ParagraphText]) -> bool:
    """Whether a row's text begins with one marker and ends with the other: they are then taken out."""
    first, last = said[0], said[-1]
    whole = "\n".join(text.text for text in said)
    begins, ends = first.text.lstrip().startswith(_OPEN), last.text.rstrip().endswith(_CLOSE)
    if not (begins and ends and whole.count(_OPEN) == whole.count(_CLOSE) == 1):
        return False
    start = first.text.index(_OPEN)
    first.cut(0, start + len(_OPEN) + (first.text[start + len(_OPEN) :][:1] == " "))
    last.cut(len(last.text.rstrip()) - len(_CLOSE), len(last.text))
    return True


def _pair(parent: etree._Element, markers: dict[etree._Element, str], gaps: Gaps) -> bool:
    """Replace the markers among a parent's children that make pairs."""
    opened: etree._Element | None = None
    found = False
    for element in list(parent):
        marker = markers.get(element, "")
        if marker == _OPEN and opened is None:
            opened = element
        elif marker == _CLOSE and opened is not None:
            replace_by(opened, gaps.element(Begin(Each)))
            replace_by(element, gaps.element(End()))
            opened, found = None, True
    if parent.tag == _CELL and not (len(parent) and parent[-1].tag == P):
        etree.SubElement(parent, P)
    return found


def _is_line(row: etree._Element, fields: Sequence[Field]) -> bool:
    if next(row.iter(f"{W}vMerge", f"{W}drawing", f"{W}pict", f"{W}object", *_NOTES, _TABLE), None) is not None:
        return False
    cells = [_said(cell, fields) for cell in row.iter(_CELL)]
    return all(len(cell) <= 1 for cell in cells) and any(text.has_fields for cell in cells for text in cell)

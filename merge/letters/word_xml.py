"""WordprocessingML as text: runs, paragraphs, frames and the sign-in table (ECMA-376, part 1, chapter 17).

Letters are written by the thousand, and each is a few paragraphs: text put together from measured parts is an order of
magnitude quicker than a tree, and every value passes `escape`. Lengths come in millimetres or points and leave in
twentieths of a point, half points or English Metric Units, as each attribute wants.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from xml.sax.saxutils import escape, quoteattr

import msgspec
from docx.oxml.ns import nsdecls

from merge.letters.bidi import levels
from merge.letters.fonts import Face
from merge.letters.geometry import POINTS, Box
from merge.letters.typography import Piece, Style
from merge.letters.word_lists import InList

EMU_A_MILLIMETRE = 36_000
_DRAWING = nsdecls("a", "pic")
FAMILIES = {
    Face.REGULAR: ("Figtree", ""),
    Face.ITALIC: ("Figtree", "<w:i/>"),
    Face.SEMIBOLD: ("Figtree SemiBold", ""),
    Face.SEMIBOLD_ITALIC: ("Figtree SemiBold", "<w:i/>"),
    Face.BOLD: ("Figtree", "<w:b/>"),
    Face.MONO: ("Atkinson Hyperlegible Mono", "<w:b/>"),
}
"""The family that Word knows a face by, and which of the family's faces it is."""


_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufefc]")
_ARABIC = '"Arial"'
"""What every Word has for letters that are read from right to left; LibreOffice takes what it finds."""
SOFT_HYPHEN = "\u00ad"
"""Where a word may be divided, shown at a line's end only."""
JUSTIFY = {"left": "left", "centre": "center", "right": "right", "justified": "both"}


def twips(millimetres: float) -> int:
    """Twentieths of a point."""
    return round(millimetres * POINTS * 20)


@lru_cache(maxsize=64)
def _run_properties(style: Style, closer: int, *, right_to_left: bool = False) -> str:
    family, which = FAMILIES[style.face]
    font = quoteattr(family)
    size = round(style.size * 2)
    spacing = f'<w:spacing w:val="{-closer}"/>' if closer else ""
    underline = '<w:u w:val="single"/>' if style.underline else ""
    return (
        f"<w:rPr><w:rFonts w:ascii={font} w:hAnsi={font} w:cs={_ARABIC if right_to_left else font}/>{which}"
        f'<w:color w:val="{style.colour[1:]}"/>{spacing}<w:kern w:val="2"/>'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>{underline}{"<w:rtl/>" if right_to_left else ""}</w:rPr>'
    )


@lru_cache(maxsize=2048)
def run(piece: Piece, closer: int = 0) -> str:
    """Text in one style; a value can hold neither mark-up nor, since fields are cleaned, control characters.

    `closer`: twentieths of a point that its characters stand closer together.
    """
    if not _RIGHT_TO_LEFT.search(piece.text):
        return _run(piece.text, _run_properties(piece.style, closer))
    written = []
    directed = zip(map(bool, levels(piece.text)), piece.text, strict=True)
    for right_to_left, members in groupby(directed, key=itemgetter(0)):
        text = "".join(character for _, character in members)
        written.append(_run(text, _run_properties(piece.style, closer, right_to_left=right_to_left)))
    return "".join(written)


def _run(text: str, properties: str) -> str:
    text = escape(text)
    if SOFT_HYPHEN in text:
        text = text.replace(SOFT_HYPHEN, '</w:t><w:softHyphen/><w:t xml:space="preserve">')
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def runs(lines: Iterable[Iterable[Piece]]) -> str:
    """Lines of pieces with a line break between two lines."""
    return LINE_BREAK.join("".join(map(run, line)) for line in lines)


LINE_BREAK = "<w:r><w:br/></w:r>"


class Shape(msgspec.Struct, frozen=True):
    """How a paragraph stands. Spaces in millimetres, `line` (exact height of a line) in points."""

    line: float
    after: float = 0.0
    before: float = 0.0
    left: float = 0.0
    hanging: float = 0.0
    """How far the first line begins before the others: a list's bullet or number stands there."""
    right: float = 0.0
    align: str = "left"
    new_page: bool = False
    keep_next: bool = False
    """Whether the next paragraph stays on its page."""
    frame: Box | None = None
    """Where it stands on the page when it is not part of the flow."""
    in_list: InList | None = None
    mark: Style | None = None
    """The style of the paragraph's end, and so of its bullet or number."""
    border: str = ""
    """Colour (RRGGBB) of a line all around."""
    rule_above: str = ""
    fill: str = ""


@lru_cache(maxsize=256)
def _paragraph_properties(shape: Shape) -> str:
    frame = shape.frame
    parts = ["<w:keepNext/>" if shape.keep_next else "", "<w:pageBreakBefore/>" if shape.new_page else ""]
    if frame is not None:
        parts.append(
            f'<w:framePr w:w="{twips(frame.width)}" w:h="{twips(frame.height)}" w:hRule="exact" w:wrap="around" '
            f'w:hAnchor="page" w:vAnchor="page" w:x="{twips(frame.left)}" w:y="{twips(frame.top)}"/>'
        )
    parts.append("<w:widowControl/>")
    if shape.in_list is not None:
        number, level = shape.in_list
        parts.append(f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')
    if shape.border or shape.rule_above:
        sides = ("top", "left", "bottom", "right") if shape.border else ("top",)
        colour = shape.border or shape.rule_above
        drawn = "".join(f'<w:{side} w:val="single" w:sz="6" w:space="3" w:color="{colour}"/>' for side in sides)
        parts.append(f"<w:pBdr>{drawn}</w:pBdr>")
    if shape.fill:
        parts.append(f'<w:shd w:val="clear" w:color="auto" w:fill="{shape.fill}"/>')
    parts.append(
        f'<w:spacing w:before="{twips(shape.before)}" w:after="{twips(shape.after)}" '
        f'w:line="{round(shape.line * 20)}" w:lineRule="exact"/>'
        f'<w:ind w:left="{twips(shape.left)}" w:right="{twips(shape.right)}" '
        f'w:hanging="{twips(shape.hanging)}"/><w:jc w:val="{shape.align}"/>'
    )
    if shape.mark is not None:
        parts.append(_run_properties(shape.mark, 0))
    return f"<w:pPr>{''.join(parts)}</w:pPr>"


def paragraph(shape: Shape, content: str, *, section: str = "") -> str:
    """A paragraph of runs (and pictures). `section`: the properties of the section that it ends."""
    properties = _paragraph_properties(shape)
    if section:
        properties = properties.replace("</w:pPr>", f"{section}</w:pPr>")
    return f"<w:p>{properties}{content}</w:p>"


def picture(relation: str, number: int, place: Box, description: str, *, down_from: str = "page") -> str:
    """A picture in front of nothing: text keeps clear of it by its own indents.

    `place` is across on the page, and down on the page or below the paragraph that it is in (`down_from`).
    """
    width, height = round(place.width * EMU_A_MILLIMETRE), round(place.height * EMU_A_MILLIMETRE)
    left, top = round(place.left * EMU_A_MILLIMETRE), round(place.top * EMU_A_MILLIMETRE)
    name = f"Image {number}"
    return (
        '<w:r><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" '
        'behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{left}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="{down_from}"><wp:posOffset>{top}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:wrapNone/>'
        f'<wp:docPr id="{number}" name="{name}" descr={quoteattr(description)}/><wp:cNvGraphicFramePr/>'
        f'<a:graphic {_DRAWING}><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:anchor></w:drawing></w:r>"
    )


class Cell(msgspec.Struct, frozen=True):
    """A table cell: its paragraphs, its width and padding in millimetres, its colours (RRGGBB or "")."""

    content: str
    width: float
    fill: str = ""
    edges: tuple[tuple[str, str, int], ...] = ()
    """(side, colour, eighths of a point)."""
    padding: float = 4.0
    stands: str = "center"
    """Where its text is, down: "center" or "top"."""


def row(cells: Iterable[Cell], height: float, *, header: bool = False) -> str:
    """A table row of exactly `height` millimetres; a `header` stands again atop each page of the table."""
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{twips(height)}" w:hRule="exact"/>'
        f"{'<w:tblHeader/>' if header else ''}</w:trPr>"
        f"{''.join(map(_cell, cells))}</w:tr>"
    )


def _cell(cell: Cell) -> str:
    properties = _cell_properties(cell.width, cell.fill, cell.edges, cell.padding, cell.stands)
    return f"<w:tc>{properties}{cell.content}</w:tc>"


@lru_cache(maxsize=64)
def _cell_properties(
    width: float, fill: str, edges: tuple[tuple[str, str, int], ...], padding: float, stands: str
) -> str:
    drawn = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>' for side, colour, size in edges
    )
    borders = f"<w:tcBorders>{drawn}</w:tcBorders>" if drawn else ""
    filled = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    sides = "".join(f'<w:{side} w:w="{twips(padding)}" w:type="dxa"/>' for side in ("left", "right"))
    return (
        f'<w:tcPr><w:tcW w:w="{twips(width)}" w:type="dxa"/>{borders}{filled}<w:tcMar>{sides}</w:tcMar>'
        f'<w:vAlign w:val="{stands}"/></w:tcPr>'
    )


def table(rows: Iterable[str], widths: Iterable[float]) -> str:
    """A table without lines of its own; `widths` in millimetres."""
    columns = tuple(widths)
    grid = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in columns)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{twips(sum(columns))}" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )

"""WordprocessingML as text: runs, paragraphs, frames and the sign-in table (ECMA-376, part 1, chapter 17).

Letters are written by the thousand, and each is a few paragraphs: text put together from measured parts is an order of
magnitude quicker than a tree, and every value passes `escape`. Lengths come in millimetres or points and leave in
twentieths of a point, half points or English Metric Units, as each attribute wants.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from docx.oxml.ns import nsdecls

from merge.letters.fonts import Face
from merge.letters.geometry import POINTS, Box
from merge.letters.typography import Piece, Style

EMU_A_MILLIMETRE = 36_000
_DRAWING = nsdecls("a", "pic")
FAMILIES = {
    Face.REGULAR: ("Figtree", False),
    Face.SEMIBOLD: ("Figtree SemiBold", False),
    Face.BOLD: ("Figtree", True),
    Face.MONO: ("Atkinson Hyperlegible Mono", True),
}
"""The family that Word knows a face by, and whether it is the family's bold."""


def twips(millimetres: float) -> int:
    """Twentieths of a point."""
    return round(millimetres * POINTS * 20)


@lru_cache(maxsize=64)
def _run_properties(style: Style) -> str:
    family, bold = FAMILIES[style.face]
    font = quoteattr(family)
    return (
        f"<w:rPr><w:rFonts w:ascii={font} w:hAnsi={font} w:cs={font}/>{'<w:b/>' if bold else ''}"
        f'<w:color w:val="{style.colour[1:]}"/><w:kern w:val="2"/>'
        f'<w:sz w:val="{round(style.size * 2)}"/></w:rPr>'
    )


@lru_cache(maxsize=2048)
def run(piece: Piece) -> str:
    """Text in one style; a value can hold neither mark-up nor, since fields are cleaned, control characters."""
    return f'<w:r>{_run_properties(piece.style)}<w:t xml:space="preserve">{escape(piece.text)}</w:t></w:r>'


def runs(lines: Iterable[Iterable[Piece]]) -> str:
    """Lines of pieces with a line break between two lines."""
    return "<w:r><w:br/></w:r>".join("".join(map(run, line)) for line in lines)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a paragraph stands. Spaces in millimetres, `line` (exact height of a line) in points."""

    line: float
    after: float = 0.0
    before: float = 0.0
    left: float = 0.0
    right: float = 0.0
    align: str = "left"
    new_page: bool = False
    frame: Box | None = None
    """Where it stands on the page when it is not part of the flow."""
    border: str = ""
    """Colour (RRGGBB) of a line all around."""
    rule_above: str = ""
    fill: str = ""


@lru_cache(maxsize=256)
def _paragraph_properties(shape: Shape) -> str:
    frame = shape.frame
    parts = ["<w:pageBreakBefore/>" if shape.new_page else ""]
    if frame is not None:
        parts.append(
            f'<w:framePr w:w="{twips(frame.width)}" w:h="{twips(frame.height)}" w:hRule="exact" w:wrap="around" '
            f'w:hAnchor="page" w:vAnchor="page" w:x="{twips(frame.left)}" w:y="{twips(frame.top)}"/>'
        )
    parts.append('<w:widowControl w:val="0"/>')
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
        f'<w:ind w:left="{twips(shape.left)}" w:right="{twips(shape.right)}"/><w:jc w:val="{shape.align}"/>'
    )
    return f"<w:pPr>{''.join(parts)}</w:pPr>"


def paragraph(shape: Shape, content: str) -> str:
    """A paragraph of runs (and pictures)."""
    return f"<w:p>{_paragraph_properties(shape)}{content}</w:p>"


def picture(relation: str, number: int, place: Box, description: str) -> str:
    """A picture at a place of the page, in front of nothing: text keeps clear of it by its own indents."""
    width, height = round(place.width * EMU_A_MILLIMETRE), round(place.height * EMU_A_MILLIMETRE)
    left, top = round(place.left * EMU_A_MILLIMETRE), round(place.top * EMU_A_MILLIMETRE)
    name = f"Image {number}"
    return (
        '<w:r><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" '
        'behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{left}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{top}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:wrapNone/>'
        f'<wp:docPr id="{number}" name="{name}" descr={quoteattr(description)}/><wp:cNvGraphicFramePr/>'
        f'<a:graphic {_DRAWING}><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:anchor></w:drawing></w:r>"
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: its paragraphs, its width and padding in millimetres, its colours (RRGGBB or "")."""

    content: str
    width: float
    fill: str = ""
    edges: tuple[tuple[str, str, int], ...] = ()
    """(side, colour, eighths of a point)."""
    padding: float = 4.0


def row(cells: Iterable[Cell], height: float) -> str:
    """A table row of exactly `height` millimetres."""
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{twips(height)}" w:hRule="exact"/></w:trPr>'
        f"{''.join(map(_cell, cells))}</w:tr>"
    )


def _cell(cell: Cell) -> str:
    drawn = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>' for side, colour, size in cell.edges
    )
    borders = f"<w:tcBorders>{drawn}</w:tcBorders>" if drawn else ""
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.fill}"/>' if cell.fill else ""
    sides = "".join(f'<w:{side} w:w="{twips(cell.padding)}" w:type="dxa"/>' for side in ("left", "right"))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{twips(cell.width)}" w:type="dxa"/>{borders}{fill}<w:tcMar>{sides}</w:tcMar>'
        f'<w:vAlign w:val="center"/></w:tcPr>{cell.content}</w:tc>'
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

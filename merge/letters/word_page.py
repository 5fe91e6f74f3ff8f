"""Page, header and footer of the Word document: made once, before the letters that stand between them.

Letters of one page share one section, and each begins with a page break. Letters that may be longer have a section
each: the letterhead is the first page's header and pushes the text down to where it begins, the following pages have
their own margins, and the numbers « 2/3 » begin anew. How many pages there are stands in the footer as text, because a
section's own count is a field that not every program knows; so there is a footer for each count.
"""

from collections.abc import Iterable
from importlib.resources import files

from docx.document import Document
from msgspec.structs import replace

from merge.letters import geometry
from merge.letters.fonts import FontBook
from merge.letters.geometry import POINTS, Box
from merge.letters.layout import Layout
from merge.letters.look import FOLD, FOOTER, RULE
from merge.letters.orthotypography import french
from merge.letters.typography import Piece
from merge.letters.word_package import add_footer, add_picture, embed_fonts, fill_block, new_package, section_xml
from merge.letters.word_xml import Shape, paragraph, picture, run, runs

TINY = 1.0
"""Points: the height of a paragraph that only holds something."""
_DESCENT = 0.25
"""Below the baseline of a line of exact height, in type sizes: Figtree's own descent."""
_HEADER_TOP, _FOOTER_BOTTOM = 5.0, 11.3
"""Millimetres from the page's edges."""
_FOOTER_LINE = 11.0


class WordPage:
    """The document around the letters, as the first one's layout has it."""

    def __init__(self, layout: Layout, fonts: FontBook, longest: int) -> None:
        """`longest`: how many pages a letter may have; where it is more than one, each has a section of its own."""
        self._layout = layout
        sections = longest > 1
        page, template = layout.template.page, layout.template
        top = page.next_top if sections else layout.body_top - TINY / POINTS
        bottom = page.next_bottom if sections else page.body_bottom
        margins = (top, geometry.PAGE_WIDTH - page.right, geometry.PAGE_HEIGHT - bottom, page.left)
        self.document: Document = new_package(
            template.title, layout.cabinet.name, layout.today, margins, (_HEADER_TOP, _FOOTER_BOTTOM)
        )
        embed_fonts(self.document, fonts)
        section = self.document.sections[0]
        section.different_first_page_header_footer = sections
        head = section.first_page_header if sections else section.header
        fill_block(head, self._head(head, spaced=sections))
        if sections:
            fill_block(section.header, paragraph(Shape(line=TINY), ""))
        else:
            fill_block(section.footer, self._footer(""))
        self._sections = {total: self._section(total) for total in range(1, longest + 1)} if longest > 1 else {}

    def section(self, pages: int) -> str:
        """The properties of the section of a letter of so many pages."""
        return self._sections[pages]

    def _section(self, pages: int) -> str:
        numbered = pages > 1 and self._layout.template.page.page_numbers
        number = f'<w:fldSimple w:instr=" PAGE ">{run(Piece("1", FOOTER))}</w:fldSimple>' if numbered else ""
        total = run(Piece(f"/{pages}", FOOTER)) if numbered else ""
        footer = add_footer(self.document, self._footer(number + total))
        both = "".join(f'<w:footerReference w:type="{kind}" r:id="{footer}"/>' for kind in ("first", "default"))
        return (
            section_xml(self.document)
            .replace("<w:pgSz", f'{both}<w:type w:val="nextPage"/><w:pgSz')
            .replace("<w:cols", '<w:pgNumType w:start="1"/><w:cols')
        )

    def _head(self, header: object, *, spaced: bool) -> str:
        layout, page, drawn = self._layout, self._layout.template.page, ""
        if layout.logo:
            own = layout.own_logo
            png = own.png if own else files("resources").joinpath("images", "logo-print.png").read_bytes()
            drawn = picture(add_picture(header, png), 1, layout.logo, "")
        lines = [framed(placed.x / POINTS, placed.y / POINTS, page.right, placed.line.pieces) for placed in layout.head]
        if page.fold_marks:
            tick_left, tick_right = geometry.FOLD_TICK
            lines += [
                paragraph(Shape(line=TINY, rule_above=FOLD[1:], frame=Box(tick_left, y, tick_right, y + 1)), "")
                for y in layout.stationery.folds
            ]
        space = (layout.body_top - _HEADER_TOP) * POINTS - 2 * TINY
        below = paragraph(Shape(line=space), "") if spaced else ""
        return "".join(lines) + paragraph(Shape(line=TINY), drawn) + below

    def _footer(self, number: str) -> str:
        """`number`: what stands at the right below the line, as XML."""
        page, text = self._layout.template.page, self._layout.template.footer
        line = runs([[Piece(french(text), FOOTER)]]) if text else ""
        told = paragraph(Shape(line=_FOOTER_LINE, rule_above=RULE[1:] if line else ""), line)
        if not number:
            return told
        place = _at_baseline(page.right - 30.0, geometry.PAGE_NUMBER_BASELINE, page.right, FOOTER.size)
        return paragraph(replace(place, align="right"), number) + told


def framed(left: float, baseline: float, right: float, pieces: Iterable[Piece]) -> str:
    """One line at a fixed place: its baseline stands at `baseline` millimetres."""
    pieces = tuple(pieces)
    place = _at_baseline(left, baseline, right, max(piece.style.size for piece in pieces))
    return paragraph(place, "".join(map(run, pieces)))


def _at_baseline(left: float, baseline: float, right: float, size: float) -> Shape:
    line = size * 1.25
    top = baseline - (line - _DESCENT * size) / POINTS
    return Shape(line=line, frame=Box(left, top, right, top + line / POINTS))

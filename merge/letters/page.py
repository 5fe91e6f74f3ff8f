"""What letters share, drawn once into a form: letterhead, folds, date, static text and marks, footer, page number."""

from collections.abc import Iterable

from merge.letters import geometry
from merge.letters.column import Slice
from merge.letters.emblem import draw_emblem
from merge.letters.geometry import POINTS, Box
from merge.letters.layout import Layout
from merge.letters.look import FOLD, FOOTER, RULE
from merge.letters.marks import draw_mark, draw_picture
from merge.letters.orthotypography import french
from merge.letters.sheet import Sheet


def draw_static(sheet: Sheet, layout: Layout, static: Iterable[Slice], number: int, total: int) -> None:
    """Draw all that is shared by the pages with these slices: page `number`, from 1, of letters of `total` pages."""
    if number == 1:
        _draw_head(sheet, layout)
    static = tuple(static)
    for part, top, _, marks in static:
        for mark in layout.static[part].marks[slice(*marks)]:
            draw_mark(sheet, mark, top)
    for part, top, items, _ in static:
        for item in layout.static[part].items[slice(*items)]:
            sheet.line(item.x / POINTS, (top + item.baseline) / POINTS, item.line)
    _draw_footer(sheet, layout)
    if total > 1 and layout.template.page.page_numbers:
        sheet.text(layout.template.page.right, geometry.PAGE_NUMBER_BASELINE, f"{number}/{total}", FOOTER, align=1.0)


def _draw_head(sheet: Sheet, layout: Layout) -> None:
    _draw_logo(sheet, layout)
    if layout.template.page.fold_marks:
        left, right = geometry.FOLD_TICK
        for y in layout.stationery.folds:
            sheet.rule((left, y), (right, y), FOLD, 0.5)
    for placed in layout.head:
        sheet.line(placed.x / POINTS, placed.y / POINTS, placed.line)


def _draw_logo(sheet: Sheet, layout: Layout) -> None:
    logo = layout.logo
    if logo and layout.own_logo:
        draw_picture(sheet, layout.own_logo, Box(*(value * POINTS for value in logo)))
    elif logo:
        draw_emblem(sheet, logo.left, logo.top, logo.width)


def _draw_footer(sheet: Sheet, layout: Layout) -> None:
    page, footer = layout.template.page, layout.template.footer
    if footer:
        sheet.rule((page.left, geometry.FOOTER_RULE), (page.right, geometry.FOOTER_RULE), RULE, 0.75)
        sheet.text(page.left, geometry.FOOTER_BASELINE, french(footer), FOOTER)

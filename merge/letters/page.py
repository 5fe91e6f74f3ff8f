"""The strokes and words that letters share, drawn once into a form: letterhead, folds, static text, sign-in picture."""

from merge.letters import geometry, sign_in
from merge.letters.emblem import draw_emblem
from merge.letters.geometry import POINTS, Box
from merge.letters.layout import Layout
from merge.letters.look import (
    APRICOT,
    APRICOT_100,
    ARROW,
    BAND,
    BODY,
    CAPTION,
    FACTS,
    FOLD,
    FOOTER,
    LABEL,
    ON_DARK,
    OUTLINE,
    PRIMARY,
    RULE,
    TITLE,
)
from merge.letters.model import SignInPicture
from merge.letters.sheet import Sheet
from merge.letters.typography import french


def draw_static(sheet: Sheet, layout: Layout, tops: tuple[float, ...]) -> None:
    """Draw all that letters with these static tops share."""
    _draw_letterhead(sheet, layout)
    if layout.template.page.fold_marks:
        left, right = geometry.FOLD_TICK
        for y in layout.stationery.folds:
            sheet.rule((left, y), (right, y), FOLD, 0.5)
    sheet.text(layout.stationery.date_left, layout.stationery.date_baseline, layout.place_and_date, BODY)
    for part, top in zip(layout.static, tops, strict=True):
        if part.picture is not None:
            _draw_sign_in(sheet, part.picture, top / POINTS)
    for part, top in zip(layout.static, tops, strict=True):
        for item in part.setting.items:
            sheet.line(item.x / POINTS, (top + item.baseline) / POINTS, item.line)
    _draw_footer(sheet, layout)


def _draw_letterhead(sheet: Sheet, layout: Layout) -> None:
    page, letterhead = layout.template.page, layout.template.letterhead
    left = page.left
    if letterhead.logo:
        draw_emblem(sheet, left, geometry.LETTERHEAD_TOP + 0.2, geometry.LOGO_SIDE)
        left += geometry.LOGO_SIDE + geometry.LOGO_GAP
    title, *facts = layout.letterhead
    sheet.text(left, geometry.LETTERHEAD_TOP + 4.5, title, TITLE)
    for index, fact in enumerate(facts):
        sheet.text(left, geometry.LETTERHEAD_TOP + 9.5 + geometry.FACTS_LEADING * index, fact, FACTS)


def _draw_footer(sheet: Sheet, layout: Layout) -> None:
    page, footer = layout.template.page, layout.template.footer
    if footer:
        sheet.rule((page.left, geometry.FOOTER_RULE), (page.right, geometry.FOOTER_RULE), RULE, 0.75)
        sheet.text(page.left, geometry.FOOTER_BASELINE, french(footer), FOOTER)


def _draw_sign_in(sheet: Sheet, picture: SignInPicture, top: float) -> None:
    form = _moved(sign_in.FORM, top)
    sheet.box(form, fill="#FFFFFF", stroke=OUTLINE, radius=sign_in.FORM_RADIUS)
    _draw_header(sheet, form)
    sheet.text(sign_in.ENTRY_LEFT, top + 6.6, french(picture.title), ON_DARK)
    for note, place in zip(picture.notes, sign_in.entries(len(picture.notes)), strict=True):
        entry = Box(sign_in.ENTRY_LEFT, place.top, sign_in.ENTRY_RIGHT, place.top + sign_in.ENTRY_HEIGHT)
        sheet.text(sign_in.ENTRY_LEFT, top + place.label_baseline, french(note.label), LABEL)
        sheet.box(_moved(entry, top), stroke=OUTLINE, radius=sign_in.ENTRY_RADIUS)
        bar = Box(sign_in.NOTE_LEFT, place.note_top, sign_in.NOTE_RIGHT, place.note_top + sign_in.NOTE_HEIGHT)
        sheet.box(_moved(bar, top), fill=APRICOT_100)
        sheet.box(_moved(bar._replace(right=bar.left + sign_in.NOTE_BAR), top), fill=APRICOT)
        sheet.text(sign_in.NOTE_TEXT, top + place.note_top + sign_in.NOTE_CAPTION, french(note.caption), CAPTION)
        _draw_arrow(sheet, top + place.note_middle, top + place.middle)
    button = _moved(sign_in.button(len(picture.notes)), top)
    sheet.box(button, fill=PRIMARY, radius=sign_in.ENTRY_RADIUS)
    middle = (button.left + button.right) / 2
    sheet.text(middle, button.top + 5.0, picture.button, ON_DARK, align=0.5)


def _draw_header(sheet: Sheet, form: Box) -> None:
    """The form's dark band: round above, straight below."""
    left, top, right, _ = form
    bottom, r = top + sign_in.HEADER, sign_in.FORM_RADIUS
    k = r * 0.4477
    sheet.path(
        [
            (left, bottom),
            (left, top + r),
            (left, top + k, left + k, top, left + r, top),
            (right - r, top),
            (right - k, top, right, top + k, right, top + r),
            (right, bottom),
        ],
        fill=BAND,
    )


def _draw_arrow(sheet: Sheet, start: float, end: float) -> None:
    """From a note to its entry, level at both ends."""
    left, right = sign_in.ARROW_START, sign_in.ARROW_END - 2.6
    middle = (left + right) / 2
    sheet.path([(left, start), (middle, start, middle, end, right, end)], stroke=ARROW, points=1.7)
    sheet.path([(right, end - 1.5), (sign_in.ARROW_END, end), (right, end + 1.5)], fill=ARROW)


def _moved(box: Box, down: float) -> Box:
    return box._replace(top=box.top + down, bottom=box.bottom + down)

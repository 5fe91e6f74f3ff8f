"""Draws the marks of a letter: rules, pictures, QR codes, the sign-in form with its notes and arrows."""

from functools import lru_cache
from io import BytesIO

from reportlab.lib.utils import ImageReader

from merge.letters import sign_in
from merge.letters.geometry import PAGE_HEIGHT, POINTS, Box
from merge.letters.look import APRICOT, APRICOT_100, ARROW, BAND, CAPTION, LABEL, ON_DARK, OUTLINE, PRIMARY
from merge.letters.model import SignInPicture
from merge.letters.orthotypography import french
from merge.letters.pictures import PrintPicture
from merge.letters.qr import qr_operators
from merge.letters.setting import Bar, Code, Image, Mark, SignInForm
from merge.letters.sheet import Sheet, fill_operator

_PAGE_TOP = PAGE_HEIGHT * POINTS


def draw_mark(sheet: Sheet, mark: Mark, top: float) -> None:
    """Draw a mark whose places are below `top`; points."""
    match mark:
        case Bar(left, upper, right, bottom, colour):
            place = f"{left:.2f} {_PAGE_TOP - top - bottom:.2f} {right - left:.2f} {bottom - upper:.2f}"
            sheet.canvas.addLiteral(f"q {fill_operator(colour)} {place} re f Q")
        case Image(picture, left, upper, width, height):
            draw_picture(sheet, picture, Box(left, top + upper, left + width, top + upper + height))
        case Code(text, left, upper, side):
            sheet.canvas.addLiteral(qr_operators(text, left / POINTS, (top + upper) / POINTS, side / POINTS))
        case SignInForm(picture, upper):
            _draw_sign_in(sheet, picture, (top + upper) / POINTS)


def draw_picture(sheet: Sheet, picture: PrintPicture, box: Box) -> None:
    """Draw one of the cabinet's pictures in a box of points."""
    sheet.canvas.drawImage(_reader(picture), box.left, _PAGE_TOP - box.bottom, box.width, box.height)


@lru_cache(maxsize=4)
def _reader(picture: PrintPicture) -> ImageReader:
    """Kept decoded: a letterhead's logo stands on a form for each of the letter's shapes."""
    return ImageReader(BytesIO(picture.png))


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

"""The annotated sign-in picture as a Word table: notes at the left, arrows, the form at the right."""

from collections.abc import Iterable
from functools import lru_cache

from merge.french import NBSP
from merge.letters import sign_in
from merge.letters.fixtures import TYPED, TYPED_WORDS, VALUE, WORDS
from merge.letters.fonts import Face
from merge.letters.look import APRICOT, APRICOT_100, ARROW, BAND, CAPTION, LABEL, ON_DARK, OUTLINE, PRIMARY
from merge.letters.model import Note, SignInPicture
from merge.letters.orthotypography import french
from merge.letters.typography import Piece, Style
from merge.letters.word_xml import Cell, Shape, paragraph, row, run, table

_NOTE = sign_in.NOTE_RIGHT - sign_in.NOTE_LEFT
_FORM = sign_in.FORM.width
_BETWEEN = sign_in.FORM.left - sign_in.NOTE_RIGHT
_ENTRY_ROW, _GAP_ROW = 12.1, 1.8
_POINTER = Style(Face.REGULAR, 18.0, ARROW)
_EDGE = 6
_SIDES = (("left", OUTLINE[1:], _EDGE), ("right", OUTLINE[1:], _EDGE))
_BAR = (("left", APRICOT[1:], 20),)


def sign_in_table(picture: SignInPicture, values: Iterable[str]) -> str:
    """The picture with the patient's own values, in the order of its notes."""
    header, gap, button = _same_in_all(picture)
    entries = [gap + row(_entry(note, value), _ENTRY_ROW) for note, value in zip(picture.notes, values, strict=True)]
    return table((header, *entries, button), (_NOTE, _BETWEEN, _FORM))


@lru_cache(maxsize=8)
def _same_in_all(picture: SignInPicture) -> tuple[str, str, str]:
    """The rows that are the same in every letter: the header, what keeps the notes apart, the button."""
    title = paragraph(Shape(line=13.0), _told(picture.title, ON_DARK))
    button = paragraph(
        Shape(line=14.0, align="center", fill=PRIMARY[1:], border=PRIMARY[1:]), run(Piece(picture.button, ON_DARK))
    )
    nothing = paragraph(Shape(line=1.0), "")
    left = Cell(nothing, _NOTE), Cell(nothing, _BETWEEN)
    return (
        row((*left, Cell(title, _FORM, fill=BAND[1:], edges=_SIDES, padding=4.8)), sign_in.HEADER),
        row((*left, Cell(nothing, _FORM, edges=_SIDES)), _GAP_ROW),
        row((*left, Cell(button, _FORM, edges=(*_SIDES, ("bottom", OUTLINE[1:], _EDGE)), padding=5.6)), 12.3),
    )


@lru_cache(maxsize=64)
def _told(words: str, style: Style) -> str:
    """Words of the model, the same in every letter."""
    return run(Piece(french(words), style))


def _entry(note: Note, value: str) -> tuple[Cell, Cell, Cell]:
    words = " " in value
    caption = paragraph(Shape(line=14.0), _told(note.caption, CAPTION))
    if words:
        quoted = run(Piece(f"«{NBSP}{value}{NBSP}»", WORDS))
    else:
        quoted = "".join(map(run, (Piece(f"«{NBSP}", CAPTION), Piece(value, VALUE), Piece(f"{NBSP}»", CAPTION))))
    told = caption + paragraph(Shape(line=10.5 if words else 15.0), quoted)
    label = paragraph(Shape(line=10.5, after=1.2), _told(note.label, LABEL))
    typed = Piece(value, TYPED_WORDS if words else TYPED)
    entry = paragraph(Shape(line=12.5, left=1.4, right=1.4, border=OUTLINE[1:]), run(typed))
    arrow = paragraph(Shape(line=20.0, align="right"), run(Piece("→", _POINTER)))
    return (
        Cell(told, _NOTE, fill=APRICOT_100[1:], edges=_BAR),
        Cell(arrow, _BETWEEN, padding=1.5),
        Cell(label + entry, _FORM, edges=_SIDES, padding=4.8),
    )

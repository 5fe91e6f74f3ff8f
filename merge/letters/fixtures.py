"""What a letter shows besides text, compiled once: the sign-in picture, the cabinet's pictures, QR codes."""

from merge.french import NBSP
from merge.letters import sign_in
from merge.letters.fonts import Face
from merge.letters.geometry import POINTS, Box
from merge.letters.look import CAPTION
from merge.letters.model import Note, QrCode, Run, Side, SignInPicture
from merge.letters.parts import shifted
from merge.letters.pictures import PrintPicture
from merge.letters.setting import Code, Image, Item, Setting, SignInForm
from merge.letters.text import StyledText
from merge.letters.typography import INK, DoesNotFit, Piece, Style, Typesetter
from merge.record import CabinetFacts, MergeRecord

HEIGHT = sign_in.HEIGHT * POINTS
"""Of the sign-in picture, in points."""
VALUE = Style(Face.MONO, 12.5, INK)
WORDS = Style(Face.SEMIBOLD, 10.0, INK)
TYPED = Style(Face.MONO, 11.0, INK)
TYPED_WORDS = Style(Face.SEMIBOLD, 8.5, INK)


class NoteValue:
    """One value in the sign-in picture, in its note and in its entry. It takes no height: the picture does."""

    keep_with_next = True

    def __init__(self, note: Note, place: sign_in.Entry) -> None:
        self._text = StyledText((Run(note.value, code=True),), VALUE.size)
        self._place = place
        self.per_letter = self._text.per_letter
        self.of_one_child = self._text.of_one_child

    def value(self, record: MergeRecord) -> str:
        """The value as text."""
        return "".join(piece.text for line in self._text.merge(record)[0] for piece in line)

    def set(self, record: MergeRecord, typesetter: Typesetter) -> Setting:
        """Raise `MissingGlyph` or `DoesNotFit`."""
        merged, problems = self._text.merge(record)
        value = "".join(piece.text for line in merged for piece in line)
        items = (*self._in_note(value, typesetter), *self._in_entry(value, typesetter))
        return Setting(0.0, items, problems, depth=HEIGHT)

    def _in_note(self, value: str, typesetter: Typesetter) -> list[Item]:
        """« value » under the caption; words, or a code too wide for the note, are set smaller on up to two lines."""
        quoted = [Piece(f"«{NBSP}", CAPTION), Piece(value, VALUE), Piece(f"{NBSP}»", CAPTION)]
        room = (sign_in.NOTE_RIGHT - sign_in.NOTE_TEXT - 2.0) * POINTS
        line = typesetter.one_line(quoted)
        lines = [line]
        if line.width > room or " " in value:
            lines = typesetter.lines([Piece(f"«{NBSP}{value}{NBSP}»", WORDS)], room)
        if len(lines) > 2:
            raise DoesNotFit(value)
        first = self._place.note_top + (sign_in.NOTE_VALUE if len(lines) == 1 else sign_in.NOTE_WORDS)
        return [
            Item(sign_in.NOTE_TEXT * POINTS, (first + sign_in.NOTE_LEADING * index) * POINTS, line)
            for index, line in enumerate(lines)
        ]

    def _in_entry(self, value: str, typesetter: Typesetter) -> list[Item]:
        style, left = (TYPED_WORDS, sign_in.ENTRY_LEFT + 3.0) if " " in value else (TYPED, sign_in.ENTRY_TEXT)
        line = typesetter.one_line([Piece(value, style)])
        if line.width > (sign_in.ENTRY_RIGHT - left - 1.5) * POINTS:
            raise DoesNotFit(value)
        return [Item(left * POINTS, (self._place.middle + style.size * 0.12) * POINTS, line)]


class SignInPart:
    """The sign-in picture's strokes, which are equal in every letter."""

    per_letter = keep_with_next = of_one_child = False

    def __init__(self, picture: SignInPicture) -> None:
        self.picture = picture
        self._setting = Setting(HEIGHT, marks=(SignInForm(picture),), depth=HEIGHT)

    def set(self, record: MergeRecord, typesetter: Typesetter) -> Setting:  # noqa: ARG002 - as every part
        return self._setting


class ImagePart:
    """One of the cabinet's pictures in its column."""

    per_letter = of_one_child = False

    def __init__(
        self,
        picture: PrintPicture,
        width: float,
        column: Box,
        *,
        align: Side = "left",
        description: str = "",
        keep_with_next: bool = False,
    ) -> None:
        """`width` is in millimetres, of which the column may leave less."""
        self.width = min(width, column.width)
        self.height = picture.height_at(self.width)
        """Both in millimetres."""
        self.keep_with_next = keep_with_next
        left = shifted(column.left, column.width - self.width, align)
        self.image = Image(picture, left * POINTS, 0.0, self.width * POINTS, self.height * POINTS, description)
        self._setting = Setting(self.image.height, marks=(self.image,), depth=self.image.height)

    def set(self, record: MergeRecord, typesetter: Typesetter) -> Setting:  # noqa: ARG002 - as every part
        return self._setting


class CodePart:
    """A QR code that stands by itself."""

    keep_with_next = False

    def __init__(self, code: QrCode, column: Box, cabinet: CabinetFacts) -> None:
        self.code = code
        self.per_letter = self.of_one_child = code.leads_to == "personal"
        self._plain = cabinet.sign_in_url
        self.left = shifted(column.left, column.width - code.side, code.align)
        """In millimetres."""

    def text(self, record: MergeRecord) -> str:
        """What it leads to; "" where the record has no personal link."""
        return record.secret.link if self.per_letter else self._plain

    def set(self, record: MergeRecord, typesetter: Typesetter) -> Setting:  # noqa: ARG002 - as every part
        side = self.code.side * POINTS
        return Setting(side, marks=(Code(self.text(record), self.left * POINTS, 0.0, side),), depth=side)

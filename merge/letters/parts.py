"""The parts of a letter, compiled once: each sets its lines for a record and says how high it became."""

from dataclasses import dataclass

from merge.letters import sign_in
from merge.letters.fonts import Face
from merge.letters.geometry import POINTS, Box
from merge.letters.look import CAPTION
from merge.letters.model import Note, Paragraph, Run, SignInPicture
from merge.letters.text import StyledText
from merge.letters.typography import INK, NBSP, DoesNotFit, Piece, SetLine, Style, Typesetter
from merge.merging import RecordProblem
from merge.record import MergeRecord

_BASELINE = 0.8
"""Where a line's baseline stands below its type's top, in type sizes (Figtree's ascenders are 0.73)."""
_KNOWN_SETTINGS = 64
"""Enough for the greetings of a campaign, which take turns; a name met once is not worth keeping."""
VALUE = Style(Face.MONO, 12.5, INK)
WORDS = Style(Face.SEMIBOLD, 10.0, INK)
TYPED = Style(Face.MONO, 11.0, INK)
TYPED_WORDS = Style(Face.SEMIBOLD, 8.5, INK)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of text: its left end on the page and its baseline below the part's top, both in points."""

    x: float
    baseline: float
    line: SetLine


@dataclass(frozen=True, slots=True)
class Setting:
    """A part set for one record. `height` is in points and holds the space after."""

    height: float
    items: tuple[Item, ...] = ()
    problems: tuple[RecordProblem, ...] = ()


class ParagraphPart:
    """A paragraph in its column."""

    def __init__(self, paragraph: Paragraph, column: Box, leading: float) -> None:
        """`column` is in millimetres, of which left and right count; `leading` is in type sizes."""
        self._text = StyledText(paragraph.runs, paragraph.size)
        self.paragraph = paragraph
        self.column = column
        self.leading = leading * paragraph.size
        """Points."""
        self._first = self.leading - paragraph.size + _BASELINE * paragraph.size - 0.5 * (leading - 1) * paragraph.size
        self.per_letter = self._text.per_letter
        self._known: dict[tuple[str, ...], Setting] = {}

    def pieces(self, record: MergeRecord) -> list[list[Piece]]:
        """The paragraph's lines before they are broken, for a program that breaks lines itself."""
        return self._text.merge(record)[0]

    def set(self, record: MergeRecord, typesetter: Typesetter) -> Setting:
        """Raise `MissingGlyph` or `DoesNotFit`."""
        if record.children:
            return self._set(record, typesetter)
        values = (record.pattern, *self._text.values(record))
        setting = self._known.get(values)
        if setting is None:
            setting = self._set(record, typesetter)
            if len(self._known) < _KNOWN_SETTINGS:
                self._known[values] = setting
        return setting

    def _set(self, record: MergeRecord, typesetter: Typesetter) -> Setting:
        merged, problems = self._text.merge(record)
        left, width = self.column.left * POINTS, self.column.width * POINTS
        lines: list[SetLine] = []
        for pieces in merged:
            lines += typesetter.lines(
                pieces, width, hyphenate=self.paragraph.hyphenate, justify=self.paragraph.align == "justified"
            ) or [SetLine((), 0.0)]
        items = tuple(Item(left, self._first + index * self.leading, line) for index, line in enumerate(lines))
        after = self.paragraph.space_after * POINTS if lines else 0.0
        return Setting(len(lines) * self.leading + after, items, problems)


class NoteValue:
    """One value in the sign-in picture, in its note and in its entry. It takes no height: the picture does."""

    def __init__(self, note: Note, place: sign_in.Entry) -> None:
        self._text = StyledText((Run(note.value, code=True),), VALUE.size)
        self._place = place
        self.per_letter = self._text.per_letter

    def value(self, record: MergeRecord) -> str:
        """The value as text."""
        return "".join(piece.text for line in self._text.merge(record)[0] for piece in line)

    def set(self, record: MergeRecord, typesetter: Typesetter) -> Setting:
        """Raise `MissingGlyph` or `DoesNotFit`."""
        merged, problems = self._text.merge(record)
        value = "".join(piece.text for line in merged for piece in line)
        return Setting(0.0, (*self._in_note(value, typesetter), *self._in_entry(value, typesetter)), problems)

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


class GapPart:
    """Empty room between two parts."""

    per_letter = False

    def __init__(self, millimetres: float) -> None:
        self.height = millimetres * POINTS
        """Points."""

    def set(self, record: MergeRecord, typesetter: Typesetter) -> Setting:  # noqa: ARG002 - as every part
        return Setting(self.height)


class PicturePart:
    """The room of the sign-in picture, whose fixed strokes are drawn where it stands."""

    per_letter = False
    height = sign_in.HEIGHT * POINTS

    def __init__(self, picture: SignInPicture) -> None:
        self.picture = picture

    def set(self, record: MergeRecord, typesetter: Typesetter) -> Setting:  # noqa: ARG002 - as every part
        return Setting(self.height)


@dataclass(frozen=True, slots=True)
class CodeHere:
    """From here on the QR code stands at the right."""


@dataclass(frozen=True, slots=True)
class BelowCode:
    """What follows stands below the QR code."""


SetPart = ParagraphPart | NoteValue | GapPart | PicturePart
Part = SetPart | CodeHere | BelowCode

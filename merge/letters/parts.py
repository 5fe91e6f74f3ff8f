"""Paragraphs and gaps of a letter, compiled once: each sets its lines for a record and says how high it became."""

from collections.abc import Iterable

from merge.letters.geometry import POINTS, Box
from merge.letters.model import Paragraph
from merge.letters.setting import Item, Setting
from merge.letters.text import StyledText
from merge.letters.typography import Piece, SetLine, Style, Typesetter
from merge.record import MergeRecord

_BASELINE = 0.8
"""Where a line's baseline stands below its type's top, in type sizes (Figtree's ascenders are 0.73)."""
_KNOWN_SETTINGS = 64
"""Enough for the greetings of a campaign, which take turns; a name met once is not worth keeping."""
INDENT = 6.0
"""Millimetres that each level of a list is set in by."""
_BULLETS = ("•", "–")
_ALIGN = {"left": 0.0, "justified": 0.0, "centre": 0.5, "right": 1.0}


def first_baseline(size: float, leading: float) -> float:
    """Where the first of lines of this type stands below their top; points, and `leading` in type sizes."""
    return size * (leading - 1 + _BASELINE - 0.5 * (leading - 1))


def shifted(left: float, spare: float, align: str) -> float:
    """Where something begins that leaves `spare` of its column's width."""
    return left + spare * _ALIGN[align]


def marker(paragraph: Paragraph, number: int) -> str:
    """What stands before a point of a list: « • », « – », « 3. », deeper « c. »."""
    if paragraph.item == "bullet":
        return _BULLETS[min(paragraph.level, len(_BULLETS) - 1)]
    return f"{number}." if paragraph.level == 0 or number > 26 else f"{chr(ord('a') + number - 1)}."


class ParagraphPart:
    """A paragraph in its column."""

    list_id: int | None = None
    """The numbered list that it is a point of: `Layout` counts them."""

    def __init__(self, paragraph: Paragraph, column: Box, leading: float) -> None:
        """`column` is in millimetres, of which left and right count; `leading` is in type sizes."""
        self._text = StyledText(paragraph.runs, paragraph.size)
        self.paragraph = paragraph
        self.indent = INDENT * (paragraph.level + 1) if paragraph.item else 0.0
        self.column = column._replace(left=column.left + self.indent)
        size = max((paragraph.size, *(run.size for run in paragraph.runs if run.size)))
        self.leading = leading * size
        """Points."""
        self._before = paragraph.space_before * POINTS
        self._first = self._before + first_baseline(size, leading)
        self.per_letter = self._text.per_letter
        self.of_one_child = self._text.of_one_child
        self.greets = self._text.greets
        self.keep_with_next = paragraph.keep_with_next
        self._known: dict[tuple[str, ...], Setting] = {}

    def pieces(self, record: MergeRecord) -> list[list[Piece]]:
        """The paragraph's lines before they are broken, for a program that breaks lines itself."""
        return self._text.merge(record)[0]

    def set(self, record: MergeRecord, typesetter: Typesetter, number: int = 1) -> Setting:
        """`number` is a numbered point's. Raise `MissingGlyph` or `DoesNotFit`."""
        if record.children:
            return self._set(record, typesetter, number)
        values = (record.pattern, *self._text.values(record))
        if self.list_id is not None:
            values = (str(number), *values)
        setting = self._known.get(values)
        if setting is None:
            setting = self._set(record, typesetter, number)
            if len(self._known) < _KNOWN_SETTINGS:
                self._known[values] = setting
        return setting

    def _set(self, record: MergeRecord, typesetter: Typesetter, number: int) -> Setting:
        merged, problems = self._text.merge(record)
        left, width = self.column.left * POINTS, self.column.width * POINTS
        align = self.paragraph.align
        lines = self.broken(merged, typesetter, justify=align == "justified")
        if not lines:
            return Setting(0.0, problems=problems)
        items = [
            Item(shifted(left, width - line.width, align), self._first + index * self.leading, line)
            for index, line in enumerate(lines)
        ]
        if self.paragraph.item:
            sign = typesetter.one_line((self.marker(number),))
            items.insert(0, Item((self.column.left - INDENT) * POINTS, self._first, sign))
        depth = self._before + len(lines) * self.leading
        after = self.paragraph.space_after * POINTS
        return Setting(
            depth + after,
            tuple(items),
            problems,
            before=self._before,
            depth=depth,
            leading=self.leading,
            number=number if self.paragraph.item == "number" else 0,
        )

    def broken(self, text: Iterable[Iterable[Piece]], typesetter: Typesetter, *, justify: bool) -> list[SetLine]:
        """The lines that its merged text makes in the column."""
        lines: list[SetLine] = []
        for pieces in text:
            lines += typesetter.lines(
                pieces, self.column.width * POINTS, hyphenate=self.paragraph.hyphenate, justify=justify
            ) or [SetLine((), 0.0)]
        return lines

    def marker(self, number: int) -> Piece:
        """The point's bullet or number, as it is set."""
        return Piece(marker(self.paragraph, number), Style(size=self.paragraph.size))


class GapPart:
    """Empty room between two parts."""

    def __init__(self, millimetres: float) -> None:
        self.height = millimetres * POINTS
        """Points."""

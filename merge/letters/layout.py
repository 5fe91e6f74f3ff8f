"""A letter template compiled for one cabinet, day and protection level, and its records placed on the page.

What does not change from letter to letter is set once. Only parts with a patient's fields are set for each record;
where they grow, the parts below them move as a whole (`Composition.static_tops`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from merge.letters import geometry, sign_in
from merge.letters.address import MAX_LINES, AddressProblem, address_block
from merge.letters.fonts import Face
from merge.letters.geometry import POINTS, Box
from merge.letters.letterhead import letterhead_lines, place_and_date
from merge.letters.look import BODY, CAPTION, FACTS, FOOTER, LABEL, TITLE
from merge.letters.model import LetterTemplate, Paragraph, Run, Signature, SignInPicture, WithCode
from merge.letters.parts import (
    BelowCode,
    CodeHere,
    GapPart,
    NoteValue,
    ParagraphPart,
    Part,
    PicturePart,
    Setting,
)
from merge.letters.typography import DoesNotFit, Piece, SetLine, Style, Typesetter, french
from merge.merging import RecordProblem
from merge.record import MergeRecord

_ADDRESS_STYLE = Style(Face.REGULAR, 11.5)
_ADDRESS_LEAST_SIZE = 9.5
"""Points: smaller capitals are no longer read by the post's machines."""
ADDRESS_LEADING = 5.64
ADDRESS_TIGHT_LEADING = 5.1
"""Millimetres; six lines are set tighter so that the last one stays in the window."""
BELOW_CODE = geometry.CODE_SIDE + 2.0
"""How far below the top of the QR code the text runs over the full width again, in millimetres."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A line on the page: left end and baseline in points from the top left corner."""

    x: float
    y: float
    line: SetLine


@dataclass(frozen=True, slots=True)
class Composition:
    """One letter, ready to be drawn, but for what its problems forbid."""

    static_tops: tuple[float, ...]
    """Where each of `Layout.static` begins, in points from the top: letters with equal tops share their form."""
    address: tuple[Placed, ...]
    references: tuple[Placed, ...]
    lines: tuple[Placed, ...]
    """The lines of the body that are this letter's alone."""
    code_top: float | None
    """Top of the QR code in points, None for a letter without one."""
    overflow: float
    """Points by which the body runs over its bottom; 0.0 when it fits."""
    field_problems: tuple[RecordProblem, ...]
    address_problems: tuple[AddressProblem, ...]


@dataclass(frozen=True, slots=True)
class StaticPart:
    """A part that is equal in every letter: its lines, and the sign-in picture whose strokes it is."""

    setting: Setting
    picture: SignInPicture | None = None


class Layout:
    """One compiled letter."""

    def __init__(self, template: LetterTemplate, record: MergeRecord, typesetter: Typesetter) -> None:
        """`record` stands for every record of its cabinet, day and level.

        Raise `merge.template.TemplateError` for an unknown field, `MissingGlyph` or `DoesNotFit` for text of the
        template or the cabinet that cannot be set.
        """
        self.template = template
        self.cabinet = record.cabinet
        self.today = record.today
        self.confirmed = record.confirmed
        self._typesetter = typesetter
        self.letterhead = letterhead_lines(template.letterhead, record)
        self.place_and_date = place_and_date(template.place_and_date, record)
        self.stationery = geometry.STATIONERY[template.page.window]
        self.body_top = template.page.body_top or self.stationery.body_top
        """Of the first page, in millimetres."""
        self._measure_fixed_text()
        self.references = list(self._paragraphs(template.references, self.beside_window))
        self.body = list(self._parts())
        self.static = tuple(
            StaticPart(part.set(record, typesetter), part.picture if isinstance(part, PicturePart) else None)
            for part in self.body
            if not isinstance(part, CodeHere | BelowCode) and not part.per_letter
        )

    @property
    def beside_window(self) -> Box:
        """The column of the references, of which left and right count."""
        page, stationery = self.template.page, self.stationery
        return Box(stationery.references_left or page.left, 0, stationery.references_right or page.right, 0)

    def set(self, part: ParagraphPart, record: MergeRecord) -> Setting:
        """One paragraph of `body` for a record."""
        return part.set(record, self._typesetter)

    def compose(self, record: MergeRecord) -> Composition:
        """Place one record's letter. Raise `MissingGlyph` or `DoesNotFit`."""
        lines: list[Placed] = []
        address, address_problems = self._place_address(record)
        references, problems = self._place_references(record)
        page = self.template.page
        tops: list[float] = []
        y, below_code, code_top = self.body_top * POINTS, 0.0, None
        for part in self.body:
            if isinstance(part, CodeHere):
                code_top, below_code = y, y + BELOW_CODE * POINTS
            elif isinstance(part, BelowCode):
                y = max(y, below_code)
            else:
                if part.per_letter:
                    setting = part.set(record, self._typesetter)
                    lines += [Placed(item.x, y + item.baseline, item.line) for item in setting.items]
                else:
                    setting = self.static[len(tops)].setting
                    tops.append(y)
                problems += setting.problems
                y += setting.height
        overflow = max(0.0, y - page.body_bottom * POINTS)
        return Composition(
            tuple(tops), address, references, tuple(lines), code_top, overflow, tuple(problems), address_problems
        )

    def _measure_fixed_text(self) -> None:
        """Letterhead, date, footer and the sign-in picture's words are drawn later: they must be printable now."""
        page = self.template.page
        beside_logo = geometry.LOGO_SIDE + geometry.LOGO_GAP if self.template.letterhead.logo else 0.0
        title, *facts = self.letterhead
        for text, style, left in (
            (title, TITLE, page.left + beside_logo),
            *((fact, FACTS, page.left + beside_logo) for fact in facts),
            (self.place_and_date, BODY, self.stationery.date_left),
            (french(self.template.footer), FOOTER, page.left),
        ):
            if self._typesetter.width(text, style) > (page.right - left) * POINTS:
                raise DoesNotFit(text)
        for block in self.template.blocks:
            if isinstance(block, SignInPicture):
                for text in (block.title, block.button, *(note.caption for note in block.notes)):
                    self._typesetter.width(french(text), CAPTION)
                for note in block.notes:
                    self._typesetter.width(french(note.label), LABEL)

    def _place_address(self, record: MergeRecord) -> tuple[tuple[Placed, ...], tuple[AddressProblem, ...]]:
        block = address_block(record.addressee)
        if block.problems:
            return (), block.problems
        place = self.stationery
        room = (place.address_right - place.address_left) * POINTS
        lines = [self._typesetter.one_line((Piece(line, _ADDRESS_STYLE),)) for line in block.lines]
        widest = max(lines, key=lambda line: line.width)
        if widest.width > room:
            size = _ADDRESS_STYLE.size * room / widest.width
            if size < _ADDRESS_LEAST_SIZE:
                raise DoesNotFit(widest.text)
            style = Style(_ADDRESS_STYLE.face, size)
            lines = [self._typesetter.one_line((Piece(line, style),)) for line in block.lines]
        leading = ADDRESS_LEADING if len(lines) < MAX_LINES else ADDRESS_TIGHT_LEADING
        placed = tuple(
            Placed(place.address_left * POINTS, (place.address_baseline + leading * index) * POINTS, line)
            for index, line in enumerate(lines)
        )
        return placed, ()

    def _place_references(self, record: MergeRecord) -> tuple[tuple[Placed, ...], list[RecordProblem]]:
        """Beside the window, the first baseline level with the address."""
        lines: list[Placed] = []
        problems: list[RecordProblem] = []
        y: float | None = None
        for part in self.references:
            setting = part.set(record, self._typesetter)
            problems += setting.problems
            if y is None and setting.items:
                y = self.stationery.references_baseline * POINTS - setting.items[0].baseline
            top = y or 0.0
            lines.extend(Placed(item.x, top + item.baseline, item.line) for item in setting.items)
            y = top + setting.height if setting.items else y
        return tuple(lines), problems

    def _parts(self) -> Iterator[Part]:
        page = self.template.page
        column = Box(page.left, self.body_top, page.right, page.body_bottom)
        beside_code = column._replace(right=page.right - geometry.CODE_SIDE - geometry.CODE_QUIET - 6.0)
        for block in self.template.blocks:
            match block:
                case Paragraph():
                    yield from self._paragraphs((block,), column)
                case WithCode():
                    yield CodeHere()
                    yield from self._paragraphs(block.paragraphs, beside_code)
                    yield BelowCode()
                    yield GapPart(block.space_after)
                case SignInPicture():
                    places = sign_in.entries(len(block.notes))
                    yield from map(NoteValue, block.notes, places)
                    yield PicturePart(block)
                    yield GapPart(block.space_after)
                case Signature():
                    yield GapPart(block.space_before)
                    signed = Run((self.cabinet.signatory or self.cabinet.name).replace("@", "@@"), bold=True)
                    yield from self._paragraphs((Paragraph((signed,), space_after=0.0),), column)

    def _paragraphs(self, paragraphs: tuple[Paragraph, ...], column: Box) -> Iterator[ParagraphPart]:
        for paragraph in paragraphs:
            if paragraph.when.holds(confirmed=self.confirmed):
                yield ParagraphPart(paragraph, column, self.template.page.leading)

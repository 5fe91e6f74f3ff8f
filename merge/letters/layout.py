"""A letter template compiled for one cabinet, day and protection level, and its records placed on their pages.

What does not change from letter to letter is set once. Only parts with a patient's fields are set for each record;
where they grow, the parts below them move as a whole (`ComposedPage.static`).
"""

from collections.abc import Iterator
from itertools import chain

import msgspec

from merge.letters import geometry
from merge.letters.address import MAX_LINES, AddressProblem, address_block
from merge.letters.blocks import BlockCompiler, shows_one_child
from merge.letters.body import Body
from merge.letters.column import Column, ComposedPage, Placed
from merge.letters.flow import TooHigh
from merge.letters.fonts import Face
from merge.letters.geometry import POINTS, Box
from merge.letters.letterhead import letterhead_lines, place_and_date
from merge.letters.look import BODY, CAPTION, FACTS, FOOTER, LABEL, TITLE
from merge.letters.model import EachChild, LetterTemplate, SignInPicture
from merge.letters.orthotypography import french
from merge.letters.parts import ParagraphPart
from merge.letters.pictures import Pictures
from merge.letters.tables import SetRow, TablePart
from merge.letters.typography import DoesNotFit, Piece, SetLine, Style, Typesetter
from merge.letters.window import shown
from merge.merging import RecordProblem
from merge.record import MergeRecord

_ADDRESS_STYLE = Style(Face.REGULAR, 11.5)
_ADDRESS_LEAST_SIZE = 9.5
"""Points: smaller capitals are no longer read by the post's machines."""
ADDRESS_LEADING = 5.64
ADDRESS_TIGHT_LEADING = 5.1
"""Millimetres; six lines are set tighter so that the last one stays in the window."""
_LOGO_WIDEST = 60.0
"""Millimetres; a cabinet's own logo is as high as ours, or less where it would be wider than this."""


class Composition(msgspec.Struct, frozen=True):
    """One letter, ready to be drawn, but for what its problems forbid."""

    column: Column
    """The text before it was divided, part by part."""
    pages: tuple[ComposedPage, ...]
    address: tuple[Placed, ...]
    references: tuple[Placed, ...]
    overflow: float
    """Points by which the text runs over the bottom of the pages that it may take; 0.0 when it fits."""
    misplaced: tuple[str, ...]
    """What the window would show besides the address, and what would touch the text: each as a sentence."""
    field_problems: tuple[RecordProblem, ...]
    address_problems: tuple[AddressProblem, ...]


class Layout:
    """One compiled letter."""

    def __init__(
        self, template: LetterTemplate, record: MergeRecord, typesetter: Typesetter, pictures: Pictures
    ) -> None:
        """`record` stands for every record of its cabinet, day and level.

        Raise `merge.template.TemplateError` for an unknown field, `PictureError` for a picture that did not come,
        `TableTooWide`, `MissingGlyph` or `DoesNotFit` for text of the template or the cabinet that cannot be set.
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
        page = template.page
        compiler = BlockCompiler(self.cabinet, pictures, page.leading, confirmed=self.confirmed)
        own_logo = template.letterhead.picture if template.letterhead.logo else None
        self.own_logo = compiler.picture(own_logo) if own_logo else None
        self.head = tuple(self._head())
        """The lines of letterhead and date."""
        self._measure_fixed_text()
        self.references = list(compiler.paragraphs(template.references, self.beside_window))
        body = compiler.parts(template.blocks, Box(page.left, self.body_top, page.right, page.body_bottom))
        self.shows_one_child = shows_one_child((*self.references, *body))
        """Whether it cannot be a letter to a household of several children."""
        window = self.stationery.window
        self._head_shown = tuple(shown(window, self.head)) if window else ()
        self._body = Body(body, record, typesetter)
        self.static = self._body.static

    @property
    def beside_window(self) -> Box:
        """The column of the references, of which left and right count."""
        page, stationery = self.template.page, self.stationery
        return Box(stationery.references_left or page.left, 0, stationery.references_right or page.right, 0)

    @property
    def logo(self) -> Box | None:
        """Where the logo stands, in millimetres."""
        left, top, side = self.template.page.left, geometry.LETTERHEAD_TOP + 0.2, geometry.LOGO_SIDE
        if not self.template.letterhead.logo:
            return None
        if self.own_logo is None:
            return Box(left, top, left + side, top + side)
        width = min(_LOGO_WIDEST, side * self.own_logo.width / self.own_logo.height)
        return Box(left, top, left + width, top + self.own_logo.height_at(width))

    @property
    def title_left(self) -> float:
        """Where the lines of the letterhead begin, in millimetres."""
        return self.logo.right + geometry.LOGO_GAP if self.logo else self.template.page.left

    def rows(self, part: TablePart, record: MergeRecord) -> list[SetRow]:
        """The rows of a table for a record."""
        return part.rows(record, self._typesetter)[0]

    def as_full_as_can_be(self, part: ParagraphPart, record: MergeRecord) -> list[str]:
        """A paragraph's lines as a program breaks them that looks at one line at a time."""
        return [line.text for line in part.broken(part.pieces(record), self._typesetter, justify=False)]

    def compose(self, record: MergeRecord) -> Composition:
        """Place one record's letter. Raise `MissingGlyph` or `DoesNotFit`."""
        address, address_problems = self._place_address(record)
        references, problems = self._place_references(record)
        column = Column(self.body_top * POINTS)
        self._body.fill(column, record)
        pages, overflow = self._pages(column)
        problems += column.problems
        return Composition(
            column,
            pages,
            address,
            references,
            overflow,
            tuple(self._misplaced(references, pages[0])),
            tuple(problems),
            address_problems,
        )

    def _misplaced(self, references: tuple[Placed, ...], page: ComposedPage) -> Iterator[str]:
        window = self.stationery.window
        yield from self._head_shown
        if references and references[-1].y > self.body_top * POINTS:
            yield f"«\u00a0{references[-1].line.text}\u00a0» toucherait le texte de la lettre."
        if window is None or self.body_top >= window.bottom + geometry.TOLERANCE:
            return
        lines, marks = list(page.lines), list(page.marks)
        for part, top, items, ranged in page.static:
            setting = self.static[part]
            lines += (Placed(item.x, top + item.baseline, item.line) for item in setting.items[slice(*items)])
            marks += ((top, mark) for mark in setting.marks[slice(*ranged)])
        yield from shown(window, lines, marks)

    def _pages(self, column: Column) -> tuple[tuple[ComposedPage, ...], float]:
        """The pages, and by how much the text is too long for them."""
        page = self.template.page
        excess = column.y - page.body_bottom * POINTS
        if excess <= 0:
            return (column.one_page(),), 0.0
        try:
            pages = column.pages(page.body_bottom * POINTS, page.next_top * POINTS, page.next_bottom * POINTS)
        except TooHigh as high:
            return (column.one_page(),), high.excess
        return pages, excess if len(pages) > page.max_pages else 0.0

    def _head(self) -> Iterator[Placed]:
        """The lines of letterhead and date. Raise `DoesNotFit` for one that is wider than the page."""
        title, *facts = self.letterhead
        left, top = self.title_left, geometry.LETTERHEAD_TOP
        place = self.stationery
        for text, style, x, y in (
            (title, TITLE, left, top + geometry.TITLE_BASELINE),
            *(
                (fact, FACTS, left, top + geometry.FACTS_BASELINE + geometry.FACTS_LEADING * index)
                for index, fact in enumerate(facts)
            ),
            (self.place_and_date, BODY, place.date_left, place.date_baseline),
        ):
            yield Placed(x * POINTS, y * POINTS, self._fitting(text, style, x))

    def _fitting(self, text: str, style: Style, left: float) -> SetLine:
        line = self._typesetter.one_line((Piece(text, style),))
        if line.width > (self.template.page.right - left) * POINTS:
            raise DoesNotFit(text)
        return line

    def _measure_fixed_text(self) -> None:
        """Footer and the sign-in picture's words are drawn later: they must be printable now."""
        self._fitting(french(self.template.footer), FOOTER, self.template.page.left)
        for block in chain.from_iterable(
            one.blocks if isinstance(one, EachChild) else (one,) for one in self.template.blocks
        ):
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

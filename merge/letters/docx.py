"""Letters as one Word document: the same model, the same words on the same lines, for cabinets that edit by hand.

Page, header, footer and fonts are made once (`word_page`); each letter is text that starts a page (`word_xml`).
Address, references and QR codes stand at the same millimetres as in the PDF, pages end where its pages do, and the
sign-in picture is a table.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from math import ceil
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec.structs import replace

from merge.letters.blocks import CodeHere
from merge.letters.column import ComposedPage, Entry, Placed
from merge.letters.composer import Composer, Letter
from merge.letters.fixtures import CodePart, ImagePart, NoteValue, SignInPart
from merge.letters.geometry import POINTS, Box
from merge.letters.layout import Layout
from merge.letters.model import LetterSet
from merge.letters.output.binding import ONE_PDF, Binding
from merge.letters.output.documents import write_documents
from merge.letters.parts import INDENT, ParagraphPart
from merge.letters.problems import Printed
from merge.letters.qr_png import qr_png
from merge.letters.setting import Code, Image, Mark
from merge.letters.tables import TablePart
from merge.letters.typography import SetLine
from merge.letters.word_hyphens import divided
from merge.letters.word_lists import WordLists
from merge.letters.word_package import write_filled
from merge.letters.word_page import TINY, WordPage, framed
from merge.letters.word_sign_in import sign_in_table
from merge.letters.word_table import letter_table
from merge.letters.word_xml import JUSTIFY, LINE_BREAK, Shape, paragraph, picture, run, runs
from merge.record import MergeRecord
from merge.texts import Audience

_LEAST = 0.05
"""Points: as low as a line can be, at the end of a page that may be full."""
_DESCRIPTION = "Code personnel à scanner"


def write_letters_docx(
    records: Iterable[MergeRecord],
    letters: LetterSet,
    path: Path,
    *,
    composer: Composer | None = None,
    binding: Binding = ONE_PDF,
    progress: Callable[[int], None] = lambda _: None,
) -> Printed:
    """Write every right letter to Word documents at `path` and list the refused ones: those that the PDF refuses too.

    Header and footer are those of the first letter, so one call is for one cabinet and one day. `path` appears whole
    or not at all (`merge.letters.output.documents.write_documents`). Raise `OutputError` when the disk refuses,
    `merge.template.TemplateError` for an unknown field.
    """
    composer = composer or Composer(letters)
    longest = max(letters.letter_for(audience).page.max_pages for audience in Audience)

    def write(first: Letter, others: Iterator[Letter], file: BinaryIO) -> None:
        page = WordPage(first.layout, composer.fonts, longest)
        press = _WordPress(page if longest > 1 else None)
        bodies = map(press.letter, chain((first,), others))
        write_filled(page.document, bodies, file, press.last_section, press.lists.described)

    printed = Printed()
    write_documents(printed.right(records, composer.compose, progress), path, binding, write)
    return printed


class _WordPress:
    """Writes composed letters."""

    def __init__(self, sections: WordPage | None) -> None:
        """`sections` has one for each letter, None where they share one."""
        self._sections = sections
        self._pages = 0
        """Of the letter written last."""
        self._pictures = 0
        self._static: dict[ParagraphPart, str] = {}
        self.lists = WordLists()

    def letter(self, letter: Letter) -> tuple[str, dict[str, bytes]]:
        """One letter's XML and its pictures. What stands at a fixed place follows the line that starts the page."""
        ended = self.last_section()
        self._pages = letter.pages
        body = _Body(letter, self)
        start = paragraph(Shape(line=TINY, new_page=not self._sections), "")
        place, beside = letter.layout.stationery, letter.layout.beside_window
        composition = letter.composition
        fixed = _fixed(composition.address, place.address_right + 3) + _fixed(composition.references, beside.right)
        # A section's properties stand at its end, so those of the letter before open this one.
        before = paragraph(Shape(line=_LEAST), "", section=ended) if ended else ""
        return before + start + fixed + "".join(body.flow()), body.pictures

    def last_section(self) -> str:
        """The properties of the section that the letter written last is in; "" where it shares the document's."""
        return self._sections.section(self._pages) if self._sections and self._pages else ""

    def drawn(self, mark: Code | Image, place: Box, pictures: dict[str, bytes], *, down_from: str = "page") -> str:
        """A picture in a paragraph, counted and added to `pictures`."""
        self._pictures += 1
        relation = f"rIdCode{self._pictures}"
        if isinstance(mark, Code):
            pictures[relation], told = qr_png(mark.text), _DESCRIPTION
        else:
            pictures[relation], told = mark.picture.png, mark.description
        return picture(relation, self._pictures + 1, place, told, down_from=down_from)

    def runs(self, part: ParagraphPart, entry: Entry, layout: Layout) -> str:
        """A paragraph's text, made once where it is equal in every letter."""
        if part.per_letter:
            return _runs(part, entry, layout)
        if part not in self._static:
            self._static[part] = _runs(part, entry, layout)
        return self._static[part]


class _Body:
    """The text of one letter, part by part. A gap becomes space before what follows it, as deep as in the PDF.

    No paragraph has space after it: where one meets space before, programs differ in whether both count.
    """

    def __init__(self, letter: Letter, press: _WordPress) -> None:
        self._layout = letter.layout
        self._page_setup = letter.layout.template.page
        self._press = press
        self._pages = letter.composition.pages
        self._column = letter.composition.column
        self.pictures: dict[str, bytes] = {}

    def flow(self) -> Iterator[str]:
        """The paragraphs and tables, each once it is asked for."""
        kept = self._column.kept_with_next
        bottom = self._layout.body_top * POINTS
        waiting = ""
        values: list[str] = []
        for number, entry in enumerate(self._column.entries):
            page = self._page_of(number)
            begins = page is not self._pages[0] and page.begins == number and not page.is_within
            setting = entry.setting
            place = _Place(
                gap=0.0 if begins else entry.top - bottom + setting.before, new_page=begins, keep_next=number in kept
            )
            match entry.part:
                case CodeHere():
                    waiting += self._drawn(setting.marks[0], page, entry)
                case NoteValue():
                    values.append(entry.part.value(entry.record))
                case SignInPart():
                    yield _spacer(place) + sign_in_table(entry.part.picture, values)
                    values = []
                case TablePart() if setting.rows:
                    rows = self._layout.rows(entry.part, entry.record)
                    yield _spacer(place) + letter_table(entry.part, rows, keep_next=place.keep_next)
                case ImagePart() | CodePart():
                    yield self._picture(setting.marks[0], place, waiting)
                    waiting = ""
                case ParagraphPart() if setting.items:
                    text = self._press.runs(entry.part, entry, self._layout)
                    shape = self._shape(entry, place)
                    if entry.part.paragraph.item:
                        head, in_list = self._press.lists.point(entry.part.paragraph, setting.number)
                        mark = entry.part.marker(setting.number).style
                        shape = replace(shape, in_list=in_list, mark=mark)
                        if head:
                            # It stands with the point, wherever a page ends.
                            yield paragraph(Shape(line=_LEAST, in_list=head, new_page=begins, keep_next=True), "")
                            shape = replace(shape, new_page=False)
                    yield paragraph(shape, waiting + text)
                    waiting = ""
            if setting.height:
                bottom = entry.top + setting.depth
        if waiting:
            yield paragraph(Shape(line=TINY), waiting)

    def _page_of(self, number: int) -> ComposedPage:
        """The page that the entry of this number begins on."""
        if len(self._pages) == 1:
            return self._pages[0]
        return next(
            (page for page in reversed(self._pages) if (page.begins, page.is_within) <= (number, False)), self._pages[0]
        )

    def _drawn(self, mark: Mark, page: ComposedPage, entry: Entry) -> str:
        """The code beside the text, at its place on the page."""
        assert isinstance(mark, Code)  # noqa: S101 - all that `CodeHere` ever marks
        left, top, side = (value / POINTS for value in (mark.left, entry.top + page.shift + mark.top, mark.side))
        return self._press.drawn(mark, Box(left, top, left + side, top + side), self.pictures)

    def _picture(self, mark: Mark, place: "_Place", waiting: str) -> str:
        """A picture that stands by itself, in a paragraph of its height."""
        assert isinstance(mark, Code | Image)  # noqa: S101 - all that these parts ever mark
        width, height = (mark.side, mark.side) if isinstance(mark, Code) else (mark.width, mark.height)
        left = mark.left / POINTS
        box = Box(left, 0.0, left + width / POINTS, height / POINTS)
        drawn = self._press.drawn(mark, box, self.pictures, down_from="paragraph")
        return _spacer(place) + paragraph(Shape(line=height, keep_next=place.keep_next), waiting + drawn)

    def _shape(self, entry: Entry, place: "_Place") -> Shape:
        part = entry.part
        assert isinstance(part, ParagraphPart)  # noqa: S101 - the caller's
        return Shape(
            line=part.leading,
            before=place.gap / POINTS,
            left=part.column.left - self._page_setup.left,
            hanging=INDENT if part.paragraph.item else 0.0,
            right=self._page_setup.right - part.column.right,
            align=JUSTIFY[part.paragraph.align],
            new_page=place.new_page,
            keep_next=place.keep_next,
        )


class _Place(msgspec.Struct, frozen=True):
    """How a part follows the one above it; `gap` in points."""

    gap: float
    new_page: bool
    keep_next: bool


def _spacer(place: _Place) -> str:
    """A line as high as the gap: two tables need one between them, and pictures are placed below one."""
    return paragraph(Shape(line=max(TINY, place.gap), new_page=place.new_page, keep_next=True), "")


def _runs(part: ParagraphPart, entry: Entry, layout: Layout) -> str:
    """A paragraph's text. Where even lines are not the fullest ones, which a word processor makes, they are kept."""
    pieces = part.pieces(entry.record)
    lines = [item.line for item in entry.setting.items[bool(part.paragraph.item) :]]
    texts = [line.text for line in lines]
    if part.paragraph.align == "justified" and layout.as_full_as_can_be(part, entry.record) != texts:
        return LINE_BREAK.join(map(_kept, lines))
    return runs(divided(pieces, texts) if part.paragraph.hyphenate else pieces)


def _kept(line: SetLine) -> str:
    """A line that ends here and nowhere else; one with narrow spaces is set closer, since Word narrows none."""
    narrower = -line.stretch * line.text.count(" ")
    closer = ceil(narrower * 20 / len(line.text)) if narrower > 0 else 0
    return "".join(run(piece, closer) for piece in line.pieces)


def _fixed(lines: Iterable[Placed], right: float) -> str:
    return "".join(framed(placed.x / POINTS, placed.y / POINTS, right, placed.line.pieces) for placed in lines)

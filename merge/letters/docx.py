"""Letters as one Word document: the same model, the same words on the same lines, for cabinets that edit by hand.

Header, footer and fonts are made once (`word_package`); each letter is text that starts a page (`word_xml`). Address,
references and QR code stand at the same millimetres as in the PDF; the sign-in picture is a table.
"""

from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from docx.document import Document

from merge.letters import geometry
from merge.letters.blocks import BelowCode, CodeHere
from merge.letters.column import Placed
from merge.letters.composer import Composer, Letter
from merge.letters.fixtures import HEIGHT, NoteValue, SignInPart
from merge.letters.geometry import POINTS, Box
from merge.letters.layout import BELOW_CODE, Layout
from merge.letters.look import BODY, FACTS, FOLD, FOOTER, RULE, TITLE
from merge.letters.model import LetterSet
from merge.letters.orthotypography import french
from merge.letters.output.writing import right_letters
from merge.letters.parts import GapPart, ParagraphPart
from merge.letters.problems import Printed
from merge.letters.qr_png import qr_png
from merge.letters.setting import Code
from merge.letters.typography import Piece
from merge.letters.whole_file import whole_file
from merge.letters.word_package import add_picture, embed_fonts, fill_block, new_package, write_filled
from merge.letters.word_sign_in import sign_in_table
from merge.letters.word_xml import Shape, paragraph, picture, run, runs
from merge.record import MergeRecord

_TINY = 1.0
"""Points: the height of a paragraph that only holds something."""
_START = Shape(line=_TINY, new_page=True)
_DESCENT = 0.25
"""Below the baseline of a line of exact height, in type sizes: Figtree's own descent."""
_DESCRIPTION = "Code personnel à scanner"


def write_letters_docx(
    records: Iterable[MergeRecord],
    letters: LetterSet,
    path: Path,
    *,
    composer: Composer | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Printed:
    """Write every right letter to one DOCX at `path` and list the refused ones: those that the PDF refuses too.

    Header and footer are those of the first letter, so one call is for one cabinet and one day. The file appears whole
    or not at all. Raise `OutputError` when the disk refuses, `merge.template.TemplateError` for an unknown field.
    """
    composer = composer or Composer(letters)
    printed = Printed()
    right = right_letters(records, composer, printed, progress)
    first = next(right, None)
    if first is None:
        return printed
    document = _package(first.layout, composer)
    press = _WordPress()

    def bodies() -> Iterator[tuple[str, dict[str, bytes]]]:
        yield press.letter(first)
        yield from map(press.letter, right)

    with whole_file(path) as file:
        write_filled(document, bodies(), file)
    return printed


def _package(layout: Layout, composer: Composer) -> Document:
    page, template = layout.template.page, layout.template
    margins = (layout.body_top, geometry.PAGE_WIDTH - page.right, 297.0 - page.body_bottom, page.left)
    document = new_package(template.title, layout.cabinet.name, layout.today, margins)
    embed_fonts(document, composer.fonts)
    header, footer = document.sections[0].header, document.sections[0].footer
    fill_block(header, _header(layout, header))
    line = runs([[Piece(french(template.footer), FOOTER)]]) if template.footer else ""
    fill_block(footer, paragraph(Shape(line=11.0, rule_above=RULE[1:] if line else ""), line))
    return document


def _header(layout: Layout, header: object) -> str:
    page, letterhead, place = layout.template.page, layout.template.letterhead, layout.stationery
    left, top, drawn = page.left, geometry.LETTERHEAD_TOP, ""
    if letterhead.logo:
        box = Box(
            left,
            geometry.LETTERHEAD_TOP + 0.2,
            left + geometry.LOGO_SIDE,
            geometry.LETTERHEAD_TOP + 0.2 + geometry.LOGO_SIDE,
        )
        relation = add_picture(header, files("resources").joinpath("images", "logo-print.png").read_bytes())
        drawn = picture(relation, 1, box, "")
        left += geometry.LOGO_SIDE + geometry.LOGO_GAP
    title, *facts = layout.letterhead
    lines = [
        _framed(left, top + 4.5, page.right, (Piece(title, TITLE),)),
        *(
            _framed(
                left, geometry.LETTERHEAD_TOP + 9.5 + geometry.FACTS_LEADING * index, page.right, (Piece(fact, FACTS),)
            )
            for index, fact in enumerate(facts)
        ),
        _framed(place.date_left, place.date_baseline, page.right, (Piece(layout.place_and_date, BODY),)),
    ]
    if page.fold_marks:
        tick_left, tick_right = geometry.FOLD_TICK
        lines += [
            paragraph(Shape(line=_TINY, rule_above=FOLD[1:], frame=Box(tick_left, y, tick_right, y + 1)), "")
            for y in place.folds
        ]
    return "".join(lines) + paragraph(Shape(line=_TINY), drawn)


def _framed(left: float, baseline: float, right: float, pieces: Iterable[Piece]) -> str:
    """One line at a fixed place: its baseline stands at `baseline` millimetres."""
    pieces = tuple(pieces)
    size = max(piece.style.size for piece in pieces)
    line = size * 1.25
    top = baseline - (line - _DESCENT * size) / POINTS
    return paragraph(Shape(line=line, frame=Box(left, top, right, top + line / POINTS)), "".join(map(run, pieces)))


class _WordPress:
    """Writes composed letters."""

    def __init__(self) -> None:
        self._count = 0
        self._static: dict[ParagraphPart, str] = {}

    def letter(self, letter: Letter) -> tuple[str, dict[str, bytes]]:
        """One letter's XML and its picture. What stands at a fixed place follows the line that starts the page."""
        self._count += 1
        relation, drawn = f"rIdCode{self._count}", ""
        pictures: dict[str, bytes] = {}
        composition = letter.composition
        for below, mark in composition.pages[0].marks:
            if isinstance(mark, Code):
                left, top, side = (value / POINTS for value in (mark.left, below + mark.top, mark.side))
                drawn = picture(relation, self._count + 1, Box(left, top, left + side, top + side), _DESCRIPTION)
                pictures[relation] = qr_png(mark.text)
        place, beside = letter.layout.stationery, letter.layout.beside_window
        fixed = _fixed(composition.address, place.address_right + 3) + _fixed(composition.references, beside.right)
        return paragraph(_START, drawn) + fixed + "".join(self._body(letter)), pictures

    def _body(self, letter: Letter) -> Iterator[str]:
        """The flow of a letter. A gap becomes space before what follows it, as deep as in the PDF."""
        layout, record = letter.layout, letter.record
        page_right = layout.template.page.right
        y = below_code = layout.body_top * POINTS
        gap = 0.0
        values: list[str] = []
        for part in layout.body:
            match part:
                case CodeHere():
                    below_code = y + BELOW_CODE * POINTS
                case BelowCode():
                    gap += max(0.0, below_code - y) / POINTS
                    y = max(y, below_code)
                case NoteValue():
                    values.append(part.value(record))
                case GapPart():
                    y += part.height
                    gap += part.height / POINTS
                case SignInPart():
                    yield paragraph(Shape(line=_TINY, before=gap), "") + sign_in_table(part.picture, values)
                    y += HEIGHT
                    gap = 0.0
                case ParagraphPart():
                    setting = layout.set(part, record)
                    if setting.items:
                        yield paragraph(_shape(part, gap, page_right), self._runs(part, record))
                        y += setting.height
                        gap = 0.0

    def _runs(self, part: ParagraphPart, record: MergeRecord) -> str:
        if part.per_letter:
            return runs(part.pieces(record))
        if part not in self._static:
            self._static[part] = runs(part.pieces(record))
        return self._static[part]


def _fixed(lines: Iterable[Placed], right: float) -> str:
    return "".join(_framed(placed.x / POINTS, placed.y / POINTS, right, placed.line.pieces) for placed in lines)


def _shape(part: ParagraphPart, before: float, page_right: float) -> Shape:
    return Shape(
        line=part.leading,
        before=before,
        after=part.paragraph.space_after,
        right=page_right - part.column.right,
        align="both" if part.paragraph.align == "justified" else "left",
    )

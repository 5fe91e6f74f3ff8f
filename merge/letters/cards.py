"""Access cards, ten on an A4 page to be cut along the ticks: the codes a family keeps, and its personal QR code."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from cabinet.values import clean
from merge.letters.emblem import draw_emblem
from merge.letters.fitting import cabinet_words, fitted, fitted_lines
from merge.letters.fonts import Face, FontBook, MissingGlyph
from merge.letters.geometry import POINTS, Box
from merge.letters.letterhead import first_line, with_label
from merge.letters.look import BAND, FOLD, PRIMARY, RULE
from merge.letters.problems import LetterProblem, Printed
from merge.letters.qr import qr_operators
from merge.letters.sheet import Sheet
from merge.letters.stream import StreamedCanvas
from merge.letters.text import SOFT_INK
from merge.letters.typography import INK, DoesNotFit, Piece, SetLine, Style, Typesetter
from merge.letters.whole_file import whole_file
from merge.record import CabinetFacts, MergeRecord

WIDTH: Final = 85.0
HEIGHT: Final = 54.0
COLUMNS: Final = 2
ROWS: Final = 5
CARDS_A_PAGE: Final = COLUMNS * ROWS
_ORIGIN: Final = (20.0, 13.5)
_CODE = Box(59.2, 17.4, 80.2, 38.4)
_TEXT_LEFT, _CODES_LEFT = 5.0, 25.5
_TEXT_RIGHT = _CODE.left - 2.6
"""Four modules of a version 4 code on 21 mm are 2.6 mm."""
_BASELINES = (25.5, 31.5, 37.5)
_LABELS = ("Cabinet", "Identifiant", "Mot de passe")
_NAME = Style(Face.BOLD, 9.5, INK)
_LABEL = Style(Face.REGULAR, 7.5, SOFT_INK)
_TYPED = Style(Face.MONO, 11.0, INK)
_WORDS = Style(Face.SEMIBOLD, 7.2, INK)
_WORDS_LEADING = 2.9
_SMALL = Style(Face.REGULAR, 6.8, SOFT_INK)
_TITLE = Style(Face.BOLD, 9.0, "#FFFFFF")
_TITLE_LEFT, _TITLE_BASELINE, _TITLE_LEADING = 14.5, 7.3, 2.9
_SITE = Style(Face.BOLD, 10.0, PRIMARY)
_PHONE = Style(Face.REGULAR, 8.0, INK)


@dataclass(frozen=True, slots=True)
class Card:
    """One card's own lines, in millimetres from the card's top left corner, and the link of its QR code."""

    record: MergeRecord
    lines: tuple[tuple[float, float, SetLine], ...]


def compose_card(record: MergeRecord, typesetter: Typesetter) -> Card | tuple[LetterProblem, ...]:
    """The card, or why it is refused."""
    patient, secret = record.dossier.patient, record.secret
    if secret.refused:
        return (LetterProblem.of_refusal(record),)
    name = clean(f"{patient.first_name} {patient.last_name.upper()}")
    problems = [
        LetterProblem.of(record, "empty-field", f"{what} manque, et la carte ne servirait à rien.", todo)
        for what, value, todo in (
            ("le nom du patient", name, "Complétez la fiche du patient."),
            ("le mot de passe", secret.password_words, "Relancez la préparation des cartes."),
            ("le lien personnel du code à scanner", secret.link, "Préparez les cartes avec le portail."),
        )
        if not value
    ]
    if problems:
        return tuple(problems)
    try:
        return Card(record, tuple(_card_lines(record, name, typesetter)))
    except MissingGlyph as missing:
        return (LetterProblem.of_glyph(record, missing.character),)
    except DoesNotFit as wide:
        return (LetterProblem.of_width(record, wide.text),)


def _card_lines(record: MergeRecord, name: str, typesetter: Typesetter) -> Iterator[tuple[float, float, SetLine]]:
    yield _TEXT_LEFT, 19.4, fitted(name, _NAME, _TEXT_RIGHT - _TEXT_LEFT, typesetter)
    values = (record.cabinet.code, record.dossier.number, clean(record.secret.password_words))
    room = _TEXT_RIGHT - _CODES_LEFT
    for value, baseline in zip(values, _BASELINES, strict=True):
        if " " not in value:
            yield _CODES_LEFT, baseline, fitted(value, _TYPED, room, typesetter)
            continue
        lines = typesetter.lines([Piece(value, _WORDS)], room * POINTS)
        if len(lines) > 2:
            raise DoesNotFit(value)
        for index, line in enumerate(lines):
            yield _CODES_LEFT, baseline + _WORDS_LEADING * (index - (len(lines) - 1) / 2), line


def write_cards(
    records: Iterable[MergeRecord], path: Path, *, progress: Callable[[int], None] = lambda _: None
) -> Printed:
    """Write the cards of all records to one PDF at `path`, ten a page, and list the refused ones.

    The file appears whole or not at all; without a single right card none is written. Raise `OutputError`.
    """
    fonts = FontBook()
    printed = Printed()
    typesetter = Typesetter(fonts)
    composed = printed.right(records, lambda record: compose_card(record, typesetter), progress)
    first = next(composed, None)
    if first is None:
        return printed
    with whole_file(path) as file:
        cabinet = first.record.cabinet
        canvas = StreamedCanvas(file, title="Cartes d’accès", author=cabinet.name, day=first.record.today)
        press = _CardPress(canvas, fonts, cabinet)
        page = [first, *islice(composed, CARDS_A_PAGE - 1)]
        while page:
            press.print_page(page)
            page = list(islice(composed, CARDS_A_PAGE))
        canvas.save()
    return printed


class _CardPress:
    def __init__(self, canvas: StreamedCanvas, fonts: FontBook, cabinet: CabinetFacts) -> None:
        self._canvas = canvas
        self._sheet = Sheet(canvas, fonts)
        canvas.beginForm("reperes")
        self._draw_ticks()
        canvas.endForm()
        canvas.beginForm("carte")
        with cabinet_words("Les cartes ne peuvent pas"):
            self._draw_card(cabinet, Typesetter(fonts))
        canvas.endForm()

    def print_page(self, cards: list[Card]) -> None:
        canvas, sheet = self._canvas, self._sheet
        canvas.doForm("reperes")
        for index, card in enumerate(cards):
            left = _ORIGIN[0] + WIDTH * (index % COLUMNS)
            top = _ORIGIN[1] + HEIGHT * (index // COLUMNS)
            canvas.saveState()
            canvas.translate(left * POINTS, -top * POINTS)
            canvas.doForm("carte")
            canvas.restoreState()
            for x, baseline, line in card.lines:
                sheet.line(left + x, top + baseline, line)
            code = qr_operators(card.record.secret.link, left + _CODE.left, top + _CODE.top, _CODE.width)
            canvas.addLiteral(code)
        canvas.showPage()

    def _draw_ticks(self) -> None:
        for column in range(COLUMNS + 1):
            x = _ORIGIN[0] + WIDTH * column
            self._sheet.rule((x, 4.0), (x, 11.2), FOLD, 0.5)
            self._sheet.rule((x, 285.8), (x, 293.0), FOLD, 0.5)
        for row in range(ROWS + 1):
            y = _ORIGIN[1] + HEIGHT * row
            self._sheet.rule((6.2, y), (18.0, y), FOLD, 0.5)
            self._sheet.rule((192.0, y), (203.8, y), FOLD, 0.5)

    def _draw_card(self, cabinet: CabinetFacts, typesetter: Typesetter) -> None:
        """What all cards share, with the card's corner in the page's: `print_page` moves it into place."""
        sheet = self._sheet
        sheet.box(Box(0, 0, WIDTH, HEIGHT), stroke=RULE, stroke_points=0.5)
        sheet.path([(0, 0), (WIDTH, 0), (WIDTH, 12.4), (57, 15.0, 28, 15.0, 0, 12.4)], fill=BAND)
        draw_emblem(sheet, 4.6, 2.4, 7.5)
        lines = fitted_lines(first_line(cabinet.title) or cabinet.name, _TITLE, WIDTH - _TITLE_LEFT - 3.0, typesetter)
        for index, line in enumerate(lines):
            sheet.line(_TITLE_LEFT, _TITLE_BASELINE + _TITLE_LEADING * (index - (len(lines) - 1) / 2), line)
        for label, baseline in zip(_LABELS, _BASELINES, strict=True):
            sheet.text(_TEXT_LEFT, baseline, label, _LABEL)
        sheet.line(_TEXT_LEFT, 45.0, fitted(cabinet.site, _SITE, _TEXT_RIGHT - _TEXT_LEFT, typesetter))
        if phone := with_label("Tél.", first_line(cabinet.phone)):
            sheet.line(_TEXT_LEFT, 49.0, fitted(phone, _PHONE, _TEXT_RIGHT - _TEXT_LEFT, typesetter))
        middle = (_CODE.left + _CODE.right) / 2
        sheet.text(middle, 46.2, "Codes personnels,", _SMALL, align=0.5)
        sheet.text(middle, 49.3, "à conserver", _SMALL, align=0.5)

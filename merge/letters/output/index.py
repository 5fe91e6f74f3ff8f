"""The recipients' index: who is on which page, by name, as pages of the same look as the letters."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from cabinet.values import clean
from merge.letters.fonts import Face, MissingGlyph
from merge.letters.geometry import PAGE_WIDTH, POINTS
from merge.letters.look import FACTS, PRIMARY, RULE
from merge.letters.output.order import Key, name_key
from merge.letters.sheet import Sheet
from merge.letters.text import SOFT_INK
from merge.letters.typography import INK, Piece, SetLine, Style
from merge.record import MergeRecord

TITLE: Final = "Index des destinataires"
ROWS_A_PAGE: Final = 48
_LEFT, _RIGHT = 20.0, PAGE_WIDTH - 20.0
_HEAD, _FIRST_ROW, _PITCH = 32.0, 38.0, 5.1
_FOOT = 288.0
_WORD = Style(Face.REGULAR, 9.4, INK)
_NAME = Style(Face.SEMIBOLD, 9.4, INK)
_QUIET = Style(Face.REGULAR, 9.4, SOFT_INK)
_COLUMN = Style(Face.SEMIBOLD, 8.8, PRIMARY)
_GAP = 3.0
_ELLIPSIS = "…"
_UNPRINTABLE = "?"
"""For a sign that no face has, in a name that the letter itself does not print."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the index. `where` is a page, or names a file and a page."""

    addressee: str
    patient: str
    number: str
    town: str
    where: str
    key: Key

    @classmethod
    def each(cls, record: MergeRecord, where: str) -> "Iterator[Listed]":
        """One line for each patient that the letter is about."""
        addressee = record.addressee
        for patient in (child.dossier.patient for child in record.per_child()):
            names = (addressee.last_name, addressee.first_name, patient.last_name, patient.first_name)
            yield cls(
                clean(f"{addressee.last_name} {addressee.first_name}"),
                clean(f"{patient.last_name} {patient.first_name}"),
                patient.number,
                clean(f"{addressee.postcode} {addressee.city}"),
                where,
                tuple(map(name_key, names)),
            )


def draw_index(sheet: Sheet, lines: Iterable[Listed], where: str) -> None:
    """Add the index's pages. `where` heads its last column: « Page », « Lot et page », « Fichier »."""
    index = _Index(sheet, where)
    listed = sorted(lines, key=attrgetter("key"))
    pages = range(0, len(listed), ROWS_A_PAGE)
    for number, start in enumerate(pages, 1):
        index.page(listed[start : start + ROWS_A_PAGE], f"{number}/{len(pages)}")
        if number == 1:
            sheet.canvas.bookmark_last_page(TITLE)


class _Index:
    def __init__(self, sheet: Sheet, where: str) -> None:
        self._canvas = sheet.canvas
        self._sheet = sheet
        self._typesetter = sheet.typesetter
        self._where = where

    def page(self, listed: Sequence[Listed], number: str) -> None:
        sheet = self._sheet
        sheet.text(_LEFT, 22.0, TITLE, Style(Face.BOLD, 14.0, INK))
        columns = (("Destinataire", _LEFT), ("Patient", 68.0), ("N°", 112.0), ("Commune", 130.0))
        for title, left in columns:
            sheet.text(left, _HEAD, title, _COLUMN)
        sheet.text(_RIGHT, _HEAD, self._where, _COLUMN, align=1)
        sheet.rule((_LEFT, _HEAD + 2), (_RIGHT, _HEAD + 2), RULE, 0.75)
        for row, one in enumerate(listed):
            baseline = _FIRST_ROW + row * _PITCH
            where = self._set(one.where, _NAME, 40.0)
            room = _RIGHT - where.width / POINTS
            cells = ((one.addressee, _NAME), (one.patient, _WORD), (one.number, _QUIET), (one.town, _WORD))
            ends = (*(left for _, left in columns[1:]), room)
            for (text, style), (_, left), end in zip(cells, columns, ends, strict=True):
                sheet.line(left, baseline, self._set(text, style, end - left - _GAP))
            sheet.line(room, baseline, where)
        sheet.text(_RIGHT, _FOOT, number, FACTS, align=1)
        self._canvas.showPage()

    def _set(self, text: str, style: Style, room: float) -> SetLine:
        """The text on one line of at most `room` millimetres: what is too long ends with an ellipsis."""
        text = self._printable(text, style)
        line = self._typesetter.one_line((Piece(text, style),))
        while line.width > room * POINTS and text:
            text = text.removesuffix(_ELLIPSIS)[:-1].rstrip() + _ELLIPSIS
            line = self._typesetter.one_line((Piece(text, style),))
        return line

    def _printable(self, text: str, style: Style) -> str:
        while True:
            try:
                self._typesetter.width(text, style)
            except MissingGlyph as missing:
                text = text.replace(missing.character, _UNPRINTABLE)
            else:
                return text

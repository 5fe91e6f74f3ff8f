"""Envelopes without a window, one page each, in the order of the letters.

The address stands where the window of the same envelope would be: 20 mm from the right edge and from the bottom, in
the lower right part that sorting machines read (La Poste), below the 40 mm that belong to the stamp and its mark,
above the 15 mm that they print their bars on. The block itself is that of NF Z10-011 (`merge.letters.address`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from merge.letters.address import MAX_LINES, address_block
from merge.letters.fonts import Face, FontBook, MissingGlyph
from merge.letters.geometry import PAGE_HEIGHT, POINTS, Box
from merge.letters.layout import ADDRESS_LEADING, ADDRESS_TIGHT_LEADING
from merge.letters.letterhead import first_line
from merge.letters.output.names import bookmark_of
from merge.letters.problems import LetterProblem, Printed
from merge.letters.sheet import Sheet
from merge.letters.stream import StreamedCanvas
from merge.letters.text import SOFT_INK
from merge.letters.typography import DoesNotFit, Piece, SetLine, Style, Typesetter
from merge.letters.whole_file import whole_file
from merge.record import CabinetFacts, MergeRecord


class EnvelopeSize(StrEnum):
    """As the envelope is fed: on its long side."""

    DL = "dl"
    """220 × 110 mm, for a letter folded in three."""
    C5 = "c5"
    """229 × 162 mm, for a letter folded in two."""


SIZES: Final[dict[EnvelopeSize, tuple[float, float]]] = {
    EnvelopeSize.DL: (220.0, 110.0),
    EnvelopeSize.C5: (229.0, 162.0),
}
_EDGE = 20.0
"""Millimetres from the window's place to the envelope's right edge and bottom."""
_WINDOW_WIDTH, _WINDOW_HEIGHT = 100.0, 45.0
_INSET = 5.0
_CAPITAL = 2.9
"""Millimetres: height of the first line's capitals."""
_ADDRESS = Style(Face.REGULAR, 11.5)
_LEAST_SIZE = 9.5
_SENDER = Style(Face.REGULAR, 8.5, SOFT_INK)
_SENDER_PLACE = Box(12.0, 10.0, 100.0, 38.0)
"""The upper left corner: nothing of it is as low as the address, or under the stamp."""
_SENDER_LEADING = 4.0
_SENDER_LINES = 6


def address_place(size: EnvelopeSize) -> Box:
    """Where the address's block may stand, in millimetres from the envelope's top left corner."""
    width, height = SIZES[size]
    left, bottom = width - _EDGE - _WINDOW_WIDTH + _INSET, height - _EDGE
    return Box(left, bottom - _WINDOW_HEIGHT + _INSET, width - _EDGE, bottom)


@dataclass(frozen=True, slots=True)
class Envelope:
    record: MergeRecord
    lines: tuple[SetLine, ...]


def compose_envelope(
    record: MergeRecord, size: EnvelopeSize, typesetter: Typesetter
) -> Envelope | tuple[LetterProblem, ...]:
    """The envelope, or why it is refused: nothing is cut, and nothing is set smaller than machines read."""
    block = address_block(record.addressee)
    if block.problems:
        return tuple(LetterProblem.of_address(record, problem) for problem in block.problems)
    room = address_place(size).width * POINTS
    try:
        widest = max(block.lines, key=lambda line: typesetter.width(line, _ADDRESS))
        points = min(_ADDRESS.size, _ADDRESS.size * room / typesetter.width(widest, _ADDRESS))
        if points < _LEAST_SIZE:
            raise DoesNotFit(widest)
        style = Style(_ADDRESS.face, points)
        return Envelope(record, tuple(typesetter.one_line((Piece(line, style),)) for line in block.lines))
    except MissingGlyph as missing:
        return (LetterProblem.of_glyph(record, missing.character),)
    except DoesNotFit as wide:
        return (
            LetterProblem.of(
                record,
                "width",
                f"«\u00a0{wide.text}\u00a0» n’entre pas sur l’enveloppe.",
                "Abrégez l’adresse dans la fiche.",
            ),
        )


def write_envelopes(
    records: Iterable[MergeRecord],
    path: Path,
    size: EnvelopeSize = EnvelopeSize.DL,
    *,
    sender: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Printed:
    """Write an envelope for each record to one PDF at `path`, and list the refused ones.

    With `sender`, the cabinet's name and address stand in the upper left corner. The file appears whole or not at
    all; without a single right envelope none is written. Raise `OutputError`.
    """
    fonts, printed = FontBook(), Printed()
    typesetter = Typesetter(fonts)
    composed = printed.right(records, lambda record: compose_envelope(record, size, typesetter), progress)
    first = next(composed, None)
    if first is None:
        return printed
    with whole_file(path) as file:
        press = _EnvelopePress(
            StreamedCanvas(
                file,
                title="Enveloppes",
                author=first.record.cabinet.name,
                day=first.record.today,
                size=(SIZES[size][0] * POINTS, SIZES[size][1] * POINTS),
            ),
            fonts,
            size,
            _sender_lines(first.record.cabinet, typesetter) if sender else (),
        )
        press.print(first)
        for envelope in composed:
            press.print(envelope)
        press.canvas.save()
    return printed


def _sender_lines(cabinet: CabinetFacts, typesetter: Typesetter) -> tuple[SetLine, ...]:
    """The cabinet's title and address, as many lines as the corner holds, each set smaller where it is too wide."""
    texts = (first_line(cabinet.title) or cabinet.name, *filter(None, map(str.strip, cabinet.address.splitlines())))
    room = _SENDER_PLACE.width * POINTS
    lines = []
    for text in texts[:_SENDER_LINES]:
        size = min(_SENDER.size, _SENDER.size * room / max(1.0, typesetter.width(text, _SENDER)))
        lines.append(typesetter.one_line((Piece(text, Style(_SENDER.face, size, _SENDER.colour)),)))
    return tuple(lines)


class _EnvelopePress:
    def __init__(
        self, canvas: StreamedCanvas, fonts: FontBook, size: EnvelopeSize, sender: tuple[SetLine, ...]
    ) -> None:
        self.canvas = canvas
        self._sheet = Sheet(canvas, fonts)
        self._place = address_place(size)
        # A sheet measures from the top of an A4 page.
        self._down = PAGE_HEIGHT - SIZES[size][1]
        self._sender = sender

    def print(self, envelope: Envelope) -> None:
        for index, line in enumerate(self._sender):
            baseline = _SENDER_PLACE.top + (index + 1) * _SENDER_LEADING
            self._line(_SENDER_PLACE.left, baseline, line)
        leading = ADDRESS_TIGHT_LEADING if len(envelope.lines) == MAX_LINES else ADDRESS_LEADING
        for index, line in enumerate(envelope.lines):
            self._line(self._place.left, self._place.top + _CAPITAL + index * leading, line)
        self.canvas.showPage()
        self.canvas.bookmark_last_page(bookmark_of(envelope.record))

    def _line(self, left: float, baseline: float, line: SetLine) -> None:
        self._sheet.line(left, baseline + self._down, line)

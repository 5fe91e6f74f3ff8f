"""The rows of some patients of a file that was cut by patient, or of all: one by one, or by columns."""

from collections.abc import Iterator, Sequence
from itertools import chain

from cabinet.sources.patient_lines import PLAIN_LINE, PatientLines

_AT_ONCE = 100
"""Rows of a part, or some more: of many more, the first are out of the processor's reach before they are records."""

Pieces = Sequence[tuple[int, list[str]]]
"""(first line, lines without their ends) of stretches of a file."""


class ChosenRows:
    """Implements `cabinet.sources.Columnar` over a file. Reading its rows may raise `Uncuttable`."""

    def __init__(self, file: PatientLines, places: Sequence[int] | None = None) -> None:
        """The rows of these runs of the file's (see `PatientLines.places_of`), or all, in the file's order."""
        self.name = file.name
        self.header = file.header
        self.encoding = file.encoding
        self.is_ended = file.is_ended
        self.delimiter = file.delimiter
        self._file = file
        self._places = places
        self._line = 0

    def rows(self) -> Iterator[list[str]]:
        return chain.from_iterable(part.rows() for part in self.parts())

    def parts(self) -> Iterator["Part"]:
        pieces: list[tuple[int, list[str]]] = []
        size = 0
        for piece in self._file.lines_of(self._places):
            pieces.append(piece)
            size += len(piece[1])
            if size >= _AT_ONCE:
                yield Part(self, pieces)
                pieces, size = [], 0
        if pieces:
            yield Part(self, pieces)

    def line_of(self, row: Sequence[str]) -> int:  # noqa: ARG002 - Protocol
        return self._line

    def rows_in(self, pieces: Pieces) -> Iterator[list[str]]:
        width = len(self.header)
        cells = self._file.cells
        for first, texts in pieces:
            for self._line, text in enumerate(texts, start=first):
                if text:
                    row = cells(text)
                    while len(row) > width and not row[-1]:
                        row.pop()
                    yield row

    def columns_of(self, pieces: Pieces) -> list[list[str]] | None:
        texts = [text for _, texts in pieces for text in texts if text]
        # All lines are cut at once, each with an end for one cell more: where there is nothing but ends in the place
        # of those of rows as wide as the header, every row is.
        separator, width, count = self._file.separator, len(self.header) + 1, len(texts)
        text = f"{separator}\n{separator}".join(texts)
        if '"' in text or (len(text) >= PLAIN_LINE and len(max(texts, key=len)) >= PLAIN_LINE):
            return None
        cells = text.split(separator)
        if len(cells) != count * width - 1 or cells[width - 1 :: width].count("\n") != count - 1:
            return None
        return [cells[place::width] for place in range(width - 1)]


class Part:
    """Some rows that follow each other (see `cabinet.sources.Part`)."""

    def __init__(self, table: ChosenRows, pieces: Pieces) -> None:
        self._table = table
        self._pieces = pieces

    def columns(self) -> list[list[str]] | None:
        return self._table.columns_of(self._pieces)

    def rows(self) -> Iterator[list[str]]:
        return self._table.rows_in(self._pieces)

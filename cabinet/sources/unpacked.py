"""How much a packed workbook (.xlsx, .ods) holds, known before its reader (calamine) takes memory for all of it.

It makes room for every cell from a sheet's first to its last: two cells in opposite corners need terabytes.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

from cabinet.errors import SourceError
from cabinet.sources.formula_errors import column_of
from cabinet.sources.packed import DAMAGED
from cabinet.sources.settled import in_megabytes

MAGIC = b"PK\x03\x04"
MAX_UNPACKED = 1_000_000_000
"""Bytes of all files within: the sheets of the largest practices have a third of it."""
MAX_CELLS = 16_000_000
"""Of one sheet: a million lines, which is as many as there are, of sixteen columns."""
_CHUNK = 1 << 20
_SPAN = 64
"""A cell's place is no longer; a chunk begins with so much of the one before."""
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_LAST_ROWS = 100
"""Rows are in order: the last ones of a chunk have the highest number."""


_BINARY = "xl/workbook.bin"
"""In an .xlsb, whose sheets cannot be measured, and on some of which its reader panics."""


class TooLarge(SourceError):
    """More than a cabinet's data are: a bomb, or a cell that was filled far away from the others."""


def require_moderate(name: str, raw: bytes) -> None:
    """Raise `TooLarge` for a workbook that would fill the memory, `SourceError` for one that cannot be measured.

    One that is damaged is its reader's business.
    """
    try:
        with ZipFile(BytesIO(raw)) as packed:
            if _BINARY in packed.namelist():
                raise SourceError(
                    f"Le classeur {name} est au format binaire d’Excel (.xlsb), que WebOrtho ne lit pas.",
                    "Dans Excel, enregistrez-le comme «\u00a0Classeur Excel (.xlsx)\u00a0», puis recommencez.",
                )
            size = sum(entry.file_size for entry in packed.infolist())
            if size > MAX_UNPACKED:
                raise TooLarge(
                    f"Le classeur {name} occupe {in_megabytes(size)} une fois décompressé\u00a0: WebOrtho en lit au "
                    f"plus {in_megabytes(MAX_UNPACKED)}.",
                    "Vérifiez que c’est bien l’export du cabinet, ou exportez plutôt en CSV.",
                )
            for entry in packed.infolist():
                if entry.filename == "content.xml":
                    _require_near(name, *_extent_of_ods(_chunks(packed, entry)))
                elif re.fullmatch(r"xl/worksheets/[^/]*\.xml", entry.filename):
                    _require_near(name, *_extent_of_xlsx(_chunks(packed, entry)))
    except DAMAGED:
        return


def is_protected(raw: bytes) -> bool:
    """Whether an .ods is encrypted with a password."""
    try:
        with ZipFile(BytesIO(raw)) as packed:
            return b"encryption-data" in packed.read("META-INF/manifest.xml")
    except DAMAGED:
        return False


def _require_near(name: str, rows: int, columns: int) -> None:
    if rows * columns > MAX_CELLS:
        raise TooLarge(
            f"Une feuille du classeur {name} s’étend sur {_number(rows)} lignes et {_number(columns)} colonnes\u00a0: "
            "une cellule est sans doute remplie loin des autres.",
            "Supprimez dans le tableur les lignes et les colonnes au-delà des données, enregistrez le classeur, puis "
            "recommencez.",
        )


def _chunks(packed: ZipFile, entry: ZipInfo) -> Iterator[bytes]:
    with packed.open(entry) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _extent_of_xlsx(chunks: Iterator[bytes]) -> tuple[int, int]:
    """Lines and columns up to the last cell, of a sheet whose cells say their place, as all programs write them."""
    rows = columns = 0
    tail = b""
    for chunk in chunks:
        places = _PLACE.findall(tail + chunk)
        tail = chunk[-_SPAN:]
        columns = max(columns, max(map(column_of, {letters for letters, _ in places}), default=0))
        rows = max(rows, max((int(row) for _, row in places[-_LAST_ROWS:]), default=0))
    return rows, columns


def _extent_of_ods(chunks: Iterator[bytes]) -> tuple[int, int]:
    """The same of the sheet with most cells, in which empty and equal cells and lines are written once, and counted."""
    found = _OdsExtent()
    parser = expat.ParserCreate()
    parser.StartElementHandler = found.begins
    for chunk in chunks:
        parser.Parse(chunk)
    return found.largest


class _OdsExtent:
    """What a row has is known when the next begins: its own end is not asked for, which would cost as much again."""

    def __init__(self) -> None:
        self._largest = (0, 0)
        self._rows = self._last_row = self._columns = 0
        self._column = self._last_column = 0

    @property
    def largest(self) -> tuple[int, int]:
        self._end_row()
        return max(self._largest, (self._last_row, self._columns), key=lambda size: size[0] * size[1])

    def begins(self, tag: str, attributes: dict[str, Any]) -> None:
        if tag in ("table:table-cell", "table:covered-table-cell"):
            self._column += int(attributes.get("table:number-columns-repeated", 1))
            if "office:value-type" in attributes:
                self._last_column = self._column
        elif tag == "text:p":
            self._last_column = self._column
        elif tag == "table:table-row":
            self._end_row()
            self._rows += int(attributes.get("table:number-rows-repeated", 1))
        elif tag == "table:table":
            self._largest = self.largest
            self._rows = self._last_row = self._columns = 0

    def _end_row(self) -> None:
        if self._last_column:
            self._last_row = self._rows
            self._columns = max(self._columns, self._last_column)
        self._column = self._last_column = 0


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u00a0")

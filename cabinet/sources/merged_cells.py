"""The cells of an .ods that are merged over several lines: its reader (calamine) does not tell them."""

import re
from io import BytesIO
from typing import Any
from xml.parsers import expat
from zipfile import ZipFile

from cabinet.sources.packed import DAMAGED

Ranges = list[tuple[tuple[int, int], tuple[int, int]]]
"""Line and column, from 0, of the first and of the last cell of each."""

_CHUNK = 1 << 20
_SPAN = 64
_OVER_LINES = re.compile(rb'number-rows-spanned="(?:[2-9]|[1-9][0-9])')


def merged_in_ods(raw: bytes) -> dict[str, Ranges]:
    """Sheet -> its merged cells, of the sheets that have some. A damaged file has none: its reader tells it."""
    try:
        with ZipFile(BytesIO(raw)) as packed:
            return _merged(packed) if "content.xml" in packed.namelist() and _has_some(packed) else {}
    except DAMAGED:
        return {}


def _has_some(packed: ZipFile) -> bool:
    """Quicker than understanding all of it, of which nearly no export has need."""
    tail = b""
    with packed.open("content.xml") as file:
        while chunk := file.read(_CHUNK):
            if _OVER_LINES.search(tail + chunk):
                return True
            tail = chunk[-_SPAN:]
    return False


def _merged(packed: ZipFile) -> dict[str, Ranges]:
    found: dict[str, Ranges] = {}
    sheet, line, column = "", 0, 0

    def begins(tag: str, attributes: dict[str, Any]) -> None:
        nonlocal sheet, line, column
        if tag == "table:table":
            sheet, line = attributes.get("table:name", ""), 0
        elif tag == "table:table-row":
            column = 0
            line += int(attributes.get("table:number-rows-repeated", 1))
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            lines = int(attributes.get("table:number-rows-spanned", 1))
            columns = int(attributes.get("table:number-columns-spanned", 1))
            if lines > 1:
                last = line + lines - 2, column + columns - 1
                found.setdefault(sheet, []).append(((line - 1, column), last))
            column += int(attributes.get("table:number-columns-repeated", 1))

    parser = expat.ParserCreate()
    parser.StartElementHandler = begins
    with packed.open("content.xml") as file:
        while chunk := file.read(_CHUNK):
            parser.Parse(chunk)
    return found

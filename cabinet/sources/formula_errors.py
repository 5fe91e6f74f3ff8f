"""The cells of an .xlsx in which a formula failed: its reader (calamine) gives them as empty ones."""

import re
from collections.abc import Iterator
from io import BytesIO
from posixpath import join
from typing import Any
from xml.parsers import expat
from zipfile import ZipFile

from cabinet.sources.packed import DAMAGED

Errors = dict[tuple[int, int], str]
"""Line and column of a cell, from 0 -> what it shows, like « #N/A »."""

_CHUNK = 1 << 20
_CELL = b"<c r="
_ERROR = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]* t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>(#[^<]{1,12})</v>'
)


def errors_of(raw: bytes) -> dict[str, Errors]:
    """Sheet -> its cells in error, of the sheets that have some. A damaged file has none: its reader tells it."""
    try:
        with ZipFile(BytesIO(raw)) as packed:
            found = {path: _errors(packed, path) for path in packed.namelist() if path.startswith("xl/worksheets/")}
            if not any(found.values()):
                return {}
            return {name: found[path] for name, path in _sheets(packed) if found.get(path)}
    except DAMAGED:
        return {}


def column_of(letters: bytes) -> int:
    """« A » is 1, « AA » 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _errors(packed: ZipFile, path: str) -> Errors:
    found: Errors = {}
    kept = b""
    with packed.open(path) as file:
        while chunk := file.read(_CHUNK):
            text = kept + chunk
            if b' t="e"' in text:
                for letters, line, shown in _ERROR.findall(text):
                    found[int(line) - 1, column_of(letters) - 1] = shown.decode()
            # A cell that this chunk cuts is whole in the next.
            kept = text[max(text.rfind(_CELL), len(text) - _CHUNK) :]
    return found


def _sheets(packed: ZipFile) -> Iterator[tuple[str, str]]:
    """Name and file of each sheet."""
    related = _elements(packed.read("xl/_rels/workbook.xml.rels"), "Relationship")
    files = {one["Id"]: join("/xl", one["Target"]).lstrip("/") for one in related}
    for sheet in _elements(packed.read("xl/workbook.xml"), "sheet"):
        yield sheet["name"], files.get(sheet.get("r:id", ""), "")


def _elements(xml: bytes, tag: str) -> list[dict[str, Any]]:
    """The attributes of each element of that name."""
    found: list[dict[str, Any]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: found.append(attributes) if name == tag else None
    parser.Parse(xml, True)
    return found

"""Workbooks that are small as files and large, protected or broken as workbooks."""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = f'xmlns:office="{_OFFICE}:office:1.0" xmlns:table="{_OFFICE}:table:1.0" xmlns:text="{_OFFICE}:text:1.0"'
_SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def small_xlsx(path: Path, sheet: Callable[[str], str] = lambda xml: xml) -> Path:
    """Two patients in the sheet « patients », whose XML went through `sheet`."""
    plain = path.with_name("plain.xlsx")
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = "patients"
    for row in (["N", "Nom"], [1, "MARTIN"], [2, "DURAND"]):
        page.append(row)
    book.save(plain)
    with zipfile.ZipFile(plain) as packed, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in packed.namelist():
            content = packed.read(name)
            is_sheet = name == "xl/worksheets/sheet1.xml"
            out.writestr(name, sheet(content.decode()).encode() if is_sheet else content)
    return path


def with_cell_at(place: str) -> Callable[[str], str]:
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    cell = f'<row r="{row}"><c r="{place}" t="n"><v>1</v></c></row></sheetData>'
    return lambda xml: xml.replace("</sheetData>", cell)


def small_ods(path: Path, rows: str, manifest: str = "") -> Path:
    """One sheet, « patients », of these rows below a header; `manifest` stands within its entry of the content."""
    page = ods_row(ods_cell("N") + ods_cell("Nom")) + rows
    parts = {
        "mimetype": _SPREADSHEET,
        "content.xml": f'<?xml version="1.0"?><office:document-content {_SPACES}><office:body><office:spreadsheet>'
        f'<table:table table:name="patients">{page}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>",
        "META-INF/manifest.xml": f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{_OFFICE}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_SPREADSHEET}"/>'
        f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{manifest}'
        "</manifest:file-entry></manifest:manifest>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in parts.items():
            out.writestr(name, text)
    return path


def ods_cell(text: str, times: int = 1) -> str:
    kind, content = ('office:value-type="string"', f"<text:p>{text}</text:p>") if text else ("", "")
    return f'<table:table-cell {kind} table:number-columns-repeated="{times}">{content}</table:table-cell>'


def ods_row(cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


def protected_by_password(path: Path) -> Path:
    """A newer workbook under a password, as far as anybody sees it: the old container with an encrypted stream."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *([_FREE] * 108))
    sectors = struct.pack("<128I", _FAT, _END, *([_FREE] * 126))
    sectors += _entry("Root Entry", 5, child=1) + _entry("EncryptedPackage", 2) + bytes(2 * 128)
    path.write_bytes(header + sectors)
    return path


def _entry(name: str, kind: int, child: int = _FREE) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    entry = encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded), kind, 1, _FREE, _FREE, child)
    return entry.ljust(116, b"\0") + struct.pack("<IQ", _END, 0)

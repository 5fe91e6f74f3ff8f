"""The demo export with the types that a workbook or a database gives its columns, and where to put it."""

import csv
import datetime as dt
import subprocess
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import sqlalchemy
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, MetaData, Numeric, Table, Text

_DATES = frozenset({"Date de naissance", "Début de traitement", "Date"})
_MONEY = frozenset({"Total", "Montant", "Reste", "Solde"})
_WHOLE = frozenset({"Durée", "Rang"})
_OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns:"


@dataclass(frozen=True)
class TypedTable:
    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def typed_tables(folder: Path) -> list[TypedTable]:
    """Every CSV file of the demo export, its cells as the types that they mean; numbers of patients stay text."""
    tables = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="cp1252", newline="") as file:
            header, *rows = csv.reader(file, delimiter=";")
        typed = tuple(tuple(map(_typed, header, row)) for row in rows)
        tables.append(TypedTable(path.stem, tuple(header), typed))
    return tables


def _typed(column: str, text: str) -> Any:
    return _meaning(column, text) if text else None


def _meaning(column: str, text: str) -> Any:
    if column in _DATES:
        return dt.datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day
    if column == "Date et heure":
        return dt.datetime.strptime(text, "%d/%m/%Y %H:%M")  # noqa: DTZ007 - local time
    if column in _MONEY:
        return Decimal(text.replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", "."))
    if column in _WHOLE:
        return int(text)
    return text.casefold() in ("oui", "o", "1") if column == "Traité" else text


def write_workbook(tables: list[TypedTable], path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        sheet = book.create_sheet(table.name)
        sheet.append(table.header)
        for row in table.rows:
            sheet.append(row)
    book.save(path)


CALC = Path("/usr/lib/libreoffice/program/libsclo.so")
"""There where LibreOffice can save workbooks."""


def converted(path: Path, form: str) -> Path:
    """The workbook as LibreOffice saves it in another form."""
    folder = path.parent
    profile = (folder / "profil").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", form]
    subprocess.run([*command, "--outdir", folder, path], check=True, capture_output=True, timeout=120)
    return path.with_suffix(f".{form}")


def fill_database(tables: list[TypedTable], url: str) -> None:
    engine = sqlalchemy.create_engine(url)
    metadata = MetaData()
    for table in tables:
        columns = [Column(name, _type(name)) for name in table.header]
        Table(table.name, metadata, *columns)
    metadata.create_all(engine)
    with engine.begin() as connection:
        for table in tables:
            rows = [dict(zip(table.header, row, strict=True)) for row in table.rows]
            connection.execute(metadata.tables[table.name].insert(), rows)
    engine.dispose()


def _type(column: str) -> Any:
    if column in _DATES:
        return Date()
    if column == "Date et heure":
        return DateTime()
    if column in _MONEY:
        return Numeric(10, 2)
    if column in _WHOLE:
        return Integer()
    return Boolean() if column == "Traité" else Text()


def write_ods(tables: list[TypedTable], path: Path) -> None:
    """As a spreadsheet writes it, in the little that a reader needs."""
    sheets = "".join(
        f'<table:table table:name="{table.name}">'
        + "".join(
            f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in (table.header, *table.rows)
        )
        + "</table:table>"
        for table in tables
    )
    spaces = " ".join(f'xmlns:{name}="{_OPEN_DOCUMENT}{name}:1.0"' for name in ("office", "table", "text"))
    content = f"<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        out.writestr("content.xml", f"<office:document-content {spaces}>{content}</office:document-content>")
        out.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{_OPEN_DOCUMENT}manifest:1.0"/>')


def _ods_cell(value: Any) -> str:
    match value:
        case None:
            return "<table:table-cell/>"
        case bool():
            kind = f'boolean" office:boolean-value="{str(value).lower()}'
        case int() | Decimal():
            kind = f'float" office:value="{value}'
        case dt.date():
            kind = f'date" office:date-value="{value.isoformat()}'
        case _:
            kind = "string"
    return f'<table:table-cell office:value-type="{kind}"><text:p>{escape(str(value))}</text:p></table:table-cell>'

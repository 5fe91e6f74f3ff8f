"""The demo export with the types that a workbook or a database gives its columns, and where to put it."""

import csv
import datetime as dt
import subprocess
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import sqlalchemy
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, MetaData, Numeric, Table, Text

_DATES = frozenset({"Date de naissance", "Début de traitement", "Date"})
_MONEY = frozenset({"Total", "Montant", "Reste", "Solde"})
_WHOLE = frozenset({"Durée", "Rang"})


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


def converted(path: Path, form: str) -> Path:
    """The workbook as LibreOffice saves it in another form."""
    folder = path.parent
    profile = (folder / "profil").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", form, "--outdir", folder]
    subprocess.run([*command, path], check=True, capture_output=True, timeout=120)
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

"""Workbooks and databases that went wrong in some way, against a real portal: nobody is withdrawn or emptied by them.

The same as `test_mutated_exports`, for what a cabinet may keep its data in besides CSV files.
"""

import copy
import datetime as dt
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files as resources
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import openpyxl
import pytest

from cabinet.demo.export import write_export
from cabinet.errors import SourceError, WebOrthoError
from cabinet.sources import database
from cli.embedded_portal import EmbeddedPortal
from sync.config import read_config, write_config
from tests.cabinet.sources.typed_export import TypedTable, typed_tables, write_ods, write_workbook
from tests.e2e.journey.clinic import enrolled_device
from tests.e2e.journey.conftest import NewCabinet
from tests.e2e.journey.good_night import Cabinet, published, require_harmless
from tests.e2e.journey.small_export import SmallExport
from tests.e2e.journey.typed_mutations import MUTATIONS, Tables

PATIENTS = 90
TODAY = dt.date(2026, 10, 6)
FORMS = ("xlsx", "ods", "sqlite")


@dataclass(frozen=True)
class Source:
    """A cabinet whose workbook or database was published yesterday."""

    cabinet: Cabinet
    file: Path
    sound: bytes
    tables: Tables

    def write(self, tables: Tables) -> None:
        _write(tables, self.file)


def _write(tables: Tables, file: Path) -> None:
    typed = [TypedTable(name, tuple(header), tuple(map(tuple, rows))) for name, (header, *rows) in tables.items()]
    file.unlink(missing_ok=True)
    if file.suffix == ".xlsx":
        write_workbook(typed, file)
    elif file.suffix == ".ods":
        write_ods(typed, file)
    else:
        _fill(tables, file)


def _fill(tables: Tables, file: Path) -> None:
    """SQLite keeps whatever it is given."""
    with closing(sqlite3.connect(file)) as connection, connection:
        for name, (header, *rows) in tables.items():
            connection.execute(f"CREATE TABLE {name} ({', '.join(json.dumps(c, ensure_ascii=False) for c in header)})")
            places = ", ".join("?" * len(header))
            connection.executemany(f"INSERT INTO {name} VALUES ({places})", [tuple(map(_kept, row)) for row in rows])  # noqa: S608 - the test’s own names


def _kept(cell: Any) -> Any:
    match cell:
        case Decimal():
            return float(cell)
        case dt.datetime():
            return cell.isoformat(" ")
        case dt.date():
            return cell.isoformat()
    return cell


@pytest.fixture(scope="module", params=FORMS)
def source(
    request: pytest.FixtureRequest,
    portal: EmbeddedPortal,
    cabinets: Iterator[NewCabinet],
    tmp_path_factory: pytest.TempPathFactory,
) -> Source:
    folder = tmp_path_factory.mktemp(request.param)
    write_export(folder / "csv", reference=TODAY, patients=PATIENTS, photos=False)
    tables = {table.name: [list(table.header), *map(list, table.rows)] for table in typed_tables(folder / "csv")}
    file = folder / f"cabinet.{request.param}"
    _write(tables, file)
    small = SmallExport(folder / "small")
    small.mapping.write_text(resources("resources").joinpath("demo", "mapping.toml").read_text("utf-8"), "utf-8")
    device = enrolled_device(folder / "device", portal, small, next(cabinets).nightly_code)
    address = f"sqlite:///{file}" if file.suffix == ".sqlite" else str(file)
    write_config(msgspec.structs.replace(read_config(device.config), source=address), device.config)
    return Source(published(device, PATIENTS), file, file.read_bytes(), tables)


@pytest.mark.parametrize("name", MUTATIONS)
def test_tables_that_went_wrong_withdraw_and_empty_nobody(source: Source, name: str) -> None:
    tables = copy.deepcopy(source.tables)
    MUTATIONS[name](tables, Random(name))  # noqa: S311 - a test's
    assert tables != source.tables
    source.write(tables)
    require_harmless(source.cabinet, source.cabinet.tonight(with_memory=True))


@pytest.mark.parametrize("seed", range(3))
def test_a_file_that_is_cut_or_damaged_withdraws_and_empties_nobody(source: Source, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a test's
    cut = random.randrange(200, len(source.sound) - 200)
    noise = random.randbytes(3000)
    for content in (source.sound[:cut], source.sound[:cut] + noise + source.sound[cut + len(noise) :], b"", noise):
        source.file.write_bytes(content)
        require_harmless(source.cabinet, source.cabinet.tonight(with_memory=True))


def test_the_sound_tables_are_published_after_all_of_them(source: Source) -> None:
    """The net would be of no use if it held everything."""
    source.write(source.tables)
    night = source.cabinet.tonight(with_memory=True)
    assert not isinstance(night, WebOrthoError)
    assert (night[0].unchanged, night[0].added, night[0].changed, night[0].withdrawn) == (PATIENTS, 0, 0, 0)


@pytest.mark.parametrize("source", ["sqlite"], indirect=True)
def test_amounts_that_lost_their_decimals_are_refused(source: Source) -> None:
    tables = copy.deepcopy(source.tables)
    MUTATIONS["amounts are in cents"](tables, Random(0))  # noqa: S311 - a test's
    source.write(tables)
    night = source.cabinet.tonight(with_memory=True)
    assert isinstance(night, WebOrthoError)
    assert "«\u00a0montant courant d’échéance (20 à 2\u00a0000\u00a0€)\u00a0» pour " in night.what


# What only workbooks, or only databases, can have


def merged(book: openpyxl.Workbook) -> None:
    book["patients"].merge_cells("B3:C6")


def formulas_that_nobody_computed(book: openpyxl.Workbook) -> None:
    for line in range(2, PATIENTS + 2):
        book["patients"][f"C{line}"] = f"=D{line}"


def hidden(book: openpyxl.Workbook) -> None:
    book["rendez_vous"].sheet_state = "hidden"
    for line in range(5, 40):
        book["patients"].row_dimensions[line].hidden = True


def days_from_1904(book: openpyxl.Workbook) -> None:
    """The workbook says how its days are counted: they are the same days."""
    book.epoch = dt.datetime(1904, 1, 1)  # noqa: DTZ001 - a spreadsheet's


@pytest.mark.parametrize("source", ["xlsx"], indirect=True)
@pytest.mark.parametrize("change", [merged, formulas_that_nobody_computed, hidden, days_from_1904])
def test_a_workbook_as_people_make_them(source: Source, change: Callable[[openpyxl.Workbook], None]) -> None:
    source.write(source.tables)
    book = openpyxl.load_workbook(source.file)
    change(book)
    book.save(source.file)
    night = source.cabinet.tonight(with_memory=True)
    require_harmless(source.cabinet, night)
    if change in (hidden, days_from_1904):
        assert not isinstance(night, WebOrthoError)
        assert night[0].unchanged == PATIENTS


def a_view_that_breaks_off(connection: sqlite3.Connection) -> None:
    connection.executescript(
        "ALTER TABLE patients RENAME TO kept; CREATE VIEW patients AS SELECT kept.*, "
        "CASE WHEN rowid > 50 THEN abs(-9223372036854775808) END AS fails FROM kept;"
    )


def types_that_are_others(connection: sqlite3.Connection) -> None:
    connection.execute('UPDATE patients SET "Date de naissance" = CAST("Date de naissance" AS INTEGER)')


def bytes_in_place_of_text(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE patients SET Nom = randomblob(12)")


@pytest.mark.parametrize("source", ["sqlite"], indirect=True)
@pytest.mark.parametrize("change", [a_view_that_breaks_off, types_that_are_others, bytes_in_place_of_text])
def test_a_database_that_is_not_what_it_was(source: Source, change: Callable[[sqlite3.Connection], None]) -> None:
    source.write(source.tables)
    with closing(sqlite3.connect(source.file)) as connection, connection:
        change(connection)
    night = source.cabinet.tonight(with_memory=True)
    assert isinstance(night, WebOrthoError)
    require_harmless(source.cabinet, night)


@pytest.mark.parametrize("source", ["sqlite"], indirect=True)
def test_a_database_that_is_locked_is_told(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "CONNECT_SECONDS", 0.2)
    source.write(source.tables)
    holder = sqlite3.connect(source.file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    night = source.cabinet.tonight(with_memory=True)
    holder.close()
    assert isinstance(night, SourceError)
    require_harmless(source.cabinet, night)

"""One cabinet, whatever its data are kept in: every source gives the same dossiers, to the last byte."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cabinet.demo.export import write_export
from cabinet.dossier import encode
from cabinet.errors import MappingError, SourceError
from cabinet.mapping import Mapping, default_mapping
from cabinet.mapping_parts import Appointments
from cabinet.reading import read
from cabinet.sources.location import Location
from cabinet.sources.opening import open_source
from cabinet.sources.queries import query_of
from tests.cabinet.conftest import KEY
from tests.cabinet.sources.servers import (
    has_mariadb,
    has_odbc,
    has_postgresql,
    mariadb,
    odbc_address,
    postgresql,
)
from tests.cabinet.sources.typed_export import CALC, TypedTable, converted, fill_database, typed_tables, write_workbook

DATABASES = ("sqlite", "postgresql", "mariadb", "odbc-sqlite", "odbc-postgresql")
FORMS = ("xlsx", "ods", "xls", *DATABASES)


ODBC_DRIVERS = {"odbc-sqlite": "SQLite3", "odbc-postgresql": "PostgreSQL Unicode"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("contract")
    write_export(folder / "export", reference=dt.date(2026, 10, 6), patients=40, photos=False)
    return folder


@pytest.fixture(scope="module")
def tables(folder: Path) -> list[TypedTable]:
    return typed_tables(folder / "export")


@pytest.fixture(scope="module")
def source(request: pytest.FixtureRequest, folder: Path, tables: list[TypedTable]) -> Iterator[Location]:
    """The demo export in the form that the test names."""
    form = request.param
    if form in ("xlsx", "ods", "xls"):
        path = folder / "export.xlsx"
        if not path.exists():
            write_workbook(tables, path)
        if form != "xlsx" and not CALC.exists():
            pytest.skip("LibreOffice Calc is not installed")
        yield Location(str(path if form == "xlsx" else converted(path, form)))
        return
    if form.startswith("odbc-") and not has_odbc(ODBC_DRIVERS[form]):
        pytest.skip(f"pyodbc, or the ODBC driver {ODBC_DRIVERS[form]}, is not installed")
    if form.endswith("sqlite"):
        file = folder / f"{form}.db"
        fill_database(tables, f"sqlite:///{file}")
        yield Location(
            f"odbc://Driver={{{ODBC_DRIVERS[form]}}};Database={file}" if "odbc" in form else f"sqlite:///{file}"
        )
        return
    server, there = (mariadb, has_mariadb()) if form == "mariadb" else (postgresql, has_postgresql())
    if not there:
        pytest.skip(f"{form} is not installed")
    with server() as url:
        fill_database(tables, url.replace("postgresql:", "postgresql+psycopg:"))
        yield Location(odbc_address(ODBC_DRIVERS[form], url) if "odbc" in form else url)


every_form = pytest.mark.parametrize("source", FORMS, indirect=True)
every_database = pytest.mark.parametrize("source", DATABASES, indirect=True)


def dossiers(source: Path | Location, mapping: Mapping | None = None) -> list[bytes]:
    reading = read(source, mapping or default_mapping(), KEY)
    assert not reading.problems
    return [encode(dossier) for dossier in reading.dossiers]


@every_form
def test_the_same_cabinet_gives_the_same_dossiers_as_its_csv_files(source: Location, folder: Path) -> None:
    assert dossiers(source) == dossiers(folder / "export")


@every_form
def test_it_lists_its_tables_as_a_mapping_names_them(source: Location, folder: Path) -> None:
    with closing(open_source(source)) as opened, closing(open_source(Location(str(folder / "export")))) as csv:
        names = opened.tables()
        assert {name.removesuffix(".csv") for name in csv.tables()} == {name.removesuffix(".csv") for name in names}
        # One after the other, left unread: a server must answer the next one all the same.
        headers = {name: opened.table(name).header for name in names}
    assert headers["patients"][0] == "N° interne"


@every_form
def test_a_table_that_is_not_there_is_named(source: Location) -> None:
    mapping = default_mapping()
    visits = Appointments(file="rendez_vouz.csv", columns=mapping.appointments.columns)  # type: ignore[union-attr]
    with pytest.raises(SourceError, match="rendez_vouz"):
        read(source, _with(mapping, visits), KEY)


@every_form
def test_a_column_that_is_not_there_is_named(source: Location) -> None:
    mapping = default_mapping()
    columns = mapping.appointments.columns  # type: ignore[union-attr]
    wrong = type(columns)(patient="N° interne", start="Datte et heure")
    with pytest.raises(MappingError, match="Vouliez-vous dire «\u00a0Date et heure\u00a0»"):
        read(source, _with(mapping, Appointments(file="rendez_vous.csv", columns=wrong)), KEY)


@every_database
def test_a_query_chooses_what_is_read(source: Location, folder: Path) -> None:
    mapping = default_mapping()
    columns = mapping.appointments.columns  # type: ignore[union-attr]
    quote = "`" if "mysql" in source.text else '"'
    query = f"SELECT * FROM rendez_vous WHERE {quote}Nature{quote} LIKE 'R%' -- comme 100%;"  # noqa: S608 - the test's own
    some = read(source, _with(mapping, Appointments(query=query, columns=columns)), KEY)

    kinds = {visit.kind for dossier in some.dossiers for visit in dossier.appointments}
    assert kinds
    assert all(kind.startswith("R") for kind in kinds)


@every_database
@pytest.mark.parametrize("query", ["DELETE FROM fees", "  drop table patients", "/* select */ UPDATE x SET y = 1"])
def test_a_query_that_would_write_is_refused(source: Location, query: str) -> None:
    mapping = default_mapping()
    with pytest.raises(MappingError, match="ne commence ni par SELECT ni par WITH"):
        read(
            source,
            _with(mapping, Appointments(query=query, columns=mapping.appointments.columns)),  # type: ignore[union-attr]
            KEY,
        )


def test_a_query_that_does_a_second_thing_is_refused() -> None:
    """PostgreSQL's COPY … TO PROGRAM would run even where nothing may be written."""
    with pytest.raises(MappingError, match="point-virgule"):
        query_of("rendez_vous", "SELECT 1; COPY (SELECT 1) TO PROGRAM 'calc'")
    assert query_of("rendez_vous", " SELECT 1 ; ") == "SELECT 1"


@pytest.mark.parametrize("source", ["postgresql", "odbc-postgresql"], indirect=True)
def test_even_a_query_that_hides_its_writing_writes_nothing(source: Location) -> None:
    mapping = default_mapping()
    sly = Appointments(
        query="WITH gone AS (DELETE FROM rendez_vous RETURNING *) SELECT * FROM gone",
        columns=mapping.appointments.columns,  # type: ignore[union-attr]
    )
    with pytest.raises(SourceError, match="refuse la requête"):
        read(source, _with(mapping, sly), KEY)
    assert dossiers(source)


def _with(mapping: Mapping, visits: Appointments) -> Mapping:
    return type(mapping)(
        version=mapping.version,
        patients=mapping.patients,
        addressees=mapping.addressees,
        appointments=visits,
    )

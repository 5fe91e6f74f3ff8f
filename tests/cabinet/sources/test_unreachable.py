"""Databases that cannot be read: another try helps where nobody answers, the settings where somebody refuses."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.errors import trouble_of
from cabinet.errors import SourceError, SourceNotReady
from cabinet.sources.location import Location
from cabinet.sources.opening import open_source
from tests.cabinet.sources.servers import (
    has_mariadb,
    has_odbc,
    has_postgresql,
    mariadb,
    odbc_address,
    postgresql,
)

ODBC = "PostgreSQL Unicode"
needs_postgresql = pytest.mark.skipif(not has_postgresql(), reason="PostgreSQL is not installed")
needs_odbc = pytest.mark.skipif(not has_odbc(ODBC), reason="PostgreSQL's ODBC driver is not installed")
needs_mariadb = pytest.mark.skipif(not has_mariadb(), reason="MariaDB is not installed")


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with postgresql() as address:
        yield address


@pytest.fixture(scope="module")
def maria() -> Iterator[str]:
    with mariadb() as address:
        yield address


def refusal(address: str, password: str = "") -> SourceError:
    with pytest.raises(SourceError) as refused:
        open_source(Location(address, password))
    return refused.value


def require_settings(error: SourceError, said: str) -> None:
    assert not isinstance(error, SourceNotReady)
    assert trouble_of(error).section == "source"
    assert error.what.startswith("La base de données du cabinet ")
    assert error.what.endswith(").")
    assert " ne peut pas être lue (" in error.what
    assert said in error.what
    assert error.todo == "Vérifiez l’adresse, le compte et le mot de passe, puis réessayez."


def require_another_try(error: SourceError) -> None:
    assert isinstance(error, SourceNotReady)
    assert trouble_of(error).section == ""
    assert " ne répond pas (" in error.what
    assert error.todo == "Vérifiez que son serveur est allumé et que l’adresse est juste, puis réessayez."


@needs_postgresql
def test_postgresql_that_lets_nobody_in_is_a_matter_of_settings(postgres: str) -> None:
    require_settings(refusal(postgres.replace("lecture@", "inconnu@")), "inconnu")
    require_settings(refusal(postgres.replace("/postgres", "/absente")), "absente")


@needs_postgresql
@needs_odbc
def test_the_same_through_odbc(postgres: str) -> None:
    require_settings(refusal(odbc_address(ODBC, postgres.replace("lecture@", "inconnu@"))), "inconnu")


@needs_mariadb
def test_mariadb_that_lets_nobody_in_is_a_matter_of_settings(maria: str) -> None:
    require_settings(refusal(maria, "faux"), "Access denied")
    require_settings(refusal(maria.replace("/cabinet", "/absente")), "absente")


@pytest.mark.parametrize("scheme", ["postgresql", "mariadb"])
def test_a_server_that_is_off_is_tried_again(scheme: str) -> None:
    require_another_try(refusal(f"{scheme}://lecture@127.0.0.1:1/cabinet"))


@needs_odbc
def test_a_server_that_is_off_is_tried_again_through_odbc_too() -> None:
    require_another_try(refusal(odbc_address(ODBC, "postgresql://lecture@127.0.0.1:1/cabinet")))


@needs_postgresql
def test_a_server_that_stops_meanwhile_is_tried_again(postgres: str) -> None:
    with closing(open_source(Location(postgres))) as source:
        with closing(open_source(Location(postgres))) as other:
            stop = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            list(other.table("patients", query=f"{stop} AND backend_type = 'client backend'").rows())
        with pytest.raises(SourceError) as refused:
            source.tables()
    require_another_try(refused.value)


def test_a_file_that_another_program_keeps_to_itself_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cabinet.sources.database.CONNECT_SECONDS", 0)
    path = tmp_path / "cabinet.db"
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as owner,
        closing(open_source(Location(f"sqlite:///{path}"))) as source,
    ):
        owner.execute("CREATE TABLE patients (nom TEXT)")
        owner.execute("BEGIN EXCLUSIVE")
        with pytest.raises(SourceError) as refused:
            source.tables()
    require_another_try(refused.value)

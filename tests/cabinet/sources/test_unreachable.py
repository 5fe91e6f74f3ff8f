"""Databases that cannot be read: another try helps where nobody answers, the settings where somebody refuses."""

import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import psycopg
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


@needs_postgresql
def test_postgresql_that_has_no_room_is_tried_again(postgres: str) -> None:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE ROLE plein LOGIN CONNECTION LIMIT 0")
    require_another_try(refusal(postgres.replace("lecture@", "plein@")))
    if has_odbc(ODBC):
        require_another_try(refusal(odbc_address(ODBC, postgres.replace("lecture@", "plein@"))))


@pytest.mark.parametrize(
    "words",
    [
        "the database system is starting up",
        "the database system is shutting down",
        "the database system is in recovery mode",
        "sorry, too many clients already",
        "remaining connection slots are reserved for roles with the SUPERUSER attribute",
        "le système de bases de données se lance",
        "le système de base de données s'arrête",
        "désolé, trop de clients sont déjà connectés",
        "trop de connexions pour la base de données « cabinet »",
        "les emplacements de connexions restants sont réservés pour les connexions\nsuperutilisateur",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_server_that_starts_or_is_full_is_tried_again(words: str, encoding: str) -> None:
    with closing(refusing_server(words.encode(encoding))) as server:
        require_another_try(refusal(f"postgresql://lecture@127.0.0.1:{server.getsockname()[1]}/cabinet"))


def test_a_database_of_such_a_name_is_a_matter_of_settings() -> None:
    with closing(refusing_server(b'database "the database system is down" does not exist')) as server:
        require_settings(refusal(f"postgresql://lecture@127.0.0.1:{server.getsockname()[1]}/cabinet"), "not exist")


def refusing_server(words: bytes) -> socket.socket:
    """Speaks PostgreSQL's protocol as far as it takes to turn everybody away with these words."""
    server = socket.create_server(("127.0.0.1", 0))

    def refuse() -> None:
        with suppress(OSError):
            while True:
                with server.accept()[0] as line:
                    # A request for encryption has eight bytes; the one to begin is longer.
                    while len(line.recv(4096)) == 8:
                        line.sendall(b"N")
                    fields = b"SFATAL\0VFATAL\0C57P03\0M" + words + b"\0\0"
                    line.sendall(b"E" + (len(fields) + 4).to_bytes(4) + fields)

    threading.Thread(target=refuse, daemon=True).start()
    return server


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

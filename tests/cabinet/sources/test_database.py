"""Databases that do not answer as they should: a sentence, no password, nothing written."""

import socket
import sqlite3
import threading
from pathlib import Path

import pytest

from cabinet.errors import MappingError, SourceError, SourceNotReady
from cabinet.sources import database
from cabinet.sources.database import Database
from cabinet.sources.location import Location
from cabinet.sources.opening import open_source


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cabinet.db"
    with sqlite3.connect(path) as connection:
        connection.execute('CREATE TABLE patients ("N°" TEXT, nom TEXT)')
        connection.executemany("INSERT INTO patients VALUES (?, ?)", [("00042", "N'DIAYE"), ("5312", None)])
    connection.close()
    return path


def test_a_database_is_recognised_by_its_address() -> None:
    assert Location("postgresql://lecture@serveur/cabinet").is_database
    assert Location("mssql+pyodbc://lecture@serveur/cabinet").is_database
    assert not Location("C:\\export").is_database
    assert not Location("/srv/export").is_database


def test_rows_are_counted_as_in_a_file_with_a_header(file: Path) -> None:
    source = open_source(Location(f"sqlite:///{file}"))
    table = source.table("patients.csv")
    assert table.header == ("N°", "nom")
    assert [(row, table.line_of(row)) for row in table.rows()] == [(["00042", "N'DIAYE"], 2), (["5312", ""], 3)]
    source.close()


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    absent = tmp_path / "absent.db"
    with pytest.raises(SourceError, match="ne peut pas être lue"):
        Database(f"sqlite:///{absent}")
    assert not absent.exists()


def test_what_was_not_read_to_the_end_can_be_closed(file: Path) -> None:
    source = Database(f"sqlite:///{file}")
    next(iter(source.table("patients").rows()))
    source.close()
    with sqlite3.connect(file) as connection:
        connection.execute("DELETE FROM patients")
    connection.close()


def test_a_name_is_quoted_and_never_run(file: Path) -> None:
    source = Database(f"sqlite:///{file}")
    with pytest.raises(SourceError, match="refuse la requête"):
        source.table('patients"; DROP TABLE patients; --')
    assert len(list(source.table("patients").rows())) == 2
    source.close()


def test_nothing_can_be_written_even_by_a_query_that_begins_like_a_reading(file: Path) -> None:
    source = Database(f"sqlite:///{file}")
    with pytest.raises(SourceError):
        list(source.table("x", query="WITH a AS (SELECT 1) DELETE FROM patients RETURNING *").rows())
    source.close()


def test_a_pattern_is_for_files(file: Path) -> None:
    source = Database(f"sqlite:///{file}")
    with pytest.raises(MappingError, match="une table a un seul nom"):
        source.names("rdv_*")
    source.close()


def test_a_password_in_the_address_is_refused_before_it_is_used() -> None:
    with pytest.raises(SourceError) as refused:
        Database("postgresql://lecture:secret@127.0.0.1:1/cabinet")
    assert "secret" not in str(refused.value)
    assert "trousseau" in refused.value.todo


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://lecture@127.0.0.1:1/cabinet?password=mimosa",
        "mysql://lecture@127.0.0.1:1/cabinet?passwd=mimosa",
        "mssql+pyodbc://lecture@127.0.0.1:1/cabinet?driver=x&PWD=mimosa",
        "mssql+pyodbc:///?odbc_connect=Driver%3Dx%3BUID%3Dlecture%3B%20pwd%20%3Dmimosa",
    ],
)
def test_a_password_at_the_end_of_the_address_is_refused_too(address: str) -> None:
    with pytest.raises(SourceError, match="contient un mot de passe") as refused:
        Database(address)
    assert "mimosa" not in str(refused.value)


def test_a_password_shows_nowhere() -> None:
    location = Location("postgresql://lecture@127.0.0.1:1/cabinet", "secret")
    assert "secret" not in repr(location)
    with pytest.raises(SourceError) as refused:
        open_source(location)
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.what.startswith(
        "La base de données du cabinet postgresql://lecture@127.0.0.1:1/cabinet ne répond pas"
    )


@pytest.mark.parametrize("address", ["postgresql://", "postgresql://lecture@serveur:port/x", "://"])
def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(SourceError):
        Database(address)


def test_a_driver_that_is_not_installed_is_told() -> None:
    with pytest.raises(SourceError, match="Le pilote de la base de données"):
        Database("oracle+cx_oracle://lecture@serveur/cabinet")


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
def test_a_server_that_hangs_is_given_up(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "CONNECT_SECONDS", 2)
    monkeypatch.setattr(database, "ANSWER_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        accepted: list[socket.socket] = []
        threading.Thread(target=lambda: accepted.append(silent.accept()[0]), daemon=True).start()
        with pytest.raises(SourceNotReady, match="ne répond pas"):
            Database(f"{scheme}://lecture@127.0.0.1:{port}/cabinet")
    for client in accepted:
        client.close()

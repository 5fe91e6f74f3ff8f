"""What only ODBC does: no driver, no pyodbc, a password, an Access file."""

import builtins
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cabinet.errors import SourceError
from cabinet.sources.location import Location
from cabinet.sources.opening import open_source
from tests.cabinet.sources.servers import has_odbc

needs_driver = pytest.mark.skipif(
    not has_odbc("SQLite3"), reason="pyodbc, or the ODBC driver SQLite3, is not installed"
)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "cabinet.db"
    with closing(sqlite3.connect(path)) as line:
        line.execute('CREATE TABLE "fichier patients" (numero TEXT, nom TEXT)')
        line.execute("""INSERT INTO "fichier patients" VALUES ('00042', 'MARTEL')""")
        line.commit()
    return path


def address(database: Path) -> Location:
    return Location(f"odbc://Driver={{SQLite3}};Database={database}", "mot}de;passe")


@needs_driver
def test_names_with_spaces_are_read_and_a_password_may_hold_any_sign(database: Path) -> None:
    with closing(open_source(address(database))) as source:
        assert source.tables() == ["fichier patients"]
        assert list(source.table("fichier patients").rows()) == [["00042", "MARTEL"]]


@needs_driver
def test_a_query_that_the_database_refuses_is_told(database: Path) -> None:
    with closing(open_source(address(database))) as source, pytest.raises(SourceError) as caught:
        source.table("patients", query="SELECT x FROM nowhere")
    assert caught.value.what.startswith("La base de données refuse la requête de «\u00a0patients\u00a0» (")
    assert "nowhere" in caught.value.what


@needs_driver
@pytest.mark.parametrize("text", ["odbc://Source-Absente", "odbc://Driver={Pilote absent};DBQ=x"])
def test_a_driver_or_a_source_that_is_not_installed_is_named(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        open_source(Location(text))
    assert caught.value.what == f"Le pilote ou la source ODBC de {text} n’est pas installé sur ce poste."


@needs_driver
def test_an_access_file_needs_only_its_path(tmp_path: Path) -> None:
    path = tmp_path / "Base.MDB"
    with pytest.raises(SourceError) as caught:
        open_source(Location(str(path)))
    assert caught.value.what == f"La base {path} n’existe pas."
    path.write_bytes(b"")
    with pytest.raises(SourceError) as caught:
        open_source(Location(str(path)))
    assert "Microsoft Access Driver" in caught.value.what
    assert "n’est pas installé" in caught.value.what


def test_a_password_in_the_address_is_refused() -> None:
    with pytest.raises(SourceError) as caught:
        open_source(Location("odbc://DSN=Cabinet;PWD=secret-inventé"))
    assert caught.value.what == "L’adresse de la base de données contient un mot de passe."
    assert "secret-inventé" not in str(caught.value)


@pytest.fixture
def without_pyodbc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    real = builtins.__import__

    def refusing(name: str, *rest: object) -> object:
        if name == "pyodbc":
            raise ImportError(name)
        return real(name, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(builtins, "__import__", refusing)
        yield


@pytest.mark.usefixtures("without_pyodbc")
def test_without_pyodbc_it_says_what_to_install() -> None:
    with pytest.raises(SourceError) as caught:
        open_source(Location("odbc://Cabinet"))
    assert caught.value.what == "Cette base de données se lit par ODBC, et ce poste n’a pas encore ce qu’il faut."
    assert "webortho[odbc]" in caught.value.todo

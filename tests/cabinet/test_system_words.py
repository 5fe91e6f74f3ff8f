"""What the system says in English or in its own way is said in French."""

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cabinet.errors import MappingError
from cabinet.mapping import load_mapping
from cabinet.system_words import why


def test_what_the_system_says_of_a_file_is_said_in_french(tmp_path: Path) -> None:
    with pytest.raises(MappingError) as absent:
        load_mapping(tmp_path / "mapping.toml")
    assert absent.value.what.endswith("mapping.toml ne peut pas être lu (ce chemin n’existe pas).")
    with pytest.raises(MappingError, match="c’est un dossier" if os.name == "posix" else "l’accès est refusé"):
        load_mapping(tmp_path)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "le disque est plein"),
        (errno.EROFS, "le disque est protégé en écriture"),
        (errno.EACCES, "l’accès est refusé"),
        (errno.EEXIST, "un fichier porte déjà ce nom"),
    ],
)
def test_each_usual_reason_has_its_words(number: int, words: str) -> None:
    assert why(OSError(number, os.strerror(number))) == words


def test_what_has_no_words_is_said_as_the_system_says_it() -> None:
    assert why(OSError(errno.ELOOP, "Too many levels")) == "Too many levels"
    assert why(OSError()) == "le système le refuse"


def test_a_database_s_reasons_have_theirs(tmp_path: Path) -> None:
    (tmp_path / "abîmé").write_bytes(b"x" * 4096)
    with closing(sqlite3.connect(tmp_path / "abîmé")) as connection, pytest.raises(sqlite3.Error) as damaged:
        connection.execute("SELECT * FROM run")
    assert why(damaged.value) == "il est abîmé"
    with closing(sqlite3.connect(tmp_path / "plein")) as connection:
        connection.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.Error) as full:
            connection.execute("CREATE TABLE run (id)")
    assert why(full.value) == "le disque est plein"

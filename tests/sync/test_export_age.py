"""An export that nobody writes any more is told of; copies, clocks and weekly exports are not taken for one."""

import datetime as dt
import os
import sqlite3
from pathlib import Path

import pytest

from cabinet.mapping import Mapping, default_mapping, parse_mapping
from cabinet.problems import Problem
from cabinet.sources.location import Location
from sync.export_age import stale_export

PARIS = dt.timezone(dt.timedelta(hours=1))
NOW = dt.datetime.now(PARIS)
DATED = parse_mapping(
    """
version = 1
[patients]
file = "patients_*.csv"
columns = { number = "N°", last_name = "Nom", first_name = "Prénom" }
""",
    "mapping.toml",
)


def found(source: Path | str, later: float, mapping: Mapping = DATED) -> list[Problem]:
    """What is told so many days after this moment, which is when the tests' files came to their place."""
    return list(stale_export(Location(str(source)), mapping, NOW + dt.timedelta(days=later)))


def written(path: Path, ago: float) -> None:
    """Say that the file was written so many days ago."""
    path.write_text("a;b\n")
    at = (NOW - dt.timedelta(days=ago)).timestamp()
    os.utime(path, (at, at))


def test_an_export_of_nine_days_ago_is_told_of_with_since_when_and_what_to_do(tmp_path: Path) -> None:
    written(tmp_path / "patients_20261123.csv", 0)
    assert found(tmp_path, 7.9) == []
    [problem] = found(tmp_path, 9)
    assert problem.sentence == (
        f"L’export n’a pas été réécrit depuis le {NOW:%d/%m/%Y}\u00a0: le portail montre les données de ce jour-là. "
        "Vérifiez que le logiciel du cabinet le refait encore, et au même endroit. Si le cabinet est fermé depuis, il "
        "n’y a rien à faire."
    )
    assert (problem.code, problem.place.file) == ("stale-export", "patients_*.csv")


def test_a_copy_with_its_old_time_came_now(tmp_path: Path) -> None:
    written(tmp_path / "patients_1.csv", 400)
    assert found(tmp_path, 0) == []
    assert found(tmp_path, 9) != []


@pytest.mark.parametrize("ahead", [0.01, 3650])
def test_a_time_to_come_does_not_silence_for_ever(tmp_path: Path, ahead: float) -> None:
    written(tmp_path / "patients_1.csv", -ahead)
    assert found(tmp_path, 9) != []


def test_where_all_times_are_to_come_nothing_is_said(tmp_path: Path) -> None:
    written(tmp_path / "patients_1.csv", 0)
    assert found(tmp_path, -30) == []
    assert found(tmp_path, -0.01) == []


def test_the_newest_file_counts_and_what_is_not_read_does_not(tmp_path: Path) -> None:
    written(tmp_path / "patients_1.csv", 0)
    later = (NOW + dt.timedelta(days=5)).timestamp()
    (tmp_path / "journal.log").touch()
    os.utime(tmp_path / "journal.log", (later, later))
    assert found(tmp_path, 9) != []
    (tmp_path / "patients_2.csv").touch()
    os.utime(tmp_path / "patients_2.csv", (later, later))
    assert found(tmp_path, 9) == []


def test_a_workbook_and_a_file_of_sqlite_are_looked_at_and_a_server_is_not(tmp_path: Path) -> None:
    book = tmp_path / "export.xlsx"
    written(book, 0)
    assert found(book, 9)[0].place.file == "export.xlsx"
    base = tmp_path / "cabinet.db"
    with sqlite3.connect(base) as connection:
        connection.execute("CREATE TABLE patients (n)")
    connection.close()
    assert found(f"sqlite:///{base}", 9)[0].place.file == "cabinet.db"
    assert found("postgresql://somewhere/cabinet", 9) == []


def test_what_sqlite_keeps_beside_its_file_counts_unless_it_is_empty(tmp_path: Path) -> None:
    base, aside = tmp_path / "cabinet.db", tmp_path / "cabinet.db-wal"
    base.touch()
    later = (NOW + dt.timedelta(days=5)).timestamp()
    aside.touch()
    os.utime(aside, (later, later))
    assert found(f"sqlite:///{base}", 9) != []
    aside.write_bytes(b"committed")
    os.utime(aside, (later, later))
    assert found(f"sqlite:///{base}", 9) == []


def test_what_is_not_there_is_the_readings_to_tell(tmp_path: Path) -> None:
    assert found(tmp_path / "nowhere", 9, default_mapping()) == []
    assert found(tmp_path, 9) == []

"""Tables of the same columns: the years of one, copies of one, or another list of patients."""

import sqlite3
from pathlib import Path

import pytest

from cabinet.guessing.model import Topic
from cabinet.guessing.siblings import pattern_of
from tests.cabinet.guessing.exports import (
    PATIENTS,
    day,
    fields,
    guessed,
    part_of,
    people,
    read_through,
    table,
    who,
    write,
)

HEADER = "NUMPAT DATE ETAT"


def visits(year: str, states: tuple[str, ...] = ("honoré", "prévu")) -> str:
    rows = [(f"{100 + i}", f"{day(i)[:-4]}{year} 14:10", states[i % len(states)]) for i in PATIENTS]
    return table(HEADER, rows)


def test_years_are_read_as_one_table(tmp_path: Path) -> None:
    files = {"p.csv": people(), "rdv_2025.csv": visits("2025", ("1", "2")), "rdv_2026.csv": visits("2026", ("2", "3"))}
    found = guessed(write(tmp_path, files))
    part = part_of(found, "appointments")
    assert part.file == "rdv_*.csv"
    assert [question.topic for question in part.questions] == [Topic.TOGETHER]
    assert (
        "«\u00a0rdv_2025.csv\u00a0», «\u00a0rdv_2026.csv\u00a0» ont les mêmes colonnes et sont lus ensemble"
        in found.text
    )
    status = part.match("status")
    assert status is not None
    assert status.undecided == ("1", "2", "3"), "the states of all years"
    assert read_through(found, tmp_path).counts.patients == len(PATIENTS)


def test_copies_are_not_read_twice(tmp_path: Path) -> None:
    files = {"p.csv": people(), "rdv_20261120.csv": visits("2026"), "rdv_20261121.csv": visits("2026")}
    found = guessed(write(tmp_path, files))
    assert part_of(found, "appointments").file == "rdv_20261120.csv"
    assert 'Pour tout lire, écrivez file = "rdv_*.csv".' in found.text


def test_files_whose_names_say_more_than_a_year_are_pointed_out(tmp_path: Path) -> None:
    files = {"p.csv": people(), "rdv_passes.csv": visits("2025"), "rdv_a_venir.csv": visits("2026")}
    found = guessed(write(tmp_path, files))
    assert part_of(found, "appointments").file in ("rdv_passes.csv", "rdv_a_venir.csv")
    assert 'file = "rdv_*.csv"' in found.text


def test_a_file_that_cannot_be_read_keeps_its_year_apart(tmp_path: Path) -> None:
    """Its columns are not known: the pattern would read it as well."""
    files = {"p.csv": people(), "rdv_2025.csv": visits("2025"), "rdv_2026.csv": visits("2026")}
    folder = write(tmp_path, files)
    (folder / "rdv_2024.csv").write_bytes(b"")
    assert part_of(guessed(folder), "appointments").file == "rdv_2025.csv"


def test_the_tables_of_a_database_stay_apart(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "base.db") as base:
        base.execute("create table patients(numpat text, nom text, prenom text, datenaiss text)")
        base.executemany("insert into patients values(?,?,?,?)", [(f"{100 + i}", *who(i)) for i in PATIENTS])
        for year in (2025, 2026):
            base.execute(f"create table rdv_{year}(numpat text, date text)")
            base.executemany(
                f"insert into rdv_{year} values(?,?)",
                [(f"{100 + i}", f"{year}-03-{i + 1:02d} 14:10") for i in PATIENTS],
            )
    base.close()
    assert part_of(guessed(f"sqlite:///{tmp_path}/base.db"), "appointments").file == "rdv_2025"


@pytest.mark.parametrize("other", ["archives.csv", "p2.csv"])
def test_another_list_of_patients_is_none_of_addressees(other: str, tmp_path: Path) -> None:
    header = "NUMPAT NOM PRENOM DATENAISS MAIL MOBILE"
    rows = [(f"{100 + i}", *who(i), f"a{i}@example.fr", f"063998{1000 + i}") for i in PATIENTS]
    archived = [(f"{500 + i}", *who(i), f"a{i}@example.fr", f"063998{1000 + i}") for i in PATIENTS[:4]]
    found = guessed(write(tmp_path, {"p.csv": table(header, rows), other: table(header, archived)}))
    addressee = part_of(found, "addressees")
    assert (addressee.file, fields(found, "addressees")["email"]) == ("", "MAIL")


@pytest.mark.parametrize(
    ("column", "text"),
    [("MAIL", "a{}@example.fr"), ("ADRESSE", "{} rue Haute"), ("PORTABLE", "063998100{}"), ("SURNOM", "M{:c}")],
)
def test_nobody_is_known_by_what_others_may_share(column: str, text: str, tmp_path: Path) -> None:
    """An e-mail address that differs in each row is another child's as well, once the family has two."""
    header = f"NUMPAT NOM PRENOM DATENAISS {column}"
    rows = [(f"{100 + i}", *who(i), text.format(97 + i)) for i in PATIENTS]
    visits = [(text.format(97 + i), f"{day(i)} 14:10") for i in PATIENTS]
    found = guessed(write(tmp_path, {"p.csv": table(header, rows), "rdv.csv": table(f"{column} DATE", visits)}))
    assert [part.part for part in found.findings.parts] == ["patients", "addressees"]


@pytest.mark.parametrize(
    ("files", "others", "pattern"),
    [
        (("rdv_2024.csv", "rdv_2025.csv"), (), "rdv_*.csv"),
        (("rdv_2024.csv", "rdv_2025.csv"), ("rdv_types.csv",), ""),
        (("2024.csv", "2025.csv"), (), ""),
    ],
)
def test_a_pattern_fits_its_files_alone(files: tuple[str, ...], others: tuple[str, ...], pattern: str) -> None:
    assert pattern_of(files, others) == pattern

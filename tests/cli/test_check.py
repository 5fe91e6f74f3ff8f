"""`webortho check`: what a person reads, what a program reads, and the exit codes."""

import contextlib
import csv
import datetime as dt
import json
import sqlite3
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from cabinet.demo import write_export
from cli.check import command

SYNTHEA = Path(__file__).parents[3] / "shared" / "data" / "synthea"


def check(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


@pytest.fixture
def export(tmp_path: Path) -> Path:
    write_export(tmp_path, reference=dt.date(2026, 11, 22), patients=20, photos=False)
    return tmp_path


def spoil(export: Path, rows: int) -> None:
    """Append appointments whose date nobody can read."""
    with (export / "rendez_vous.csv").open("a", encoding="cp1252", newline="") as file:
        file.writelines(f"5312;le {row};RVC;20;CC;honoré\r\n" for row in range(rows))


def test_an_export_without_problems_is_told_in_words(export: Path) -> None:
    result = check("--source", export)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"Export lu\u00a0: {export} (")
    assert "  Patients              20" in lines
    assert any(line.startswith("  patients.csv") and "cp1252 (Windows), point-virgule" in line for line in lines)
    assert lines[-1] == "Aucun problème."


def test_thousands_of_identical_problems_read_as_one(export: Path) -> None:
    first = len((export / "rendez_vous.csv").read_bytes().splitlines()) + 1
    spoil(export, 10_000)
    lines = check("--source", export).stdout.splitlines()
    assert lines[-4:] == [
        "10\u00a0000\u00a0problèmes\u00a0:",
        "",
        (
            f"  10\u00a0000\u00a0lignes refusées (rendez_vous.csv, lignes {first}, {first + 1}, {first + 2} "
            "et 9\u00a0997\u00a0autres, colonne «\u00a0Date et heure\u00a0»)"
        ),
        (
            "    Par exemple\u00a0: «\u00a0le 0\u00a0» (date et heure) n’est pas une date reconnue\u00a0: la ligne "
            "n’est pas publiée. Corrigez-la dans le logiciel du cabinet."
        ),
    ]


def test_the_json_form_is_one_object(export: Path) -> None:
    spoil(export, 5)
    result = check("--source", export, "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["status"] == "done"
    assert document["counts"]["patients"] == 20
    assert {found["file"]: found["encoding"] for found in document["formats"]}["patients.csv"] == "cp1252 (Windows)"
    [problem] = document["problems"]
    assert (problem["code"], problem["severity"], problem["count"], len(problem["places"])) == (
        "unreadable-date",
        "error",
        5,
        3,
    )
    assert problem["places"][0]["column"] == "Date et heure"
    assert document["timings"]["read"] >= 0


def test_the_same_data_have_the_same_root_whatever_they_are_kept_in(export: Path, tmp_path: Path) -> None:
    def root(source: Path) -> str:
        return str(json.loads(check("--source", source, "--json").stdout)["root"])

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for file in export.glob("*.csv"):
        sheet = book.create_sheet(file.stem)
        for row in csv.reader(file.read_text(encoding="cp1252").splitlines(), delimiter=";"):
            sheet.append(row)
    book.save(tmp_path / "export.xlsx")
    before = root(export)
    assert root(tmp_path / "export.xlsx") == before
    spoil(export, 1)
    assert root(export) == before, "what is refused is no part of it"
    with (export / "rendez_vous.csv").open("a", encoding="cp1252", newline="") as visits:
        visits.write("5312;24/12/2030 10:00;RVC;20;CC;prévu\r\n")
    assert root(export) != before


def test_a_source_that_cannot_be_read_ends_with_2_and_a_sentence(tmp_path: Path) -> None:
    result = check("--source", tmp_path / "absent")
    assert result.exit_code == 2
    assert result.stderr == (
        f"Le dossier d’export {tmp_path / 'absent'} n’existe pas ou n’est pas un dossier. Vérifiez le chemin, et que "
        f"le "
        "partage réseau est accessible.\n"
    )


def test_a_database_is_checked_as_a_folder_is_and_asks_for_nothing_without_a_terminal(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "cabinet.db")) as database, database:
        database.execute('CREATE TABLE patients ("Num" TEXT)')
        database.execute("INSERT INTO patients VALUES ('00042')")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('version = 1\n[patients]\nfile = "patients"\ncolumns = { number = "Num" }\n', encoding="utf-8")
    result = check("--source", f"sqlite:///{tmp_path / 'cabinet.db'}", "--mapping", mapping, "--json")
    assert json.loads(result.stdout)["counts"]["patients"] == 1


def test_a_mapping_that_does_not_fit_ends_with_2_in_json_too(export: Path) -> None:
    mapping = export / "mapping.toml"
    mapping.write_text(
        'version = 1\n[patients]\nfile = "patients.csv"\ncolumns = { number = "Numéro" }\n', encoding="utf-8"
    )
    result = check("--source", export, "--mapping", mapping, "--json")
    assert result.exit_code == 2
    document = json.loads(result.stdout)
    assert (document["status"], document["exit_code"]) == ("error", 2)
    assert document["what"].startswith("La colonne «\u00a0Numéro\u00a0» manque dans le fichier patients.csv")


@pytest.mark.skipif(not SYNTHEA.is_dir(), reason="needs ../shared")
def test_foreign_data_is_checked_with_a_mapping_alone() -> None:
    mapping = Path(__file__).parents[1] / "data" / "synthea.toml"
    document = json.loads(check("--source", SYNTHEA, "--mapping", mapping, "--json").stdout)
    assert document["counts"] == {"patients": 59, "appointments": 2590, "instalments": 0, "fees": 4362}
    assert document["problems"] == []

"""Workbooks that are not as they should be: each says which sheet, and what to do."""

import datetime as dt
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cabinet.errors import MappingError, SourceError
from cabinet.sources.location import Location
from cabinet.sources.opening import open_source
from cabinet.sources.workbook import Workbook
from tests.cabinet.sources.bombs import ods_cell, ods_row, small_ods
from tests.cabinet.sources.typed_export import CALC, converted


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_sheet_is_found_whatever_its_case_and_read_below_its_blank_lines(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "cabinet.xlsx",
        Patients=[[], ["N° ", "Nom", None], [1, "MARTIN"], [None, None], [2, "DURAND"]],
    )
    table = open_source(Location(str(path))).table("patients.csv")

    assert table.header == ("N°", "Nom")
    assert [(list(row), table.line_of(row)) for row in table.rows()] == [(["1", "MARTIN"], 3), (["2", "DURAND"], 5)]
    assert table.name == "cabinet.xlsx, feuille Patients"


def test_a_title_above_the_header_is_passed_over_though_its_cells_are_merged(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Patients au 12/03/2026"],
        [],
        ["Cabinet de Dijon"],
        ["N°", "Nom", "Ville"],
        [1, "MARTIN", "Dijon"],
    ]
    path = workbook(tmp_path / "c.xlsx", p=rows, q=[["N°"], [1], [2]])
    book = openpyxl.load_workbook(path)
    book["p"].merge_cells("A1:C2")
    book.save(path)
    table = Workbook(path).table("p")
    assert table.header == ("N°", "Nom", "Ville")
    assert [(list(row), table.line_of(row)) for row in table.rows()] == [(["1", "MARTIN", "Dijon"], 5)]
    assert Workbook(path).table("q").header == ("N°",)


def test_a_wider_row_is_yielded_whole_so_that_it_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", p=[["N°", "Nom"], [1, "MARTIN", "trop"]])
    assert list(Workbook(path).table("p").rows()) == [["1", "MARTIN", "trop"]]


def test_all_sheets_that_fit_are_one_table(tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", rdv_2025=[["N°"]], rdv_2026=[["N°"]], patients=[["N°"]])
    assert list(Workbook(path).names("rdv_*.csv")) == ["rdv_2025", "rdv_2026"]
    with pytest.raises(SourceError, match=r"La feuille «\u00a0frais_\*\u00a0» manque"):
        Workbook(path).names("frais_*")


def test_a_missing_sheet_is_suggested(tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", rendez_vous=[["N°"]])
    with pytest.raises(SourceError) as refused:
        Workbook(path).table("rendez_vouz")
    assert str(refused.value) == (
        "La feuille «\u00a0rendez_vouz\u00a0» manque dans le classeur c.xlsx. "
        "Vouliez-vous dire «\u00a0rendez_vous\u00a0»\u00a0?"
    )


def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", p=[[], []])
    with pytest.raises(SourceError, match=r"c\.xlsx, feuille p est vide"):
        Workbook(path).table("p")


def test_a_query_asks_for_a_database(tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", p=[["N°"]])
    with pytest.raises(MappingError, match="la source est un classeur"):
        Workbook(path).table("p", query="SELECT 1")


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 cut"])
def test_a_damaged_workbook_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "abîmé.xlsx"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"Le classeur abîmé\.xlsx est abîmé, ou n’est pas un classeur"):
        Workbook(path)


def with_index_elsewhere(raw: bytes) -> bytes:
    """A byte of the place of the archive's list is another: entries seem to begin before the file does."""
    place = raw.rindex(b"PK\5\6") + 16
    where = int.from_bytes(raw[place : place + 4], "little") + 60_000
    return raw[:place] + where.to_bytes(4, "little") + raw[place + 4 :]


def packed_otherwise(raw: bytes) -> bytes:
    """Packed in a way that no spreadsheet uses, and damaged."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
        sheet = target.getinfo("xl/worksheets/sheet1.xml")
    damaged = bytearray(made.getvalue())
    middle = sheet.header_offset + 30 + len(sheet.filename) + sheet.compress_size // 2
    damaged[middle : middle + 20] = bytes(20)
    return bytes(damaged)


@pytest.mark.parametrize("damage", [with_index_elsewhere, packed_otherwise])
def test_a_workbook_whose_archive_is_damaged_is_told(damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", p=[["N°", "Nom"], *([n, "MARTIN"] for n in range(500))])
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(SourceError, match="est abîmé"):
        Workbook(path).table("p")


def test_an_ods_that_counts_in_letters_is_told(tmp_path: Path) -> None:
    path = small_ods(tmp_path / "c.ods", ods_row(ods_cell("1") + ods_cell("MARTIN")).replace('="1"', '="un"'))
    with pytest.raises(SourceError, match="est abîmé"):
        Workbook(path).table("p")


def test_a_truncated_workbook_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", p=[["N°", "Nom"], *([n, "MARTIN"] for n in range(500))])
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(SourceError, match="est abîmé"):
        Workbook(path).table("p")


def test_a_workbook_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="n’existe pas"):
        open_source(Location(str(tmp_path / "absent.ods")))


def test_a_file_that_is_no_workbook_is_no_source(tmp_path: Path) -> None:
    path = tmp_path / "patients.csv"
    path.write_text("N°;Nom\n")
    with pytest.raises(SourceError, match="est un fichier, et ce n’est pas un classeur"):
        open_source(Location(str(path)))


def test_dates_and_amounts_are_what_the_cells_mean_not_how_they_look(tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", p=[["a", "b", "c"], [dt.date(2026, 2, 1), 0.3, 1234.5]])
    assert list(Workbook(path).table("p").rows()) == [["2026-02-01", "0.3", "1234.5"]]


def test_formulas_that_failed_say_so_where_they_stand(tmp_path: Path) -> None:
    """Their reader gives them as empty cells, which would empty a patient without a word."""
    path = tmp_path / "c.xlsx"
    workbook(path, autre=[["N°"]], p=[["N°", "Nom"], *([n, "#N/A" if n % 9 == 0 else "MARTIN"] for n in range(30_000))])
    rows = list(Workbook(path).table("p").rows())
    assert [int(number) for number, name in rows if name == "#N/A"] == list(range(0, 30_000, 9))
    assert {name for _, name in rows} == {"MARTIN", "#N/A"}
    assert list(Workbook(path).table("autre").rows()) == []


def test_cells_that_are_merged_over_lines_are_refused_with_their_place(tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", p=[["N°", "Nom"], [1, "MARTIN"], [2, "DURAND"], [3, "PETIT"]])
    book = openpyxl.load_workbook(path)
    book["p"].merge_cells("A1:B1")
    book.save(path)
    assert len(list(Workbook(path).table("p").rows())) == 3  # a header's own are no row's
    book["p"].merge_cells("B2:B3")
    book.save(path)
    with pytest.raises(SourceError) as refused:
        Workbook(path).table("p")
    assert str(refused.value) == (
        "La feuille p du classeur c.xlsx contient des cellules fusionnées (colonne 2, lignes 2 à 3)\u00a0: seule la "
        "première est remplie. Annulez la fusion dans le tableur et remplissez chaque ligne, puis recommencez."
    )


@pytest.mark.skipif(not CALC.exists(), reason="LibreOffice Calc is not installed")
@pytest.mark.parametrize("form", ["ods", "xls"])
def test_the_same_of_workbooks_of_other_programs(form: str, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Patients", None, None],
        ["N°", "Nom", "Ville"],
        [1, "MARTIN", "Dijon"],
        [2, None, "Dijon"],
    ]
    path = workbook(tmp_path / "c.xlsx", p=rows, q=rows)
    book = openpyxl.load_workbook(path)
    book["p"].merge_cells("A1:C1")
    book["q"].merge_cells("B3:C4")
    book.save(path)
    read = Workbook(converted(path, form))
    assert list(read.table("p").rows()) == [["1", "MARTIN", "Dijon"], ["2", "", "Dijon"]]
    with pytest.raises(SourceError, match=r"cellules fusionnées \(colonne 2, lignes 3 à 4\)"):
        read.table("q")


@pytest.mark.parametrize("name", ["c.xlsb", "c.xlsx"])
def test_a_binary_workbook_is_told_whatever_it_is_called(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / name, "w") as packed:
        packed.writestr("xl/workbook.bin", b"\x83\x01\x00")
    with pytest.raises(SourceError) as refused:
        open_source(Location(str(tmp_path / name)))
    assert str(refused.value) == (
        f"Le classeur {name} est au format binaire d’Excel (.xlsb), que WebOrtho ne lit pas. Dans Excel, "
        "enregistrez-le comme «\u00a0Classeur Excel (.xlsx)\u00a0», puis recommencez."
    )

"""The export as a person sees it before anything is published."""

import datetime as dt
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.setup.preview import Preview
from app.setup.source import FIRST_ROWS, look
from cabinet.demo.export import write_export
from cabinet.errors import MappingError, SourceError


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    write_export(folder, reference=dt.date(2026, 1, 12), patients=12, photos=False)
    return folder


def test_the_first_rows_of_each_table_are_shown_as_patients_will_read_them(export: Path) -> None:
    seen = look(export, None)
    tables = {table.name: table for table in seen.tables}
    assert list(tables) == ["Patients", "Destinataires", "Rendez-vous", "Échéancier", "Honoraires", "Soldes"]
    assert all(len(table.rows) <= FIRST_ROWS for table in seen.tables)
    patients = tables["Patients"]
    assert (patients.count, len(patients.rows)) == (12, FIRST_ROWS)
    assert patients.columns[:4] == ("N° interne", "Civilité", "Nom", "Prénom")
    assert patients.rows[0][0] == "00042"
    first_visit = tables["Rendez-vous"].rows[0]
    assert first_visit[1].count("/") == 2
    assert "h" in first_visit[2]
    assert tables["Honoraires"].rows[0][3].endswith("\u00a0€")
    assert seen.problem_words == "Aucun problème"


def test_how_the_files_are_written_is_told(export: Path) -> None:
    words = look(export, None).formats
    assert words[0].startswith("patients.csv\u00a0: 12\u00a0lignes, cp1252 (Windows), point-virgule, dates jj/mm/aaaa")


@pytest.fixture
def one_refused_row(export: Path, tmp_path: Path) -> Path:
    """The export, with a patient who has lost their number."""
    for file in export.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    patients = tmp_path / "patients.csv"
    lines = patients.read_bytes().splitlines()
    lines[3] = b";" + lines[3].split(b";", 1)[1]
    patients.write_bytes(b"\r\n".join(lines) + b"\r\n")
    return tmp_path


def test_problems_are_grouped_and_counted(one_refused_row: Path) -> None:
    seen = look(one_refused_row, None)
    assert seen.problem_count > 0
    first = next(line for line in seen.problems if line.where.startswith("patients.csv"))
    assert first.count == "1\u00a0ligne non publiée"
    assert first.where == "patients.csv, ligne 4, colonne «\u00a0N° interne\u00a0»"


def test_problems_are_the_first_tab_and_without_any_there_is_none(
    export: Path, one_refused_row: Path, qtbot: QtBot
) -> None:
    preview = Preview()
    qtbot.addWidget(preview)
    preview.show_look(look(one_refused_row, None))
    assert preview.tabs.tabText(0).startswith("Problèmes (")
    assert preview.tabs.currentIndex() == 0
    preview.show_look(look(export, None))
    assert preview.tabs.tabText(0).startswith("Patients (")
    assert not any(preview.tabs.tabText(place).startswith("Problèmes") for place in range(preview.tabs.count()))


def test_what_cannot_be_read_is_an_error_with_its_sentence(tmp_path: Path, export: Path) -> None:
    with pytest.raises(SourceError):
        look(tmp_path / "absent", None)
    with pytest.raises(MappingError):
        look(export, tmp_path / "absent.toml")

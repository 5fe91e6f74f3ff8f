"""`webortho mapping guess`: what it writes, says and ends with."""

import datetime as dt
import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cabinet.demo.export import write_export
from cabinet.mapping import load_mapping
from cli.check import command as check
from cli.mapping import command


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("guess") / "export"
    write_export(folder, reference=dt.date(2026, 10, 6), patients=20, photos=False)
    return folder


def test_check_takes_the_written_mapping_at_once(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "mapping.toml"
    result = CliRunner().invoke(command, ["guess", "--source", str(folder), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "Mapping écrit" in result.output
    checked = CliRunner().invoke(check, ["--source", str(folder), "--mapping", str(out)])
    assert checked.exit_code == 0
    assert "Aucun problème." in checked.output


def test_a_mapping_that_is_there_already_is_kept(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "mapping.toml"
    out.write_text("mine", encoding="utf-8")
    result = CliRunner().invoke(command, ["guess", "--source", str(folder), "--out", str(out)])
    assert result.exit_code == 4
    assert "existe déjà" in result.output
    assert out.read_text(encoding="utf-8") == "mine"


def test_json_is_one_object_with_every_field(folder: Path) -> None:
    result = CliRunner().invoke(command, ["guess", "--source", str(folder), "--json"])
    document = json.loads(result.stdout)
    assert (document["status"], document["exit_code"], result.exit_code) == ("done", 0, 0)
    number = document["parts"][0]["columns"][0]
    assert (number["field"], number["columns"], number["level"]) == ("number", ["N° interne"], "sûr")
    assert document["mapping"].startswith("# Premier mapping")


def test_without_patients_a_sentence_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "stock.csv").write_text("REF;QTE\nA;1\n", encoding="utf-8")
    result = CliRunner().invoke(command, ["guess", "--source", str(tmp_path)])
    assert result.exit_code == 1
    assert "Aucune table" in result.stderr
    assert "# [patients]" in result.stdout


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["guess", "--source", str(tmp_path / "nowhere")])
    assert result.exit_code == 2


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_whose_name_is_no_text_is_to_be_renamed_and_the_mapping_can_be_read(
    folder: Path, tmp_path: Path
) -> None:
    export = tmp_path / "export"
    shutil.copytree(folder, export)
    (export / "echeances.csv").rename(export / os.fsdecode(b"\xe9cheances.csv"))
    pictures = export / os.fsdecode(b"identit\xe9")
    pictures.mkdir()
    (pictures / "4801.jpg").touch()
    out = tmp_path / "mapping.toml"
    result = CliRunner().invoke(command, ["guess", "--source", str(export), "--out", str(out)])
    assert result.exit_code == 0, result.output
    said = (
        "Le nom du fichier ?cheances.csv contient un signe que rien ne sait lire\u00a0: un mapping ne peut pas "
        "l’écrire. Renommez ce fichier, puis recommencez."
    )
    assert f"  - {said}" in result.output.splitlines()
    assert f"# À VÉRIFIER\u00a0: {said}" in out.read_text(encoding="utf-8").splitlines()
    found = load_mapping(out)
    assert (found.instalments, found.photos) == (None, None)


def test_what_two_parts_ask_of_one_table_is_asked_once(tmp_path: Path) -> None:
    patients = "".join(f"{n};NOM{n};Prénom{n};01/02/2012\n" for n in range(1, 9))
    lines = "".join(f"{n};{n:02}/10/26;{kind};Libellé;{n}50,00\n" for n in range(1, 9) for kind in ("ECH", "HON"))
    (tmp_path / "patients.csv").write_text(f"N° dossier;Nom;Prénom;Né(e) le\n{patients}", encoding="utf-8")
    (tmp_path / "compta.csv").write_text(
        f"N° dossier;Date d’échéance;Type;Intitulé;Montant dû\n{lines}", encoding="utf-8"
    )
    document = json.loads(CliRunner().invoke(command, ["guess", "--source", str(tmp_path), "--json"]).stdout)
    assert [part["part"] for part in document["parts"] if part["table"] == "compta.csv"] == ["instalments", "fees"]
    assert document["questions"]
    assert len(document["questions"]) == len(set(document["questions"]))

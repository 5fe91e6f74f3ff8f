"""`webortho merge docx`: a cabinet's own Word document on the command line."""

import json
import zipfile
from pathlib import Path

import docx
import pytest

from tests.cli.test_merge import cabinet, export, merge

__all__ = ["cabinet", "export"]


def template(folder: Path, *lines: str) -> Path:
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
    path = folder / "modele.docx"
    made.save(str(path))
    return path


def test_one_document_with_all_letters_and_a_report_of_the_fields(export: Path, cabinet: Path, tmp_path: Path) -> None:
    out = tmp_path / "lettres.docx"
    model = template(tmp_path, "@DCIVIL @DNOM", "@FAX", "Dossier @ORDRE")
    given = ("--source", export, "--cabinet-file", cabinet, "--template", model, "--out", out, "--one-file")
    result = merge("docx", *given, "--json")
    said = json.loads(result.stdout)
    assert (said["kind"], said["out"], said["never_filled"]) == ("docx", str(out), ["@FAX"])
    assert said["fields"] == ["@DCIVIL", "@DNOM", "@FAX", "@ORDRE"]
    read = docx.Document(str(out))
    assert said["written"] == len(read.sections) > 10
    assert "Dossier 5312" in [one.text for one in read.paragraphs]
    told = merge("docx", *given, "--only", "5312").stdout.replace("\u00a0", " ").splitlines()
    assert told == [f"1 lettre : {out}", "Sans valeur dans toutes les lettres : @FAX."]


def test_a_folder_with_one_letter_each(export: Path, cabinet: Path, tmp_path: Path) -> None:
    out = tmp_path / "lettres"
    given = ("--source", export, "--cabinet-file", cabinet, "--out", out, "--only", "5312")
    result = merge("docx", *given, "--template", template(tmp_path, "Dossier @ORDRE, @MDP"))
    assert result.exit_code == 0, result.output
    (path,) = out.iterdir()
    text = docx.Document(str(path)).paragraphs[0].text
    assert text == "Dossier 5312, date de naissance du patient (JJMMAAAA)"


def test_all_unknown_fields_are_listed_with_their_place(export: Path, cabinet: Path, tmp_path: Path) -> None:
    model = template(tmp_path, "Bonjour @DNOMM", "", "Le @RDV", "@PPREN")
    given = ("--source", export, "--cabinet-file", cabinet, "--out", tmp_path / "l")
    result = merge("docx", *given, "--template", model)
    assert result.exit_code == 4
    lines = result.stderr.replace("\u00a0", " ").splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("modele.docx, Texte, paragraphe 1 (« Bonjour @DNOMM ») : Le champ « @DNOMM »")
    assert lines[1].startswith("modele.docx, Texte, paragraphe 3")
    assert not (tmp_path / "l").exists()


def test_a_file_that_is_no_word_document_is_told(export: Path, cabinet: Path, tmp_path: Path) -> None:
    other = tmp_path / "modele.docx"
    other.write_text("Bonjour @DNOM")
    given = ("--source", export, "--cabinet-file", cabinet, "--out", tmp_path / "l")
    result = merge("docx", *given, "--template", other)
    assert result.exit_code == 4
    assert "n’est pas un document Word" in result.stderr


def test_the_letters_do_not_take_the_template_s_place(export: Path, cabinet: Path, tmp_path: Path) -> None:
    model = template(tmp_path, "Dossier @ORDRE")
    before = model.read_bytes()
    given = ("--source", export, "--cabinet-file", cabinet, "--template", model, "--only", "5312", "--one-file")
    result = merge("docx", *given, "--out", tmp_path / "." / model.name)
    assert result.exit_code == 4
    assert "--out est le modèle lui-même" in result.stderr
    assert model.read_bytes() == before


def test_a_document_without_fields_is_pointed_out(export: Path, cabinet: Path, tmp_path: Path) -> None:
    model = template(tmp_path, "Bonjour à tous")
    given = ("--source", export, "--cabinet-file", cabinet, "--out", tmp_path / "l.docx", "--one-file")
    said = merge("docx", *given, "--template", model).stdout.splitlines()[-1]
    assert said == "Ce document n’a aucun champ\u00a0: toutes les lettres sont pareilles."


def test_batches_in_a_zip_file(export: Path, cabinet: Path, tmp_path: Path) -> None:
    out = tmp_path / "lettres.zip"
    given = ("--source", export, "--cabinet-file", cabinet, "--out", out, "--template", template(tmp_path, "@ORDRE"))
    assert merge("docx", *given, "--only", "5312", "--batch", 5).exit_code == 0
    with zipfile.ZipFile(out) as archive:
        assert archive.namelist() == ["lot 01 sur 01.docx"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--index",), "Un document Word n’a ni index, ni versos blancs, ni tableau pour un routeur."),
        (("--one-file", "--batch", 5), "--one-file et --batch s’excluent."),
    ],
)
def test_options_that_do_not_go_together_are_told(
    export: Path, cabinet: Path, tmp_path: Path, options: tuple[object, ...], sentence: str
) -> None:
    given = ("--source", export, "--cabinet-file", cabinet, "--out", tmp_path / "l")
    result = merge("docx", *given, "--template", template(tmp_path, "@ORDRE"), *options)
    assert (result.exit_code, result.stderr.startswith(sentence)) == (4, True)
    assert not (tmp_path / "l").exists()

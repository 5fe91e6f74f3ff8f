"""One PDF, one each, batches, what a mail house takes: the same letters, whole, in order, and the same bytes."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

from merge.letters.model import Letterhead, LetterSet, LetterTemplate, Paragraph, Run
from merge.letters.output.binding import Binding, BindingError, Form
from merge.letters.output.writing import write_letters
from merge.letters.whole_file import OutputError
from merge.record import IssuedSecret, MergeRecord
from tests.merge.conftest import make_dossier, make_record
from tests.merge.letters.conftest import CABINET, Pages, need

FORMS = {
    "one": Binding(duplex=True, index=True),
    "each": Binding(Form.EACH, index=True),
    "batches": Binding(Form.BATCHES, batch_pages=2, index=True),
    "mail house": Binding(Form.BATCHES, batch_pages=4, duplex=True, mail_house=True),
}


def family(index: int, **addressee: str) -> MergeRecord:
    """The last name of the patient tells which letter it is."""
    return make_record(
        patient={"number": str(100 + index), "last_name": f"PATIENT{index}", "first_name": "Léa"},
        addressee={"last_name": f"ESSAI{index}", **addressee},
        cabinet=CABINET,
        secret=IssuedSecret("5312apo", f"https://www.webortho.fr/a/dijon21/{index:024}", f"h{index}"),
    )


def written(path: Path, binding: Binding, letters: LetterSet, count: int = 5) -> Path:
    assert write_letters(map(family, range(count)), letters, path, binding=binding).letters == count
    return path


def pages_of(path: Path) -> list[str]:
    """Who is on each page: « 3 », "" for a blank one, « index »."""
    need("pdftotext")
    found = []
    with pikepdf.open(path) as pdf:
        count = len(pdf.pages)
    for page in range(1, count + 1):
        text = Pages(path).text(page)
        who = re.search(r"Léa\s+PATIENT(\d+)", text)
        found.append("index" if "Index des destinataires" in text else who[1] if who else "")
    return found


def rows_of(table: bytes) -> list[dict[str, str]]:
    assert table.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_on_both_sides_every_letter_and_the_index_begin_on_a_front(letters: LetterSet, tmp_path: Path) -> None:
    path = written(tmp_path / "l.pdf", Binding(duplex=True, index=True), letters, 3)
    assert pages_of(path) == ["0", "", "1", "", "2", "", "index"]


def test_a_letter_of_two_pages_needs_no_blank_back(tmp_path: Path) -> None:
    words = "Le traitement se suit au cabinet, rendez-vous après rendez-vous. " * 30
    short = (Paragraph((Run("Bonjour,"),)),)
    long = (*short, *(Paragraph((Run(words),)) for _ in range(2)))
    child, adult = (LetterTemplate("Essai", Letterhead("@TITRE"), "le @DATE", blocks) for blocks in (short, long))
    both = LetterSet(child, adult)
    records = [family(0), to_patient(1), family(2), to_patient(3)]
    write_letters(records, both, tmp_path / "l.pdf", binding=Binding(duplex=True, index=True))
    write_letters(records, both, tmp_path / "lots", binding=Binding(Form.BATCHES, batch_pages=3))

    assert len_of(tmp_path / "l.pdf") == 2 + 2 + 2 + 2 + 1
    need("pdftotext")
    index = Pages(tmp_path / "l.pdf").lines(9)
    assert [line.split()[-1] for line in index[2:6]] == ["1", "5", "3", "7"]
    assert [len_of(lot) for lot in sorted((tmp_path / "lots").iterdir())] == [3, 3]


def to_patient(index: int) -> MergeRecord:
    return family(index, last_name=f"PATIENT{index}", first_name="Léa")


def len_of(path: Path) -> int:
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


def test_a_household_s_letter_is_listed_for_each_child(letters: LetterSet, tmp_path: Path) -> None:
    one = family(0)
    children = tuple(make_dossier(number, name) for number, name in (("1", "Lina"), ("2", "Hugo")))
    secrets = tuple(IssuedSecret("a", f"https://www.webortho.fr/a/{index}") for index in range(2))
    home = replace(one, dossier=children[0], secret=secrets[0], children=children, child_secrets=secrets)
    write_letters([home], letters, tmp_path / "z", binding=Binding(Form.EACH, index=True, mail_house=True))

    (row,) = rows_of((tmp_path / "z" / "destinataires.csv").read_bytes())
    assert row["N° patient"] == home.numbers
    lines = Pages(tmp_path / "z" / "index.pdf").lines()[2:4]
    assert [line.split()[-5] for line in lines] == ["Hugo", "Lina"]


def test_the_index_tells_the_page_of_each_by_name(letters: LetterSet, tmp_path: Path) -> None:
    path = tmp_path / "l.pdf"
    names = ["ZOLA", "D’ALMEIDA", "MARTINEZ", "MARTIN"]
    records = [family(index, last_name=name, city="Chenôve") for index, name in enumerate(names)]
    write_letters(records, letters, path, binding=Binding(index=True))

    need("pdftotext")
    assert Pages(path).lines(5)[2:6] == [
        "D’ALMEIDA Jeanne PATIENT1 Léa 101 21000 Chenôve 2",
        "MARTIN Jeanne PATIENT3 Léa 103 21000 Chenôve 4",
        "MARTINEZ Jeanne PATIENT2 Léa 102 21000 Chenôve 3",
        "ZOLA Jeanne PATIENT0 Léa 100 21000 Chenôve 1",
    ]
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        assert outline.root[-1].title == "Index des destinataires"


def test_a_long_index_says_its_pages_and_cuts_no_line(letters: LetterSet, tmp_path: Path) -> None:
    path = tmp_path / "l.pdf"
    records = [family(index, last_name="LONG" * 7, civility="", city="W" * 18) for index in range(50)]
    write_letters(records, letters, path, binding=Binding(index=True))

    need("pdftotext")
    assert [Pages(path).lines(page)[-1] for page in (51, 52)] == ["1/2", "2/2"]
    words = [word for word in Pages(path).words(51) if word.top > 35]
    rows = {round(word.bottom, 1) for word in words}
    for row in rows:
        line = sorted((word for word in words if round(word.bottom, 1) == row), key=lambda word: word.left)
        assert all(before.right <= after.left + 0.1 for before, after in pairwise(line))


def test_one_file_each_sorts_as_the_letters_do(letters: LetterSet, tmp_path: Path) -> None:
    folder = written(tmp_path / "lettres", Binding(Form.EACH, index=True), letters, 3)
    names = sorted(file.name for file in folder.iterdir())

    assert names == [
        "0001 100 PATIENT0 Lea.pdf",
        "0002 101 PATIENT1 Lea.pdf",
        "0003 102 PATIENT2 Lea.pdf",
        "index.pdf",
    ]
    assert [pages_of(folder / name) for name in names[:3]] == [["0"], ["1"], ["2"]]
    assert [line.split()[-1] for line in Pages(folder / "index.pdf").lines()[2:5]] == ["0001", "0002", "0003"]
    assert all(file.stat().st_mode & 0o077 == 0 for file in (folder, *folder.iterdir()))


def test_batches_never_cut_a_letter_and_count_their_blank_backs(letters: LetterSet, tmp_path: Path) -> None:
    plain = written(tmp_path / "plain", Binding(Form.BATCHES, batch_pages=2, index=True), letters)
    duplex = written(tmp_path / "duplex", Binding(Form.BATCHES, batch_pages=4, duplex=True), letters)

    lots = [f"lot 0{place} sur 03.pdf" for place in (1, 2, 3)]
    assert sorted(file.name for file in plain.iterdir()) == ["index.pdf", *lots]
    assert [pages_of(plain / lot) for lot in lots] == [["0", "1"], ["2", "3"], ["4"]]
    assert [pages_of(duplex / lot) for lot in lots] == [["0", "", "1"], ["2", "", "3"], ["4"]]
    assert Pages(plain / "index.pdf").lines()[4].endswith(" 02, 1")


def test_a_letter_longer_than_a_batch_is_one_of_its_own(letters: LetterSet, tmp_path: Path) -> None:
    folder = written(tmp_path / "lots", Binding(Form.BATCHES, batch_pages=1, duplex=True), letters, 2)
    assert sorted(file.name for file in folder.iterdir()) == ["lot 01 sur 02.pdf", "lot 02 sur 02.pdf"]


def test_batches_have_a_length() -> None:
    with pytest.raises(BindingError, match="Un lot a au moins une page"):
        Binding(Form.BATCHES)


def test_the_mail_house_s_table_is_exactly_what_the_pdfs_hold(letters: LetterSet, tmp_path: Path) -> None:
    path = tmp_path / "routeur.zip"
    abroad = family(2, address_2="Bât. B", postcode="1201", city="Genève (Suisse)")
    hostile = family(3, last_name="=cmd|' /C calc'!A0", civility="")
    records = [family(0), family(1), family(9, city=""), abroad, hostile]
    printed = write_letters(records, letters, path, binding=FORMS["mail house"])
    assert (printed.letters, len(printed.refused)) == (4, 1)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "zip")
    names = sorted(file.name for file in (tmp_path / "zip").iterdir())
    assert names == ["LISEZ-MOI.txt", "destinataires.csv", "lot 01 sur 02.pdf", "lot 02 sur 02.pdf"]
    rows = rows_of((tmp_path / "zip" / "destinataires.csv").read_bytes())

    assert [row["Ordre"] for row in rows] == ["1", "2", "3", "4"]
    for row, record in zip(rows, (records[0], records[1], abroad, hostile), strict=True):
        pages = pages_of(tmp_path / "zip" / row["Fichier"])
        assert pages[int(row["Première page"]) - 1] == record.dossier.patient.last_name.removeprefix("PATIENT")
        assert row["N° patient"] == record.dossier.number
        assert row["Pages"] == "1"
    assert [rows[2][f"Adresse {line}"] for line in range(1, 7)] == [
        "Madame ESSAI2 Jeanne",
        "Bât. B",
        "3 RUE DE L EXEMPLE",
        "1201 GENÈVE",
        "",
        "",
    ]
    assert [row["Pays"] for row in rows] == ["", "", "SUISSE", ""]
    assert rows[3]["Adresse 1"].startswith("'=cmd")


def test_the_mail_house_is_told_how_to_print(letters: LetterSet, tmp_path: Path) -> None:
    one = written(tmp_path / "un", Binding(mail_house=True), letters, 2)
    lots = written(tmp_path / "lots", FORMS["mail house"], letters, 3)

    assert sorted(file.name for file in one.iterdir()) == ["LISEZ-MOI.txt", "destinataires.csv", "lettres.pdf"]
    text = (one / "LISEZ-MOI.txt").read_text("utf-8-sig").replace("\u00a0", " ")
    assert "2 lettres, 2 pages imprimées, 1 fichier PDF." in text
    assert "Impression recto seul" in text
    text = (lots / "LISEZ-MOI.txt").read_text("utf-8-sig").replace("\u00a0", " ")
    assert "3 lettres, 3 pages imprimées, 2 fichiers PDF." in text
    assert "Impression recto verso" in text


@pytest.mark.parametrize("form", FORMS)
def test_the_same_letters_give_the_same_bytes(form: str, letters: LetterSet, tmp_path: Path) -> None:
    def content(name: str) -> dict[str, bytes]:
        path = written(tmp_path / name, FORMS[form], letters, 3)
        files = [path] if path.is_file() else sorted(path.iterdir())
        return {"" if file is path else file.name: file.read_bytes() for file in files}

    assert content("a") == content("b")


def test_a_zip_file_is_the_same_twice_on_every_system(letters: LetterSet, tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        written(tmp_path / name, FORMS["mail house"], letters, 3)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {(one.date_time, one.create_system) for one in archive.infolist()} == {((1980, 1, 1, 0, 0, 0), 3)}


def test_a_folder_with_something_in_it_is_left_alone(letters: LetterSet, tmp_path: Path) -> None:
    folder = tmp_path / "lettres"
    folder.mkdir()
    written(folder, FORMS["each"], letters, 1)
    before = sorted(file.name for file in folder.iterdir())
    with pytest.raises(OutputError, match="existe déjà et n’est pas vide") as refused:
        written(folder, FORMS["each"], letters, 2)

    assert refused.value.todo == "Donnez un dossier vide, ou un nom nouveau."
    assert sorted(file.name for file in folder.iterdir()) == before
    assert list(tmp_path.iterdir()) == [folder]


def test_without_a_right_letter_there_is_no_folder(letters: LetterSet, tmp_path: Path) -> None:
    printed = write_letters([family(0, city="")], letters, tmp_path / "lettres", binding=FORMS["each"])
    assert (printed.letters, list(tmp_path.iterdir())) == (0, [])

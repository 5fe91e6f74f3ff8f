"""The Word document, opened by LibreOffice: the same lines on the same pages as the PDF, and values as they are."""

import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
import zxingcpp
from lxml import etree
from msgspec.structs import replace

from merge.letters.docx import write_letters_docx
from merge.letters.model import LetterSet
from merge.record import IssuedSecret, MergeRecord
from tests.merge.conftest import RecordMaker
from tests.merge.letters.conftest import CABINET, Pages, Printer, need

HOSTILE = ("{{7*7}}", "@ORDRE", "<b>gras</b>", "&amp; ]]>")


def link(index: int) -> str:
    return f"https://www.webortho.fr/a/dijon21/{index:022}"


@pytest.fixture
def records(record: RecordMaker) -> list[MergeRecord]:
    """Usual values, the words of a birth date, an adult, no e-mailed link, hostile names."""
    words = "date de naissance du patient (JJMMAAAA)"
    return [
        record(cabinet=CABINET, secret=IssuedSecret("5312apo", link(0))),
        record(cabinet=CABINET, secret=IssuedSecret(words, link(1)), confirmed=False),
        record(addressee={"first_name": "Lina"}, cabinet=CABINET, secret=IssuedSecret("5312apo", link(2))),
        *(
            record(patient={"last_name": name}, cabinet=CABINET, secret=IssuedSecret("5312apo", link(3)))
            for name in HOSTILE
        ),
    ]


def opened_by_libreoffice(path: Path) -> Pages:
    need("soffice")
    profile = path.parent / "profile"
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{profile}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            path.parent / "converted",
            path,
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return Pages(path.parent / "converted" / f"{path.stem}.pdf")


def flowing(lines: list[str]) -> list[str]:
    """Lines but those of the sign-in picture, which a table breaks up otherwise: from « Objet » on, then the rest."""
    start = next(index for index, line in enumerate(lines) if line.startswith("Consultez"))
    end = next(index for index, line in enumerate(lines) if line.startswith(("Pour protéger", "À la première")))
    return lines[:start] + lines[end:]


def test_libreoffice_shows_the_same_lines_on_the_same_pages(
    records: list[MergeRecord], letters: LetterSet, print_letters: Printer, tmp_path: Path
) -> None:
    path = tmp_path / "lettres.docx"
    assert write_letters_docx(records, letters, path).letters == len(records)
    word, (pdf, _) = opened_by_libreoffice(path), print_letters(records)
    for page in range(1, len(records) + 1):
        assert flowing(word.lines(page)) == flowing(pdf.lines(page))
        for name in HOSTILE[page - 4 : page - 3] if page > 3 else ():
            assert f"Patient : Lina {name}" in word.text(page).replace("\u00a0", " ")
    assert [zxingcpp.read_barcodes(word.picture(page))[0].text for page in (1, 2)] == [link(0), link(1)]
    by_text = {text.text: text for text in word.words(1)}
    assert by_text["SPÉCIMEN"].top > 45
    for text in ("Madame", "DIJON", "Objet"):
        place = next(one for one in pdf.words(1) if one.text == text)
        other = next(one for one in word.words(1) if one.text == text)
        assert (other.left, other.top) == pytest.approx((place.left, place.top), abs=1.5)


def test_the_document_is_one_that_python_docx_opens(
    records: list[MergeRecord], letters: LetterSet, tmp_path: Path
) -> None:
    path = tmp_path / "lettres.docx"
    write_letters_docx(records[:2], letters, path)
    document = docx.Document(str(path))
    assert len(document.tables) == 2
    assert document.core_properties.title == "Votre dossier en ligne, lettre pour un enfant"
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert [name for name in archive.namelist() if name.startswith("word/media/rIdCode")] == [
            "word/media/rIdCode1.png",
            "word/media/rIdCode2.png",
        ]
        assert sum(name.startswith("word/fonts/") for name in archive.namelist()) == 4
        etree.fromstring(archive.read("word/document.xml"))


def test_the_same_letters_give_the_same_bytes(records: list[MergeRecord], letters: LetterSet, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_letters_docx(records[:2], letters, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_letter_without_a_logo_still_declares_its_pictures(
    records: list[MergeRecord], letters: LetterSet, tmp_path: Path
) -> None:
    letterhead = replace(letters.child.letterhead, logo=False)
    plain = LetterSet(child=replace(letters.child, letterhead=letterhead), adult=letters.adult)
    path = tmp_path / "lettres.docx"
    write_letters_docx(records[:1], plain, path)
    with zipfile.ZipFile(path) as archive:
        assert b'Extension="png"' in archive.read("[Content_Types].xml")


def test_what_the_pdf_refuses_the_document_refuses(record: RecordMaker, letters: LetterSet, tmp_path: Path) -> None:
    path = tmp_path / "lettres.docx"
    printed = write_letters_docx([record(addressee={"city": ""}, cabinet=CABINET)], letters, path)
    assert [problem.code for problem in printed.refused] == ["address-missing"]
    assert not path.exists()

"""The Word document, opened by LibreOffice: the same lines on the same pages as the PDF, and values as they are."""

import subprocess
import zipfile
from dataclasses import dataclass, field
from dataclasses import replace as replace_fields
from pathlib import Path
from typing import Literal

import docx
import pytest
import zxingcpp
from docx.oxml.ns import qn
from lxml import etree
from msgspec.structs import replace

from merge.letters.docx import write_letters_docx
from merge.letters.model import LetterSet, Paragraph, Run
from merge.letters.output.writing import write_letters
from merge.record import IssuedSecret, MergeRecord
from tests.merge.conftest import RecordMaker
from tests.merge.letters import rich
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


@dataclass(frozen=True)
class Code:
    """A QR code and its place in millimetres, which does not count in a comparison."""

    text: str
    left: float = field(compare=False)
    top: float = field(compare=False)


def codes_on(pages: Pages, page: int) -> list[Code]:
    found = [
        Code(code.text, code.position.top_left.x * 25.4 / 100, code.position.top_left.y * 25.4 / 100)
        for code in zxingcpp.read_barcodes(pages.picture(page, 100))
    ]
    return sorted(found, key=lambda code: code.text)


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


def test_long_letters_have_the_same_lines_pictures_and_numbers_on_the_same_pages(tmp_path: Path) -> None:
    families = [rich.family(count) for count in (1, 3, 5, 8)]
    write_letters(families, rich.letters(), tmp_path / "lettres.pdf")
    write_letters_docx(families, rich.letters(), tmp_path / "lettres.docx")
    pdf, word = Pages(tmp_path / "lettres.pdf"), opened_by_libreoffice(tmp_path / "lettres.docx")
    numbers = [pdf.lines(page)[-1] for page in range(1, pdf.count() + 1)]
    assert numbers == [f"{page}/{total}" for total in (2, 2, 3, 4) for page in range(1, total + 1)]
    assert word.count() == pdf.count()
    for page in range(1, pdf.count() + 1):
        assert word.lines(page) == pdf.lines(page)
        assert [found.text for found in word.words(page)] == [found.text for found in pdf.words(page)]
        for found, wanted in zip(word.words(page), pdf.words(page), strict=True):
            assert (found.left, found.top) == pytest.approx((wanted.left, wanted.top), abs=1.0), found.text
        for code, other in zip(codes_on(word, page), codes_on(pdf, page), strict=True):
            assert code == other
            assert (code.left, code.top) == pytest.approx((other.left, other.top), abs=1.0)


def point(
    text: str, level: int = 0, start: int | None = None, item: Literal["bullet", "number"] = "number"
) -> Paragraph:
    return Paragraph((Run(text),), item=item, level=level, start=start)


def test_lists_are_word_s_own_and_begin_anew_in_each_letter(
    records: list[MergeRecord], letters: LetterSet, tmp_path: Path
) -> None:
    blocks = (
        *(point("un"), point("@FAX"), point("deux"), point("sous", 1), point("sous encore", 1), point("trois")),
        *(point("rond", item="bullet"), point("rond dedans", 1, item="bullet")),
        Paragraph((Run("Puis"),)),
        *(point("encore un"), point("lettre", 1), point("sept", start=7), point("huit"), point("lettre", 1)),
    )
    child = replace(letters.child, blocks=blocks)
    both = LetterSet(child=child, adult=child)
    cabinet = replace_fields(CABINET, fax="")
    people = [replace_fields(one, cabinet=cabinet) for one in records[:3]]
    write_letters_docx(people, both, tmp_path / "l.docx")

    need("pdftotext")
    word = opened_by_libreoffice(tmp_path / "l.docx")
    wanted = ["1. un", "2. deux", "a. sous", "b. sous encore", "3. trois", "• rond", "– rond dedans", "Puis"]
    wanted += ["1. encore un", "a. lettre", "7. sept", "8. huit", "a. lettre"]
    for page in (1, 2, 3):
        lines = word.lines(page)
        start = lines.index("1. un")
        assert lines[start : start + len(wanted)] == wanted
    with zipfile.ZipFile(tmp_path / "l.docx") as archive:
        described = archive.read("word/numbering.xml").decode()
        body = archive.read("word/document.xml").decode()
    assert described.count('<w:num w:numId="10') == 5, (
        "of a first number 1 at two levels, of 7, and two sorts of bullets"
    )
    assert ">1." not in body


def test_only_the_letter_to_families_may_be_long(letters: LetterSet, tmp_path: Path) -> None:
    one_page = replace(letters.child, page=replace(letters.child.page, max_pages=1))
    long = rich.letters()
    mixed = LetterSet(child=one_page, adult=one_page, family=long.child, pictures=long.pictures)
    write_letters_docx([rich.family(5)], mixed, tmp_path / "lettres.docx")
    with zipfile.ZipFile(tmp_path / "lettres.docx") as archive:
        footers = [archive.read(name).decode() for name in archive.namelist() if name.startswith("word/footer")]
    assert any("/3<" in footer for footer in footers), "its pages are numbered, as on the PDF"


def test_a_signed_letter_carries_its_pictures_and_its_italics(tmp_path: Path) -> None:
    path = tmp_path / "lettres.docx"
    write_letters_docx([rich.family(1)], rich.letters(), path)
    document = docx.Document(str(path))
    [section] = document.sections
    assert section.different_first_page_header_footer
    assert [table.rows[0].cells[0].text for table in document.tables] == ["Prénom"]
    with zipfile.ZipFile(path) as archive:
        body = archive.read("word/document.xml").decode()
        media = [name for name in archive.namelist() if name.startswith("word/media/rIdCode")]
        fonts = sum(name.startswith("word/fonts/") for name in archive.namelist())
    assert len(media) == 4
    assert fonts == 6
    for written in ('<w:u w:val="single"/>', "<w:i/>", '<w:color w:val="B45A10"/>', "<w:tblHeader/>", "Un dessin"):
        assert written in body


def test_a_name_read_from_right_to_left_is_marked_so_for_word(
    record: RecordMaker, letters: LetterSet, tmp_path: Path
) -> None:
    path = tmp_path / "lettres.docx"
    name = {"last_name": "العربي", "first_name": "محمد"}
    assert write_letters_docx([record(patient=name, cabinet=CABINET)], letters, path).letters == 1
    runs = docx.Document(str(path)).element.body.iter(qn("w:r"))
    marked = [run for run in runs if run.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None]
    assert ["".join(text.text for text in run.iter(qn("w:t"))) for run in marked] == ["محمد العربي"]

"""Word letters as files: one, one each, batches; names, all or nothing, and PDFs by the real LibreOffice."""

import csv
import re
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pikepdf
import pytest
from docx.document import Document

from cabinet.errors import WebOrthoError
from merge.letters.output.binding import ONE_PDF, Binding, BindingError, Form
from merge.letters.problems import Printed
from merge.letters.whole_file import OutputError
from merge.record import MergeRecord
from merge.word import libre_office, process
from merge.word.output import WordOutput, write_word
from merge.word.template import read_template
from merge.word.writing import WordWriter
from tests.merge.conftest import RecordMaker, make_record
from tests.merge.letters.conftest import Pages, need
from tests.merge.letters.output.disks import small_disk
from tests.merge.word.conftest import document, paragraph, run, saved, simple_field, xml

Write = Callable[..., Printed]
EACH = Binding(Form.EACH)
BATCHES = Binding(Form.BATCHES, 2)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_all(
        made: Document, *records: MergeRecord, name: str = "lettres", binding: Binding = ONE_PDF, pdf: bool = False
    ) -> Printed:
        writer = WordWriter(read_template(saved(made)))
        return write_word(writer, records, tmp_path / name, WordOutput(binding, pdf), progress=lambda _: None)

    return write_all


def letter() -> Document:
    """What cabinets write: a header with a field, a table, a list, a page number."""
    row = "<w:tr>" + "".join(f"<w:tc>{paragraph(run(text))}</w:tc>" for text in ("Patient", "@PPREN @PNOM")) + "</w:tr>"
    made = document(
        paragraph(run("@DCIVIL @DPREN @DNOM")),
        paragraph(run("@DADR2")),
        paragraph(run("@DCPOST @DVILLE")),
        f"<w:tbl><w:tblPr><w:tblW w:w='0' w:type='auto'/></w:tblPr>{row}</w:tbl>",
        paragraph(run("Votre dossier : ", "<w:b/>"), run("@ORDRE")),
    )
    made.sections[0].header.paragraphs[0].text = "Dossier @ORDRE"
    made.sections[0].footer._element.append(xml(paragraph(run("Page "), simple_field(" PAGE ", run("9")))))
    return made


def numbered(record: RecordMaker, count: int) -> list[MergeRecord]:
    return [record(patient={"number": str(100 + index), "first_name": f"Né{index}"}) for index in range(count)]


def test_libreoffice_shows_each_letter_on_its_own_page(write: Write, record: RecordMaker, tmp_path: Path) -> None:
    need("soffice")
    need("pdftotext")
    printed = write(letter(), *numbered(record, 3), name="lettres.pdf", pdf=True)
    assert printed.letters == 3
    pages = Pages(tmp_path / "lettres.pdf")
    for page in (1, 2, 3):
        lines = [line for line in pages.lines(page) if line]
        number = str(99 + page)
        assert lines == [
            f"Dossier {number}",
            "Madame Jeanne SPÉCIMEN",
            "21000 Dijon",
            f"Patient Né{page - 1} SPÉCIMEN",
            f"Votre dossier : {number}",
            "Page 1",
        ]
    assert (tmp_path / "lettres.pdf").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["lettres.pdf"]


def test_a_letter_each_has_a_name_that_says_whose_it_is(write: Write, record: RecordMaker, tmp_path: Path) -> None:
    printed = write(letter(), *numbered(record, 2), binding=EACH)
    assert printed.letters == 2
    names = sorted(path.name for path in (tmp_path / "lettres").iterdir())
    assert names == ["0001 100 SPECIMEN Ne0.docx", "0002 101 SPECIMEN Ne1.docx"]
    read = docx.Document(str(tmp_path / "lettres" / names[1]))
    assert read.sections[0].header.paragraphs[0].text == "Dossier 101"
    assert len(read.sections) == 1


def test_a_pdf_each_from_one_start_of_libreoffice(
    write: Write, record: RecordMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("soffice")
    started = []
    original = process.run
    monkeypatch.setattr(process, "run", lambda *given: started.append(given[0]) or original(*given))  # type: ignore[func-returns-value]
    write(letter(), *numbered(record, 2), binding=EACH, pdf=True)
    names = sorted(path.name for path in (tmp_path / "lettres").iterdir())
    assert names == ["0001 100 SPECIMEN Ne0.pdf", "0002 101 SPECIMEN Ne1.pdf"]
    assert [command[-1] for command in started] == ["0.docx"], "one document, of which the letters were cut"


def test_nothing_is_written_when_no_letter_is_right(write: Write, record: RecordMaker, tmp_path: Path) -> None:
    nameless = record(addressee={"last_name": ""})
    for binding in (ONE_PDF, EACH, BATCHES):
        assert write(letter(), nameless, binding=binding).letters == 0
        assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_empty_is_not_touched(write: Write, record: RecordMaker, tmp_path: Path) -> None:
    (tmp_path / "lettres").mkdir()
    (tmp_path / "lettres" / "autre.txt").write_text("x")
    with pytest.raises(OutputError, match="n’est pas vide"):
        write(letter(), record(), binding=EACH)
    assert [path.name for path in (tmp_path / "lettres").iterdir()] == ["autre.txt"]


def test_a_run_that_is_stopped_leaves_nothing(record: RecordMaker, tmp_path: Path) -> None:
    writer = WordWriter(read_template(saved(letter())))

    def stop(count: int) -> None:
        if count == 2:
            raise KeyboardInterrupt

    for output in (WordOutput(), WordOutput(EACH)):
        with pytest.raises(KeyboardInterrupt):
            write_word(writer, numbered(record, 5), tmp_path / "lettres", output, progress=stop)
        assert not list(tmp_path.iterdir())


def test_batches_of_word_documents_hold_so_many_letters_each(write: Write, record: RecordMaker, tmp_path: Path) -> None:
    people = numbered(record, 5)
    people[1] = record(addressee={"last_name": ""})
    printed = write(letter(), *people, binding=BATCHES)
    assert (printed.letters, len(printed.refused)) == (4, 1)
    lots = sorted((tmp_path / "lettres").iterdir())
    assert [path.name for path in lots] == ["lot 01 sur 02.docx", "lot 02 sur 02.docx"]
    heads = [[one.header.paragraphs[0].text for one in docx.Document(str(lot)).sections] for lot in lots]
    assert heads == [["Dossier 100", "Dossier 102"], ["Dossier 103", "Dossier 104"]]


def test_a_folder_of_word_documents_may_be_a_zip_file(write: Write, record: RecordMaker, tmp_path: Path) -> None:
    write(letter(), *numbered(record, 2), name="lettres.zip", binding=EACH)
    with zipfile.ZipFile(tmp_path / "lettres.zip") as archive:
        assert archive.namelist() == ["0001 100 SPECIMEN Ne0.docx", "0002 101 SPECIMEN Ne1.docx"]
    assert [path.name for path in tmp_path.iterdir()] == ["lettres.zip"]


@pytest.mark.parametrize("binding", [Binding(index=True), Binding(duplex=True), Binding(Form.EACH, mail_house=True)])
def test_what_only_a_pdf_can_be_is_told(binding: Binding) -> None:
    with pytest.raises(BindingError, match="Un document Word n’a ni index"):
        WordOutput(binding)
    WordOutput(binding, pdf=True)


def pages_of(path: Path) -> list[str]:
    """Whose letter each page is of; "" for a blank one, « index »."""
    need("pdftotext")
    pages = Pages(path)
    texts = [pages.text(number) for number in range(1, pages.count() + 1)]
    return [
        "index" if "Index des destinataires" in text else (re.findall(r"Dossier (\d+)", text) or [""])[0]
        for text in texts
    ]


def long(pages: int) -> Document:
    """A letter of so many pages, which it counts itself."""
    made = letter()
    for _ in range(pages - 1):
        made.add_page_break()
        made.add_paragraph("@PPREN suite")
    made.sections[0].footer._element.append(xml(paragraph(run("de "), simple_field(" NUMPAGES ", run("9")))))
    return made


def test_word_letters_are_bound_as_ours_are(write: Write, record: RecordMaker, tmp_path: Path) -> None:
    need("soffice")
    people = numbered(record, 3)
    write(long(3), *people, name="recto verso.pdf", binding=Binding(duplex=True, index=True), pdf=True)
    path = tmp_path / "recto verso.pdf"
    assert pages_of(path) == ["100"] * 3 + [""] + ["101"] * 3 + [""] + ["102"] * 3 + ["", "index"]
    pages = Pages(path)
    assert [pages.lines(page)[-2:] for page in (1, 3, 7)] == [
        ["Page 1", "de 3"],
        ["Page 3", "de 3"],
        ["Page 3", "de 3"],
    ]
    assert [line.split()[-1] for line in pages.lines(13) if "SPÉCIMEN" in line] == ["1", "5", "9"]
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        titles = [one.title for one in outline.root]
        assert titles == [f"10{place} · SPÉCIMEN Né{place}" for place in range(3)] + ["Index des destinataires"]
        assert [pdf.pages.index(pikepdf.Page(one.destination[0])) for one in outline.root] == [0, 4, 8, 12]
        assert str(pdf.docinfo["/Author"]) == "Cabinet du Parc"


def test_batches_and_a_mail_house_know_each_letter_s_pages(write: Write, record: RecordMaker, tmp_path: Path) -> None:
    need("soffice")
    people = [*numbered(record, 3), record(addressee={"address_1": ""})]
    binding = Binding(Form.BATCHES, 4, mail_house=True)
    printed = write(long(2), *people, name="lettres.zip", binding=binding, pdf=True)
    assert (printed.letters, [one.code for one in printed.refused]) == (3, ["address-missing"])
    with zipfile.ZipFile(tmp_path / "lettres.zip") as archive:
        archive.extractall(tmp_path / "z")
    assert [pages_of(lot) for lot in sorted((tmp_path / "z").glob("*.pdf"))] == [
        ["100", "100", "101", "101"],
        ["102"] * 2,
    ]
    table = (tmp_path / "z" / "destinataires.csv").read_text(encoding="utf-8-sig")
    assert [row[1:4] for row in csv.reader(table.splitlines()[1:], delimiter=";")] == [
        ["lot 01 sur 02.pdf", "1", "2"],
        ["lot 01 sur 02.pdf", "3", "2"],
        ["lot 02 sur 02.pdf", "1", "2"],
    ]


def test_a_pdf_has_the_same_bytes_each_time(write: Write, record: RecordMaker, tmp_path: Path) -> None:
    need("soffice")
    for name in ("a.pdf", "b.pdf"):
        write(letter(), *numbered(record, 3), name=name, binding=Binding(index=True), pdf=True)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


@pytest.mark.parametrize(
    ("letters", "words"),
    [(60, r"fichiers provisoires .*le disque est plein"), (3, "le disque de ce poste est plein")],
    ids=["documents", "PDF"],
)
def test_a_full_disk_of_this_computer_is_told(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, letters: int, words: str
) -> None:
    """Where a document of fifty letters fits, and no other, nor what LibreOffice needs beside it."""
    need("soffice")
    with small_disk(tmp_path / "disk") as disk:
        monkeypatch.setattr(tempfile, "tempdir", str(disk))
        with pytest.raises(WebOrthoError, match=words):
            write(letter(), *numbered(make_record, letters), name="lettres.pdf", pdf=True)
        assert not list(disk.iterdir())
    assert not (tmp_path / "lettres.pdf").exists()


def test_a_computer_without_a_place_for_provisional_files_is_told(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("soffice")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    with pytest.raises(OutputError, match="fichiers provisoires de ce poste n’ont pas pu"):
        write(letter(), *numbered(make_record, 1), name="lettres.pdf", pdf=True)


def test_letters_that_must_be_alone_are_bound_too(write: Write, record: RecordMaker, tmp_path: Path) -> None:
    """Of two sections whose pages are not counted through: nothing but a document of its own says how many it has."""
    need("soffice")
    made = long(1)
    made.add_section()
    made.add_paragraph("Annexe de @PPREN")
    made.element.body[-1].append(xml('<w:pgNumType w:start="2"/>'))
    assert read_template(saved(made)).keep_apart
    write(made, *numbered(record, 2), name="lettres.pdf", binding=Binding(duplex=True), pdf=True)
    assert pages_of(tmp_path / "lettres.pdf") == ["100", "100", "101", "101"]
    assert Pages(tmp_path / "lettres.pdf").lines(3)[-2:] == ["Page 1", "de 2"]


@pytest.mark.parametrize("told", ["nothing", "a table at the end"])
def test_letters_whose_pages_are_in_doubt_are_converted_one_by_one(
    write: Write, record: RecordMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    """LibreOffice drops the paragraph below a table at a section's end, and what stands in it is the next letter's."""
    need("soffice")
    made = letter()
    if told == "nothing":
        monkeypatch.setattr(libre_office, "_OPTIONS", {})
    else:
        made.add_page_break()
        made.add_table(1, 1)
    printed = write(made, *numbered(record, 3), name="lettres.pdf", binding=Binding(duplex=True), pdf=True)
    assert printed.letters == 3
    pages = 1 if told == "nothing" else 2
    expected = [[number] * pages + [""] * (pages % 2) for number in ("100", "101", "102")]
    assert (
        pages_of(tmp_path / "lettres.pdf") == [one for letter in expected for one in letter][: 5 if pages == 1 else 6]
    )

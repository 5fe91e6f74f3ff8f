"""Word letters as files: names, all or nothing, and PDF by the real LibreOffice, or a sentence where it fails."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document

from merge.letters.output.binding import ONE_PDF, Binding, BindingError, Form
from merge.letters.problems import Printed
from merge.letters.whole_file import OutputError
from merge.record import MergeRecord
from merge.word import conversion
from merge.word.conversion import ConversionError, convert
from merge.word.output import WordOutput, write_word
from merge.word.template import read_template
from merge.word.writing import WordWriter
from tests.merge.conftest import RecordMaker
from tests.merge.letters.conftest import Pages, need
from tests.merge.word.conftest import document, paragraph, run, saved, xml

Write = Callable[..., Printed]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_all(made: Document, *records: MergeRecord, name: str = "lettres", **output: bool) -> Printed:
        writer = WordWriter(read_template(saved(made)))
        return write_word(writer, records, tmp_path / name, WordOutput(**output), progress=lambda _: None)

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
    page = '<w:fldSimple w:instr=" PAGE ">' + run("9") + "</w:fldSimple>"
    made.sections[0].footer._element.append(xml(paragraph(run("Page "), page)))
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
    printed = write(letter(), *numbered(record, 2), one_file=False)
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
    original = conversion._run
    monkeypatch.setattr(conversion, "_run", lambda *given: started.append(given[1]) or original(*given))  # type: ignore[func-returns-value]
    write(letter(), *numbered(record, 2), one_file=False, pdf=True)
    names = sorted(path.name for path in (tmp_path / "lettres").iterdir())
    assert names == ["0001 100 SPECIMEN Ne0.pdf", "0002 101 SPECIMEN Ne1.pdf"]
    assert [[path.name for path in documents] for documents in started] == [["1.docx", "2.docx"]]


def test_nothing_is_written_when_no_letter_is_right(write: Write, record: RecordMaker, tmp_path: Path) -> None:
    nameless = record(addressee={"last_name": ""})
    for output in ({"one_file": True}, {"one_file": False}):
        assert write(letter(), nameless, **output).letters == 0
        assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_empty_is_not_touched(write: Write, record: RecordMaker, tmp_path: Path) -> None:
    (tmp_path / "lettres").mkdir()
    (tmp_path / "lettres" / "autre.txt").write_text("x")
    with pytest.raises(OutputError, match="n’est pas vide"):
        write(letter(), record(), one_file=False)
    assert [path.name for path in (tmp_path / "lettres").iterdir()] == ["autre.txt"]


def test_a_run_that_is_stopped_leaves_nothing(record: RecordMaker, tmp_path: Path) -> None:
    writer = WordWriter(read_template(saved(letter())))

    def stop(count: int) -> None:
        if count == 2:
            raise KeyboardInterrupt

    for output in (WordOutput(), WordOutput(one_file=False)):
        with pytest.raises(KeyboardInterrupt):
            write_word(writer, numbered(record, 5), tmp_path / "lettres", output, progress=stop)
        assert not list(tmp_path.iterdir())


def pretend(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A LibreOffice that fails as a real one does on a bad day."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.mark.skipif(os.name == "nt", reason="the pretended program is a shell script")
@pytest.mark.parametrize("script", ["exit 1", "exit 0", "printf '%PDF-1.7 begun' > 1.pdf"])
def test_a_libreoffice_that_fails_is_told(tmp_path: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(tmp_path, script, monkeypatch)
    (tmp_path / "1.docx").write_bytes(b"")
    with pytest.raises(ConversionError, match="n’a pas pu faire le PDF"):
        list(convert([tmp_path / "1.docx"], letters=1))


@pytest.mark.skipif(os.name == "nt", reason="the pretended program is a shell script")
def test_a_libreoffice_that_hangs_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(tmp_path, "sleep 600 & echo $! > child; wait", monkeypatch)
    (tmp_path / "1.docx").write_bytes(b"")
    with pytest.raises(ConversionError, match="n’a pas répondu à temps"):
        list(convert([tmp_path / "1.docx"], letters=1, limit=1.0))
    child = int((tmp_path / "child").read_text())
    end = time.monotonic() + 15
    while is_running(child):
        assert time.monotonic() < end
        time.sleep(0.05)


def is_running(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().split()[2] != "Z"


def test_without_libreoffice_nothing_is_begun(
    write: Write, record: RecordMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(conversion, "_USUAL", ())
    with pytest.raises(ConversionError, match="n’est pas installé"):
        write(letter(), record(), pdf=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "binding",
    [Binding(index=True), Binding(duplex=True), Binding(Form.BATCHES, 40), Binding(Form.EACH, mail_house=True)],
)
def test_what_only_our_own_letters_can_be_bound_as_is_told(binding: Binding) -> None:
    with pytest.raises(BindingError):
        WordOutput.of(binding, pdf=True)


def test_a_binding_says_one_document_or_one_each() -> None:
    assert WordOutput.of(ONE_PDF, pdf=True) == WordOutput(one_file=True, pdf=True)
    assert WordOutput.of(Binding(Form.EACH), pdf=False) == WordOutput(one_file=False)


def test_a_zip_file_is_not_made(write: Write, record: RecordMaker) -> None:
    with pytest.raises(BindingError, match="ZIP"):
        write(letter(), record(), name="lettres.zip", one_file=False)

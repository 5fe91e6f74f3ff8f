"""Numbered lists: Word counts some two thousand in a document; what fits is said, written, and made a PDF."""

import zipfile
from pathlib import Path

import pytest
from docx.document import Document

from merge.letters.output.binding import Binding, Form
from merge.letters.whole_file import OutputError
from merge.word import lists
from merge.word.output import WordOutput, write_word
from merge.word.template import read_template
from merge.word.writing import WordWriter
from tests.merge.conftest import RecordMaker
from tests.merge.letters.conftest import Pages, need
from tests.merge.word.conftest import document, saved, xml

MOST = 2_000


def with_lists(used: int, given: int = 0, *, anew: bool = True) -> Document:
    """A template that numbers so many lists of its own, each from 1 or counting on, and describes `given` in all."""
    made = document()
    numbering = made.part.numbering_part.element
    for old in list(numbering):
        numbering.remove(old)
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    numbering.append(xml(f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'))
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>' if anew else ""
    for number in range(1, max(used, given) + 1):
        numbering.append(xml(f'<w:num w:numId="{number}"><w:abstractNumId w:val="0"/>{start}</w:num>'))
    for number in range(1, used + 1):
        point = made.add_paragraph("point de @PPREN")
        point._p.get_or_add_pPr().append(xml(f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'))
    return made


def lists_in(document: Path) -> int:
    with zipfile.ZipFile(document) as archive:
        return archive.read("word/numbering.xml").count(b"<w:num ")


@pytest.mark.parametrize(
    ("lists", "fits", "says"),
    [
        ((1, 0), 2_000, "1 liste numérotée"),
        ((7, 0), 285, "7 listes numérotées"),
        ((41, 0), 48, "41 listes numérotées"),
        ((7, 1_000), 143, "7 listes numérotées"),
    ],
)
def test_as_many_letters_as_word_numbers_fit_in_a_document_and_no_more(
    record: RecordMaker, tmp_path: Path, lists: tuple[int, int], fits: int, says: str
) -> None:
    used, _ = lists
    writer = WordWriter(read_template(saved(with_lists(*lists))))
    with pytest.raises(OutputError) as refused:
        writer.write((record() for _ in range(fits + 1)), tmp_path / "lettres.docx")
    assert list(tmp_path.iterdir()) == []
    count = f"{fits:,}".replace(",", " ")
    assert refused.value.what.replace("\u00a0", " ") == (
        f"Ce modèle a {says}, et Word ne compte que 2 000 listes dans un document : il n’y tient que {count} lettres."
    )
    assert refused.value.todo.replace("\u00a0", " ") == (
        f"Rien n’a été écrit. Choisissez des lots de {count} lettres au plus, un fichier par lettre, ou le format PDF."
    )
    writer.write((record() for _ in range(fits)), tmp_path / "lettres.docx")
    assert MOST - used < lists_in(tmp_path / "lettres.docx") <= MOST
    writer.write((record() for _ in range(fits + 1)), tmp_path / "lots", binding=Binding(Form.BATCHES, fits))
    assert len(list((tmp_path / "lots").iterdir())) == 2


def test_a_template_with_more_lists_than_word_counts_has_a_file_for_each_letter(
    record: RecordMaker, tmp_path: Path
) -> None:
    """As it came to us: Word showed it so."""
    writer = WordWriter(read_template(saved(with_lists(1, MOST + 1))))
    with pytest.raises(OutputError) as refused:
        writer.write([record(), record()], tmp_path / "lettres.docx")
    assert "il n’y tient que 1\u00a0lettre." in refused.value.what
    assert refused.value.todo == "Rien n’a été écrit. Choisissez un fichier par lettre, ou le format PDF."
    writer.write([record(), record()], tmp_path / "lettres", binding=Binding(Form.EACH))
    assert len(list((tmp_path / "lettres").iterdir())) == 2


@pytest.mark.parametrize(("used", "given"), [(20, 0), (20, 101)])
def test_their_pdf_is_made_of_smaller_documents(
    record: RecordMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, used: int, given: int
) -> None:
    need("soffice")
    monkeypatch.setattr(lists, "_MOST", 100)
    people = [record(patient={"first_name": f"Né{number}"}) for number in range(5)]
    writer = WordWriter(read_template(saved(with_lists(used, given))))
    write_word(writer, people, tmp_path / "lettres.pdf", WordOutput(pdf=True), progress=lambda _: None)
    pages = Pages(tmp_path / "lettres.pdf")
    assert pages.count() == 5
    assert [pages.lines(page) for page in range(1, 6)] == [[f"1. point de Né{number}"] * used for number in range(5)]


def test_lists_that_count_on_from_one_another_do_so_in_each_letter(record: RecordMaker, tmp_path: Path) -> None:
    need("soffice")
    people = [record(patient={"first_name": f"Né{number}"}) for number in range(3)]
    writer = WordWriter(read_template(saved(with_lists(4, anew=False))))
    write_word(writer, people, tmp_path / "lettres.pdf", WordOutput(pdf=True), progress=lambda _: None)
    pages = Pages(tmp_path / "lettres.pdf")
    for page in range(3):
        assert pages.lines(page + 1) == [f"{point}. point de Né{page}" for point in range(1, 5)]
    writer.write(people, tmp_path / "lettres.docx")
    assert lists_in(tmp_path / "lettres.docx") == 4 + 2

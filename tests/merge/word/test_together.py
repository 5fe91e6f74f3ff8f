"""Letters with notes, sections, sides and captions: many in one document show what each shows in its own.

The real LibreOffice makes both, in one start for all kinds.
"""

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from merge.word import process
from merge.word.conversion import convert
from merge.word.cut import cut_marked
from merge.word.letter import BEGINS, ENDS
from merge.word.output import WordOutput, write_word
from merge.word.template import WordTemplate, read_template
from merge.word.writing import WordWriter
from tests.merge.conftest import make_record
from tests.merge.letters.conftest import Pages, need
from tests.merge.word.conftest import (
    NAMESPACES,
    document,
    field,
    field_code,
    field_mark,
    paragraph,
    run,
    saved,
    simple_field,
    xml,
)

PEOPLE = [make_record(patient={"number": str(100 + place), "first_name": f"Né{place}"}) for place in range(3)]
FIRST, LAST = paragraph(run("Lettre à @PPREN")), paragraph(run("Bien à vous"))


def simple(code: str) -> str:
    return simple_field(f" {code} ", run("9"))


def with_notes(kind: str, *, said: str = "") -> Document:
    """Two notes, the first with a field."""
    signs = [f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>' for number in (3, 5)]
    made = document(FIRST, paragraph(run("Un"), signs[0], run(" et deux"), signs[1]), LAST)
    notes = "".join(
        f'<w:{kind} w:id="{number}"><w:p><w:r><w:{kind}Ref/></w:r>{run(text)}</w:p></w:{kind}>'
        for number, text in ((3, " Pour @PPREN"), (5, " Pour tous"))
    )
    main = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}s+xml"
    text = f"<w:{kind}s {NAMESPACES}>{notes}</w:{kind}s>"
    part = Part(PackURI(f"/word/{kind}s.xml"), main, text.encode(), made.part.package)
    made.part.relate_to(part, getattr(RELATIONSHIP_TYPE, f"{kind}s".upper()))
    if said:
        made.element.body[-1].insert(0, xml(f"<w:{kind}Pr>{said}</w:{kind}Pr>"))
    return made


def of_sections(*, kind: str = "nextPage", first: str = "nextPage", said: str = "") -> Document:
    """A letter and its enclosure, whose pages are counted together."""
    numbers = f"<w:pgNumType {said}/>" if said else ""
    properties = f'<w:type w:val="{first}"/><w:pgSz w:w="11906" w:h="16838"/>'
    made = document(FIRST, LAST, f"<w:p><w:pPr><w:sectPr>{properties}</w:sectPr></w:pPr></w:p>")
    made.add_paragraph("Annexe de @PPREN")
    last = made.element.body[-1]
    last.insert(0, xml(f'<w:type w:val="{kind}"/>'))
    if numbers:
        last.find("{*}pgMar").addnext(xml(numbers))
    made.sections[0].footer._element.append(
        xml(paragraph(run("Page "), simple("PAGE"), run(" de "), simple("NUMPAGES")))
    )
    return made


def two_sided() -> Document:
    """Two pages whose headers differ, and a third line that goes with its field."""
    made = document(FIRST, paragraph(run("@DADR2")), LAST)
    made.add_page_break()
    made.add_paragraph("Suite")
    made.settings.odd_and_even_pages_header_footer = True
    made.sections[0].header.paragraphs[0].text = "Recto @ORDRE"
    made.sections[0].even_page_header.paragraphs[0].text = "Verso @ORDRE"
    return made


def with_captions() -> Document:
    begin, middle, end = map(field_mark, ("begin", "separate", "end"))
    whole = begin + field_code(" SEQ Tableau \\* ARABIC ") + middle + run("9") + end
    return document(
        FIRST, paragraph(run("Figure "), simple("SEQ Figure")), paragraph(run("Tableau "), whole, run(" fin")), LAST
    )


def with_counted_lines() -> Document:
    made = document(FIRST, LAST)
    made.element.body[-1].append(xml('<w:lnNumType w:countBy="1" w:restart="continuous"/>'))
    return made


TOGETHER: Mapping[str, Callable[[], Document]] = {
    "footnotes": lambda: with_notes("footnote"),
    "sections": of_sections,
    "an enclosure on a sheet of its own": lambda: of_sections(kind="oddPage"),
    "letters on sheets of their own": lambda: of_sections(first="oddPage", kind="evenPage"),
    "two sides": two_sided,
    "captions": with_captions,
}
APART: Mapping[str, Callable[[], Document]] = {
    "endnotes": lambda: with_notes("endnote"),
    "footnotes in letters": lambda: with_notes("footnote", said='<w:numFmt w:val="lowerLetter"/>'),
    "footnotes anew on each page": lambda: with_notes("footnote", said='<w:numRestart w:val="eachPage"/>'),
    "pages counted anew in the enclosure": lambda: of_sections(said='w:start="1"'),
    "pages with Roman numbers": lambda: of_sections(said='w:fmt="lowerRoman"'),
    "letters that begin on a back": lambda: of_sections(first="evenPage"),
    "lines counted through": with_counted_lines,
}


def template(made: Document) -> WordTemplate:
    return read_template(saved(made))


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[list[Path], Path]]:
    """By kind: the PDF of each letter, and the one of all letters."""
    need("soffice")
    need("pdftotext")
    folder = tmp_path_factory.mktemp("together")
    documents: list[Path] = []

    def place(_: int) -> Path:
        documents.append(folder / f"{len(documents)}.docx")
        return documents[-1]

    for make in TOGETHER.values():
        WordWriter(template(make())).write_each(PEOPLE, place)
        WordWriter(template(make())).write_each(PEOPLE, place, letters=50, marked=True, numbers_notes=True)
    made = list(convert(documents, letters=len(documents)))
    each = len(PEOPLE) + 1
    return {
        kind: (made[at * each : (at + 1) * each - 1], made[(at + 1) * each - 1]) for at, kind in enumerate(TOGETHER)
    }


def lines_of(path: Path) -> list[list[str]]:
    pages = Pages(path)
    return [[line for line in pages.lines(page) if line] for page in range(1, pages.count() + 1)]


@pytest.mark.parametrize("kind", TOGETHER)
def test_a_letter_shows_in_one_document_what_it_shows_alone(
    converted: Mapping[str, tuple[list[Path], Path]], kind: str
) -> None:
    alone, together = converted[kind]
    each = [lines_of(path) for path in alone]
    assert [page for letter in each for page in letter] == lines_of(together)
    cut = [(letter.record, letter.pages) for letter in cut_marked([together], PEOPLE)]
    assert cut == [(record, len(pages)) for record, pages in zip(PEOPLE, each, strict=True)]


@pytest.mark.parametrize("kind", TOGETHER)
def test_such_letters_share_a_document_on_their_way_to_a_pdf(kind: str) -> None:
    assert not template(TOGETHER[kind]()).keep_apart


def test_a_pdf_of_letters_with_footnotes_is_one_conversion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need("soffice")
    need("pdftotext")
    converted: list[str | Path] = []
    original = process.run

    def noted(command: Sequence[str | Path], *rest: Any) -> int:
        converted.extend(word for word in command if str(word).endswith(".docx"))
        return original(command, *rest)

    monkeypatch.setattr(process, "run", noted)
    path = tmp_path / "lettres.pdf"
    write_word(
        WordWriter(template(with_notes("footnote"))), PEOPLE, path, WordOutput(pdf=True), progress=lambda _: None
    )
    assert converted == ["0.docx"]
    assert [lines[-2:] for lines in lines_of(path)] == [[f"1 Pour Né{number}", "2 Pour tous"] for number in range(3)]


@pytest.mark.parametrize("kind", APART)
def test_what_only_a_document_of_its_own_shows_right_stays_apart(kind: str) -> None:
    assert template(APART[kind]()).keep_apart


def body_of(made: Document, folder: Path) -> str:
    """The text of a document of Word's with all letters."""
    writer = WordWriter(template(made))
    path = folder / f"{len(list(folder.iterdir()))}.docx"
    writer.write_each(PEOPLE, lambda _: path, letters=50)
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if name.startswith("word/"))


def test_word_counts_the_footnotes_of_each_letter_itself(tmp_path: Path) -> None:
    made = with_notes("footnote")
    made.add_section()
    made.add_paragraph("Annexe")
    text = body_of(made, tmp_path)
    assert text.count('<w:numRestart w:val="eachSect"/>') == len(PEOPLE), "an enclosure's notes go on"
    assert "customMarkFollows" not in text


def test_endnotes_of_several_sections_stand_at_the_end_of_the_letter(tmp_path: Path) -> None:
    made = with_notes("endnote")
    made.add_section()
    made.add_paragraph("Annexe")
    text = body_of(made, tmp_path)
    sections = re.findall(r"<w:sectPr.*?</w:sectPr>", text, re.DOTALL)
    assert ["<w:noEndnote/>" in section for section in sections] == [True, False] * len(PEOPLE)
    made.settings.element.insert(0, xml('<w:endnotePr><w:pos w:val="sectEnd"/></w:endnotePr>'))
    assert "<w:noEndnote/>" not in body_of(made, tmp_path)


@pytest.mark.parametrize("codes", [[" SEQ ", "Figure", r" \* ARABIC "], [' seq "Figure" '], ["", " SEQ Fig", "ure"]])
def test_a_counter_is_of_its_letter_however_its_field_is_written(tmp_path: Path, codes: list[str]) -> None:
    text = body_of(document(FIRST, paragraph(field(*codes)), LAST), tmp_path)
    found = re.findall(r"<w:instrText[^>]*>([^<]*)|(Lettre à)", text)
    letters = [
        "".join(code for code, _ in parts) for begins, parts in groupby(found, lambda one: bool(one[1])) if not begins
    ]
    assert letters[0] == "".join(codes)
    assert len(set(letters)) == len(PEOPLE)
    assert all(re.fullmatch(r' SEQ +"?Fig\w*"? ?(\\\* ARABIC )?', one, re.IGNORECASE) for one in letters)


def test_word_counts_the_pages_of_all_sections_of_a_letter(tmp_path: Path) -> None:
    text = body_of(of_sections(), tmp_path)
    assert re.findall(r"PAGEREF (\w+)", text) == [f"{ENDS}{number}" for number in (1, 2, 3)]
    assert re.findall(rf'w:name="({ENDS}\d+)"', text) == [f"{ENDS}{number}" for number in (1, 2, 3)]


@pytest.mark.parametrize(("two_sides", "begins"), [(True, "oddPage"), (False, "nextPage")])
def test_letters_for_both_sides_begin_on_a_sheet_of_their_own(tmp_path: Path, two_sides: bool, begins: str) -> None:
    made = two_sided()
    made.settings.odd_and_even_pages_header_footer = two_sides
    assert re.findall(r'<w:type w:val="(\w+)"/>', body_of(made, tmp_path)) == [begins] * len(PEOPLE)


def test_a_letter_ends_where_its_last_line_is(tmp_path: Path) -> None:
    """The last line goes with its field in the first letter, the first line in the second."""
    made = document(paragraph(run("@DCIVIL")), paragraph(run("Bonjour")), paragraph(run("@DPREN")))
    people = [make_record(addressee={name: ""}) for name in ("first_name", "civility")]
    path = tmp_path / "lettres.docx"
    WordWriter(template(made)).write_each(people, lambda _: path, letters=2, marked=True)
    with zipfile.ZipFile(path) as archive:
        text = archive.read("word/document.xml").decode()
    shown = re.findall(rf"<w:t[^>]*>(\w+)|({BEGINS}|{ENDS})", text)
    assert ["".join(one) for one in shown] == [BEGINS, "Madame", "Bonjour", ENDS, BEGINS, "Bonjour", "Jeanne", ENDS]


@pytest.mark.parametrize("end", ["", run("x") + "<w:r><w:drawing/></w:r>", simple("PAGE") + run("x")])
def test_a_letter_does_not_end_in_an_empty_line_nor_behind_a_picture_or_field(tmp_path: Path, end: str) -> None:
    """LibreOffice drops an empty paragraph at a section's end, and a bookmark behind such things."""
    path = tmp_path / "lettres.docx"
    made = document(FIRST, paragraph(run("avant")), paragraph(end))
    WordWriter(template(made)).write_each(PEOPLE, lambda _: path, letters=50, marked=True)
    with zipfile.ZipFile(path) as archive:
        text = archive.read("word/document.xml").decode()
    before = [("".join(re.findall(r"<w:t[^>]*>([^<]*)", part))) for part in re.split(rf"{ENDS}\d", text)]
    assert [part.endswith("avant") for part in before] == [True] * len(PEOPLE) + [False]


def test_a_row_with_a_note_stays_with_it(tmp_path: Path) -> None:
    made = with_notes("footnote")
    row = f"<w:tr><w:tc><w:p>{run('@DADR2')}<w:r><w:footnoteReference w:id='3'/></w:r></w:p></w:tc></w:tr>"
    made.element.body.insert(1, xml(f"<w:tbl>{row}</w:tbl>"))
    text = body_of(made, tmp_path)
    assert text.count("<w:footnoteReference ") == text.count("<w:footnote ") == 3 * len(PEOPLE)

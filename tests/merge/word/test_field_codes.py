"""Fields that Word computes are of their own letter, however Word has written and cut their codes."""

import re
from pathlib import Path

import pytest
from lxml import etree

from merge.word.template import read_template
from merge.word.writing import WordWriter
from tests.merge.conftest import RecordMaker
from tests.merge.word.conftest import Merge, Result, W, document, field, paragraph, run, saved, simple_field, xml


def simple(code: str) -> str:
    return simple_field(code, run("1"))


@pytest.mark.parametrize(
    "pages", [simple(" NUMPAGES "), field(" NUMPAGES "), field(" NUM", "PAG", "ES "), field(" NumPages ")]
)
def test_pages_of_a_letter_are_counted_for_it_alone(
    merge: Merge, record: RecordMaker, tmp_path: Path, pages: str
) -> None:
    made = document(paragraph(run("@PPREN")))
    made.sections[0].footer._element.append(xml(paragraph(pages)))
    many = merge(made, record(), record())
    footer = next(name for name in many.parts() if "footer" in name)
    assert "SECTIONPAGES" in etree.tostring(many.part(footer)).decode()
    writer = WordWriter(read_template(saved(made)))
    writer.write_each([record()], lambda _: tmp_path / "une.docx")
    alone = etree.tostring(Result(tmp_path / "une.docx", writer.report()).part(footer)).decode()
    assert " NUMPAGES" in alone
    assert "SECTIONPAGES" not in alone


@pytest.mark.parametrize("pages", [field(" NUMPAGES "), field(" NUM", "PAGES ")])
def test_letters_whose_pages_a_document_cannot_count_are_kept_apart(pages: str) -> None:
    made = document(paragraph(run("@PPREN"), pages))
    numbers = made.element.body[-1].find("{*}pgMar")
    numbers.addnext(xml('<w:pgNumType w:fmt="upperRoman"/>'))
    assert read_template(saved(made)).keep_apart


@pytest.mark.parametrize(
    "refers",
    [
        field(" REF la \\h "),
        field(" RE", "F la \\h "),
        field(" PAGEREF l", "a"),
        field(' HYPERLINK \\l "', "la", '" '),
        field('HYPERLINK  \\l "la" \\o "Plus bas"'),
        simple(" REF la "),
        simple(" ref la "),
    ],
)
def test_a_place_is_found_in_its_own_letter_however_its_field_is_written(
    merge: Merge, record: RecordMaker, refers: str
) -> None:
    mark = '<w:bookmarkStart w:id="2" w:name="la"/>' + run("ici") + '<w:bookmarkEnd w:id="2"/>'
    body = merge(document(paragraph(run("@PPREN"), mark), paragraph(refers)), record(), record()).part()
    names = [one.get(f"{W}name") for one in body.iter(f"{W}bookmarkStart")]
    asked = [(one.text or "") + one.get(f"{W}instr", "") for one in body.iter(f"{W}instrText", f"{W}fldSimple")]
    assert len(set(names)) == 2
    assert [re.findall(r"\bla\w*", one) for one in asked] == [[name] for name in names]


@pytest.mark.parametrize(
    "code",
    [
        'HYPERLINK "https://cabinet.exemple.fr/la"',
        'HYPERLINK "https://cabinet.exemple.fr/" \\l "la"',
        'HYPERLINK "https://cabinet.exemple.fr/" \\o "Écrivez à la une"',
    ],
)
def test_an_address_is_no_place_of_the_letter(merge: Merge, record: RecordMaker, code: str) -> None:
    """Nor is the place in a page that it leads to."""
    mark = '<w:bookmarkStart w:id="2" w:name="la"/>' + run("ici") + '<w:bookmarkEnd w:id="2"/>'
    made = document(paragraph(run("@PPREN"), mark), paragraph(field(f" {code} ")))
    body = merge(made, record(), record()).part()
    assert [one.text for one in body.iter(f"{W}instrText")] == [f" {code} "] * 2

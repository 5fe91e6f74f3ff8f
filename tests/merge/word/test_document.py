"""Many letters in one document: sections, headers, pages, notes, lists, links, pictures, and nothing twice."""

import io
import re
import zipfile
from collections import Counter
from pathlib import Path

import docx
import pytest
import zxingcpp
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.shared import Mm
from lxml import etree
from PIL import Image

from merge.letters.qr_png import qr_png
from merge.record import IssuedSecret
from merge.word.template import read_template
from tests.merge.conftest import RecordMaker, make_dossier
from tests.merge.word.conftest import NAMESPACES, Merge, Result, W, document, paragraph, run, saved, text_of, xml

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def secret(name: str) -> IssuedSecret:
    return IssuedSecret("code", f"https://www.webortho.fr/activer/{name}", f"handle-{name}")


def relations(result: Result, name: str = "word/_rels/document.xml.rels") -> dict[str, str]:
    return {one.get("Id", ""): one.get("Target", "") for one in result.part(name)}


def sections(result: Result) -> list[etree._Element]:
    return list(result.part().iter(f"{W}sectPr"))


def test_each_letter_is_a_section_with_the_page_of_the_template(merge: Merge, record: RecordMaker) -> None:
    made = document(paragraph(run("@PPREN")))
    made.sections[0].page_width = Mm(210)
    made.sections[0].left_margin = Mm(33)
    result = merge(made, *(record(patient={"first_name": name}) for name in ("Lina", "Tom", "Inès")))
    read = docx.Document(str(result.path))
    assert [one.text for one in read.paragraphs] == ["Lina", "Tom", "Inès"]
    assert [(round(one.left_margin.mm), one.start_type) for one in read.sections] == [(33, 2)] * 3
    assert [one.find(f"{W}pgNumType").get(f"{W}start") for one in sections(result)] == ["1"] * 3  # type: ignore[union-attr]


def test_a_document_that_ends_in_a_table_keeps_it(merge: Merge, record: RecordMaker) -> None:
    table = f"<w:tbl><w:tr><w:tc>{paragraph(run('@PPREN'))}</w:tc></w:tr></w:tbl>"
    result = merge(document(table), record(), record())
    assert result.text().split() == ["Lina", "Lina"]
    assert len(sections(result)) == 2


def test_a_letter_of_two_sections_begins_on_a_new_page(merge: Merge, record: RecordMaker) -> None:
    inner = '<w:p><w:pPr><w:sectPr><w:type w:val="continuous"/></w:sectPr></w:pPr></w:p>'
    made = document(paragraph(run("@PPREN")), inner, paragraph(run("deux")))
    made.element.body[-1].append(xml('<w:type w:val="continuous"/>'))
    result = merge(made, record(), record())
    kinds = [one.find(f"{W}type").get(f"{W}val") for one in sections(result)]  # type: ignore[union-attr]
    assert kinds == ["nextPage", "continuous"] * 2


def test_headers_have_each_letters_values_and_equal_ones_are_one_part(merge: Merge, record: RecordMaker) -> None:
    made = document(paragraph(run("@PPREN")))
    section = made.sections[0]
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = "Dossier @ORDRE"
    section.first_page_header.paragraphs[0].text = "Cabinet @CABINET"
    section.footer.paragraphs[0].text = "Toujours pareil"
    records = [record(patient={"number": number}) for number in ("1", "2", "2")]
    result = merge(made, *records)
    by_relation = relations(result)
    shown = []
    for one in sections(result):
        names = [by_relation[ref.get(f"{R}id", "")] for ref in one if ref.tag.endswith("Reference")]
        shown.append(sorted(result.text(f"word/{name}") for name in names))
        assert one.find(f"{W}titlePg") is not None
    assert shown == [["Cabinet dijon21", f"Dossier {number}", "Toujours pareil"] for number in (1, 2, 2)]
    assert sum("header" in name for name in result.parts()) == 3
    assert len(docx.Document(str(result.path)).sections) == 3
    assert not any("@" in result.text(name) for name in result.parts() if "header" in name)


def test_a_header_keeps_its_picture_and_link(merge: Merge, record: RecordMaker, tmp_path: Path) -> None:
    made = document(paragraph(run("@PPREN")))
    header = made.sections[0].header
    header.paragraphs[0].text = "Dossier @ORDRE"
    header.paragraphs[0].add_run().add_picture(io.BytesIO(qr_png("logo")))
    result = merge(made, record(), record(patient={"number": "2"}))
    own = [name for name in result.parts() if "header" in name and name.endswith(".rels")]
    assert len(own) == 2
    assert {tuple(relations(result, name).values()) for name in own} == {("media/image1.png",)}


def test_nothing_that_is_unique_in_a_document_is_there_twice(merge: Merge, record: RecordMaker) -> None:
    drawing = '<w:r><w:drawing><wp:inline><wp:docPr id="{}" name="x"/></wp:inline></w:drawing></w:r>'
    made = document(
        paragraph('<w:bookmarkStart w:id="1" w:name="ici"/>', run("@PPREN"), '<w:bookmarkEnd w:id="1"/>'),
        paragraph(
            '<w:bookmarkStart w:id="2" w:name="la"/><w:bookmarkEnd w:id="2"/>', drawing.format(7), drawing.format(9)
        ),
        paragraph(run("@ENFANTS")),
        paragraph('<w:bookmarkStart w:id="3" w:name="enfant"/>', run("@PPREN"), '<w:bookmarkEnd w:id="3"/>'),
        paragraph(run("@FINENFANTS")),
        "<w:sdt><w:sdtPr><w:id w:val='-17'/></w:sdtPr><w:sdtContent>"
        + paragraph(run("@DNOM"))
        + "</w:sdtContent></w:sdt>",
        paragraph('<w:hyperlink w:anchor="ici">' + run("voir") + "</w:hyperlink>"),
        paragraph('<w:r><w:instrText xml:space="preserve"> REF la \\h </w:instrText></w:r>'),
    )
    family = (make_dossier("1", "Lina"), make_dossier("2", "Tom"))
    result = merge(made, *(record(children=family) for _ in range(3)))
    body = result.part()
    starts = list(body.iter(f"{W}bookmarkStart"))
    ends = Counter(one.get(f"{W}id") for one in body.iter(f"{W}bookmarkEnd"))
    assert len(starts) == 12
    assert Counter(one.get(f"{W}id") for one in starts) == ends
    assert set(ends.values()) == {1}
    names = [one.get(f"{W}name") for one in starts]
    assert len(set(names)) == 12
    for kind in ("docPr", "sdtPr/w:id"):
        drawn = [one.get("id") or one.get(f"{W}val") for one in body.iterfind(f".//{{*}}{kind}", {"w": W[1:-1]})]
        assert len(drawn) == len(set(drawn)) > 2
    anchors = [one.get(f"{W}anchor") for one in body.iter(f"{W}hyperlink")]
    assert set(anchors) <= set(names)
    assert len(set(anchors)) == 3
    codes = [(one.text or "").split()[1] for one in body.iter(f"{W}instrText")]
    assert set(codes) <= set(names)
    assert len(set(codes)) == 3


def with_notes(*blocks: str, note: str = "@PPREN") -> bytes:
    made = document(*blocks)
    notes = (
        f'<w:footnotes {NAMESPACES}><w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
        f'<w:footnote w:id="3">{paragraph(run("Pour "), run(note[:3]), run(note[3:]))}</w:footnote></w:footnotes>'
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), made.part.package)
    made.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    return saved(made)


def test_each_letter_has_its_own_footnotes(merge: Merge, record: RecordMaker) -> None:
    template = with_notes(paragraph(run("Texte"), '<w:r><w:footnoteReference w:id="3"/></w:r>'))
    result = merge(template, *(record(patient={"first_name": name}) for name in ("Lina", "Tom")))
    notes = {
        one.get(f"{W}id"): text_of(one)
        for one in result.part("word/footnotes.xml").iter(f"{W}footnote")
        if not one.get(f"{W}type")
    }
    used = [one.get(f"{W}id") for one in result.part().iter(f"{W}footnoteReference")]
    assert [notes[one] for one in used] == ["Pour Lina", "Pour Tom"]
    assert len(notes) == 2
    anew = [one.find(f"{W}footnotePr/{W}numRestart") for one in sections(result)]
    assert [one.get(f"{W}val") for one in anew if one is not None] == ["eachSect"] * 2


def test_a_footnote_that_cannot_be_merged_is_told_where_it_is() -> None:
    template = with_notes(paragraph('<w:r><w:footnoteReference w:id="3"/></w:r>'), note="@PRENOM")
    assert read_template(template).problems[0].place.startswith("Notes, note de bas de page")


def test_numbered_lists_begin_anew_in_each_letter(merge: Merge, record: RecordMaker) -> None:
    made = document()
    for text in ("un @PPREN", "deux"):
        point = made.add_paragraph(text)
        point._p.get_or_add_pPr().append(xml('<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'))
    numbering = made.part.numbering_part.element
    kind = next(one for one in numbering.iter(f"{W}num") if one.get(f"{W}numId") == "1")
    abstract = kind.find(f"{W}abstractNumId").get(f"{W}val")
    level = next(one for one in numbering.iter(f"{W}abstractNum") if one.get(f"{W}abstractNumId") == abstract)[0]
    for one in numbering.iter(f"{W}abstractNum"):
        if one.get(f"{W}abstractNumId") == abstract:
            for form in one.iter(f"{W}numFmt"):
                form.set(f"{W}val", "decimal")
    assert level is not None
    result = merge(made, record(), record(), record())
    used = [one.get(f"{W}val") for one in result.part().iterfind(f".//{W}numPr/{W}numId")]
    assert used[0::2] == used[1::2]
    assert len(set(used)) == 3
    described = {one.get(f"{W}numId"): one for one in result.part("word/numbering.xml").iter(f"{W}num")}
    for number in used[2:]:
        start = described[number].find(f"{W}lvlOverride/{W}startOverride")
        assert start is not None
        assert start.get(f"{W}val") == "1"


def linked(address: str, *, shown: str = "ici") -> bytes:
    made = document(paragraph(run("@PPREN")))
    relation = made.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    made.element.body.insert(0, xml(paragraph(f'<w:hyperlink r:id="{relation}">{run(shown)}</w:hyperlink>')))
    return saved(made)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://@LIEN", "https://www.webortho.fr/activer/{}"),
        ("file:///C:/Modeles/@LIEN", "https://www.webortho.fr/activer/{}"),
        ("https://www.exemple.fr/?patient=@ORDRE&nom=@DNOM", "https://www.exemple.fr/?patient=5312&nom=SP%C3%89CIMEN"),
        ("https://@SITE/contact", "https://www.webortho.fr/contact"),
    ],
)
def test_links_lead_where_the_letter_says(merge: Merge, record: RecordMaker, address: str, expected: str) -> None:
    result = merge(linked(address), *(record(secret=secret(name)) for name in ("a1", "b2")))
    by_relation = relations(result)
    targets = [by_relation[one.get(f"{R}id", "")] for one in result.part().iter(f"{W}hyperlink")]
    assert targets == [expected.format(name) for name in ("a1", "b2")]


def test_an_address_that_only_looks_like_a_field_is_left_alone(merge: Merge, record: RecordMaker) -> None:
    result = merge(linked("https://exemple.fr/@CabinetDuParc"), record())
    assert "https://exemple.fr/@CabinetDuParc" in relations(result).values()


def test_a_link_in_a_fields_code_is_merged(merge: Merge, record: RecordMaker) -> None:
    code = '<w:r><w:instrText xml:space="preserve"> HYPERLINK "@LIEN" </w:instrText></w:r>'
    result = merge(document(paragraph(code, run("@PPREN"))), record(secret=secret("a1")))
    assert [one.text for one in result.part().iter(f"{W}instrText")] == [
        ' HYPERLINK "https://www.webortho.fr/activer/a1" '
    ]


def test_the_personal_code_is_drawn_in_the_text_and_in_place_of_a_picture(merge: Merge, record: RecordMaker) -> None:
    made = document(paragraph(run("@Q"), run("R")))
    made.add_picture(io.BytesIO(qr_png("exemple")), width=Mm(40))
    made.element.body.findall(".//{*}docPr")[-1].set("descr", " @QR ")
    result = merge(made, *(record(secret=secret(name)) for name in ("a1", "b2")))
    by_relation = relations(result)
    blips = [one.get(f"{R}embed", "") for one in result.part().iterfind(".//{*}blip")]
    with zipfile.ZipFile(result.path) as archive:
        read = []
        for relation in blips:
            with Image.open(io.BytesIO(archive.read(f"word/{by_relation[relation]}"))) as picture:
                whole = Image.new("L", (picture.width + 80, picture.height + 80), 255)
                whole.paste(picture, (40, 40))
            read.append(zxingcpp.read_barcodes(whole)[0].text)
    assert read == [f"https://www.webortho.fr/activer/{name}" for name in ("a1", "a1", "b2", "b2")]
    assert result.report.printed.handles == ["handle-a1", "handle-b2"]
    refused = merge(made, record(secret=IssuedSecret("mot"))).report.printed.refused
    assert [one.code for one in refused] == ["empty-field"]


def test_comments_stay_with_the_first_letter(merge: Merge, record: RecordMaker) -> None:
    made = document(paragraph(run("@PPREN")))
    made.add_comment(made.paragraphs[0].runs, "Vérifier @ICI", author="Accueil")
    result = merge(made, record(), record())
    assert len(list(result.part().iter(f"{W}commentReference"))) == 1
    assert "@ICI" in result.text("word/comments.xml")


def test_the_link_to_a_data_source_is_cut(merge: Merge, record: RecordMaker) -> None:
    made = document(paragraph(run("@PPREN")))
    made.settings.element.append(xml("<w:mailMerge><w:query w:val='SELECT * FROM x'/></w:mailMerge>"))
    result = merge(made, record())
    assert b"SELECT" not in etree.tostring(result.part("word/settings.xml"))


def test_the_same_letters_give_the_same_bytes(merge: Merge, record: RecordMaker) -> None:
    made = saved(document(paragraph(run("@PPREN @QR"))))
    first = merge(made, record(), record(secret=secret("x"))).path.read_bytes()
    assert merge(made, record(), record(secret=secret("x"))).path.read_bytes() == first


def test_a_refused_letter_leaves_nothing_behind(merge: Merge, record: RecordMaker) -> None:
    made = document(paragraph(run("@DNOM @QR")))
    nameless = record(addressee={"last_name": ""}, secret=secret("sans-nom"))
    both = merge(made, nameless, record(secret=secret("b"))).path.read_bytes()
    assert merge(made, record(secret=secret("b"))).path.read_bytes() == both
    nobody = merge(document(paragraph(run("@DNOM"))), nameless)
    assert nobody.report.printed.letters == 0


def test_a_secret_that_the_portal_refused_blocks_its_letter(merge: Merge, record: RecordMaker) -> None:
    refused = record(secret=IssuedSecret("", refused="Ce patient n’a pas d’accès."))
    report = merge(document(paragraph(run("@DNOM"))), refused).report
    assert [one.code for one in report.printed.refused] == ["refused"]


@pytest.mark.parametrize(
    ("last_name", "secrets", "reasons"),
    [
        ("", ("a", "b"), ["nom du destinataire", "nom du destinataire"]),
        ("EXEMPLE", ("a", ""), ["la lettre du foyer n’est pas imprimée", "ce patient n’a pas d’accès"]),
    ],
)
def test_a_household_s_missing_letter_is_one_and_tells_each_child(
    merge: Merge, record: RecordMaker, last_name: str, secrets: tuple[str, ...], reasons: list[str]
) -> None:
    made = document(*(paragraph(run(text)) for text in ("@DNOM", "@ENFANTS @PPREN @FINENFANTS")))
    family = (make_dossier("5312"), make_dossier("5313", "Ana"))
    given = tuple(secret(name) if name else IssuedSecret("", refused="Ce patient n’a pas d’accès.") for name in secrets)
    addressee = {"last_name": last_name}
    printed = merge(made, record(addressee=addressee, children=family, child_secrets=given)).report.printed

    assert (printed.letters, printed.missing) == (0, 1)
    assert [one.number for one in printed.refused] == ["5312", "5313"]
    assert all(one.what.startswith(reason) for one, reason in zip(printed.refused, reasons, strict=True)), printed


def test_each_part_is_declared_and_each_relation_leads_somewhere(merge: Merge, record: RecordMaker) -> None:
    made = document(paragraph(run("@PPREN @QR")))
    made.sections[0].header.paragraphs[0].text = "@ORDRE"
    result = merge(made, *(record(patient={"number": str(number)}, secret=secret(str(number))) for number in range(5)))
    parts = result.parts()
    assert len(parts) == len(set(parts))
    types = result.part("[Content_Types].xml")
    declared = {one.get("PartName", "").lstrip("/") for one in types if one.get("PartName")}
    defaults = {one.get("Extension") for one in types if one.get("Extension")}
    assert declared <= set(parts)
    for name in parts:
        assert name in declared or name.rpartition(".")[2] in defaults, name
    used = set(re.findall(r'r:(?:id|embed)="(\w+)"', etree.tostring(result.part()).decode()))
    targets = relations(result)
    assert used <= set(targets)
    assert {f"word/{targets[one]}" for one in used} <= set(parts)


def test_a_letter_never_takes_over_the_header_of_the_letter_before(merge: Merge, record: RecordMaker) -> None:
    made = document(
        paragraph(run("@PPREN")), '<w:p><w:pPr><w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:pPr></w:p>'
    )
    made.add_paragraph("suite")
    made.sections[-1].header.is_linked_to_previous = False
    made.sections[-1].header.paragraphs[0].text = "Seulement ici"
    result = merge(made, record(), record())
    shown = [one.header.paragraphs[0].text for one in docx.Document(str(result.path)).sections]
    assert shown == ["", "Seulement ici"] * 2


def test_endnotes_stand_at_the_end_of_their_letter(merge: Merge, record: RecordMaker) -> None:
    made = document(paragraph(run("Texte"), '<w:r><w:endnoteReference w:id="3"/></w:r>'))
    notes = f'<w:endnotes {NAMESPACES}><w:endnote w:id="3">{paragraph(run("@PPREN"))}</w:endnote></w:endnotes>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.endnotes+xml"
    part = Part(PackURI("/word/endnotes.xml"), kind, notes.encode(), made.part.package)
    made.part.relate_to(part, RELATIONSHIP_TYPE.ENDNOTES)
    result = merge(made, *(record(patient={"first_name": name}) for name in ("Lina", "Tom")))
    assert result.text("word/endnotes.xml") == "Lina\nTom"
    place = result.part("word/settings.xml").find(f"{W}endnotePr/{W}pos")
    assert place is not None
    assert place.get(f"{W}val") == "sectEnd"
    assert read_template(saved(made)).keep_apart


def test_lists_that_a_style_numbers_begin_anew_too(merge: Merge, record: RecordMaker) -> None:
    made = document()
    for text in ("un @PPREN", "deux"):
        made.add_paragraph(text, style="List Number")
    result = merge(made, record(), record())
    used = [one.get(f"{W}val") for one in result.part().iterfind(f".//{W}numPr/{W}numId")]
    assert used[0] == used[1] != used[2] == used[3]
    described = {one.get(f"{W}numId"): one for one in result.part("word/numbering.xml").iter(f"{W}num")}
    assert described[used[2]].find(f"{W}lvlOverride/{W}startOverride") is not None

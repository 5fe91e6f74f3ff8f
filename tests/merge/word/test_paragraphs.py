"""Fields in the text of a Word document, however Word has cut it into runs."""

import datetime as dt
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from cabinet.dossier import Appointment, AppointmentStatus, Balance
from merge.template import compile_template
from merge.word.letter import Known, Letter
from merge.word.template import WordTemplateError, read_template
from tests.merge.conftest import RecordMaker, make_dossier, make_record
from tests.merge.word.conftest import Merge, W, document, paragraph, run, saved, text_of

BOLD, ITALIC = "<w:b/>", "<w:i/>"
LAST = paragraph(run("Fin"))


def test_a_field_over_several_runs_takes_the_looks_of_its_first_character(merge: Merge, record: RecordMaker) -> None:
    made = document(
        paragraph(
            run("Bonjour "),
            run("@D", BOLD),
            '<w:proofErr w:type="spellStart"/><w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd w:id="0"/>',
            run("CI", ITALIC),
            '<w:proofErr w:type="spellEnd"/><w:r><w:lastRenderedPageBreak/><w:t>VIL</w:t></w:r>',
            run(", à bientôt", ITALIC),
        ),
        LAST,
    )
    result = merge(made, record())
    assert result.text().splitlines()[0] == "Bonjour Madame, à bientôt"
    bold = [one for one in result.part().iter(f"{W}r") if one.find(f"{W}rPr/{W}b") is not None]
    assert ["".join(one.itertext()) for one in bold] == ["Madame"]


def test_text_without_fields_is_left_as_it_is(merge: Merge, record: RecordMaker) -> None:
    untouched = paragraph(run("Prix : 5 * 3, "), run("suite", BOLD))
    result = merge(document(untouched, paragraph(run("@ORDRE"))), record())
    first = next(result.part().iter(f"{W}p"))
    assert [one.text for one in first.iter(f"{W}t")] == ["Prix : 5 * 3, ", "suite"]


def test_a_value_is_inserted_once_and_never_read_again(merge: Merge, record: RecordMaker) -> None:
    odd = '<w:br/> & "@PNOM" {{ 7*7 }}'
    result = merge(document(paragraph(run("@PPREN|"))), record(patient={"first_name": odd}))
    assert result.text() == f"{odd}|"


def test_lines_within_a_paragraph_disappear_with_their_break(merge: Merge, record: RecordMaker) -> None:
    lines = "<w:br/></w:r><w:r>".join(f"<w:t>{text}</w:t>" for text in ("@DADR1", "@DADR2", "@DCPOST @DVILLE"))
    made = document(paragraph(f"<w:r>{lines}</w:r>"), LAST)
    assert merge(made, record()).text() == "3 rue de l’Exemple\n21000 Dijon\nFin"
    full = merge(made, record(addressee={"address_2": "Bâtiment B"}))
    assert full.text() == "3 rue de l’Exemple\nBâtiment B\n21000 Dijon\nFin"


def test_a_paragraph_of_empty_optional_fields_disappears_but_its_bookmarks_stay(
    merge: Merge, record: RecordMaker
) -> None:
    made = document(
        paragraph('<w:bookmarkStart w:id="4" w:name="adresse"/>', run("@DADR2")),
        paragraph(run("Suite"), '<w:bookmarkEnd w:id="4"/>'),
    )
    result = merge(made, record())
    assert result.text() == "Suite"
    assert [one.get(f"{W}name") for one in result.part().iter(f"{W}bookmarkStart")] == ["adresse"]


def test_the_space_before_a_missing_word_goes_with_it(merge: Merge, record: RecordMaker) -> None:
    made = document(paragraph(run("@DCIVIL", BOLD), run(" @DPREN", ITALIC), run(" @DNOM")))
    assert merge(made, record(addressee={"first_name": ""})).text() == "Madame SPÉCIMEN"


def test_a_zone_keeps_its_lines_and_tabs_stay(merge: Merge, record: RecordMaker) -> None:
    made = document(paragraph("<w:r><w:t>Horaires</w:t><w:tab/><w:t>@HORAIRES</w:t></w:r>"))
    assert merge(made, record()).text() == "Horaires\tLundi : 9h–18h\nMardi : 9h–12h"


def test_two_signs_are_one_and_addresses_are_text(merge: Merge, record: RecordMaker) -> None:
    made = document(paragraph(run("@@parc et nom@exemple.fr, code *codeCabinet*")))
    assert merge(made, record()).text() == "@parc et nom@exemple.fr, code dijon21"


def test_deleted_text_is_no_field_and_inserted_text_is(merge: Merge, record: RecordMaker) -> None:
    change = 'w:id="9" w:author="Accueil" w:date="2026-01-01T00:00:00Z"'
    made = document(
        paragraph(
            f"<w:del {change}><w:r><w:delText>@ANCIEN</w:delText></w:r></w:del>",
            f"<w:ins {change}>{run('@PP')}</w:ins>",
            f"<w:moveFrom {change}>{run('@PARTI')}</w:moveFrom>",
            run("REN"),
        )
    )
    result = merge(made, record())
    assert result.text() == "Lina@PARTI"
    assert len(list(result.part().iter(f"{W}del"))) == len(list(result.part().iter(f"{W}ins"))) == 1


def test_smart_tags_links_and_controls_stay_around_the_text(merge: Merge, record: RecordMaker) -> None:
    made = document(
        paragraph(
            '<w:smartTag w:uri="u" w:element="e">' + run("@DN") + "</w:smartTag>",
            '<w:hyperlink w:anchor="plus">' + run("OM ici") + "</w:hyperlink>",
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + run(" @PPREN") + "</w:sdtContent></w:sdt>",
        )
    )
    result = merge(made, record())
    assert result.text() == "SPÉCIMEN ici Lina"
    for tag in ("smartTag", "hyperlink", "sdt"):
        assert len(list(result.part().iter(f"{W}{tag}"))) == 1, tag
    assert not list(result.part().iter(f"{W}showingPlcHdr"))


def test_a_bound_control_is_freed_for_word_would_write_its_stored_value(merge: Merge, record: RecordMaker) -> None:
    binding = '<w:dataBinding w:xpath="/a" w:storeItemID="{0}"/>'
    bound, end = f"<w:sdt><w:sdtPr><w:tag w:val='nom'/>{binding}</w:sdtPr><w:sdtContent>", "</w:sdtContent></w:sdt>"
    made = document(bound + paragraph(run("@DNOM")) + end, bound + paragraph(run("fixe")) + end, LAST)
    result = merge(made, record())
    assert result.text() == "SPÉCIMEN\nfixe\nFin"
    assert len(list(result.part().iter(f"{W}dataBinding"))) == 1


def test_a_control_that_holds_only_an_empty_line_goes_with_it(merge: Merge, record: RecordMaker) -> None:
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph(run('@DADR2'))}</w:sdtContent></w:sdt>"
    result = merge(document(paragraph(run("@DADR1")), control, LAST), record())
    assert result.text() == "3 rue de l’Exemple\nFin"
    assert not list(result.part().iter(f"{W}sdt"))


def test_text_boxes_are_merged_in_both_their_forms(merge: Merge, record: RecordMaker) -> None:
    box = f"<w:txbxContent>{paragraph(run('Pour @PP'), run('REN'))}{paragraph(run('@DADR2'))}</w:txbxContent>"
    made = document(
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>" + run("Dossier @ORDRE") + "</w:p>"
    )
    result = merge(made, record())
    boxes = list(result.part().iter(f"{W}txbxContent"))
    assert [["".join(one.itertext()) for one in box] for box in boxes] == [["Pour Lina", ""]] * 2
    assert "Dossier 5312" in result.text()


def test_children_are_enumerated_in_a_line_each_in_its_looks(merge: Merge, record: RecordMaker) -> None:
    made = document(
        paragraph(run("Pour @ENFANTS "), run("@PPREN", BOLD), run(" (@ORDRE) @FINENFANTS"), run(", à bientôt"))
    )
    family = (make_dossier("1", "Lina"), make_dossier("2", "Tom"), make_dossier("3", "Inès"))
    result = merge(made, record(children=family))
    assert result.text() == "Pour Lina (1), Tom (2) et Inès (3), à bientôt"
    bold = [one for one in result.part().iter(f"{W}r") if one.find(f"{W}rPr/{W}b") is not None]
    assert [text for one in bold if (text := "".join(one.itertext()))] == ["Lina", "Tom", "Inès"]


def test_children_repeat_paragraphs_and_table_rows(merge: Merge, record: RecordMaker) -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{paragraph(run(cell))}</w:tc>" for cell in cells) + "</w:tr>"

    made = document(
        *(paragraph(run(text)) for text in ("@ENFANTS", "Prénom : @PPREN", "@FINENFANTS")),
        "<w:tbl>" + row("Nom", "N°") + row("@ENFANTS @PPREN", "@ORDRE@FINENFANTS") + "</w:tbl>",
        "<w:tbl>" + row("@ENFANTS", "") + row("@PPREN", "a") + row("@ORDRE", "b") + row("@FINENFANTS", "") + "</w:tbl>",
        LAST,
    )
    template = read_template(saved(made))
    assert template.per_household
    family = (make_dossier("1", "Lina"), make_dossier("2", "Tom"))
    text = merge(made, record(children=family)).text()
    assert text.splitlines() == (
        [
            "Prénom : Lina",
            "Prénom : Tom",
            "Nom",
            "N°",
            "Lina",
            "1",
            "Tom",
            "2",
            "Lina",
            "a",
            "1",
            "b",
            "Tom",
            "a",
            "2",
            "b",
            "Fin",
        ]
    )


def test_a_table_row_whose_fields_are_all_empty_disappears(merge: Merge, record: RecordMaker) -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{paragraph(run(cell))}</w:tc>" for cell in cells) + "</w:tr>"

    made = document("<w:tbl>" + row("N°", "@ORDRE") + row("Solde", "@SOLDE") + "</w:tbl>", LAST)
    assert merge(made, record()).text().splitlines() == ["N°", "5312", "Fin"]
    owing = record(balance=Balance(39000, dt.date(2026, 10, 1)))
    assert "Solde" in merge(made, owing).text()
    alone = document("<w:tbl>" + row("Solde", "@SOLDE") + "</w:tbl>", LAST)
    result = merge(alone, record())
    assert result.text() == "Fin"
    assert not list(result.part().iter(f"{W}tbl"))


def test_cells_keep_a_paragraph(merge: Merge, record: RecordMaker) -> None:
    made = document(
        f"<w:tbl><w:tr><w:tc>{paragraph(run('@DNOM'))}{paragraph(run('@DADR2'))}</w:tc></w:tr></w:tbl>", LAST
    )
    cell = next(merge(made, record()).part().iter(f"{W}tc"))
    assert [one.tag for one in cell] == [f"{W}p", f"{W}p"]


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        ("Bonjour @DNOMM,", "Texte, paragraphe 2 (« Bonjour @DNOMM, »)", "Le champ « @DNOMM » n’existe pas"),
        (
            "Bonjour @PRENOM,",
            "Texte, paragraphe 2 (« Bonjour @PRENOM, »)",
            "Le champ « @PRENOM » peut avoir deux sens. Écrivez @DPREN (prénom du destinataire) ou @PPREN",
        ),
        (
            "@MOTDEPASSE",
            "Texte, paragraphe 2 (« @MOTDEPASSE »)",
            "Le champ « @MOTDEPASSE » n’existe pas. Écrivez @MDP (",
        ),
        ("@ENFANTS", "Texte, paragraphe 2 (« @ENFANTS »)", "« @ENFANTS » n’a pas son « @FINENFANTS »"),
    ],
)
def test_what_cannot_be_merged_is_told_with_its_place(text: str, place: str, sentence: str) -> None:
    template = read_template(saved(document(paragraph(run("Bonjour")), paragraph(run(text)))))
    assert [problem.place for problem in template.problems] == [place]
    assert template.problems[0].sentence.replace("\u00a0", " ").startswith(sentence)
    with pytest.raises(WordTemplateError, match="paragraphe"):
        template.check()


def test_a_place_in_a_table_is_told_as_people_count(record: RecordMaker) -> None:
    cell = f"<w:tc>{paragraph(run('@NIMPORTE'))}</w:tc>"
    made = document(f"<w:tbl><w:tr><w:tc>{paragraph()}</w:tc>{cell}</w:tr></w:tbl>", LAST)
    assert "tableau 1, ligne 1, colonne 2" in read_template(saved(made)).problems[0].place


def test_a_letter_without_a_required_value_is_refused_and_the_others_are_written(
    merge: Merge, record: RecordMaker
) -> None:
    made = document(paragraph(run("@DNOM @DADR2")), paragraph(run("Le @RDVDATE à @DVILLE")))
    start = dt.datetime.fromisoformat("2026-10-13T14:30")
    planned = Appointment(start, "Contrôle", 30, "", AppointmentStatus.PLANNED)
    result = merge(made, record(addressee={"last_name": ""}), record(), record(appointments=(planned,)))
    assert result.text() == "SPÉCIMEN\nLe mardi 13 octobre 2026 à Dijon".replace(" octobre", "\u00a0octobre")
    codes = [problem.code for problem in result.report.printed.refused]
    assert codes == ["empty-field", "hole", "hole"]
    assert "Nom du destinataire" in result.report.printed.refused[0].sentence.replace("nom", "Nom", 1)
    assert [field.name for field in result.report.never_filled] == ["DADR2"]


def test_the_procedures_password_is_refused_under_another_policy(merge: Merge, record: RecordMaker) -> None:
    made = document(paragraph(run("@ORDRE"), run("apo")))
    assert merge(made, record()).report.printed.refused[0].code == "other-pattern"
    assert merge(made, record(pattern="@ORDREapo")).text() == "5312apo"


def test_parts_with_another_prefix_are_read(merge: Merge, record: RecordMaker) -> None:
    made = saved(document(paragraph(run("Bonjour @PPREN"))))
    renamed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as source, zipfile.ZipFile(renamed, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                data = data.replace(b"<w:", b"<ns0:").replace(b"</w:", b"</ns0:").replace(b"xmlns:w=", b"xmlns:ns0=")
                data = data.replace(b" w:", b" ns0:")
            target.writestr(name, data)
    assert merge(renamed.getvalue(), record()).text() == "Bonjour Lina"


@settings(max_examples=40)
@given(st.data())
def test_however_a_text_is_cut_into_runs_it_says_the_same(data: st.DataObject) -> None:
    text = "Bonjour @DCIVIL @DPREN @DNOM,\nn° @ORDRE, @@parc : nom@exemple.fr @DADR2 *codeCabinet* fin"
    cuts = sorted(data.draw(st.sets(st.integers(1, len(text) - 1), max_size=12)))
    between = data.draw(st.lists(st.sampled_from(MARKS), min_size=len(cuts), max_size=len(cuts)))
    ends = zip([0, *cuts], [*cuts, len(text)], strict=True)
    runs = ["".join(one) for one in zip((run_of(text[a:b]) for a, b in ends), [*between, ""], strict=True)]
    someone = make_record()
    template = read_template(saved(document(paragraph(*runs), LAST)))
    letter = Letter(someone, Known(alone=True))
    letter.write(template.letter)
    written = etree.fromstring(f"<w:body xmlns:w='{W[1:-1]}'>{''.join(letter.out)}</w:body>")
    assert text_of(written) == compile_template(text).merge(someone).text + "\nFin"


MARKS = (
    "",
    '<w:proofErr w:type="spellStart"/>',
    '<w:bookmarkStart w:id="7" w:name="_GoBack"/><w:bookmarkEnd w:id="7"/>',
    '<w:del w:id="8" w:author="a"><w:r><w:delText>@X</w:delText></w:r></w:del>',
)


def run_of(text: str) -> str:
    """A stretch of text as a run; a line break is an element of its own."""
    parts = [f'<w:t xml:space="preserve">{part}</w:t>' if part else "" for part in text.split("\n")]
    return f"<w:r>{'<w:br/>'.join(parts)}</w:r>"

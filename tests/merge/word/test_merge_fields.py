"""Word's own merge fields: simple and complex, with the names that cabinets give and with switches."""

import datetime as dt

import pytest

from cabinet.dossier import Appointment, AppointmentStatus
from merge.word.names import field_named
from merge.word.switches import read_instruction
from merge.word.template import read_template
from tests.merge.conftest import RecordMaker
from tests.merge.word.conftest import (
    Merge,
    W,
    document,
    field,
    field_code,
    field_mark,
    paragraph,
    run,
    saved,
    simple_field,
)

BOLD, ITALIC = "<w:b/>", "<w:i/>"
START = dt.datetime.fromisoformat("2026-10-06T14:05")
PLANNED = Appointment(START, "Contrôle", 30, "", AppointmentStatus.PLANNED)


def simple(code: str, shown: str = "«…»") -> str:
    quoted = code.replace('"', "&quot;")
    return simple_field(f" {quoted} ", run(shown, BOLD))


def sequence(code: str, shown: str = "«…»", *, looks: str = ITALIC) -> str:
    """A field as Word writes it, its code cut in two."""
    half = len(code) // 2
    return (
        f"{field_mark('begin')}{field_code(code[:half])}{field_code(code[half:])}{field_mark('separate')}"
        f'{run(shown, looks)}<w:proofErr w:type="gramEnd"/>{run(shown, looks)}{field_mark("end")}'
    )


@pytest.mark.parametrize("field", [simple, sequence])
def test_a_merge_field_becomes_its_value_and_nothing_of_it_remains(
    merge: Merge, record: RecordMaker, field: object
) -> None:
    made = document(paragraph(run("Pour "), field('MERGEFIELD "Prénom du patient" \\* MERGEFORMAT'), run(".")))  # type: ignore[operator]
    result = merge(made, record())
    assert result.text() == "Pour Lina."
    for tag in ("fldSimple", "fldChar", "instrText"):
        assert not list(result.part().iter(f"{W}{tag}"))
    looked = [one for one in result.part().iter(f"{W}r") if one.find(f"{W}rPr") is not None]
    assert ["".join(one.itertext()) for one in looked] == ["Lina"]


def test_letters_may_follow_a_merge_field_at_once(merge: Merge, record: RecordMaker) -> None:
    made = document(paragraph(run("NOM"), simple("MERGEFIELD DNOM"), run("S.fr et 2@@")))
    assert merge(made, record()).text() == "NOMSPÉCIMENS.fr et 2@"


def test_a_field_in_a_single_run_is_read(merge: Merge, record: RecordMaker) -> None:
    begin, end = '<w:fldChar w:fldCharType="begin"/>', '<w:fldChar w:fldCharType="end"/>'
    made = document(
        paragraph(
            f'<w:r><w:t xml:space="preserve">N° </w:t>{begin}<w:instrText>MERGEFIELD ORDRE</w:instrText>{end}</w:r>'
        )
    )
    assert merge(made, record()).text() == "N° 5312"


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("MERGEFIELD DNOM \\* Lower", "spécimen"),
        ("MERGEFIELD PPREN \\* Upper", "LINA"),
        ("MERGEFIELD DPREN \\* FirstCap", "Anne-marie"),
        ("MERGEFIELD DPREN \\* Caps \\* MERGEFORMAT", "Anne-Marie"),
        ('MERGEFIELD PNAIS \\@ "d MMMM yyyy"', "15 avril 2012"),
        ('MERGEFIELD "Date RDV" \\@ "dddd dd/MM/yy à HH:mm"', "mardi 06/10/26 à 14:05"),
        ("MERGEFIELD RDVHEURE \\@ \"H'h'mm\"", "14h05"),
        ('MERGEFIELD RDVDATE \\@ "jj/MM/aaaa"', "06/10/2026"),
        ('MERGEFIELD DATE \\@ "ddd d MMM" \\* Upper', "MAR. 6 OCT."),
        ('MERGEFIELD DVILLE \\b "à " \\f " (21)"', "à Dijon (21)"),
        ('MERGEFIELD DADR2 \\b ", "', ""),
    ],
)
def test_switches_change_the_value(merge: Merge, record: RecordMaker, code: str, value: str) -> None:
    made = document(paragraph(run("|"), sequence(code)), paragraph(run("Fin @ORDRE")))
    someone = record(appointments=(PLANNED,), addressee={"first_name": "anne-marie"})
    line = merge(made, someone).text().splitlines()[0]
    assert line == (f"|{value}" if value else "Fin 5312")


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Code_postal", "DCPOST"),
        ("N° patient", "ORDRE"),
        ("date_de_naissance", "PNAIS"),
        ("PrenomPatient", "PPREN"),
        ("Nom du responsable", "DNOM"),
        ("ppren", "PPREN"),
        ("@TITRE", "TITRE"),
        ("Adresse_1", "DADR1"),
        ("codeCabinet", "codeCabinet"),
        ("Reste dû", "SOLDE"),
    ],
)
def test_names_that_cabinets_use_are_known(name: str, field: str) -> None:
    known = field_named(name)
    assert known is not None
    assert known.name == field


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("MERGEFIELD Nom", "peut avoir deux sens. Remplacez-le par @DNOM"),
        ("MERGEFIELD Prenm_patient", "Vouliez-vous dire"),
        ("ADDRESSBLOCK \\f x", "« ADDRESSBLOCK » n’est pas repris"),
        ("NEXT", "« NEXT » n’est pas repris"),
        ('INCLUDETEXT "C:\\\\secrets.txt"', "« INCLUDETEXT » va chercher un fichier ailleurs"),
        ('IncludePicture "http://exemple.fr/@ORDRE.png"', "« INCLUDEPICTURE » va chercher un fichier ailleurs"),
        ('DDEAUTO c:\\\\programme "a"', "« DDEAUTO » va chercher un fichier ailleurs"),
    ],
)
def test_a_field_that_cannot_be_merged_is_told(code: str, sentence: str) -> None:
    problems = read_template(saved(document(paragraph(run("Cher "), sequence(code))))).problems
    assert len(problems) == 1
    assert sentence in problems[0].sentence.replace("\u00a0", " ")
    assert problems[0].place.startswith("Texte, paragraphe 1")


def test_a_merge_field_in_anothers_code_is_told() -> None:
    inner = sequence("MERGEFIELD DCIVIL")
    code, rest = field_code("IF "), field_code(' = "Madame" "Chère" "Cher"')
    made = document(
        paragraph(field_mark("begin"), code, inner, rest, field_mark("separate"), run("x"), field_mark("end"))
    )
    assert "« IF »" in read_template(saved(made)).problems[0].sentence.replace("\u00a0", " ")


def test_fields_that_word_computes_stay(merge: Merge, record: RecordMaker) -> None:
    made = document(paragraph(sequence("PAGE", "1"), run(" @ORDRE "), simple("DATE", "hier")))
    result = merge(made, record())
    assert [one.text for one in result.part().iter(f"{W}instrText")] == ["PAGE"]
    assert len(list(result.part().iter(f"{W}fldSimple"))) == 1


def test_codes_are_read_as_word_does() -> None:
    read = read_instruction(' MERGEFIELD  "Nom \\"court\\""  \\* Upper \\h \\@ “d MMMM” ')
    assert (read.kind, read.name) == ("MERGEFIELD", 'Nom "court"')
    assert read.switches == (("\\*", "Upper"), ("\\h", ""), ("\\@", "d MMMM"))


def test_a_field_whose_name_another_field_makes_is_refused() -> None:
    """Word would first work out the inner one: so hides what would not pass under its own name."""
    inner, code = field("QUOTE 68 68 69"), field_code(" c:\\programme ")
    made = document(paragraph(run("@PNOM"), field_mark("begin"), inner, code, field_mark("end")))
    assert "un autre champ" in read_template(saved(made)).problems[0].sentence

"""Text with @FIELDS is merged exactly, or refused with the place of what is wrong."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cabinet.dossier import Appointment, Balance, Dossier, Patient
from merge.fields import BY_NAME, FIELDS
from merge.merging import RecordBlockedError, Span
from merge.record import IssuedSecret, MergeRecord
from merge.template import TemplateError, compile_template
from tests.merge.conftest import CABINET, RecordMaker, make_dossier, make_record

AT_FIELDS = [field for field in FIELDS if field.token.startswith("@")]
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="@*\r\n"))
RECORD = make_record()


def merged(text: str, record: MergeRecord = RECORD) -> str:
    return compile_template(text).merge(record).text


def sentences(text: str) -> list[str]:
    with pytest.raises(TemplateError) as refused:
        compile_template(text)
    return [problem.sentence for problem in refused.value.problems]


def test_the_address_of_the_procedure_is_merged(record: RecordMaker) -> None:
    text = "@DCIVIL @DNOM @DPREN\n@DADR1\n@DADR2\n@DCPOST @DVILLE\n\nPatient : @PPREN @PNOM"

    assert merged(text) == "Madame SPÉCIMEN Jeanne\n3 rue de l’Exemple\n21000 Dijon\n\nPatient : Lina SPÉCIMEN"


def test_letters_after_a_field_are_text(record: RecordMaker) -> None:
    assert merged("« @ORDREapo »", record(pattern="@ORDREapo")) == "« 5312apo »"


@given(st.sampled_from(AT_FIELDS), st.characters(categories=["Lu", "Nd"]))
def test_a_capital_or_digit_after_a_name_makes_an_unknown_field(field: object, sign: str) -> None:
    text = f"{field.token}{sign}"  # type: ignore[attr-defined] # a Field, drawn from the catalogue
    assume(text[1:] not in BY_NAME)

    assert text in sentences(text)[0]


@given(TEXT)
def test_text_without_signs_stays_as_it_is(text: str) -> None:
    assert merged(text) == text


@given(st.lists(TEXT.filter(lambda text: not text[:1].isalpha()), min_size=1))
def test_two_signs_are_one(parts: list[str]) -> None:
    assert merged("@@".join(parts)) == "@".join(parts)


@pytest.mark.parametrize("text", ["@@ORDRE", "x@@DNOM", "@@@@ORDRE"])
def test_a_doubled_sign_before_a_name_is_no_field(text: str) -> None:
    assert merged(text) == text.replace("@@", "@")


@pytest.mark.parametrize(
    "text",
    [
        "cabinet@exemple.fr",
        "Écrivez à Cabinet.Dupont+rdv@mon-cabinet.exemple.fr.",
        "ACCUEIL@EXEMPLE.FR",
        "<a@exemple.fr>;b@exemple.fr",
        "rendez-vous @ 10h @ 7",
        "fin @",
    ],
)
def test_a_sign_in_an_address_or_alone_is_text(text: str) -> None:
    assert merged(text) == text


def test_an_address_may_begin_with_a_field() -> None:
    assert merged("@ORDRE@exemple.fr") == "5312@exemple.fr"


@pytest.mark.parametrize("text", ["info@CABINET.FR", "@PPREN@PNOM.Bonjour", "Dossier@ORDRE.Merci"])
def test_what_may_be_an_address_or_a_field_is_refused(text: str) -> None:
    (sentence,) = sentences(text)

    assert "peut être une adresse e-mail ou le champ" in sentence
    assert "Écrivez @@ dans une adresse" in sentence


def test_a_misspelt_field_is_refused_with_its_place_and_a_suggestion() -> None:
    assert sentences("Bonjour,\nPatient : @PRENN @DNOMM") == [
        "Ligne 2, colonne 11 : le champ « @PRENN » n’existe pas. Vouliez-vous dire « @PPREN » ?",
        "Ligne 2, colonne 18 : le champ « @DNOMM » n’existe pas. Vouliez-vous dire « @DNOM » ?",
    ]


def test_small_letters_are_no_field_but_a_suggestion() -> None:
    assert sentences("@ordre") == [
        "Ligne 1, colonne 1 : le champ « @ordre » n’existe pas. Vouliez-vous dire « @ORDRE » ?"
    ]


def test_a_name_like_no_other_is_refused_with_the_way_out() -> None:
    (sentence,) = sentences("@zzzyyx")

    assert sentence == (
        "Ligne 1, colonne 1 : le champ « @zzzyyx » n’existe pas. Choisissez un champ de la liste, ou écrivez @@ "
        "pour le signe @."
    )


def test_a_refusal_is_set_as_french() -> None:
    with pytest.raises(TemplateError, match="colonne 1\u00a0: le champ «\u00a0@zzzyyx\u00a0» n’existe pas"):
        compile_template("@zzzyyx")


def test_a_field_with_a_combining_accent_is_refused() -> None:
    assert len(sentences("@DNOM\u0301")) == 1


@pytest.mark.parametrize("token", ["*codeCabinet*", "*codecabinet*", "@CABINET"])
def test_the_cabinets_code_has_two_spellings(token: str) -> None:
    assert merged(f"Entrez le code « {token} ».") == "Entrez le code « dijon21 »."


HOSTILE = st.one_of(
    st.sampled_from(
        ["{{7*7}}", "{% if 1 %}", "${7*7}", "@ORDRE", "@@", "*codeCabinet*", "%s", "{0.__class__}", "<%= 7 %>"]
    ),
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1),
)


@given(HOSTILE)
def test_a_value_is_inserted_once_and_never_read_again(value: str) -> None:
    record = make_record(patient={"first_name": value})
    expected = BY_NAME["PPREN"].render(record)
    assume(expected)

    assert merged("a @PPREN b\n@PPREN", record) == f"a {expected} b\n{expected}"


def test_there_is_no_expression_language() -> None:
    assert merged("{{7*7}} {% if x %} ${x} %(x)s {0}") == "{{7*7}} {% if x %} ${x} %(x)s {0}"


@given(st.sampled_from([field for field in AT_FIELDS if field.required]))
def test_an_empty_required_field_blocks_the_record(field: object) -> None:
    blank = make_record(
        patient={"number": "", "first_name": "", "last_name": ""},
        addressee=dict.fromkeys(("last_name", "address_1", "postcode", "city"), ""),
        cabinet=replace(CABINET, code="", site="", signatory=""),
        secret=IssuedSecret(""),
    )
    assume(field not in (BY_NAME["DATE"], BY_NAME["DPOLI"]))  # These two always have a value.
    result = compile_template(f"Texte {field.token}, et @DATE").merge(blank)  # type: ignore[attr-defined] # a Field

    assert [problem.code for problem in result.problems] == ["empty-field"]
    with pytest.raises(RecordBlockedError, match="rien n’est connu"):
        _ = result.text


def test_the_sentence_of_an_empty_field_says_what_to_do(record: RecordMaker) -> None:
    problem = compile_template("@DCPOST @DVILLE").merge(record(addressee={"postcode": ""})).problems[0]

    assert problem.sentence == (
        "Code postal du destinataire : rien n’est connu. Complétez la fiche, ou retirez @DCPOST du modèle."
    )


def test_the_preview_of_a_blocked_record_shows_the_field(record: RecordMaker) -> None:
    result = compile_template("@DCPOST @DVILLE").merge(record(addressee={"postcode": ""}))

    assert result.preview == "@DCPOST Dijon"
    assert [span.missing for span in result.lines[0]] == [True, False, False]


def test_a_line_whose_fields_are_all_empty_disappears_with_its_line_break() -> None:
    assert merged("avant\nProchain rendez-vous : @RDVDATE à @RDVHEURE.\naprès") == "avant\naprès"


def test_a_line_without_fields_stays_even_empty() -> None:
    assert merged("a\n\n \nb") == "a\n\n \nb"


def test_a_hole_in_the_middle_of_a_sentence_blocks(record: RecordMaker) -> None:
    result = compile_template("@PPREN doit @SOLDE.").merge(record())

    assert result.problems[0].code == "hole"
    assert result.problems[0].sentence == (
        "Solde restant dû : rien n’est connu, et le texte aurait un trou. Écrivez @SOLDE dans une phrase sur sa "
        "propre ligne : elle disparaîtra quand la valeur manque."
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@DCIVIL @DNOM @DPREN", "SPÉCIMEN"),
        ("À @DCIVIL @DPREN @DNOM", "À SPÉCIMEN"),
        ("@DNOM @DCIVIL, @DNOM", "SPÉCIMEN, SPÉCIMEN"),
        ("@DNOM @DPREN\u00a0!", "SPÉCIMEN\u00a0!"),
        ("(@DCIVIL) @DNOM", "() SPÉCIMEN"),
    ],
)
def test_an_empty_word_takes_one_space_with_it(text: str, expected: str, record: RecordMaker) -> None:
    assert merged(text, record(addressee={"civility": "", "first_name": ""})) == expected


def test_no_balance_is_no_zero(record: RecordMaker) -> None:
    assert merged("x\nSolde : @SOLDE", record()) == "x"
    assert merged("x\nSolde : @SOLDE", record(balance=Balance(0))) == "x\nSolde : 0,00\u00a0€"


@given(st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzé"), min_size=1, max_size=5), st.booleans())
def test_a_spelt_out_password_blocks_under_another_policy(letters: str, same: bool) -> None:
    template = compile_template(f"Mot de passe : @ORDRE{letters}")
    record = make_record(pattern=f"@ORDRE{letters}" if same else "")

    assert [problem.code for problem in template.merge(record).problems] == ([] if same else ["other-pattern"])


def test_the_spelt_out_password_is_named(record: RecordMaker) -> None:
    (problem,) = compile_template("@ORDREapo\n@ORDREapo").merge(record(pattern="@ORDREmai")).problems

    assert problem.sentence == (
        "Le modèle écrit le mot de passe « @ORDREapo », mais le cabinet a choisi une autre première visite. "
        "Écrivez @MDP à la place."
    )


def test_a_blocks_lines_repeat_for_each_child(record: RecordMaker) -> None:
    family = record(children=(make_dossier("1", "Léa"), make_dossier("2", "Tom")))

    assert merged("Enfants :\n@ENFANTS\n- @PPREN (@ORDRE)\n @FINENFANTS \nFin", family) == (
        "Enfants :\n- Léa (1)\n- Tom (2)\nFin"
    )


def test_children_within_a_line_are_enumerated(record: RecordMaker) -> None:
    family = record(children=tuple(make_dossier(str(i), name) for i, name in enumerate(("Léa", "Tom", "Max"))))

    assert merged("Pour @ENFANTS @PPREN @FINENFANTS.", family) == "Pour Léa, Tom et Max."


def test_a_child_alone_is_its_own_household(record: RecordMaker) -> None:
    assert merged("@ENFANTS\n@PPREN\n@FINENFANTS") == "Lina"


def test_a_child_never_gets_anothers_secret(record: RecordMaker) -> None:
    family = record(children=(make_dossier("5312"), make_dossier("2", "Tom")))

    assert compile_template("@ENFANTS\n@PPREN @MDP\n@FINENFANTS").merge(family).problems[0].code == "empty-field"

    both = replace(family, child_secrets=(IssuedSecret("un"), IssuedSecret("deux")))
    assert merged("@ENFANTS\n@PPREN @MDP\n@FINENFANTS", both) == "Lina un\nTom deux"


def test_a_line_of_a_block_disappears_for_the_child_that_lacks_it(record: RecordMaker) -> None:
    visit = Appointment(dt.datetime.combine(dt.date(2026, 10, 13), dt.time(9, 5)))
    lea = Dossier(Patient("1", first_name="Léa"), appointments=(visit,))
    family = record(children=(lea, make_dossier("2", "Tom")))

    assert merged("@ENFANTS\n@PPREN\nle @RDVDATE à @RDVHEURE\n@FINENFANTS", family) == (
        "Léa\nle mardi 13\u00a0octobre 2026 à 9h05\nTom"
    )


@pytest.mark.parametrize(
    "text",
    [
        "@ENFANTS\n@PPREN",
        "@FINENFANTS",
        "@ENFANTS\n@ENFANTS\n@FINENFANTS\n@FINENFANTS",
        "x @ENFANTS\n@FINENFANTS",
        "@ENFANTS\nx @ENFANTS y @FINENFANTS\n@FINENFANTS",
        "a @ENFANTS @ENFANTS b @FINENFANTS",
    ],
)
def test_children_that_do_not_close_are_refused(text: str) -> None:
    assert "Écrivez les deux sur la même ligne" in sentences(text)[0]


@given(st.lists(st.one_of(TEXT, st.sampled_from(["@ORDRE", "@PPREN ", "@@", "\n", "@DADR2", "a@b.fr "])), max_size=12))
def test_every_span_knows_its_place(parts: list[str]) -> None:
    text = "".join(parts)
    try:
        template = compile_template(text)
    except TemplateError:
        return
    for line in template.merge(RECORD).lines:
        for span in line:
            typed = template.text[span.start : span.end]
            assert typed in {span.text, "@@"} if span.field is None else typed == span.field.token


def test_pieces_are_given_by_line() -> None:
    template = compile_template("a @ORDRE\r\n@ENFANTS\n@PPREN\n@FINENFANTS\nfin")

    assert [len(pieces) for pieces in template.pieces] == [2, 1, 1]
    assert template.fields == {BY_NAME["ORDRE"], BY_NAME["PPREN"]}
    assert template.merge(RECORD).lines[0] == (Span("a ", 0, 2), Span("5312", 2, 8, BY_NAME["ORDRE"]))


def test_hostile_text_is_compiled_in_no_time() -> None:
    """Long runs without the sign that an address needs must not be tried again from each letter."""
    assert merged("a" * 200_000 + "." * 200_000) == "a" * 200_000 + "." * 200_000
    assert len(sentences("@a." * 20_000)) > 0

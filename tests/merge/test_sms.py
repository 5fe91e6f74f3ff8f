"""The SMS meter, by the tables of 3GPP TS 23.038, and the SMS of a record."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merge.merging import RecordBlockedError
from merge.record import IssuedSecret
from merge.sms.segments import BASIC, EXTENSION, Encoding, measure, replacement, with_replacements
from merge.sms.text import compose_sms
from merge.template import compile_template
from merge.texts import TextSet, shipped_sms
from tests.merge.conftest import RecordMaker, make_record

GSM = st.text(st.sampled_from(sorted(BASIC | EXTENSION)))


def test_the_alphabet_is_the_standards() -> None:
    assert len(BASIC) == 127, "128 places, one of them the escape to the extension table"
    assert len(EXTENSION) == 10
    assert not BASIC & EXTENSION
    assert set(map(chr, range(32, 127))) - BASIC - EXTENSION == {"`"}
    assert "ç" not in BASIC, "only the capital is in the table"


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", Encoding.GSM7, 0, 0),
        ("x" * 160, Encoding.GSM7, 160, 1),
        ("x" * 161, Encoding.GSM7, 161, 2),
        ("x" * 306, Encoding.GSM7, 306, 2),
        ("x" * 307, Encoding.GSM7, 307, 3),
        ("€" * 80, Encoding.GSM7, 160, 1),
        ("€" * 81, Encoding.GSM7, 162, 2),
        ("x" * 152 + "€" + "x" * 152, Encoding.GSM7, 306, 3),
        ("ê" * 70, Encoding.UCS2, 70, 1),
        ("ê" * 71, Encoding.UCS2, 71, 2),
        ("ê" * 134, Encoding.UCS2, 134, 2),
        ("ê" * 135, Encoding.UCS2, 135, 3),
        ("🦷" * 35, Encoding.UCS2, 70, 1),
        ("ê" * 66 + "🦷" + "ê" * 66, Encoding.UCS2, 134, 3),
    ],
)
def test_a_text_weighs_what_the_standard_says(text: str, encoding: Encoding, units: int, segments: int) -> None:
    weighed = measure(text)

    assert (weighed.encoding, weighed.units, weighed.segments) == (encoding, units, segments)


def test_the_offending_characters_are_named_once() -> None:
    assert measure("Où êtes-vous ? Êtes-vous là ? ê").offending == ("ê", "Ê")


@given(st.text())
def test_the_room_left_is_room(text: str) -> None:
    weighed = measure(text)
    if weighed.segments:
        filler = "x" * weighed.room
        assert measure(text + filler).segments == weighed.segments
        assert measure(text + filler + "x").segments == weighed.segments + 1


@given(GSM)
def test_a_gsm_text_is_left_as_it_is(text: str) -> None:
    assert with_replacements(text) == text
    assert measure(text).encoding is Encoding.GSM7


@given(st.text())
def test_replacements_only_bring_gsm_characters(text: str) -> None:
    before, after = measure(text).offending, measure(with_replacements(text)).offending

    assert set(after) <= set(before) | {sign for sign in after if replacement(sign) is None}


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("«\u00a0C’est prêt\u00a0»…", '"C\'est pret"...'),
        ("Bœuf, Noël, ça, À, 1\u202f234\u00a0€", "Boeuf, Noel, ca, A, 1 234 €"),
        ("e\u0301 – N° 5", "é - No 5"),
        ("🦷 中", "🦷 中"),
    ],
)
def test_french_keeps_its_sense(text: str, safe: str) -> None:
    assert with_replacements(text) == safe


def test_the_shipped_sms_is_one_segment_with_every_piece() -> None:
    sms = compose_sms(compile_template(shipped_sms()), make_record())

    assert sms.measure.encoding is Encoding.GSM7
    assert sms.measure.segments == 1
    for piece in (
        "Dossier en ligne",  # what the site is
        "www.webortho.fr",  # its address
        "Code dijon21",  # the three entries
        "Identifiant 5312",
        "Mdp date de naissance du patient (JJMMAAAA)",
        "minuscules",  # lower case
        "RDV, échéances",  # what it gives access to
        "Aide : Docteur Exemple",  # the offer to answer, and the signature
    ):
        assert piece in sms.text


def test_the_shipped_reminder_lacks_none_of_the_entries() -> None:
    text = compose_sms(compile_template(shipped_sms(TextSet.REMINDER)), make_record()).text
    for piece in (
        "dossier vous attend",
        "www.webortho.fr",
        "Code dijon21",
        "Identifiant 5312",
        "minuscules",
        "Aide : Docteur Exemple",
    ):
        assert piece in text


@pytest.mark.parametrize("words", ["date de naissance du patient (JJMMAAAA)", "5312apo", "ABCD-EFGH-JKMN"])
@pytest.mark.parametrize("texts", TextSet)
def test_the_shipped_sms_is_one_segment_under_every_policy(words: str, texts: TextSet, record: RecordMaker) -> None:
    sms = compose_sms(compile_template(shipped_sms(texts)), record(secret=IssuedSecret(words)))

    assert sms.measure.segments == 1


def test_an_sms_says_what_it_replaced(record: RecordMaker) -> None:
    sms = compose_sms(compile_template("Bonjour @PPREN"), record(patient={"first_name": "Gaëtan’"}))

    assert sms.text == "Bonjour Gaetan'"
    assert sms.replaced == ("ë", "’")


def test_an_sms_may_be_left_as_typed(record: RecordMaker) -> None:
    sms = compose_sms(compile_template("prêt"), record(), replace=False)

    assert sms.text == "prêt"
    assert sms.measure.encoding is Encoding.UCS2


def test_an_sms_that_lacks_a_value_is_blocked(record: RecordMaker) -> None:
    with pytest.raises(RecordBlockedError, match="Mot de passe"):
        compose_sms(compile_template("@MDP"), record(secret=IssuedSecret("")))

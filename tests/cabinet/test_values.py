"""Numbers, money, durations, yes/no, statuses and civilities as exports write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.dossier import AppointmentStatus
from cabinet.values import (
    Amounts,
    Unreadable,
    clean,
    parse_boolean,
    parse_civility,
    parse_minutes,
    parse_number,
    parse_rank,
    parse_status,
    parse_text,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5312", "5312"),
        (" 0042 ", "0042"),
        ("A-17", "A-17"),
        ("593aaa05-d864-1df7-5b96-155fbdb19f28", "593aaa05-d864-1df7-5b96-155fbdb19f28"),
        ("5312.0", "5312"),
        ("5312,00", "5312"),
        ("0042.0", "0042"),
        ("5312.5", "5312.5"),
        ("12E5", "12E5"),
        ("AB", "AB"),
        ("TOTALE-17", "TOTALE-17"),
        ("", ""),
    ],
)
def test_a_patients_number_stays_text(text: str, number: str) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    "text", ["Total", "TOTAL :", "Total général", "Totaux", "Sous-total", "grand total", "Nombre de patients"]
)
def test_a_line_that_adds_up_is_no_patients(text: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parse_number(text)
    assert refusal.value.code == "total-line"


@pytest.mark.parametrize("text", ["1,2E+05", "1.23E+11", "9" * 65])
def test_a_number_that_a_spreadsheet_destroyed_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parse_number(text)
    assert refusal.value.code == "unreadable-number"


@given(st.text(max_size=64))
def test_reading_a_number_twice_changes_nothing(text: str) -> None:
    try:
        once = parse_number(text)
    except Unreadable:
        return
    assert parse_number(once) == once


@given(st.text())
def test_clean_text_is_one_printable_line(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.isprintable()
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("390", 39000),
        ("228,67", 22867),
        ("228.67", 22867),
        ("21.5", 2150),
        ("-12,50", -1250),
        ("\N{MINUS SIGN}12,50", -1250),
        ("1 234,56 €", 123456),
        ("1\u202f234,56\u00a0€", 123456),
        ("€ 12", 1200),
        ("12 EUR", 1200),
        ("1'234.50", 123450),
        ("1.234,56", 123456),
        ("1,234.56", 123456),
        ("1.234.567", 123456700),
        ("0,5", 50),
        (",5", 50),
        ("0.123456e", None),
        ("390.0000", 39000),
        ("3652.5600000000004", 365256),
        ("3642.5299999999997", 364253),
        ("0", 0),
        ("", None),
        ("  ", None),
    ],
)
def test_money_is_read_into_cents(text: str, cents: int | None) -> None:
    if text.endswith("e"):
        with pytest.raises(Unreadable):
            Amounts().cents(text)
    else:
        assert Amounts().cents(text) == cents


@pytest.mark.parametrize("text", ["abc", "12,3,4", "1 23,00", "1.23,4", "12-", "1,2345,00", "--5", "1e3", "12,345,6"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        Amounts().cents(text)
    assert refusal.value.code == "unreadable-amount"


@pytest.mark.parametrize("text", ["1,234", "12.500"])
def test_an_amount_that_could_mean_two_things_is_refused_until_the_mapping_says_which(text: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        Amounts().cents(text)
    assert refusal.value.code == "ambiguous-amount"
    sign = "." if "," in text else ","
    assert Amounts(sign).cents(text) == int(text.replace(",", "").replace(".", "")) * 100


def test_a_fixed_decimal_sign_refuses_the_other_one() -> None:
    with pytest.raises(Unreadable):
        Amounts(",").cents("228.67")


def test_amounts_remember_the_decimal_signs_they_met() -> None:
    amounts = Amounts()
    amounts.cents("12")
    assert amounts.seen == set()
    amounts.cents("12,50")
    assert amounts.seen == {","}


@given(
    st.integers(min_value=-(10**9), max_value=10**9),
    st.sampled_from(",."),
    st.sampled_from(["", " ", "\u202f", "\u00a0"]),
)
def test_written_money_is_read_back(cents: int, decimal: str, space: str) -> None:
    euros, rest = divmod(abs(cents), 100)
    text = f"{'-' if cents < 0 else ''}{euros:,}".replace(",", space) + f"{decimal}{rest:02} €"
    assert Amounts().cents(text) == cents


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("20", 20),
        ("0 min", 0),
        ("20 mn", 20),
        ("20.0", 20),
        ("1h30", 90),
        ("1h", 60),
        ("00:20", 20),
        ("0:45:00", 45),
        ("", None),
    ],
)
def test_durations_are_read_into_minutes(text: str, minutes: int | None) -> None:
    assert parse_minutes(text) == minutes


@pytest.mark.parametrize("text", ["vingt", "-5", "1:75", "1500", "1:"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parse_minutes(text)
    assert refusal.value.code == "unreadable-duration"


@pytest.mark.parametrize(
    ("yes", "no"), [("oui", "non"), ("O", "N"), ("1", "0"), ("VRAI", "FAUX"), ("yes", "no"), ("-1", "0")]
)
def test_yes_and_no_are_read_in_their_usual_spellings(yes: str, no: str) -> None:
    assert parse_boolean(yes) is True
    assert parse_boolean(no) is False
    assert parse_boolean(" ") is None


def test_a_word_that_is_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(
        Unreadable,
        match="n’est ni «\u00a0oui\u00a0» ni «\u00a0non\u00a0»".replace("«\u00a0", "«\u00a0").replace(" »", "\u00a0»"),
    ):
        parse_boolean("peut-être")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Honorée", AppointmentStatus.ATTENDED),
        ("venus", AppointmentStatus.ATTENDED),
        ("ABSENT", AppointmentStatus.MISSED),
        ("Non honoré", AppointmentStatus.MISSED),
        ("annulé", AppointmentStatus.CANCELLED),
        ("reporté", AppointmentStatus.CANCELLED),
        ("à venir", AppointmentStatus.PLANNED),
        ("cancelled", AppointmentStatus.CANCELLED),
        ("", AppointmentStatus.PLANNED),
    ],
)
def test_appointment_states_are_read_in_french_of_any_gender(text: str, status: AppointmentStatus) -> None:
    assert parse_status(text) is status


def test_an_unknown_appointment_state_is_never_taken_for_planned() -> None:
    with pytest.raises(Unreadable) as refusal:
        parse_status("R")
    assert refusal.value.code == "unknown-status"


@pytest.mark.parametrize(
    ("text", "civility"),
    [
        ("M.", "Monsieur"),
        ("MR", "Monsieur"),
        ("Mme", "Madame"),
        ("Mrs.", "Madame"),
        ("Melle", "Mademoiselle"),
        ("M. et Mme", "Monsieur et Madame"),
        ("Dr", "Docteur"),
        ("", ""),
    ],
)
def test_civilities_are_written_out(text: str, civility: str) -> None:
    assert parse_civility(text) == civility


def test_an_unknown_civility_is_refused() -> None:
    with pytest.raises(Unreadable):
        parse_civility("Tonton")


def test_a_rank_is_a_small_whole_number() -> None:
    assert [parse_rank(text) for text in ("1", "2.0", "")] == [1, 2, None]
    with pytest.raises(Unreadable):
        parse_rank("premier")


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "#ref!", " #DIV/0! ", "#VALEUR !", "#NOM?"])
def test_an_error_of_a_spreadsheet_is_no_text_and_no_number(text: str) -> None:
    for parse in (parse_text, parse_number):
        with pytest.raises(Unreadable) as refused:
            parse(text)
        assert (refused.value.code, refused.value.reason) == ("formula-error", "est une erreur de calcul du tableur")


@pytest.mark.parametrize("text", ["#1", "n° #2", "#REF", "A#N/A"])
def test_a_text_with_a_hash_is_a_text(text: str) -> None:
    assert parse_text(text) == text

"""E-mail addresses, telephone numbers and postcodes as exports write them."""

import pytest
from email_validator import validate_email
from hypothesis import given
from hypothesis import strategies as st

from cabinet.contacts import parse_email, parse_phone, parse_postcode
from cabinet.values import Unreadable


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" marie-ange.n-diaye@Exemple.FR ", "marie-ange.n-diaye@exemple.fr"),
        ("o'brien@example.com", "o'brien@example.com"),
        ("a+b@sous.domaine.example.org", "a+b@sous.domaine.example.org"),
        ("elise@Éxemple.fr", "elise@xn--xemple-9ua.fr"),
        ("", ""),
    ],
)
def test_an_email_address_keeps_its_name_and_its_domain_in_lower_case(text: str, address: str) -> None:
    assert parse_email(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "marie",
        "a@b",
        "a@b.fr; c@d.fr",
        "a b@exemple.fr",
        "a..b@exemple.fr",
        "a@-x.fr",
        "a@exemple.fr\r\nBcc: c@d.fr",
        "x" * 65 + "@exemple.fr",
        "a@" + "x" * 64 + ".fr",
        "élise@exemple.fr",
        "elıse@exemple.fr",
    ],
)
def test_what_is_no_email_address_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parse_email(text)
    assert refusal.value.code == "unreadable-email"


@given(st.from_regex(r"[A-Za-z0-9._+-]{1,12}@[a-zA-Z0-9.-]{1,12}\.(fr|com|net|org|eu|be|ch|lu)", fullmatch=True))
def test_the_quick_way_accepts_nothing_that_the_rules_refuse(address: str) -> None:
    try:
        read = parse_email(address)
    except Unreadable:
        return
    assert read == validate_email(address, check_deliverability=False, strict=True).normalized


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0639981234", "06 39 98 12 34"),
        ("06.39.98.12.34", "06 39 98 12 34"),
        ("06-39-98-12-34", "06 39 98 12 34"),
        ("+33 6 39 98 12 34", "06 39 98 12 34"),
        ("+33 (0)6 39 98 12 34", "06 39 98 12 34"),
        ("0033639981234", "06 39 98 12 34"),
        ("03 53 01 00 00", "03 53 01 00 00"),
        ("+44 7700 900123", "+447700900123"),
        ("0041 79 000 00 00", "+41790000000"),
        ("", ""),
    ],
)
def test_telephone_numbers_get_one_spelling(text: str, number: str) -> None:
    assert parse_phone(text) == number
    assert parse_phone(number) == number


@pytest.mark.parametrize(
    "text", ["639981234", "06 39 98 12", "06 39 98 12 34 (maman)", "06 39 98 12 34 / 06 39 98 12 35", "aucun"]
)
def test_a_telephone_number_is_never_completed_by_guessing(text: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parse_phone(text)
    assert refusal.value.code == "unreadable-phone"


@pytest.mark.parametrize(
    ("text", "postcode"), [("01000", "01000"), ("21000.0", "21000"), ("SW7 2AP", "SW7 2AP"), ("1205", "1205"), ("", "")]
)
def test_a_postcode_is_text(text: str, postcode: str) -> None:
    assert parse_postcode(text) == postcode

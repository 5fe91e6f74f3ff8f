"""The policy object: what is an initial secret, and what looks like one."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.dossier import Patient
from portal.pages.settings import FirstAccess, FirstAccessPolicy, ProtectionLevel
from portal.server.accounts.first_access import (
    CODE_ALPHABET,
    CODE_LENGTH,
    FirstAccessRule,
    is_birth_date,
    normalised_code,
    typed_birth_date,
)

ZOE = Patient("5312", birth_date=dt.date(2012, 4, 5))
BIRTH_DATE = FirstAccessRule.of(FirstAccess())
PATTERN = FirstAccessRule.of(FirstAccess(FirstAccessPolicy.PATTERN))
CODE = FirstAccessRule.of(FirstAccess(FirstAccessPolicy.PERSONAL_CODE))


@pytest.mark.parametrize(
    "typed", ["05042012", "05/04/2012", "5/4/2012", " 05 04 2012 ", "05-04-2012", "05.04.2012", "2012-04-05"]
)
def test_a_birth_date_is_recognised_however_it_is_separated(typed: str) -> None:
    assert BIRTH_DATE.matches(typed, ZOE)


@pytest.mark.parametrize("typed", ["", "04052012", "050412", "05042012x", "5 avril 2012", "٠٥٠٤٢٠١٢", "05042013"])
def test_anything_else_is_not_the_birth_date(typed: str) -> None:
    assert not BIRTH_DATE.matches(typed, ZOE)


def test_a_patient_without_birth_date_is_opened_by_nothing() -> None:
    assert not any(is_birth_date(typed, Patient("A-7")) for typed in ("", "00000000", "01011900"))


@given(st.dates(dt.date(1900, 1, 1)), st.sampled_from("/-. "))
def test_every_birth_date_is_recognised_with_and_without_separators(day: dt.date, separator: str) -> None:
    patient = Patient("1", birth_date=day)
    assert is_birth_date(day.strftime("%d%m%Y"), patient)
    assert is_birth_date(day.strftime(f"%d{separator}%m{separator}%Y"), patient)
    assert is_birth_date(day.isoformat(), patient)


def test_a_pattern_forgives_case_and_spaces_but_not_another_number() -> None:
    assert PATTERN.matches("5312apo", ZOE)
    assert PATTERN.matches(" 5312 APO", ZOE)
    assert not PATTERN.matches("5313apo", ZOE)
    assert not PATTERN.matches("apo", ZOE)
    assert not PATTERN.matches("05042012", ZOE)


def test_no_dossier_alone_tells_a_personal_code() -> None:
    assert not CODE.matches("05042012", ZOE)
    assert not CODE.matches("", ZOE)


def test_the_alphabet_of_codes_has_31_signs_without_look_alikes() -> None:
    assert len(set(CODE_ALPHABET)) == 31
    assert not set("01OIL") & set(CODE_ALPHABET)
    assert len(CODE_ALPHABET) ** CODE_LENGTH > 2**59


@pytest.mark.parametrize("typed", ["15042012", "15/04/2012", "ABCD-EFGH-JKMN", "abcd efgh jkmn"])
@pytest.mark.parametrize("rule", [BIRTH_DATE, PATTERN, CODE])
def test_what_looks_like_an_initial_secret_is_decided_without_an_account(rule: FirstAccessRule, typed: str) -> None:
    assert rule.looks_like_initial_secret(typed, "no such number")


def test_a_pattern_looks_like_itself_only_where_it_is_the_policy() -> None:
    assert PATTERN.looks_like_initial_secret("5312APO", "5312")
    assert not BIRTH_DATE.looks_like_initial_secret("5312apo", "5312")


@pytest.mark.parametrize("typed", ["", "quatre canards", "motdepasse", "0123456", "123456789"])
def test_an_ordinary_password_does_not_look_like_an_initial_secret(typed: str) -> None:
    assert not BIRTH_DATE.looks_like_initial_secret(typed, "5312")


def test_what_is_merged_never_holds_the_birth_date() -> None:
    assert BIRTH_DATE.described("5312") == "date de naissance du patient (JJMMAAAA)"
    assert PATTERN.described("5312") == "5312apo"
    assert CODE.described("5312", "ABCD-EFGH-JKMN") == "ABCD-EFGH-JKMN"
    assert CODE.described("5312") == "code personnel imprimé sur votre carte ou votre lettre"


def test_only_the_level_of_the_procedure_opens_at_once() -> None:
    assert not BIRTH_DATE.opens_at_once
    assert FirstAccessRule.of(FirstAccess(level=ProtectionLevel.PROCEDURE)).opens_at_once


@given(st.text(max_size=40))
def test_any_text_can_be_typed(typed: str) -> None:
    for rule in (BIRTH_DATE, PATTERN, CODE):
        assert rule.matches(typed, ZOE) in (True, False)
        assert rule.looks_like_initial_secret(typed, typed) in (True, False)
    assert normalised_code(typed) == normalised_code(f" {typed} ")
    assert typed_birth_date(typed) == "" or len(typed_birth_date(typed)) == 8


def test_what_can_only_be_a_personal_code_is_told_without_an_account() -> None:
    looks_like_a_code = FirstAccessRule.of(FirstAccess(FirstAccessPolicy.PATTERN, pattern="@ORDREBCDEFGHJ"))
    for rule in (BIRTH_DATE, PATTERN, CODE, looks_like_a_code):
        assert rule.is_personal_code("abcd efgh jkmn", ("5312",))
        assert not rule.is_personal_code("15042012", ("5312",))
        assert not rule.is_personal_code("5312apo", ("5312",))
    assert BIRTH_DATE.is_personal_code("7777BCDEFGHJ", ("7777",))
    assert not looks_like_a_code.is_personal_code("7777bcdefghj", ("7778", "7777"))

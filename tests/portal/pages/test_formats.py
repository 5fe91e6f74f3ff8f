"""Dates, times, durations and money in French and in English."""

import datetime as dt

import pytest
from babel.dates import format_date
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from portal.pages.formats import English, French

FRENCH, ENGLISH = French(), English()
MOMENT = dt.datetime(2009, 9, 5, 7, 30)  # noqa: DTZ001 - naive local times are the dossier's own


def test_french_dates_and_times() -> None:
    assert FRENCH.date(MOMENT) == "05/09/2009"
    assert FRENCH.date_time(MOMENT) == "05/09/2009 à\u00a007H30"
    assert FRENCH.time(MOMENT) == "7h30"
    assert FRENCH.long_date(MOMENT) == "samedi 5\u00a0septembre 2009"
    assert FRENCH.long_date(dt.date(2009, 10, 1)) == "jeudi 1er\u00a0octobre 2009"


def test_english_dates_and_times() -> None:
    assert ENGLISH.date_time(MOMENT) == "05/09/2009 at\u00a007:30"
    assert ENGLISH.time(MOMENT) == "7:30"
    assert ENGLISH.long_date(MOMENT) == "Saturday 5\u00a0September 2009"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0\u00a0min"), (59, "59\u00a0min"), (60, "1\u00a0h"), (65, "1\u00a0h\u00a005"), (120, "2\u00a0h")],
)
def test_durations(minutes: int, text: str) -> None:
    assert FRENCH.duration(minutes) == text


@pytest.mark.parametrize(
    ("cents", "full", "short"),
    [
        (22867, "228,67\u00a0€", "228,67\u00a0€"),
        (22800, "228,00\u00a0€", "228\u00a0€"),
        (0, "0,00\u00a0€", "0\u00a0€"),
        (5, "0,05\u00a0€", "0,05\u00a0€"),
        (123456700, "1\u00a0234\u00a0567,00\u00a0€", "1\u00a0234\u00a0567\u00a0€"),
        (-150, "−1,50\u00a0€", "−1,50\u00a0€"),
        (-100000, "−1\u00a0000,00\u00a0€", "−1\u00a0000\u00a0€"),
    ],
)
def test_french_money(cents: int, full: str, short: str) -> None:
    assert (FRENCH.money(cents), FRENCH.money_short(cents)) == (full, short)


def test_english_money() -> None:
    assert (ENGLISH.money(123456), ENGLISH.money_short(-390000)) == ("€1,234.56", "−€3,900")


@given(st.integers(0, 10**11))
def test_money_reads_as_babel_writes_it_but_for_the_spaces(cents: int) -> None:
    french = format_currency(cents / 100, "EUR", locale="fr").replace("\u202f", "\u00a0")
    assert FRENCH.money(cents) == french
    assert ENGLISH.money(cents) == format_currency(cents / 100, "EUR", locale="en_GB")


@given(st.dates())
def test_long_dates_read_as_babel_writes_them_but_for_the_first_of_a_month(date: dt.date) -> None:
    expected = format_date(date, "EEEE d MMMM", locale="fr")
    assert FRENCH.long_date(date).replace("\u00a0", " ").replace("1er ", "1 ") == f"{expected} {date.year}"
    assert ENGLISH.long_date(date).replace("\u00a0", " ") == format_date(date, "EEEE d MMMM", "en") + f" {date.year}"

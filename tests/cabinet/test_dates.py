"""Dates and times as exports write them."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.dates import Dates
from cabinet.values import Unreadable

PARIS = ZoneInfo("Europe/Paris")
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "08/10/2020",
        "8/10/2020",
        "08-10-2020",
        "08.10.2020",
        "2020-10-08",
        "20201008",
        "08102020",
        " 08/10/2020 ",
        "08/10/2020 00:00:00",
        "2020-10-08T00:00:00.000",
    ],
)
def test_every_usual_form_of_a_day_is_read(text: str) -> None:
    assert Dates(PARIS).date(text) == dt.date(2020, 10, 8)


@pytest.mark.parametrize(
    "text",
    [
        "08/10/2020 0210",
        "20201008T021000",
        "2020-10-08 02100000",
        "08/10/2020 02:10",
        "08/10/2020 à 02H10",
        "08/10/2020 à 2h10",
        "08/10/2020 02:10:00",
        "2020-10-08T02:10",
        "2020-10-08 02:10:00.000",
        "2020-10-08T00:10:00Z",
        "2020-10-08T02:10:00+02:00",
        "2020-10-07 20:10-0400",
        "20201008 02:10",
        "08/10/2020 2:10 AM",
        "08/10/2020 02:10:00 a.m.",
    ],
)
def test_every_usual_form_of_a_time_is_read_as_the_cabinets_local_time(text: str) -> None:
    assert Dates(PARIS).moment(text) == dt.datetime(2020, 10, 8, 2, 10)  # noqa: DTZ001 - local by design


DAY_ZERO = ("30/12/1899", "12/30/1899", "1899-12-30", "1899-12-30T00:00:00.000", "30/12/1899 00:00:00")
"""What Access, spreadsheets and Delphi's programs write of no date."""


@pytest.mark.parametrize("text", ["", "  ", "00/00/0000", "0000-00-00", "  /  /    ", *DAY_ZERO])
def test_a_missing_date_is_no_date(text: str) -> None:
    assert Dates(PARIS).date(text) is None
    assert Dates(PARIS).moment(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31/02/2010", "unreadable-date"),
        ("12/25/2020", "unreadable-date"),
        ("31/12/1899", "unreadable-date"),
        ("1899-12-30 08:15", "unreadable-date"),
        ("01/01/2150", "unreadable-date"),
        ("44112", "unreadable-date"),
        ("hier", "unreadable-date"),
        ("08/10-2020", "unreadable-date"),
        ("08/10/2020 25:00", "unreadable-date"),
        ("08/10/2020 midi", "unreadable-date"),
        ("08/10/202", "short-year"),
        ("08/10/20", "short-year"),
    ],
)
def test_what_is_no_date_is_refused(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        Dates(PARIS).date(text)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("written", "hour"), [("12:10 AM", 0), ("1:10 PM", 13), ("12:10 pm", 12), ("11:10PM", 23), ("9:10\u202fAM", 9)]
)
def test_halves_of_a_day_are_told_apart(written: str, hour: int) -> None:
    assert Dates(PARIS).moment(f"08/10/2020 {written}") == dt.datetime(2020, 10, 8, hour, 10)  # noqa: DTZ001 - local


@pytest.mark.parametrize("written", ["08:15:", "081", "2415", "0860", "0815:", "14:10 PM", "0:10 AM"])
def test_half_a_time_is_refused(written: str) -> None:
    with pytest.raises(Unreadable):
        Dates(PARIS).moment(f"14/03/2026 {written}")


def test_an_appointment_without_a_time_is_refused_because_midnight_would_be_a_guess() -> None:
    with pytest.raises(Unreadable) as refusal:
        Dates(PARIS).moment("08/10/2020")
    assert refusal.value.code == "missing-time"


def test_an_instant_at_night_is_the_day_that_the_cabinets_clock_showed() -> None:
    assert Dates(PARIS).date("2020-10-07T23:30:00Z") == dt.date(2020, 10, 8)


def test_day_and_month_are_swapped_only_when_the_mapping_says_so() -> None:
    assert Dates(PARIS).date("03/04/2010") == dt.date(2010, 4, 3)
    assert Dates(PARIS, month_first=True).date("03/04/2010") == dt.date(2010, 3, 4)


@pytest.mark.parametrize(
    ("text", "year"), [("01/01/35", 2035), ("01/01/36", 1936), ("01/01/99", 1999), ("01/01/00", 2000)]
)
def test_short_years_end_where_the_mapping_says(text: str, year: int) -> None:
    assert Dates(PARIS, last_short_year=2035).date(text) == dt.date(year, 1, 1)


@given(DAYS)
def test_eight_digits_are_never_ambiguous(day: dt.date) -> None:
    dates = Dates(PARIS)
    assert dates.date(f"{day:%d%m}{day.year}") == day
    assert dates.date(f"{day.year}{day:%m%d}") == day


@given(DAYS, st.times(), st.sampled_from(["%d/%m/{} %H:%M", "{}-%m-%dT%H:%M", "%d.%m.{} à %HH%M"]))
def test_written_moments_are_read_back_whatever_was_read_before(day: dt.date, time: dt.time, form: str) -> None:
    dates = Dates(PARIS)
    moment = dt.datetime.combine(day, time.replace(second=0, microsecond=0))
    text = moment.strftime(form.format(day.year))
    assert dates.moment(text) == moment
    assert dates.moment(text) == moment, "the second time from the cache"


@given(st.text(max_size=25))
def test_any_text_is_a_date_or_a_refusal(text: str) -> None:
    for parse in (Dates(PARIS).date, Dates(PARIS).moment):
        try:
            parse(text)
        except Unreadable:
            continue


def test_the_forms_that_were_met_are_shown() -> None:
    dates = Dates(PARIS)
    dates.moment("2020-10-08T02:10")
    dates.date("08/10/2020")
    assert dates.forms == ("aaaa-mm-jj", "jj/mm/aaaa", "avec heure")


@pytest.mark.parametrize(
    "text",
    [
        "2020-10-08T00:00:00 14:10",
        "2020-10-08 00:00:00 14H10",
        "2020-10-08 1899-12-30T14:10:00",
        "2020-10-08 00:00:00 1899-12-30 14:10:00",
        "08/10/2020 00:00 14:10",
        "08/10/2020 12:00:00 AM 2:10 PM",
    ],
)
def test_a_days_midnight_gives_way_to_the_time_of_a_column_of_its_own(text: str) -> None:
    assert Dates(PARIS).moment(text) == dt.datetime.fromisoformat("2020-10-08 14:10")


def test_midnight_with_a_zone_is_a_time() -> None:
    assert Dates(PARIS).moment("2020-10-08 00:00:00 +02:00") == dt.datetime.fromisoformat("2020-10-08 00:00")


def test_many_moments_are_read_at_once_where_each_is_a_day_and_a_time_as_they_stand() -> None:
    dates = Dates(PARIS)
    for texts in (
        ["08/10/2020 14:10", "2020-10-09T02H15", "10/10/2020 00:00"],
        ["08/10/2020 02:10", "10/10/2020 14:10", "08/10/2020 00:00", "08/10/2020 14:10"],
    ):
        assert dates.moments(texts) == [Dates(PARIS).moment(text) for text in texts]
    for text in ("", "08/10/2020", "08/10/2020 25:00", "31/02/2020 14:10", "08/10/2020 14:10Z", " 08/10/2020 14:10"):
        assert dates.moments(["08/10/2020 14:10", text, "11/10/2020 08:30"]) is None
        assert dates.moments(["08/10/2020 14:10"]) == [dt.datetime.fromisoformat("2020-10-08 14:10")]


def test_as_many_times_are_kept_as_of_any_other_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cabinet.dates.MOST_TEXTS", 10)
    dates = Dates(PARIS)
    texts = [f"08/10/2020 14:10:{second:02}.{second:03}" for second in range(60)]
    right = [Dates(PARIS).moment(text) for text in texts]
    assert [dates.moment(text) for text in texts] == right
    assert len(dates._times) <= 10
    assert dates.moments(texts) is None, "more than are kept: they are gone through one by one"
    assert dates.moments(texts[:5]) == right[:5]
    assert len(dates._times) <= 10


class LongWay(Dates):
    """Takes no short way, whatever the text."""

    def _usual(self, _: str) -> None: ...


def said_by(dates: Dates, text: str) -> object:
    try:
        return dates.date(text), dates.forms
    except Unreadable as error:
        return error.code, error.reason, dates.forms


@given(
    st.one_of(
        st.text("0123456789/.-W_ ", min_size=8, max_size=11),
        st.dates(dt.date(1890, 1, 1), dt.date(2110, 1, 1)).map(lambda day: f"{day:%d/%m/%Y}"),
        st.from_regex(r"[0-3][0-9]([/.-])[01][0-9]\1(18|19|20|21|22)[0-9]{2}", fullmatch=True),
        st.from_regex(r"[\d +_]{2}([/.-])[\dW-]{2}\1[\d-]{4}", fullmatch=True),
    ),
    st.booleans(),
)
def test_the_short_way_to_a_day_says_what_the_long_one_does(text: str, month_first: bool) -> None:
    zone = ZoneInfo("Europe/Paris")
    assert said_by(Dates(zone, month_first=month_first), text) == said_by(LongWay(zone, month_first=month_first), text)

"""Who was informed, and that two computers never write to the same patient at once."""

import datetime as dt

import msgspec
import pytest
import time_machine
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal.api.desk import (
    Accounts,
    Announced,
    Announcement,
    Claim,
    Claimed,
    Handles,
    Informed,
    Medium,
    TakenElsewhere,
)
from portal.api.shapes import Role
from portal.server.cabinets import registry
from portal.server.cabinets.models import Cabinet, Device
from tests.portal.server.support import Api, enrolled

NOW = dt.datetime(2026, 11, 4, 9, 15, tzinfo=dt.UTC)
SPRING, AUTUMN = "a" * 32, "b" * 32


@pytest.fixture
def desk(published: Cabinet) -> Api:
    return enrolled(published, Role.RECEPTION, "Accueil")


@pytest.fixture
def office(published: Cabinet) -> Api:
    return enrolled(published, Role.PRACTITIONER, "Bureau")


def claim(device: Api, campaign: str, *numbers: str) -> tuple[TakenElsewhere, ...]:
    return device.ask("POST", "/announcements/claim", Claimed, Claim(campaign, numbers)).taken


def announce(device: Api, *announcements: Announcement) -> int:
    return device.send("POST", "/announcements", Announced(announcements)).status_code


def informed(device: Api) -> dict[str, Informed | None]:
    return {one.number: one.informed for one in device.ask("GET", "/patients", Accounts).accounts}


# Announcements


def test_the_latest_announcement_counts_in_whatever_order_they_are_told(desk: Api) -> None:
    letter = Announcement("5312", Medium.LETTER, NOW - dt.timedelta(days=3))
    sms = Announcement("5312", Medium.SMS, NOW - dt.timedelta(days=1))
    older = Announcement("5312", Medium.SMS, NOW - dt.timedelta(days=9))
    assert announce(desk, sms, letter) == 204
    assert announce(desk, older) == 204
    assert informed(desk)["5312"] == Informed(Medium.SMS, sms.at)
    assert announce(desk, letter, sms, older, sms) == 204
    assert informed(desk)["5312"] == Informed(Medium.SMS, sms.at)
    assert informed(desk)["0042"] is None


def test_a_computers_clock_that_is_wrong_dates_nothing_in_the_future(desk: Api) -> None:
    with time_machine.travel(NOW, tick=False):
        announce(desk, Announcement("5312", Medium.LETTER, NOW + dt.timedelta(days=400)))
        assert informed(desk)["5312"] == Informed(Medium.LETTER, NOW)


@pytest.mark.parametrize(
    "at", ["2026-11-04T09:15:00", "0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00Z", "hier", 3, None]
)
def test_a_time_that_is_none_is_refused(desk: Api, at: object) -> None:
    body = {"announcements": [{"number": "5312", "medium": "letter", "at": at}]}
    assert desk.send("POST", "/announcements", msgspec.json.encode(body)).status_code == 400
    assert informed(desk)["5312"] is None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(dt.datetime(2000, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=-18))))
@given(st.datetimes(timezones=st.integers(-23, 23).map(lambda hours: dt.timezone(dt.timedelta(hours=hours)))))
def test_no_time_at_all_breaks_the_portal(desk: Api, at: dt.datetime) -> None:
    body = msgspec.json.encode({"announcements": [{"number": "5312", "medium": "card", "at": at.isoformat()}]})
    assert desk.send("POST", "/announcements", body).status_code in (204, 400)


def test_who_announces_has_done_what_was_claimed(desk: Api, office: Api) -> None:
    claim(desk, SPRING, "5312", "0042")
    announce(desk, Announcement("5312", Medium.LETTER, NOW))
    assert [taken.number for taken in claim(office, AUTUMN, "5312", "0042")] == ["0042"]


# Claims


def test_what_another_device_is_writing_to_is_told_with_its_name_and_until_when(desk: Api, office: Api) -> None:
    with time_machine.travel(NOW, tick=False):
        assert claim(desk, SPRING, "5312", "0042") == ()
        until = NOW + dt.timedelta(hours=2)
        assert claim(office, AUTUMN, "A-7", "5312", "0042") == (
            TakenElsewhere("0042", "Accueil", until),
            TakenElsewhere("5312", "Accueil", until),
        )
        assert claim(desk, SPRING, "A-7") == (TakenElsewhere("A-7", "Bureau", until),)


def test_a_claim_lives_two_hours_and_longer_if_it_is_renewed(desk: Api, office: Api) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        claim(desk, SPRING, "5312")
        clock.shift(dt.timedelta(hours=1, minutes=59))
        assert claim(desk, SPRING, "5312") == ()
        clock.shift(dt.timedelta(hours=1, minutes=59))
        assert claim(office, AUTUMN, "5312")
        clock.shift(dt.timedelta(minutes=1))
        assert claim(office, AUTUMN, "5312") == ()
        assert claim(desk, SPRING, "5312")


def test_a_campaign_that_is_released_leaves_its_patients_to_others_and_no_others(desk: Api, office: Api) -> None:
    claim(desk, SPRING, "5312")
    claim(desk, AUTUMN, "0042")
    assert desk.send("POST", "/announcements/release", Handles((SPRING,))).status_code == 204
    assert [taken.number for taken in claim(office, "c" * 32, "5312", "0042")] == ["0042"]


def test_nobody_releases_another_devices_campaign(desk: Api, office: Api) -> None:
    claim(desk, SPRING, "5312")
    assert office.send("POST", "/announcements/release", Handles((SPRING,))).status_code == 204
    assert claim(office, AUTUMN, "5312")


def test_a_devices_own_claims_do_not_stop_its_next_campaign(desk: Api) -> None:
    claim(desk, SPRING, "5312")
    assert claim(desk, AUTUMN, "5312") == ()


def test_a_revoked_device_holds_nobody_up(desk: Api, office: Api, published: Cabinet) -> None:
    claim(desk, SPRING, "5312")
    registry.revoke(published, Device.objects.of(published).get(name="Accueil").pk)
    assert claim(office, AUTUMN, "5312") == ()


def test_each_cabinet_claims_its_own_patients(desk: Api, other_cabinet: Cabinet) -> None:
    claim(desk, SPRING, "5312")
    assert claim(enrolled(other_cabinet, Role.RECEPTION), AUTUMN, "5312") == ()


@pytest.mark.parametrize("number", ["", "a\0b", "5" * 65])
def test_a_number_that_is_none_is_refused(desk: Api, number: str) -> None:
    assert desk.send("POST", "/announcements/claim", Claim(SPRING, (number,))).status_code == 400
    assert announce(desk, Announcement(number, Medium.LETTER, NOW)) == 400

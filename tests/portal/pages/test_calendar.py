"""Appointments as calendar files: read back by another eye, right in every zone, silent about the patient."""

import datetime as dt
from zoneinfo import ZoneInfo

import msgspec
import pytest
from icalendar import Calendar, Event

from cabinet.dossier import Appointment, AppointmentStatus, Dossier, Patient
from portal.pages.calendar import calendar_of_all, calendar_of_one
from portal.pages.settings import PortalSettings
from tests.portal.pages.rich import CONTEXT, DOSSIER, NOW, SETTINGS

KEY = b"k" * 32
PARIS = "Europe/Paris"


def _all(dossier: Dossier = DOSSIER, settings: PortalSettings = SETTINGS, key: bytes = KEY) -> bytes:
    written = calendar_of_all(dossier, settings, CONTEXT, time_zone=PARIS, uid_key=key)
    assert written is not None
    return written


def _one(start: str, settings: PortalSettings = SETTINGS) -> bytes | None:
    return calendar_of_one(DOSSIER, settings, CONTEXT, start, time_zone=PARIS, uid_key=KEY)


def _events(written: bytes) -> list[Event]:
    return list(Calendar.from_ical(written).walk("VEVENT"))


def test_all_that_is_to_come_is_in_the_file_at_the_right_instant() -> None:
    starts = [event["dtstart"].dt for event in _events(_all())]
    local = [start.astimezone(ZoneInfo(PARIS)).replace(tzinfo=None) for start in starts]
    assert local == [each.start for each in DOSSIER.appointments[2:]]
    assert all(start.tzinfo is dt.UTC or start.utcoffset() == dt.timedelta(0) for start in starts)


def test_summer_and_winter_time_of_the_cabinet_are_respected() -> None:
    summer, winter = dt.datetime(2030, 7, 1, 16, 20), dt.datetime(2030, 12, 1, 16, 20)  # noqa: DTZ001 - naive local times
    dossier = Dossier(Patient("1"), appointments=(Appointment(summer), Appointment(winter)))
    assert [event["dtstart"].to_ical() for event in _events(_all(dossier))] == [
        b"20300701T142000Z",
        b"20301201T152000Z",
    ]


def test_an_entry_says_what_where_and_how_long() -> None:
    event = _events(_all())[0]
    assert event["summary"] == "Rendez-vous chez l’orthodontiste"
    assert event["location"] == "Cabinet Quenouille, 7 rue Palourde, 21000 DIJON"
    assert event["description"] == "Nature Abricot"
    assert event["duration"].dt == dt.timedelta(minutes=27)


def test_an_appointment_of_unknown_length_and_kind_claims_neither() -> None:
    event = _events(_all(Dossier(Patient("1"), appointments=(Appointment(NOW + dt.timedelta(days=1)),))))[0]
    assert "duration" not in event
    assert "description" not in event


def test_hidden_details_are_not_in_the_file_either() -> None:
    hidden = msgspec.structs.replace(SETTINGS, hidden=("appointments.next.kind", "header.address"))
    event = _events(_all(settings=hidden))[0]
    assert "description" not in event
    assert "location" not in event


def test_the_file_tells_nothing_of_the_patient() -> None:
    written = _all().decode()
    for identity in ("TOURNESOL", "Capucine", "N4242", "2011", "Madame"):
        assert identity not in written


def test_an_entry_keeps_its_identity_when_the_cabinet_corrects_it() -> None:
    first = DOSSIER.appointments[2]
    corrected = msgspec.structs.replace(first, kind="B", practitioner="Q", duration_minutes=60)
    after = msgspec.structs.replace(DOSSIER, appointments=(corrected,))
    assert _events(_all(after))[0]["uid"] == _events(_all())[0]["uid"]


def test_brothers_and_sisters_at_the_same_hour_are_two_entries() -> None:
    sister = msgspec.structs.replace(DOSSIER, patient=Patient("N4243"))
    assert _events(_all(sister))[0]["uid"] != _events(_all())[0]["uid"]


def test_identities_cannot_be_recomputed_without_the_cabinets_key() -> None:
    assert _events(_all(key=b"x" * 32))[0]["uid"] != _events(_all())[0]["uid"]


def test_one_appointment_is_found_by_its_start() -> None:
    written = _one("20300312T1535")
    assert written is not None
    assert [event["dtstart"].to_ical() for event in _events(written)] == [b"20300312T143500Z"]


@pytest.mark.parametrize("start", ["20300312T1536", "", "../..", "20300123T1000", "20300312T153500"])
def test_a_start_at_which_nothing_is_to_come_has_no_file(start: str) -> None:
    assert _one(start) is None


def test_what_was_cancelled_has_no_file() -> None:
    cancelled = Appointment(NOW + dt.timedelta(days=1), status=AppointmentStatus.CANCELLED)
    dossier = Dossier(Patient("1"), appointments=(cancelled,))
    assert _events(_all(dossier)) == []


def test_hidden_buttons_have_no_file() -> None:
    no_one = msgspec.structs.replace(SETTINGS, hidden=("appointments.next.calendar",))
    no_all = msgspec.structs.replace(SETTINGS, hidden=("appointments.upcoming.calendar",))
    assert _one("20300312T1535", no_one) is None
    assert calendar_of_all(DOSSIER, no_all, CONTEXT, time_zone=PARIS, uid_key=KEY) is None

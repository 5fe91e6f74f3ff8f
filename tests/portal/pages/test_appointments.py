"""Mes Rendez-Vous: what is to come, what is past, and how it is said."""

import datetime as dt

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from cabinet.dossier import Appointment, AppointmentStatus, Dossier, Patient
from portal.pages import render
from portal.pages.settings import PortalSettings
from portal.pages.views.appointments import divide
from tests.portal.pages.rich import CONTEXT, NOW, SETTINGS

HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


def _page(*appointments: Appointment, settings: PortalSettings = SETTINGS) -> str:
    dossier = Dossier(Patient("1"), appointments=appointments)
    return render.appointments_page(dossier, settings, CONTEXT)


def _text(page: str, key: str) -> str:
    found = lxml_html.fromstring(page).xpath(f"//*[@data-element='{key}']")
    return " ".join(" ".join(element.text_content() for element in found).split(" ")).strip()


def _rows(page: str, table: str) -> list[str]:
    rows = lxml_html.fromstring(page).xpath(f"//*[@data-element='{table}']//tbody/tr")
    return ["|".join(" ".join(cell.text_content().split()) for cell in row) for row in rows]


def test_an_appointment_is_to_come_until_it_ends() -> None:
    running = Appointment(NOW - 10 * MINUTE, duration_minutes=20)
    over = Appointment(NOW - 20 * MINUTE, duration_minutes=20)
    without_duration = Appointment(NOW, duration_minutes=None)
    assert divide((running, over, without_duration), NOW) == ((running,), (without_duration, over))


def test_what_was_cancelled_is_no_longer_to_come_and_stands_in_the_history_from_its_day_on() -> None:
    ahead = Appointment(NOW + HOUR, status=AppointmentStatus.CANCELLED)
    behind = Appointment(NOW - HOUR, status=AppointmentStatus.CANCELLED)
    assert divide((ahead, behind), NOW) == ((), (behind,))


def test_what_the_cabinet_already_noted_as_attended_or_missed_is_past_whatever_the_clock_says() -> None:
    attended = Appointment(NOW + HOUR, status=AppointmentStatus.ATTENDED)
    missed = Appointment(NOW + 2 * HOUR, status=AppointmentStatus.MISSED)
    assert divide((attended, missed), NOW) == ((), (missed, attended))


@given(
    st.lists(
        st.builds(
            Appointment,
            start=st.datetimes(dt.datetime(2029, 1, 1), dt.datetime(2031, 1, 1)),  # noqa: DTZ001 - naive local times
            duration_minutes=st.none() | st.integers(0, 600),
            status=st.sampled_from(AppointmentStatus),
        )
    )
)
def test_every_appointment_is_shown_once_but_those_cancelled_ahead(appointments: list[Appointment]) -> None:
    upcoming, past = divide(tuple(appointments), NOW)
    left_out = [each for each in appointments if each not in upcoming + past]
    assert len(upcoming) + len(past) + len(left_out) == len(appointments)
    assert all(each.status is AppointmentStatus.CANCELLED for each in left_out)
    assert [each.start for each in upcoming] == sorted(each.start for each in upcoming)
    assert [each.start for each in past] == sorted((each.start for each in past), reverse=True)


def test_the_next_appointment_is_said_in_words() -> None:
    page = _page(Appointment(dt.datetime(2030, 10, 1, 9, 5), "A", 75, "P"))  # noqa: DTZ001 - naive local time
    assert _text(page, "appointments.next.date") == "mardi 1er\u00a0octobre 2030 à 9h05"
    assert _text(page, "appointments.next.duration") == "Durée1\u00a0h\u00a015"
    assert _text(page, "appointments.next.practitioner") == "Docteur Pivoine"


def test_codes_without_a_readable_name_are_shown_as_they_are() -> None:
    page = _page(Appointment(NOW + HOUR, "RVC", 20, "CC"))
    assert _text(page, "appointments.next.practitioner") == "Praticien CC"
    assert _rows(page, "appointments.upcoming") == ["04/03/2030 à 11H00|RVC|20 min|CC"]


def test_names_given_to_codes_take_their_place_everywhere() -> None:
    page = _page(Appointment(NOW + HOUR, "A", 20, "P"), Appointment(NOW - HOUR, "B", 0, "Q"))
    assert _rows(page, "appointments.upcoming") == ["04/03/2030 à 11H00|Nature Abricot|20 min|Docteur Pivoine"]
    assert _rows(page, "appointments.history") == ["04/03/2030 à 09H00|Nature Bleuet|0 min|Docteur Quartz"]


def test_without_an_appointment_to_come_the_card_says_whom_to_call() -> None:
    page = _page(Appointment(NOW - HOUR))
    assert "Aucun rendez-vous à venir. Appelez le cabinet pour en prendre un." in _text(page, "appointments.next")
    assert lxml_html.fromstring(page).xpath("//*[@data-element='appointments.next.call']/@href") == ["tel:+33300000007"]
    assert _text(page, "appointments.upcoming") == ""


def test_a_cabinet_that_hides_the_card_still_says_that_nothing_is_to_come() -> None:
    hidden = msgspec.structs.replace(SETTINGS, hidden=("appointments.next",))
    page = _page(settings=hidden)
    assert "Aucun rendez-vous à venir." in _text(page, "appointments.upcoming")


def test_a_patient_without_history_reads_a_sentence_instead_of_an_empty_table() -> None:
    page = _page(Appointment(NOW + HOUR))
    assert "Aucun rendez-vous passé pour le moment." in _text(page, "appointments.history")
    assert _rows(page, "appointments.history") == []


@pytest.mark.parametrize(
    ("missed", "sentence"),
    [
        (0, "Vous n’avez manqué aucun rendez-vous"),
        (
            1,
            (
                "Vous avez manqué un rendez-vous. En cas d’empêchement, prévenez-nous\u00a0: nous vous proposerons une"
                " autre date."
            ),
        ),
        (
            3,
            (
                "Vous avez manqué 3 rendez-vous. En cas d’empêchement, prévenez-nous\u00a0: nous vous proposerons une"
                " autre date."
            ),
        ),
    ],
)
def test_missed_appointments_are_counted_kindly(missed: int, sentence: str) -> None:
    page = _page(*(Appointment(NOW - day * 24 * HOUR, status=AppointmentStatus.MISSED) for day in range(1, missed + 1)))
    assert _text(page, "appointments.missed") == sentence


def test_what_did_not_take_place_is_marked_on_the_first_visible_column() -> None:
    missed = Appointment(NOW - HOUR, "B", status=AppointmentStatus.MISSED)
    cancelled = Appointment(NOW - 2 * HOUR, "B", status=AppointmentStatus.CANCELLED)
    hidden = msgspec.structs.replace(SETTINGS, hidden=("appointments.history.date",))
    assert [row.split("|")[0] for row in _rows(_page(missed, cancelled), "appointments.history")] == [
        "04/03/2030 à 09H00 manqué",
        "04/03/2030 à 08H00 annulé",
    ]
    assert [row.split("|")[0] for row in _rows(_page(missed, cancelled, settings=hidden), "appointments.history")] == [
        "Nature Bleuet manqué",
        "Nature Bleuet annulé",
    ]


def test_a_table_whose_columns_are_all_hidden_has_no_cell() -> None:
    columns = tuple(f"appointments.history.{name}" for name in ("date", "kind", "duration", "practitioner"))
    page = _page(Appointment(NOW - HOUR), settings=msgspec.structs.replace(SETTINGS, hidden=columns))
    assert lxml_html.fromstring(page).xpath("//*[@data-element='appointments.history']//td") == []


@pytest.mark.parametrize(("past", "coming", "drawn"), [(0, 1, (0, 0)), (2, 3, (2, 2)), (9, 9, (5, 5))])
def test_the_wire_shows_up_to_five_visits_on_each_side_of_the_next(
    past: int, coming: int, drawn: tuple[int, int]
) -> None:
    page = _page(
        *(Appointment(NOW - day * 24 * HOUR) for day in range(1, past + 1)),
        *(Appointment(NOW + day * 24 * HOUR) for day in range(1, coming + 1)),
    )
    wire = lxml_html.fromstring(page).xpath("//*[@data-element='appointments.next.wire']/svg")[0]
    assert wire.get("aria-hidden") == "true"
    counted = [len(wire.xpath(f".//g[@class='{kind}']")) for kind in ("past", "next-pad", "later")]
    assert counted == [drawn[0], 1, drawn[1]]


def test_what_was_missed_or_cancelled_is_no_bracket_on_the_wire() -> None:
    page = _page(Appointment(NOW + HOUR), Appointment(NOW - HOUR, status=AppointmentStatus.MISSED))
    assert lxml_html.fromstring(page).xpath("//*[@data-element='appointments.next.wire']//g[@class='past']") == []

"""The preview's pages: the portal's own, standing alone, for any patient."""

import datetime as dt
import re

import msgspec
import pytest

from app.portal_editor.pages import (
    NOBODY,
    TABS,
    Shown,
    Surroundings,
    closed_by,
    example_patient,
    is_open,
    local_now,
    page_at,
    page_html,
    page_of_element,
    patient_choice,
    patient_label,
    tab_of,
    zone_of_element,
)
from app.portal_editor.risk import TRIES_A_DAY, measured, sentences
from cabinet.dossier import Dossier, Patient
from portal.pages import addresses
from portal.pages.elements import ELEMENTS
from portal.pages.settings import FirstAccess, FirstAccessPolicy, demo_settings
from portal.server.throttle import LIMITS, Form

NOW = dt.datetime(2030, 3, 1, 9, 0)  # noqa: DTZ001 - the cabinet's local time
AROUND = Surroundings("dijon21", "Cabinet du Parc", NOW, logo="data:image/png;base64,AAAA")
TEST_PATIENT = Dossier(Patient(number="5312", last_name="AAESSAI", first_name="TEST"))


@pytest.mark.parametrize("page", list(Shown))
@pytest.mark.parametrize("dossier", [NOBODY, TEST_PATIENT])
def test_every_page_stands_alone(page: Shown, dossier: Dossier) -> None:
    html = page_html(page, dossier, demo_settings(), AROUND)

    loaded = re.findall(r'<(?:link|img)[^>]*?(?:href|src)="([^"]{5})', html)
    assert loaded
    assert set(loaded) == {"data:"}


def test_each_link_of_a_page_leads_to_a_page_of_the_preview_or_outside() -> None:
    outside = {"tel:", "http", "#con", addresses.CALENDAR_ALL[:4]}
    for page in Shown:
        html = page_html(page, TEST_PATIENT, demo_settings(), AROUND)
        for link in re.findall(r'<a [^>]*href="([^"]+)"', html):
            assert page_at(link) is not None or link[:4] in outside, link


def test_each_element_can_be_looked_up_in_a_page() -> None:
    for element in ELEMENTS:
        assert page_of_element(element.key, Shown.CONTACT) in Shown
    assert page_of_element("accounts.fees.label", Shown.CONTACT) is Shown.FEES
    assert page_of_element("dossier.photo", Shown.CONTACT) is Shown.CONTACT
    assert page_of_element("dossier.photo", Shown.SIGN_IN) is Shown.APPOINTMENTS


def test_a_click_on_a_text_leads_to_its_zone() -> None:
    zones = {zone_of_element(element.key) for element in ELEMENTS} - {""}
    assert zones == {"title", "address", "greeting", "phone", "hours", "fax", "access"}
    assert zone_of_element("header.address") == "address"


def test_the_tabs_lead_to_their_pages() -> None:
    assert [tab.label for tab in TABS] == ["Mes Rendez-Vous", "Comptabilité", "Contact", "Connexion"]
    assert tab_of(Shown.FEES) == 1
    assert tab_of(Shown.FIRST_VISIT) == 3
    assert tab_of(Shown.CHANGE_EMAIL) is None


def test_a_hidden_page_is_closed_and_says_by_what() -> None:
    hidden = msgspec.structs.replace(demo_settings(), hidden=("accounts",))
    assert not is_open(Shown.SCHEDULE, hidden)
    assert closed_by(Shown.FEES, hidden) == ("accounts",)
    assert is_open(Shown.SIGN_IN, hidden)


def test_the_procedures_example_is_the_first_patient_shown() -> None:
    other = Dossier(Patient(number="1", last_name="MARTIN"))
    assert example_patient({"1": other, "5312": TEST_PATIENT}) is TEST_PATIENT
    assert example_patient({"1": other}) is other
    assert example_patient({}) is NOBODY
    assert patient_label(TEST_PATIENT) == "TEST AAESSAI"
    assert patient_label(NOBODY) == "un patient sans rien"
    assert patient_choice(TEST_PATIENT) == "AAESSAI TEST, n°\u00a05312"


def test_now_is_the_cabinets_own() -> None:
    noon = dt.datetime(2030, 7, 1, 12, 0, tzinfo=dt.UTC)
    assert local_now(noon, "Europe/Paris").hour == 14
    assert local_now(noon, "Nulle/Part").hour == 14
    assert local_now(noon, "America/Cayenne").hour == 9


def test_the_risk_is_measured_on_the_cabinets_own_patients() -> None:
    first = dt.date(2000, 1, 1)
    risk = measured([first + dt.timedelta(days=day % 4383) for day in range(5000)] + [None])

    assert (risk.patients, risk.dates) == (5000, 4383)
    assert round(risk.bits, 1) == 12.1
    assert round(risk.opened_by_one_date, 2) == 1.14
    first_said, second_said, third_said = sentences(FirstAccess(), risk)
    assert first_said == (
        "Vos 5\u00a0000 patients sont nés sur 4\u00a0383 jours\u00a0: une date de naissance vaut 12 bits."
        " La CNIL en demande 50."
    )
    assert second_said == "Une même date, essayée sur tous les numéros, ouvre 1,1 dossier en moyenne."
    assert third_said == (
        "Malgré les limites du portail, quelqu’un qui essaie sans cesse ouvrirait environ 5,0 dossiers par an,"
        " parmi ceux dont la première visite reste à faire."
    )


def test_each_policy_has_its_risk_told() -> None:
    told = [sentences(FirstAccess(policy), measured([])) for policy in FirstAccessPolicy]
    assert len(set(told)) == 3


def test_the_reckoning_uses_the_portals_own_limit() -> None:
    assert LIMITS[Form.INITIAL_SECRET].cabinet_a_day == TRIES_A_DAY

"""What the preview shows: any page of the portal, of any patient, made by the portal's own functions. No Qt here."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cabinet.dossier import Dossier, Patient
from portal.pages import addresses, render
from portal.pages.assets import data_address
from portal.pages.context import FormState, PageContext
from portal.pages.elements import BY_KEY, Page
from portal.pages.navigation import page_is_open
from portal.pages.settings import PortalSettings

PARIS = "Europe/Paris"
EXAMPLE_LAST_NAME = "AAESSAI"
"""The procedure's example patient."""
NOBODY = Dossier(Patient(number="0"))
"""« Un patient sans rien »: what a page says where a dossier says nothing."""


class Shown(StrEnum):
    """The pages that the preview can show."""

    APPOINTMENTS = "appointments"
    SCHEDULE = "accounts.schedule"
    FEES = "accounts.fees"
    CONTACT = "contact"
    SIGN_IN = "sign_in"
    FIRST_VISIT = "first_visit"
    FORGOTTEN = "forgotten"
    HOME = "home"
    CHANGE_PASSWORD = "dossier.change_password"  # noqa: S105 - the name of a page
    CHANGE_EMAIL = "dossier.change_email"
    ACCESSIBILITY = "accessibility"
    PRIVACY = "privacy"


@dataclass(frozen=True)
class Tab:
    """A tab of the preview and the pages behind it, with the names of a choice where there are several."""

    label: str
    pages: tuple[tuple[Shown, str], ...]


TABS: tuple[Tab, ...] = (
    Tab("Mes Rendez-Vous", ((Shown.APPOINTMENTS, ""),)),
    Tab("Comptabilité", ((Shown.SCHEDULE, "Échéancier"), (Shown.FEES, "Honoraires"))),
    Tab("Contact", ((Shown.CONTACT, ""),)),
    Tab("Connexion", ((Shown.SIGN_IN, "Connexion"), (Shown.FIRST_VISIT, "Première visite"))),
)

_ADDRESSES = {
    addresses.APPOINTMENTS: Shown.APPOINTMENTS,
    addresses.ACCOUNTS: Shown.SCHEDULE,
    addresses.FEES: Shown.FEES,
    addresses.CONTACT: Shown.CONTACT,
    addresses.SIGN_IN: Shown.SIGN_IN,
    addresses.SIGN_OUT: Shown.SIGN_IN,
    addresses.FIRST_VISIT: Shown.FIRST_VISIT,
    addresses.FORGOTTEN: Shown.FORGOTTEN,
    addresses.HOME: Shown.HOME,
    addresses.CHANGE_PASSWORD: Shown.CHANGE_PASSWORD,
    addresses.CHANGE_EMAIL: Shown.CHANGE_EMAIL,
    addresses.ACCESSIBILITY: Shown.ACCESSIBILITY,
    addresses.PRIVACY: Shown.PRIVACY,
}
_PAGE_OF_ELEMENT = {
    Page.APPOINTMENTS: Shown.APPOINTMENTS,
    Page.ACCOUNTS: Shown.SCHEDULE,
    Page.CONTACT: Shown.CONTACT,
    Page.SIGN_IN: Shown.SIGN_IN,
}
ZONE_SHOWN_BY = {"header.address": "address"}
"""Elements that show a text zone on other terms than the catalogue's `zone`: on one line, without marks."""


@dataclass(frozen=True)
class Surroundings:
    """What the pages are made with besides the dossier and the settings: as the portal would have it."""

    cabinet_code: str
    cabinet_name: str
    now: dt.datetime
    """Naive local time of the cabinet."""
    as_of: dt.datetime | None = None
    photo: str = ""
    """data: address of the patient's photo, or ""."""
    logo: str = ""
    access_image: str = ""


def tab_of(page: Shown) -> int | None:
    """Index in `TABS`; None for a page that has no tab."""
    return next((index for index, tab in enumerate(TABS) if page in dict(tab.pages)), None)


def page_at(address: str) -> Shown | None:
    """The page behind a link of another page; None for what the preview does not show (a calendar, a map)."""
    return _ADDRESSES.get(address.partition("?")[0])


def page_of_element(key: str, current: Shown) -> Shown:
    """Where an element can be seen; `current` when it is on every page."""
    if key.startswith("accounts.fees"):
        return Shown.FEES
    if key in ("first_visit", "forgotten"):
        return Shown(key)
    return _PAGE_OF_ELEMENT.get(BY_KEY[key].page, current if current is not Shown.SIGN_IN else Shown.APPOINTMENTS)


def zone_of_element(key: str) -> str:
    """The text zone that a click on an element edits, or ""."""
    return ZONE_SHOWN_BY.get(key, "") or (BY_KEY[key].zone if key in BY_KEY else "")


def is_open(page: Shown, settings: PortalSettings) -> bool:
    """Whether patients can reach the page at all."""
    return page_is_open(page, settings) if page in _CLOSABLE else True


def closed_by(page: Shown, settings: PortalSettings) -> tuple[str, ...]:
    """The hidden elements that keep a page closed."""
    return tuple(key for key in (page, page.partition(".")[0]) if key in BY_KEY and key in settings.hidden)


_CLOSABLE: Collection[Shown] = frozenset(
    {
        Shown.APPOINTMENTS,
        Shown.SCHEDULE,
        Shown.FEES,
        Shown.CONTACT,
        Shown.CHANGE_PASSWORD,
        Shown.CHANGE_EMAIL,
    }
)


def page_html(page: Shown, dossier: Dossier, settings: PortalSettings, around: Surroundings) -> str:
    """The page as the patient gets it, standing alone: its style sheet, fonts and pictures are within it."""
    context = PageContext(
        cabinet_code=around.cabinet_code,
        cabinet_name=around.cabinet_name,
        now=around.now,
        as_of=around.as_of,
        asset=_asset,
        photo_address=around.photo,
        logo_address=around.logo if settings.logo_digest else "",
        access_image_address=around.access_image if settings.access_image_digest else "",
    )
    if page in _OUTSIDE:
        return _OUTSIDE[page](settings, context)
    return _INSIDE[page](dossier, settings, context)


def make_ready() -> None:
    """Read and compile what the first page needs: a tenth of a second, for a worker."""
    page_html(
        Shown.APPOINTMENTS, NOBODY, PortalSettings(), Surroundings("", "", local_now(dt.datetime.now(dt.UTC), ""))
    )


def example_patient(dossiers: Mapping[str, Dossier]) -> Dossier:
    """The procedure's example patient, or the first of the cabinet, or nobody."""
    for dossier in dossiers.values():
        if dossier.patient.last_name.upper() == EXAMPLE_LAST_NAME:
            return dossier
    return next(iter(dossiers.values()), NOBODY)


def patient_label(dossier: Dossier) -> str:
    """« TEST AAESSAI »."""
    if dossier is NOBODY:
        return "un patient sans rien"
    patient = dossier.patient
    return f"{patient.first_name} {patient.last_name}".strip() or f"N°\u00a0{patient.number}"


def patient_choice(dossier: Dossier) -> str:
    """« AAESSAI TEST, n° 5312 », as the list to choose from has it: no two are alike."""
    patient = dossier.patient
    return f"{patient.last_name} {patient.first_name}".strip() + f", n°\u00a0{patient.number}"


def local_now(now: dt.datetime, time_zone: str) -> dt.datetime:
    """An instant as the cabinet's clocks have it."""
    try:
        zone = ZoneInfo(time_zone or PARIS)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo(PARIS)
    return now.astimezone(zone).replace(tzinfo=None)


@cache
def _asset(name: str) -> str:
    return data_address(name)


def _contact(dossier: Dossier, settings: PortalSettings, context: PageContext) -> str:
    reply_to = next((each.email for each in dossier.addressees if each.email), "")
    return render.contact_page(dossier, settings, context, FormState(), reply_to)


_Inside = Callable[[Dossier, PortalSettings, PageContext], str]
_Outside = Callable[[PortalSettings, PageContext], str]

_INSIDE: dict[Shown, _Inside] = {
    Shown.APPOINTMENTS: render.appointments_page,
    Shown.SCHEDULE: render.schedule_page,
    Shown.FEES: render.fees_page,
    Shown.CONTACT: _contact,
    Shown.HOME: render.home_page,
    Shown.CHANGE_PASSWORD: lambda dossier, settings, context: render.change_password_page(
        dossier, settings, context, FormState()
    ),
    Shown.CHANGE_EMAIL: lambda dossier, settings, context: render.change_email_page(
        dossier, settings, context, FormState()
    ),
}
_OUTSIDE: dict[Shown, _Outside] = {
    Shown.SIGN_IN: lambda settings, context: render.sign_in_page(settings, context, _sign_in_form(context)),
    Shown.FIRST_VISIT: lambda settings, context: render.first_visit_page(settings, context, _sign_in_form(context)),
    Shown.FORGOTTEN: lambda settings, context: render.forgotten_page(settings, context, _sign_in_form(context)),
    Shown.ACCESSIBILITY: render.accessibility_page,
    Shown.PRIVACY: render.privacy_page,
}


def _sign_in_form(context: PageContext) -> FormState:
    """As behind the cabinet's own address, which fills its code in."""
    return FormState({"cabinet_code": context.cabinet_code})

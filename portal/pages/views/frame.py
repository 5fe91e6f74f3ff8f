"""What surrounds every page: the brand, the menu, Mon dossier, Information cabinet, and as of when the data are."""

import msgspec
from markupsafe import Markup

from cabinet.dossier import Patient
from portal.pages import addresses
from portal.pages.context import PageContext
from portal.pages.elements import visible_keys
from portal.pages.formats import Formats
from portal.pages.language import Language
from portal.pages.navigation import accounts_address
from portal.pages.rich_text import find_phone, phone_address, plain_lines, zone_markup
from portal.pages.settings import PortalSettings, TextZones

PRODUCT_NAME = "WebOrtho"
NO_SETTINGS = PortalSettings()


class Phone(msgspec.Struct, frozen=True):
    """The cabinet's number as it is shown, and its tel: address."""

    text: str
    address: str


class Brand(msgspec.Struct, frozen=True):
    """Whose page this is."""

    name: str
    address: str
    """The address zone on one line."""
    logo: str
    """Address of the cabinet's own logo, or "" for the portal's."""


class MenuItem(msgspec.Struct, frozen=True):
    key: str
    label: str
    icon: str
    address: str


class PatientCard(msgspec.Struct, frozen=True):
    """Mon dossier. A field is "" where the element is hidden or the dossier does not say."""

    photo: str = ""
    civility: str = ""
    last_name: str = ""
    first_name: str = ""
    birth_date: str = ""
    treatment_start: str = ""


class Information(msgspec.Struct, frozen=True):
    """Information cabinet: the text zones, ready to be shown; "" where the element is hidden or the zone is empty."""

    title: Markup
    address: Markup
    greeting: Markup
    phone: Markup
    hours: Markup
    fax: Markup


class Frame(msgspec.Struct, frozen=True):
    """All that a page shows besides its own matter. `patient_name` is "" on a page before the sign-in."""

    brand: Brand
    phone: Phone | None
    shown: frozenset[str]
    """Keys of the visible elements."""
    menu: tuple[MenuItem, ...] = ()
    patient_name: str = ""
    patient_number: str = ""
    card: PatientCard = PatientCard()
    information: Information | None = None
    """None where nothing of it is shown."""
    signed_in: bool = False
    as_of: tuple[str, str] | None = None
    """Date and time as of which the data are."""


def outside_frame(settings: PortalSettings | None, context: PageContext) -> Frame:
    """The frame of a page before the sign-in: whose portal this is, and nothing of a patient."""
    known = settings or NO_SETTINGS
    shown = visible_keys(known.hidden)
    return Frame(brand=_brand(known.zones, shown, context), phone=_phone(known.zones), shown=shown)


def patient_frame(patient: Patient, settings: PortalSettings, context: PageContext, words: Language) -> Frame:
    """The frame of a signed-in patient's page."""
    shown = visible_keys(settings.hidden)
    names_shown = "header.patient" in shown
    return Frame(
        brand=_brand(settings.zones, shown, context),
        phone=_phone(settings.zones),
        shown=shown,
        menu=_menu(settings, shown, words),
        patient_name=f"{patient.first_name} {patient.last_name}".strip() if names_shown else "",
        patient_number=patient.number if names_shown else "",
        card=_card(patient, shown, context, words.formats),
        information=_information(settings.zones, shown),
        signed_in=True,
        as_of=(words.formats.date(context.as_of), words.formats.time(context.as_of)) if context.as_of else None,
    )


def _brand(zones: TextZones, shown: frozenset[str], context: PageContext) -> Brand:
    return Brand(
        name=(context.cabinet_name or PRODUCT_NAME) if "header.title" in shown else "",
        address=", ".join(plain_lines(zones.address)) if "header.address" in shown else "",
        logo=context.logo_address if "header.logo" in shown else "",
    )


def _phone(zones: TextZones) -> Phone | None:
    """The number behind every "call" button, whether or not the Téléphone line itself is shown."""
    number = find_phone(zones.phone)
    return Phone(number, phone_address(number)) if number else None


def _menu(settings: PortalSettings, shown: frozenset[str], words: Language) -> tuple[MenuItem, ...]:
    _ = words.texts.gettext
    items = (
        MenuItem("appointments", _("Mes Rendez-Vous"), "calendar-check", addresses.APPOINTMENTS),
        MenuItem("accounts", _("Comptabilité"), "receipt", accounts_address(settings)),
        MenuItem("contact", _("Contact"), "envelope-simple", addresses.CONTACT),
    )
    return tuple(item for item in items if item.key in shown)


def _card(patient: Patient, shown: frozenset[str], context: PageContext, formats: Formats) -> PatientCard:
    born, started = patient.birth_date, patient.treatment_start
    return PatientCard(
        photo=context.photo_address if "dossier.photo" in shown else "",
        civility=patient.civility if "dossier.civility" in shown else "",
        last_name=patient.last_name if "dossier.last_name" in shown else "",
        first_name=patient.first_name if "dossier.first_name" in shown else "",
        birth_date=formats.date(born) if born and "dossier.birth_date" in shown else "",
        treatment_start=formats.date(started) if started and "dossier.treatment_start" in shown else "",
    )


def _information(zones: TextZones, shown: frozenset[str]) -> Information | None:
    def zone(name: str, html: str, *, link_phone: bool = False) -> Markup:
        return zone_markup(html, link_phone=link_phone) if f"information.{name}" in shown else Markup()

    information = Information(
        title=zone("title", zones.title),
        address=zone("address", zones.address),
        greeting=zone("greeting", zones.greeting),
        phone=zone("phone", zones.phone, link_phone=True),
        hours=zone("hours", zones.hours),
        fax=zone("fax", zones.fax),
    )
    return information if any(msgspec.structs.astuple(information)) else None

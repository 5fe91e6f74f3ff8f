"""Dossier and settings in, HTML out: every page of the portal, for the server and for the preview alike."""

from cabinet.dossier import Dossier
from portal.pages.context import FormState, PageContext
from portal.pages.settings import PortalSettings


def appointments_page(dossier: Dossier, settings: PortalSettings, context: PageContext) -> str:
    raise NotImplementedError


def schedule_page(dossier: Dossier, settings: PortalSettings, context: PageContext) -> str:
    raise NotImplementedError


def fees_page(dossier: Dossier, settings: PortalSettings, context: PageContext) -> str:
    raise NotImplementedError


def contact_page(
    dossier: Dossier, settings: PortalSettings, context: PageContext, form: FormState, reply_to: str
) -> str:
    """`reply_to`: the patient's e-mail address, or "" (then the page says how the answer will come). Fields: subject, message."""
    raise NotImplementedError


def home_page(dossier: Dossier, settings: PortalSettings, context: PageContext) -> str:
    raise NotImplementedError


def change_password_page(dossier: Dossier, settings: PortalSettings, context: PageContext, form: FormState) -> str:
    """Fields: current_password, new_password."""
    raise NotImplementedError


def change_email_page(dossier: Dossier, settings: PortalSettings, context: PageContext, form: FormState) -> str:
    """Fields: current_password, email."""
    raise NotImplementedError


def sign_in_page(settings: PortalSettings | None, context: PageContext, form: FormState) -> str:
    """`settings` of the cabinet that the address or the remembered code names; None shows no cabinet's brand.

    Fields: cabinet_code, patient_number, password, remember ("on" or "").
    """
    raise NotImplementedError


def first_visit_page(settings: PortalSettings | None, context: PageContext, form: FormState) -> str:
    """Fields: cabinet_code, patient_number, secret."""
    raise NotImplementedError


def forgotten_page(settings: PortalSettings | None, context: PageContext, form: FormState) -> str:
    """Fields: cabinet_code, patient_number."""
    raise NotImplementedError


def activate_page(settings: PortalSettings | None, context: PageContext, form: FormState) -> str:
    """Behind the QR code. Field: birth_date."""
    raise NotImplementedError


def confirm_link_page(settings: PortalSettings | None, context: PageContext, form: FormState) -> str:
    """Behind the mailed first-visit link: one button, because a link is used by POST (mail scanners open links)."""
    raise NotImplementedError


def choose_password_page(
    settings: PortalSettings | None, context: PageContext, form: FormState, *, ask_email: bool
) -> str:
    """End of a first visit (`ask_email`) or of a reset. Fields: new_password, email."""
    raise NotImplementedError


def message_page(
    settings: PortalSettings | None,
    context: PageContext,
    *,
    title: str,
    sentences: tuple[str, ...],
    action: tuple[str, str] | None = None,
) -> str:
    """A page that only says something: neutral answers, refusals, errors, legal texts. `action`: (label, address)."""
    raise NotImplementedError

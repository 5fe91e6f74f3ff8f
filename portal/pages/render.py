"""Dossier and settings in, HTML out: every page of the portal, for the server and for the preview alike.

Each function makes the view of its page, from which hidden data are already gone, and fills one template with it.
Forms post to the address they were read at, with `csrfmiddlewaretoken`; their fields are named in each docstring.
"""

import re
from typing import NamedTuple

from cabinet.dossier import Dossier
from portal.pages import addresses
from portal.pages.context import FormState, PageContext
from portal.pages.elements import is_visible
from portal.pages.environment import template
from portal.pages.language import Language, language
from portal.pages.rich_text import zone_markup
from portal.pages.settings import PortalSettings, ProtectionLevel
from portal.pages.views.accounts import AccountsView, fees_view, schedule_view
from portal.pages.views.appointments import appointments_view
from portal.pages.views.frame import Frame, outside_frame, patient_frame

NO_FORM = FormState()
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


class ErrorBox(NamedTuple):
    """The box at the top of a form: its first sentence is its title."""

    title: str
    rest: str


# A signed-in patient's pages


def appointments_page(dossier: Dossier, settings: PortalSettings, context: PageContext) -> str:
    """Mes Rendez-Vous."""
    return _patient_page(
        "appointments.html",
        dossier,
        settings,
        context,
        current="appointments",
        address=addresses.APPOINTMENTS,
        view=appointments_view(dossier, settings, context, language(context.language)),
    )


def schedule_page(dossier: Dossier, settings: PortalSettings, context: PageContext) -> str:
    """Comptabilité, Échéancier."""
    view = schedule_view(dossier, settings, language(context.language))
    return _accounts_page(dossier, settings, context, view, "schedule")


def fees_page(dossier: Dossier, settings: PortalSettings, context: PageContext) -> str:
    """Comptabilité, Honoraires."""
    view = fees_view(dossier, settings, language(context.language))
    return _accounts_page(dossier, settings, context, view, "fees")


def contact_page(
    dossier: Dossier, settings: PortalSettings, context: PageContext, form: FormState, reply_to: str
) -> str:
    """Fields: subject, message, and written_in (what proves in which session the form was opened).

    `reply_to`: the patient's e-mail address, or "" (then the page says how the answer will come).
    """
    return _patient_page(
        "contact.html",
        dossier,
        settings,
        context,
        current="contact",
        address=addresses.CONTACT,
        form=form,
        reply_to=reply_to,
        access=zone_markup(settings.zones.access) if is_visible("contact.access.text", settings.hidden) else "",
        route=settings.route_url if is_visible("contact.access.route", settings.hidden) else "",
    )


def home_page(dossier: Dossier, settings: PortalSettings, context: PageContext) -> str:
    """Mon dossier alone: where a patient lands when the cabinet hides the three pages."""
    return _patient_page("home.html", dossier, settings, context, current="home", address=addresses.HOME)


def change_password_page(dossier: Dossier, settings: PortalSettings, context: PageContext, form: FormState) -> str:
    """Fields: current_password, new_password."""
    return _patient_page(
        "change_password.html",
        dossier,
        settings,
        context,
        current="dossier.change_password",
        address=addresses.CHANGE_PASSWORD,
        form=form,
    )


def change_email_page(dossier: Dossier, settings: PortalSettings, context: PageContext, form: FormState) -> str:
    """Fields: current_password, email."""
    return _patient_page(
        "change_email.html",
        dossier,
        settings,
        context,
        current="dossier.change_email",
        address=addresses.CHANGE_EMAIL,
        form=form,
    )


# Before the sign-in


def sign_in_page(settings: PortalSettings | None, context: PageContext, form: FormState) -> str:
    """`settings` of the cabinet that the address or the remembered code names; None shows no cabinet's brand.

    Fields: cabinet_code, patient_number, password, remember ("on" or "").
    """
    return _outside_page("sign_in.html", settings, context, element="sign_in", address=addresses.SIGN_IN, form=form)


def first_visit_page(settings: PortalSettings | None, context: PageContext, form: FormState) -> str:
    """Fields: cabinet_code, patient_number, secret."""
    first_access = settings.first_access if settings else None
    return _outside_page(
        "first_visit.html",
        settings,
        context,
        element="first_visit",
        address=addresses.FIRST_VISIT,
        form=form,
        policy=first_access.policy if first_access else None,
        opens_at_once=first_access is not None and first_access.level is ProtectionLevel.PROCEDURE,
    )


def forgotten_page(settings: PortalSettings | None, context: PageContext, form: FormState) -> str:
    """Fields: cabinet_code, patient_number."""
    return _outside_page(
        "forgotten.html", settings, context, element="forgotten", address=addresses.FORGOTTEN, form=form
    )


def activate_page(settings: PortalSettings | None, context: PageContext, form: FormState) -> str:
    """Behind the QR code. Field: birth_date."""
    return _outside_page("activate.html", settings, context, element="activation", form=form)


def confirm_link_page(settings: PortalSettings | None, context: PageContext, form: FormState) -> str:
    """Behind the mailed first-visit link: one button, because a link is used by POST (mail scanners open links)."""
    return _outside_page("confirm_link.html", settings, context, element="first_visit", form=form)


def choose_password_page(
    settings: PortalSettings | None, context: PageContext, form: FormState, *, ask_email: bool
) -> str:
    """End of a first visit (`ask_email`) or of a reset. Fields: new_password, email."""
    return _outside_page(
        "choose_password.html", settings, context, element="choose_password", form=form, ask_email=ask_email
    )


def message_page(
    settings: PortalSettings | None,
    context: PageContext,
    *,
    title: str,
    sentences: tuple[str, ...],
    action: tuple[str, str] | None = None,
) -> str:
    """A page that only says something: neutral answers, refusals, errors. `action`: (label, address).

    The French texts are looked up in the page's language, and shown as they are where it has none.
    """
    words = language(context.language)
    return _outside_page(
        "message.html",
        settings,
        context,
        element="message",
        title=words.translate(title),
        sentences=tuple(words.translate(sentence) for sentence in sentences),
        action=(words.translate(action[0]), action[1]) if action else None,
    )


def accessibility_page(settings: PortalSettings | None, context: PageContext) -> str:
    """The accessibility statement."""
    return _outside_page("accessibility.html", settings, context, element="message", address=addresses.ACCESSIBILITY)


def privacy_page(settings: PortalSettings | None, context: PageContext) -> str:
    """What becomes of personal data."""
    return _outside_page("privacy.html", settings, context, element="message", address=addresses.PRIVACY)


def _accounts_page(
    dossier: Dossier, settings: PortalSettings, context: PageContext, view: AccountsView, kind: str
) -> str:
    return _patient_page(
        "accounts.html",
        dossier,
        settings,
        context,
        current="accounts",
        address=addresses.ACCOUNTS if kind == "schedule" else addresses.FEES,
        view=view,
        kind=kind,
    )


def _patient_page(
    name: str,
    dossier: Dossier,
    settings: PortalSettings,
    context: PageContext,
    *,
    current: str,
    address: str,
    form: FormState = NO_FORM,
    **matter: object,
) -> str:
    """`current`: key of the element that the page's matter stands in."""
    words = language(context.language)
    frame = patient_frame(dossier.patient, settings, context, words)
    return _fill(name, frame, context, words, element=current, address=address, form=form, **matter)


def _outside_page(
    name: str,
    settings: PortalSettings | None,
    context: PageContext,
    *,
    element: str,
    address: str = addresses.SIGN_IN,
    form: FormState = NO_FORM,
    **matter: object,
) -> str:
    words = language(context.language)
    frame = outside_frame(settings, context)
    return _fill(name, frame, context, words, element=element, address=address, form=form, **matter)


def _fill(name: str, frame: Frame, context: PageContext, words: Language, *, form: FormState, **matter: object) -> str:
    return template(name, words.code).render(
        frame=frame,
        context=context,
        language=words,
        notice=words.translate(context.notice),
        form=form,
        error=_error_box(form, words),
        **matter,
    )


def _error_box(form: FormState, words: Language) -> ErrorBox | None:
    if not form.error:
        return None
    title, *rest = _SENTENCE_END.split(words.translate(form.error), maxsplit=1)
    return ErrorBox(title, "".join(rest))

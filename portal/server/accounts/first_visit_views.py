"""Première visite: the form, the links behind e-mails and QR codes, and the choice of a password."""

from dataclasses import replace

from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.views.decorators.http import require_http_methods

from portal.pages import addresses, render
from portal.pages.context import FormState
from portal.pages.settings import ProtectionLevel
from portal.server import throttle
from portal.server.access import dossier_for_first_visit
from portal.server.accounts import cookies, first_visit, links, passwords, sessions
from portal.server.accounts.attempts import begin, hashes_passwords, refused
from portal.server.accounts.emails import INCOMPLETE, email_typed
from portal.server.accounts.first_access import FirstAccessRule
from portal.server.accounts.guards import for_first_visits
from portal.server.accounts.identifiers import cabinet_typed, code_typed, number_typed, spellings
from portal.server.accounts.links import Purpose
from portal.server.accounts.models import OneTimeLink, Session
from portal.server.accounts.request import PortalRequest
from portal.server.accounts.views import UNKNOWN_CABINET, end_current, enter
from portal.server.cabinets.models import Cabinet
from portal.server.cabinets.settings_store import current_settings
from portal.server.patients import frame
from portal.server.patients.frame import form_again, page_context, redirect, settings_of, typed

MEANT_HERE = (
    "Est-ce votre première visite ? Ce que vous avez tapé ressemble à un code de première visite. "
    "Tapez-le ici ; ensuite, vous choisirez votre mot de passe."
)
INCOMPLETE_FORM = "Remplissez les trois zones : le code du cabinet, votre identifiant et votre code de première visite."
ASKED_TITLE = "Regardez votre boîte e-mail"
ASKED = (
    (
        "Si ces informations correspondent à un dossier, un e-mail part maintenant vers l’adresse que le cabinet "
        "connaît. Il contient un lien, valable une heure, pour choisir votre mot de passe."
    ),
    "Rien reçu dans dix minutes ? Regardez dans les courriers indésirables.",
    (
        "Le cabinet n’a pas votre adresse e-mail ? Utilisez le QR code de votre lettre ou le code personnel de votre "
        "carte, ou appelez le cabinet."
    ),
)
REFUSED = (
    "Première visite impossible. Ces informations ne correspondent pas, ou un mot de passe a déjà été choisi. "
    "Vérifiez votre carte ou votre lettre, utilisez « Mot de passe oublié », ou appelez le cabinet."
)
DEAD_TITLE = "Ce lien ne fonctionne plus"
DEAD = (
    "Il a déjà servi, ou il est trop ancien.",
    "Commencez une première visite, ou connectez-vous si vous avez déjà choisi un mot de passe.",
)
WRONG_DATE = (
    "Cette date ne correspond pas. Tapez la date de naissance du patient, par exemple 15/04/2012. "
    "Après cinq erreurs, ce lien ne fonctionnera plus."
)
FINISHED_MEANWHILE = (
    "Un mot de passe a déjà été choisi avec ce code ou ce lien.",
    "Connectez-vous, ou demandez un nouveau mot de passe.",
)
WITHDRAWN_TITLE = "Ce dossier n’est plus en ligne"
WITHDRAWN = ("Le cabinet a retiré ce dossier du portail.", "Pour toute question, appelez le cabinet.")
_START = ("Première visite", addresses.FIRST_VISIT)
_DOOR = ("Se connecter", addresses.SIGN_IN)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PortalRequest) -> HttpResponse:
    """The form with the initial secret."""
    if request.method != "POST":
        handed_over = cookies.handed_over(request)
        code, number = handed_over if any(handed_over) else cookies.remembered(request)
        values = {"cabinet_code": code, "patient_number": number}
        error = MEANT_HERE if any(handed_over) else ""
        return _form(request, cabinet_typed(code), FormState(values=values, error=error))
    values = typed(request, "cabinet_code", "patient_number", "secret")
    values["cabinet_code"] = code_typed(values["cabinet_code"])
    values["patient_number"] = number_typed(values["patient_number"])
    secret = values.pop("secret")
    missing = [name for name, value in (*values.items(), ("secret", secret.strip())) if not value]
    cabinet = cabinet_typed(values["cabinet_code"])
    if missing:
        return _form(request, cabinet, form_again(values, INCOMPLETE_FORM, *missing))
    if cabinet is None:
        return _form(request, None, form_again(values, UNKNOWN_CABINET, "cabinet_code"))
    return _asked(request, cabinet, values, secret[: first_visit.MAX_SECRET])


def _asked(request: PortalRequest, cabinet: Cabinet, values: dict[str, str], secret: str) -> HttpResponse:
    rule = FirstAccessRule.of(current_settings(cabinet).first_access)
    number = values["patient_number"]
    attempt = begin(request, _counted_as(rule, number, secret), cabinet, cabinet.code, number)
    if isinstance(attempt, throttle.TooMany) and attempt.is_day_spent:
        # Somebody is guessing birth dates: for the rest of the day they open nothing by themselves.
        rule = replace(rule, level=ProtectionLevel.CONFIRMED)
        attempt = begin(request, throttle.Form.FIRST_VISIT, cabinet, cabinet.code, number)
    if isinstance(attempt, throttle.TooMany):
        return refused(_form(request, cabinet, form_again(values, attempt.sentence)), attempt)
    cookie = first_visit.begin(cabinet, number, secret, rule)
    if cookie:
        attempt.succeeded()
        return _to_welcome(request, cookie)
    if rule.opens_at_once:
        return _form(request, cabinet, form_again(values, REFUSED, "patient_number", "secret"))
    return frame.message(request, cabinet, ASKED_TITLE, *ASKED)


def _counted_as(rule: FirstAccessRule, number: str, secret: str) -> throttle.Form:
    if rule.is_personal_code(secret, spellings(number)):
        return throttle.Form.PERSONAL_CODE
    return throttle.Form.INITIAL_SECRET if rule.opens_at_once else throttle.Form.FIRST_VISIT


@require_http_methods(["GET", "HEAD", "POST"])
def mailed_link(request: PortalRequest, token: str) -> HttpResponse:
    """Behind the mailed link. Opening it changes nothing: mail scanners open links."""
    link = links.find_live(token, (Purpose.FIRST_VISIT,))
    if link is None:
        return _dead(request)
    if request.method != "POST":
        page = render.confirm_link_page(settings_of(link.cabinet), page_context(request, link.cabinet), FormState())
        return HttpResponse(page)
    cookie = first_visit.open_mailed(link)
    return _to_welcome(request, cookie) if cookie else _dead(request)


@require_http_methods(["GET", "HEAD", "POST"])
def printed_link(request: PortalRequest, token: str) -> HttpResponse:
    """Behind the QR code of a letter or a card, and the link of an announcement: asks the birth date."""
    link = links.find_live(token, links.ANNOUNCED)
    if link is None:
        return _dead(request)
    if request.method != "POST":
        return _date_form(request, link, FormState())
    attempt = begin(request, throttle.Form.ACTIVATION, link.cabinet, link.cabinet.code, link.number)
    if isinstance(attempt, throttle.TooMany):
        return refused(_date_form(request, link, FormState(error=attempt.sentence)), attempt)
    cookie = first_visit.open_printed(link, typed(request, "birth_date")["birth_date"])
    if cookie is None:
        wrong = FormState(error=WRONG_DATE, fields_in_error=frozenset({"birth_date"}))
        return _date_form(request, link, wrong) if links.find_live(token, links.ANNOUNCED) else _dead(request)
    attempt.succeeded()
    return _to_welcome(request, cookie)


@require_http_methods(["GET", "HEAD", "POST"])
@hashes_passwords
@for_first_visits
def welcome(request: PortalRequest, visit: Session) -> HttpResponse:
    """The end of a first visit: the only page that its session may see."""
    cabinet = visit.cabinet
    dossier = dossier_for_first_visit(cabinet, visit.number)
    if dossier is None:
        return frame.message(request, cabinet, WITHDRAWN_TITLE, *WITHDRAWN)
    if request.method != "POST":
        on_file = sessions.open_email(cabinet, visit.number, visit.sealed_email)
        return _choice(request, cabinet, FormState(values={"email": on_file}))
    values = typed(request, "new_password", "email")
    email = email_typed(values["email"])
    if email is None:
        return _choice(request, cabinet, form_again(values, INCOMPLETE, "email", secret=("new_password",)))
    around = passwords.Circumstances(dossier.patient, cabinet.name, cabinet.code, (email,))
    reason = passwords.refusal(values["new_password"], around)
    if reason:
        return _choice(request, cabinet, form_again(values, reason, "new_password", secret=("new_password",)))
    try:
        cookie = first_visit.finish(visit, dossier, values["new_password"], email)
    except first_visit.AlreadyOpen:
        end_current(request)
        return frame.message(request, cabinet, DEAD_TITLE, *FINISHED_MEANWHILE, action=_DOOR)
    return enter(request, cabinet, visit.number, cookie, "bienvenue")


def _to_welcome(request: PortalRequest, cookie: str) -> HttpResponse:
    end_current(request)
    rotate_token(request)
    response = redirect(addresses.WELCOME)
    sessions.set_cookie(response, cookie)
    return response


def _dead(request: PortalRequest) -> HttpResponse:
    return frame.message(request, None, DEAD_TITLE, *DEAD, action=_START, status=404)


def _form(request: PortalRequest, cabinet: Cabinet | None, form: FormState) -> HttpResponse:
    return HttpResponse(render.first_visit_page(settings_of(cabinet), page_context(request, cabinet), form))


def _date_form(request: PortalRequest, link: OneTimeLink, form: FormState) -> HttpResponse:
    return HttpResponse(render.activate_page(settings_of(link.cabinet), page_context(request, link.cabinet), form))


def _choice(request: PortalRequest, cabinet: Cabinet, form: FormState) -> HttpResponse:
    context = page_context(request, cabinet)
    return HttpResponse(render.choose_password_page(settings_of(cabinet), context, form, ask_email=True))

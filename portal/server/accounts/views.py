"""The door: sign-in, sign-out, and the page of a cabinet's plain QR code."""

from http import HTTPStatus

from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.views.decorators.http import require_http_methods, require_POST

from portal.pages import addresses, render
from portal.pages.context import FormState
from portal.pages.navigation import first_open_address
from portal.pages.settings import FirstAccess
from portal.server import throttle
from portal.server.accounts import audit, cookies, sessions
from portal.server.accounts.attempts import begin, hashes_passwords, looking_at, refused
from portal.server.accounts.first_access import FirstAccessRule
from portal.server.accounts.guards import to_sign_in
from portal.server.accounts.identifiers import cabinet_typed, code_typed, number_typed
from portal.server.accounts.models import Access
from portal.server.accounts.request import PortalRequest
from portal.server.accounts.sign_in import Credentials, access_of, signed_in
from portal.server.cabinets.models import Cabinet
from portal.server.cabinets.settings_store import current_settings
from portal.server.patients.frame import form_again, page_context, redirect, settings_of, typed

WRONG = (
    "Connexion impossible. L’identifiant ou le mot de passe ne correspond pas. "
    "Vérifiez votre carte d’accès, puis réessayez."
)
UNKNOWN_CABINET = "Aucun cabinet n’a ce code. Vérifiez-le sur votre carte d’accès ou votre lettre."


@require_http_methods(["GET", "HEAD", "POST"])
@hashes_passwords
def sign_in(request: PortalRequest, code: str = "") -> HttpResponse:
    if request.method == "POST":
        return _sign_in(request)
    if request.reader is not None:
        return redirect(first_open_address(current_settings(request.reader.cabinet)))
    if request.welcome is not None:
        return redirect(addresses.WELCOME)
    if request.expired is not None:
        return to_sign_in(request)
    known_code, known_number = cookies.remembered(request)
    cabinet = cabinet_typed(code or known_code) if code or known_code else None
    values = {"cabinet_code": code_typed(code or known_code)}
    if known_number and values["cabinet_code"] == known_code:
        values |= {"patient_number": known_number, "remember": "on"}
    if code and cabinet is None:
        form = FormState(values=values, error=UNKNOWN_CABINET, fields_in_error=frozenset({"cabinet_code"}))
        return _page(request, None, form, HTTPStatus.NOT_FOUND)
    return _page(request, cabinet, FormState(values=values))


def _sign_in(request: PortalRequest) -> HttpResponse:
    values = typed(request, "cabinet_code", "patient_number", "password", "remember")
    values["cabinet_code"] = code_typed(values["cabinet_code"])
    number = values["patient_number"] = number_typed(values["patient_number"])
    password = values.pop("password")
    cabinet = cabinet_typed(values["cabinet_code"])
    attempt = begin(request, throttle.Form.SIGN_IN, cabinet, values["cabinet_code"], number)
    if isinstance(attempt, throttle.TooMany):
        return refused(_page(request, cabinet, form_again(values, attempt.sentence)), attempt)
    with looking_at(attempt):
        access = access_of(Credentials(cabinet, number, password))
    cookie = _opened(access)
    if access is None or cookie is None:
        audit.log(cabinet.code if cabinet else "", audit.Event.SIGN_IN_FAILED)
        if _rule(cabinet).looks_like_initial_secret(password, number):
            response = redirect(addresses.FIRST_VISIT)
            cookies.hand_over(response, values["cabinet_code"], number)
            return response
        return _page(request, cabinet, form_again(values, WRONG, "patient_number", "password"))
    attempt.succeeded()
    return _welcome_back(request, access, cookie, values)


def _opened(access: Access | None) -> str | None:
    """The cookie of a new session; None also for an access that was closed while its password was compared."""
    try:
        return sessions.open_for(access) if access else None
    except sessions.Gone:
        return None


def _welcome_back(request: PortalRequest, access: Access, cookie: str, values: dict[str, str]) -> HttpResponse:
    signed_in(access)
    response = enter(request, access.cabinet, access.number, cookie)
    if values["remember"]:
        cookies.remember(response, access.cabinet.code, access.number)
    else:
        cookies.forget(response)
    return response


def enter(request: PortalRequest, cabinet: Cabinet, number: str, cookie: str, notice: str = "") -> HttpResponse:
    """Into the dossier with a session that was just opened; the one that the browser had is ended."""
    end_current(request)
    rotate_token(request)
    response = redirect(first_open_address(current_settings(cabinet)), notice)
    sessions.set_cookie(response, cookie)
    cookies.mark_device(request, response, cabinet, number)
    return response


def end_current(request: PortalRequest) -> None:
    """End the session that the browser shows, whatever its stage."""
    if request.reader is not None:
        sessions.end(request.reader.cabinet, request.reader.session_id)
    elif request.welcome is not None:
        sessions.end(request.welcome.cabinet, request.welcome.pk)


@require_POST
def sign_out(request: PortalRequest) -> HttpResponse:
    if request.reader is not None:
        audit.record(request.reader.cabinet, request.reader.number, audit.Event.SIGN_OUT)
    end_current(request)
    rotate_token(request)
    response = redirect(addresses.SIGN_IN, "deconnexion")
    sessions.delete_cookie(response)
    return response


def _rule(cabinet: Cabinet | None) -> FirstAccessRule:
    return FirstAccessRule.of(current_settings(cabinet).first_access if cabinet else FirstAccess())


def _page(
    request: PortalRequest, cabinet: Cabinet | None, form: FormState, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    context = page_context(request, cabinet, typed_code=form.values.get("cabinet_code", ""))
    return HttpResponse(render.sign_in_page(settings_of(cabinet), context, form), status=status)

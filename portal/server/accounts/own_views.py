"""One's own access: change of password and e-mail, forgotten password and its link."""

from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.views.decorators.http import require_http_methods

from portal.pages import addresses, render
from portal.pages.context import FormState
from portal.server import throttle
from portal.server.access import Reader, Shown, dossier_for_first_visit
from portal.server.accounts import answers, audit, changes, cookies, links, passwords, sessions
from portal.server.accounts.attempts import begin, hashes_passwords, looking_at, refused
from portal.server.accounts.emails import INCOMPLETE, email_typed
from portal.server.accounts.guards import for_readers
from portal.server.accounts.identifiers import cabinet_typed, code_typed, number_typed
from portal.server.accounts.links import Purpose
from portal.server.accounts.models import Access, OneTimeLink
from portal.server.accounts.request import PortalRequest
from portal.server.accounts.sign_in import is_password_of
from portal.server.accounts.views import UNKNOWN_CABINET, enter
from portal.server.cabinets.models import Cabinet
from portal.server.cabinets.settings_store import current_settings
from portal.server.patients import frame
from portal.server.patients.frame import form_again, page_context, redirect, settings_of, typed
from portal.server.patients.opening import opened

WRONG_CURRENT = "Votre mot de passe actuel ne correspond pas. Rien n’a été modifié."
SAME_PASSWORD = "Ce mot de passe est déjà le vôtre. Choisissez-en un autre."  # noqa: S105 - a sentence
EMAIL_NEEDED = "Écrivez votre nouvelle adresse e-mail. Exemple : nom@exemple.fr"
INCOMPLETE_FORM = "Remplissez les deux zones : le code du cabinet et votre identifiant."
ASKED_TITLE = "Regardez votre boîte e-mail"
ASKED = (
    (
        "Si ces informations correspondent à un accès, un e-mail part maintenant avec un lien, valable une heure, "
        "pour choisir un nouveau mot de passe."
    ),
    "Rien reçu dans dix minutes ? Regardez dans les courriers indésirables, ou appelez le cabinet.",
)
DEAD_TITLE = "Ce lien ne fonctionne plus"
DEAD = ("Il a déjà servi, ou il est trop ancien.", "Demandez un nouveau lien.")
_AGAIN = ("Mot de passe oublié", addresses.FORGOTTEN)


@require_http_methods(["GET", "HEAD", "POST"])
@hashes_passwords
@for_readers
@opened("dossier.change_password")
def change_password(request: PortalRequest, reader: Reader, shown: Shown) -> HttpResponse:
    def page(form: FormState) -> HttpResponse:
        context = page_context(request, reader.cabinet, shown=shown)
        settings = current_settings(reader.cabinet)
        return HttpResponse(render.change_password_page(shown.dossier, settings, context, form))

    if request.method != "POST":
        return page(FormState())
    values = typed(request, "current_password", "new_password")
    access = _own(reader)
    attempt = begin(request, throttle.Form.CURRENT_PASSWORD, reader.cabinet, reader.cabinet.code, reader.number)
    if isinstance(attempt, throttle.TooMany):
        return refused(page(FormState(error=attempt.sentence)), attempt)
    with looking_at(attempt):
        is_right = is_password_of(access, values["current_password"])
    if not is_right:
        return page(form_again({}, WRONG_CURRENT, "current_password"))
    attempt.succeeded()
    around = _circumstances(reader.cabinet, shown, changes.email_of(access))
    reason = passwords.refusal(values["new_password"], around)
    if not reason and values["new_password"] == values["current_password"]:
        reason = SAME_PASSWORD
    if reason:
        return page(form_again({}, reason, "new_password"))
    cookie = changes.change_password(access, values["new_password"])
    rotate_token(request)
    response = redirect(addresses.HOME, "mot-de-passe")
    sessions.set_cookie(response, cookie)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@hashes_passwords
@for_readers
@opened("dossier.change_email")
def change_email(request: PortalRequest, reader: Reader, shown: Shown) -> HttpResponse:
    def page(form: FormState) -> HttpResponse:
        context = page_context(request, reader.cabinet, shown=shown)
        return HttpResponse(render.change_email_page(shown.dossier, current_settings(reader.cabinet), context, form))

    access = _own(reader)
    if request.method != "POST":
        return page(FormState(values={"email": changes.email_of(access)}))
    values = typed(request, "current_password", "email")
    attempt = begin(request, throttle.Form.CURRENT_PASSWORD, reader.cabinet, reader.cabinet.code, reader.number)
    kept = {"email": values["email"]}
    if isinstance(attempt, throttle.TooMany):
        return refused(page(form_again(kept, attempt.sentence)), attempt)
    with looking_at(attempt):
        is_right = is_password_of(access, values["current_password"])
    if not is_right:
        return page(form_again(kept, WRONG_CURRENT, "current_password"))
    attempt.succeeded()
    email = email_typed(values["email"])
    if not email:
        return page(form_again(kept, INCOMPLETE if email is None else EMAIL_NEEDED, "email"))
    changes.change_email(access, email, reader.session_id)
    return redirect(addresses.HOME, "e-mail")


@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: PortalRequest) -> HttpResponse:
    """Asks for a link. The answer is the same for everybody, and so is the work that is done for it."""
    if request.method != "POST":
        code, number = cookies.remembered(request)
        form = FormState(values={"cabinet_code": code, "patient_number": number})
        return _forgotten_form(request, cabinet_typed(code), form)
    values = typed(request, "cabinet_code", "patient_number")
    code = values["cabinet_code"] = code_typed(values["cabinet_code"])
    number = values["patient_number"] = number_typed(values["patient_number"])
    cabinet = cabinet_typed(code)
    missing = [name for name, value in values.items() if not value]
    if missing:
        return _forgotten_form(request, cabinet, form_again(values, INCOMPLETE_FORM, *missing))
    if cabinet is None:
        return _forgotten_form(request, None, form_again(values, UNKNOWN_CABINET, "cabinet_code"))
    attempt = begin(request, throttle.Form.FORGOTTEN, cabinet, code, number)
    if not isinstance(attempt, throttle.TooMany):
        answers.ask(cabinet, Purpose.RESET, answers.Asked(number))
        audit.log(cabinet.code, audit.Event.RESET_ASKED)
    # The same to whoever asks too often: the first requests have sent what there is to send.
    return frame.message(request, cabinet, ASKED_TITLE, *ASKED)


@require_http_methods(["GET", "HEAD", "POST"])
@hashes_passwords
def reset(request: PortalRequest, token: str) -> HttpResponse:
    """Behind the link of a forgotten password. No throttle stands before it: it works during an attack."""
    link = links.find_live(token, (Purpose.RESET,))
    if link is None or link.access is None:
        return _dead(request)
    if request.method != "POST":
        return _reset_form(request, link, FormState())
    password = typed(request, "new_password")["new_password"]
    dossier = dossier_for_first_visit(link.cabinet, link.number)
    if dossier is None:
        return _dead(request)
    email = changes.email_of(link.access)
    around = passwords.Circumstances(dossier.patient, link.cabinet.name, link.cabinet.code, (email,))
    reason = passwords.refusal(password, around)
    if reason:
        return _reset_form(request, link, form_again({}, reason, "new_password"))
    cookie = changes.reset_password(link, password)
    if cookie is None:
        return _dead(request)
    return enter(request, link.cabinet, link.number, cookie, "mot-de-passe")


def _own(reader: Reader) -> Access:
    return Access.objects.of(reader.cabinet).select_related("cabinet").get(pk=reader.access_id)


def _circumstances(cabinet: Cabinet, shown: Shown, email: str) -> passwords.Circumstances:
    return passwords.Circumstances(shown.dossier.patient, cabinet.name, cabinet.code, (email,))


def _forgotten_form(request: PortalRequest, cabinet: Cabinet | None, form: FormState) -> HttpResponse:
    return HttpResponse(render.forgotten_page(settings_of(cabinet), page_context(request, cabinet), form))


def _reset_form(request: PortalRequest, link: OneTimeLink, form: FormState) -> HttpResponse:
    context = page_context(request, link.cabinet)
    return HttpResponse(render.choose_password_page(settings_of(link.cabinet), context, form, ask_email=False))


def _dead(request: PortalRequest) -> HttpResponse:
    return frame.message(request, None, DEAD_TITLE, *DEAD, action=_AGAIN, status=404)

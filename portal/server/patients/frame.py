"""What every page of the portal is made with, from the request: context, language, notices, typed forms."""

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.utils import timezone

from portal.pages import addresses, render
from portal.pages.context import FormState, PageContext
from portal.pages.language import choose_language, languages
from portal.pages.settings import PortalSettings
from portal.server.access import Shown
from portal.server.cabinets.models import Cabinet
from portal.server.cabinets.settings_store import current_settings

LANGUAGE_COOKIE = "langue"
NOTICE_FIELD = "avis"
NOTICES = {
    "inactivite": "Vous êtes déconnecté après 15 minutes sans activité. Rien n’est perdu.",
    "message-perdu": "Vous êtes déconnecté depuis trop longtemps\u00a0: votre message n’a pas été gardé. "
    "Connectez-vous, puis écrivez-le de nouveau.",
    "deconnexion": "Vous êtes déconnecté.",
    "message": "Votre message est envoyé. Le cabinet vous répondra par e-mail.",
    "message-sans-adresse": "Votre message est envoyé. Sans adresse e-mail, le cabinet vous répondra à votre prochain "
    "rendez-vous ou par téléphone.",
    "mot-de-passe": "Votre mot de passe est modifié. Vos autres appareils ont été déconnectés.",
    "e-mail": "Votre adresse e-mail est modifiée. Vos autres appareils ont été déconnectés.",
    "bienvenue": "Votre accès est créé. La prochaine fois, connectez-vous avec ce mot de passe.",
}
"""What was just done, by the code that the redirect carries: an address can only choose among these sentences."""


def page_context(
    request: HttpRequest,
    cabinet: Cabinet | None,
    *,
    shown: Shown | None = None,
    typed_code: str = "",
) -> PageContext:
    """The context of a page of `cabinet`, or of no cabinet before one is known. `shown`: of a signed-in patient."""
    now = timezone.now()
    common = PageContext(
        cabinet_code=typed_code,
        cabinet_name="",
        now=now.replace(tzinfo=None),
        csrf_token=get_token(request),
        address=request.path,
        language=language_of(request),
        notice=NOTICES.get(request.GET.get(NOTICE_FIELD, ""), ""),
    )
    if cabinet is None:
        return common
    settings = current_settings(cabinet)
    return replace(
        common,
        cabinet_code=cabinet.code,
        cabinet_name=cabinet.name,
        now=local_time(cabinet, now),
        as_of=local_time(cabinet, cabinet.as_of) if cabinet.as_of else None,
        photo_address=addresses.PHOTO.format(digest=shown.photo_digest) if shown and shown.photo_digest else "",
        logo_address=_image(cabinet, settings.logo_digest),
        access_image_address=_image(cabinet, settings.access_image_digest),
    )


def settings_of(cabinet: Cabinet | None) -> PortalSettings | None:
    return current_settings(cabinet) if cabinet else None


def local_time(cabinet: Cabinet, moment: dt.datetime) -> dt.datetime:
    """An instant as a clock in the cabinet shows it, naive."""
    return moment.astimezone(ZoneInfo(cabinet.time_zone)).replace(tzinfo=None)


def language_of(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in languages() else choose_language(request.headers.get("Accept-Language", ""))


def typed(request: HttpRequest, *names: str) -> dict[str, str]:
    """These fields of the form; "" for one that is missing. NUL is dropped: no database takes it."""
    return {name: request.POST.get(name, "").replace("\0", "") for name in names}


def form_again(values: dict[str, str], error: str, *fields: str, secret: Collection[str] = ()) -> FormState:
    """The form as it was typed, without its secrets, with what is wrong."""
    kept = {name: value for name, value in values.items() if name not in secret}
    return FormState(values=kept, error=error, fields_in_error=frozenset(fields))


def redirect(address: str, notice: str = "") -> HttpResponseRedirect:
    """See other (303): a form that was sent is not sent again by going back."""
    target = f"{address}?{urlencode({NOTICE_FIELD: notice})}" if notice else address
    response = HttpResponseRedirect(target)
    response.status_code = 303
    return response


def message(
    request: HttpRequest,
    cabinet: Cabinet | None,
    title: str,
    *sentences: str,
    action: tuple[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page that only says something."""
    page = render.message_page(
        settings_of(cabinet), page_context(request, cabinet), title=title, sentences=sentences, action=action
    )
    return HttpResponse(page, status=status)


def _image(cabinet: Cabinet, digest: str) -> str:
    return addresses.CABINET_IMAGE.format(code=cabinet.code, digest=digest) if digest else ""

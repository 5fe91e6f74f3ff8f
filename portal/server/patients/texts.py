"""Pages without a dossier: accessibility, personal data, and the language switch."""

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from portal.pages import addresses, render
from portal.pages.language import DEFAULT, languages
from portal.server.accounts.request import PortalRequest
from portal.server.cabinets.models import Cabinet
from portal.server.patients import frame
from portal.server.patients.frame import page_context, settings_of, typed

_ONE_YEAR = 365 * 24 * 60 * 60


@require_safe
def accessibility(request: PortalRequest) -> HttpResponse:
    cabinet = _cabinet(request)
    return HttpResponse(render.accessibility_page(settings_of(cabinet), page_context(request, cabinet)))


@require_safe
def privacy(request: PortalRequest) -> HttpResponse:
    cabinet = _cabinet(request)
    return HttpResponse(render.privacy_page(settings_of(cabinet), page_context(request, cabinet)))


@require_POST
def language(request: PortalRequest) -> HttpResponse:
    """Keep the language that was chosen and go back to the page where it was."""
    values = typed(request, "language", "next")
    back = values["next"]
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = addresses.SIGN_IN
    response = frame.redirect(back)
    code = values["language"] if values["language"] in languages() else DEFAULT
    response.set_cookie(
        frame.LANGUAGE_COOKIE,
        code,
        max_age=_ONE_YEAR,
        httponly=True,
        samesite="Lax",
        secure=not settings.CONFIG.is_loopback,
    )
    return response


def _cabinet(request: PortalRequest) -> Cabinet | None:
    if request.reader is not None:
        return request.reader.cabinet
    return request.welcome.cabinet if request.welcome is not None else None

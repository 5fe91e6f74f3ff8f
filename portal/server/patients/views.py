"""Mes Rendez-Vous, Comptabilité, Mon dossier, the photo and the calendar files of a signed-in patient."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from cabinet.dossier import Dossier
from portal.pages import render
from portal.pages.calendar import CONTENT_TYPE, calendar_of_all, calendar_of_one
from portal.pages.context import PageContext
from portal.pages.elements import is_visible
from portal.pages.settings import PortalSettings
from portal.server.access import Reader, Shown, photo_of
from portal.server.accounts.guards import for_readers
from portal.server.accounts.request import PortalRequest
from portal.server.cabinets.settings_store import current_settings
from portal.server.patients.frame import page_context
from portal.server.patients.opening import opened

Draw = Callable[[Dossier, PortalSettings, PageContext], str]


def _page(request: PortalRequest, reader: Reader, shown: Shown, draw: Draw) -> HttpResponse:
    context = page_context(request, reader.cabinet, shown=shown)
    return HttpResponse(draw(shown.dossier, current_settings(reader.cabinet), context))


@require_safe
@for_readers
@opened("appointments")
def appointments(request: PortalRequest, reader: Reader, shown: Shown) -> HttpResponse:
    return _page(request, reader, shown, render.appointments_page)


@require_safe
@for_readers
@opened("accounts.schedule")
def schedule(request: PortalRequest, reader: Reader, shown: Shown) -> HttpResponse:
    return _page(request, reader, shown, render.schedule_page)


@require_safe
@for_readers
@opened("accounts.fees")
def fees(request: PortalRequest, reader: Reader, shown: Shown) -> HttpResponse:
    return _page(request, reader, shown, render.fees_page)


@require_safe
@for_readers
@opened("")
def home(request: PortalRequest, reader: Reader, shown: Shown) -> HttpResponse:
    return _page(request, reader, shown, render.home_page)


@require_safe
@for_readers
@opened("appointments.upcoming.calendar")
def calendar_all(request: PortalRequest, reader: Reader, shown: Shown) -> HttpResponse:
    """Every appointment to come as one calendar file."""
    chosen, context = current_settings(reader.cabinet), page_context(request, reader.cabinet, shown=shown)
    zone, key = reader.cabinet.time_zone, _calendar_key(reader)
    return _calendar(calendar_of_all(shown.dossier, chosen, context, time_zone=zone, uid_key=key))


@require_safe
@for_readers
@opened("appointments.next.calendar")
def calendar_one(request: PortalRequest, reader: Reader, shown: Shown, start: str) -> HttpResponse:
    """The appointment to come that starts then."""
    chosen, context = current_settings(reader.cabinet), page_context(request, reader.cabinet, shown=shown)
    zone, key = reader.cabinet.time_zone, _calendar_key(reader)
    return _calendar(calendar_of_one(shown.dossier, chosen, context, start, time_zone=zone, uid_key=key))


def _calendar(content: bytes | None) -> HttpResponse:
    if content is None:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="rendez-vous.ics"'}
    return HttpResponse(content, content_type=CONTENT_TYPE, headers=headers)


def _calendar_key(reader: Reader) -> bytes:
    return bytes.fromhex(settings.SEALER.keyed_hash("calendar", str(reader.cabinet.pk)))


@require_safe
@for_readers
def photo(request: PortalRequest, reader: Reader, digest: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The reader's own photo; another patient's is as absent as one that never was."""
    is_shown = is_visible("dossier.photo", current_settings(reader.cabinet).hidden)
    own = photo_of(reader, digest) if is_shown else None
    if own is None:
        raise Http404
    return HttpResponse(own.content, content_type=own.content_type)

"""Tells every page for whom the request speaks: `request.reader`, `request.welcome`, or nobody."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.api.shapes import API_ROOT
from portal.server.access import Reader
from portal.server.accounts import sessions
from portal.server.accounts.request import PortalRequest


class SessionMiddleware:
    """Devices speak for themselves: under the API's root no session is looked up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, plain_request: HttpRequest) -> HttpResponse:
        request = cast(PortalRequest, plain_request)
        request.reader = None
        request.welcome = None
        request.expired = None
        cookie = request.COOKIES.get(sessions.cookie_name(), "")
        if cookie and not request.path.startswith(API_ROOT + "/"):
            _recognise(request, cookie)
        return self._get_response(request)


def _recognise(request: PortalRequest, cookie: str) -> None:
    now = timezone.now()
    found = sessions.find(cookie, now)
    if found is None:
        return
    if found.is_idle:
        request.expired = found.session
        return
    session = found.session
    sessions.seen(session, now)
    if session.access is None:
        request.welcome = session
    else:
        request.reader = Reader(session.cabinet, session.number, session.access.pk, session.pk)

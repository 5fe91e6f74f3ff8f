"""Who may see a page: signed-in readers, a first visit in its last step, everybody else at the door."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpResponse

from portal.pages import addresses
from portal.server.access import Reader
from portal.server.accounts import sessions
from portal.server.accounts.models import Session
from portal.server.accounts.request import PortalRequest
from portal.server.patients.frame import redirect

P = ParamSpec("P")


def for_readers(
    view: Callable[Concatenate[PortalRequest, Reader, P], HttpResponse],
) -> Callable[Concatenate[PortalRequest, P], HttpResponse]:
    """Only with a signed-in session: others go to the sign-in, a first visit goes to its last step."""

    @wraps(view)
    def guarded(request: PortalRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.reader is not None:
            return view(request, request.reader, *args, **kwargs)
        if request.welcome is not None:
            return redirect(addresses.WELCOME)
        return to_sign_in(request)

    return guarded


def for_first_visits(
    view: Callable[[PortalRequest, Session], HttpResponse],
) -> Callable[[PortalRequest], HttpResponse]:
    """Only in the last step of a first visit."""

    @wraps(view)
    def guarded(request: PortalRequest) -> HttpResponse:
        if request.welcome is not None:
            return view(request, request.welcome)
        if request.reader is not None:
            # Back from the dossier by the browser's button: the sign-in leads on to it.
            return redirect(addresses.SIGN_IN)
        return to_sign_in(request)

    return guarded


def to_sign_in(request: PortalRequest, notice: str = "") -> HttpResponse:
    """To the sign-in; a session that ended for lack of activity is told so, once, or is told `notice`."""
    response = redirect(addresses.SIGN_IN, notice or ("inactivite" if request.expired is not None else ""))
    if sessions.cookie_name() in request.COOKIES:
        sessions.delete_cookie(response)
    return response

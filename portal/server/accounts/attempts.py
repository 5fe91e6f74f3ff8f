"""Counted attempts at the forms of the accounts: who tries what, and the answer to too many."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.pages import addresses
from portal.server import throttle
from portal.server.accounts import audit
from portal.server.accounts.cookies import known_device
from portal.server.accounts.identifiers import throttled_account
from portal.server.accounts.passwords import TooBusy
from portal.server.accounts.request import PortalRequest
from portal.server.cabinets.models import Cabinet
from portal.server.patients import frame

BUSY_TITLE = "Rien n’a été modifié"
BUSY_FOR = 5
"""Seconds after which a browser or a program may try again."""
_DOOR = ("Se connecter", addresses.SIGN_IN)
P = ParamSpec("P")


def begin(
    request: HttpRequest, form: throttle.Form, cabinet: Cabinet | None, code: str, number: str
) -> throttle.Attempt | throttle.TooMany:
    """Count an attempt of this request on the account that was typed, whether or not there is one.

    All spellings of a number are one account. A code that no cabinet has shares one count.
    """
    account = throttled_account(code, number)
    attempt = throttle.begin(
        form,
        cabinet.code if cabinet else "",
        account,
        throttle.client_address(request, settings.CONFIG.trusted_proxies),
        known_device="" if form in throttle.OF_SIGNED_IN else known_device(request, cabinet, number),
    )
    if isinstance(attempt, throttle.TooMany):
        audit.log(cabinet.code if cabinet else "", audit.Event.THROTTLED)
    return attempt


def refused(page: HttpResponse, too_many: throttle.TooMany) -> HttpResponse:
    """The form again, as 429 with the time to wait (RFC 6585, 4)."""
    page.status_code = 429
    page.headers["Retry-After"] = str(too_many.retry_after)
    return page


@contextmanager
def looking_at(attempt: throttle.Attempt) -> Iterator[None]:
    """While a password is compared: one that the portal was too busy to compare is no failure."""
    try:
        yield
    except TooBusy:
        attempt.was_not_looked_at()
        raise


def hashes_passwords(
    view: Callable[Concatenate[PortalRequest, P], HttpResponse],
) -> Callable[Concatenate[PortalRequest, P], HttpResponse]:
    """A page whose form costs a hash: answers 503 (RFC 9110, 15.6.4) when too many others are waiting for theirs."""

    @wraps(view)
    def answered(request: PortalRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except TooBusy as busy:
            page = frame.message(
                request, None, BUSY_TITLE, busy.what, busy.todo, action=_DOOR, status=HTTPStatus.SERVICE_UNAVAILABLE
            )
            page.headers["Retry-After"] = str(BUSY_FOR)
            return page

    return answered

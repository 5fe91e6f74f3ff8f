"""Counted attempts at the forms of the accounts: who tries what, and the answer to too many."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.server import throttle
from portal.server.accounts import audit
from portal.server.accounts.cookies import known_device
from portal.server.accounts.identifiers import account_key
from portal.server.cabinets.models import Cabinet


def begin(
    request: HttpRequest, form: throttle.Form, cabinet: Cabinet | None, code: str, number: str
) -> throttle.Attempt | throttle.TooMany:
    """Count an attempt of this request on the account that was typed, whether or not there is one.

    All spellings of a number are one account. A code that no cabinet has shares one count.
    """
    account = f"{code}/{account_key(number)}"
    attempt = throttle.begin(
        form,
        cabinet.code if cabinet else "",
        account,
        throttle.client_address(request, settings.CONFIG.trusted_proxies),
        known_device=known_device(request, cabinet, number),
    )
    if isinstance(attempt, throttle.TooMany):
        audit.log(cabinet.code if cabinet else "", audit.Event.THROTTLED)
    return attempt


def refused(page: HttpResponse, too_many: throttle.TooMany) -> HttpResponse:
    """The form again, as 429 with the time to wait (RFC 6585, 4)."""
    page.status_code = 429
    page.headers["Retry-After"] = str(too_many.retry_after)
    return page

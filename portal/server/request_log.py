"""What the portal writes down of a request: when (UTC), method, route, status, milliseconds. Nothing else.

A route is the pattern (`activer/<token>`), never the address: tokens, numbers and digests stay out of the logs, and
so do Django's own messages, which quote addresses. Of an exception its type and place are kept, not its message, which
may hold what it failed on.
"""

import logging
import time
import traceback
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_log = logging.getLogger("portal.requests")


class UtcFormatter(logging.Formatter):
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    @staticmethod
    def converter(timestamp: float | None = None) -> time.struct_time:
        return time.gmtime(timestamp)


LOGGING_CONFIG = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"utc": {"()": UtcFormatter, "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "utc"}},
    "loggers": {
        "portal": {"handlers": ["stderr"], "level": "INFO"},
        "webortho": {"handlers": ["stderr"], "level": "INFO"},
        "django": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}


class RequestLogMiddleware:
    """Outermost, so that it sees the status that leaves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        response = self._get_response(request)
        match = request.resolver_match
        route = match.route if match else "-"
        spent = round((time.monotonic() - started) * 1000)
        _log.info("%s %s %d %d ms", request.method, route, response.status_code, spent)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:  # noqa: ARG002 - Django's signature
        place = "".join(traceback.format_tb(exception.__traceback__))
        _log.error("%s\n%s", type(exception).__name__, place)

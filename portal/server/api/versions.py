"""Programs and portals of different ages: who is too old for this portal, and whom this portal is too old for."""

from django.http import HttpRequest

from portal.api.shapes import PROTOCOL, PROTOCOL_HEADER
from portal.server.api.problems import Kind, Problem

OLDEST = 1
"""Programs that speak an older protocol are refused, with a sentence that says so."""
_NOT_UNDERSTOOD = frozenset((Kind.BAD_BODY, Kind.METHOD_NOT_ALLOWED))


def require_recent(request: HttpRequest) -> None:
    """Raise `Problem` PROGRAM_TOO_OLD."""
    if _spoken(request) < OLDEST:
        raise Problem(Kind.PROGRAM_TOO_OLD)


def explained(request: HttpRequest, problem: Problem) -> Problem:
    """What a newer program asks and this portal does not understand is the portal's age, not the program's fault."""
    return not_there(request) if problem.kind in _NOT_UNDERSTOOD and _spoken(request) > PROTOCOL else problem


def not_there(request: HttpRequest) -> Problem:
    """Of an address that is none of the portal's."""
    return Problem(Kind.PORTAL_TOO_OLD if _spoken(request) > PROTOCOL else Kind.NOT_FOUND)


def _spoken(request: HttpRequest) -> int:
    """Programs of before the header say nothing, and others may say anything: both are taken for the first protocol."""
    told = request.headers.get(PROTOCOL_HEADER, "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 1

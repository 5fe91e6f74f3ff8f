"""A request once the session middleware has seen it."""

from django.http import HttpRequest

from portal.server.access import Reader
from portal.server.accounts.models import Session


class PortalRequest(HttpRequest):
    reader: Reader | None
    """Whom the signed-in session speaks for."""
    welcome: Session | None
    """A first visit in its last step: it may only choose a password."""
    expired: Session | None
    """The session that the browser still shows, though it ended for lack of activity."""

"""Opens the reader's dossier for a page: hidden pages answer 404, a withdrawn dossier is said kindly."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpResponse

from portal.pages.navigation import page_is_open
from portal.server.access import Reader, Shown, shown_to
from portal.server.accounts.request import PortalRequest
from portal.server.cabinets.settings_store import current_settings
from portal.server.patients import frame

WITHDRAWN_TITLE = "Votre dossier n’est plus en ligne"
WITHDRAWN = (
    "Le cabinet ne publie plus ce dossier sur le portail. Votre accès est conservé trente jours.",
    "Pour toute question, appelez le cabinet.",
)

P = ParamSpec("P")


def opened(
    element: str,
) -> Callable[
    [Callable[Concatenate[PortalRequest, Reader, Shown, P], HttpResponse]],
    Callable[Concatenate[PortalRequest, Reader, P], HttpResponse],
]:
    """The view gets what the reader's pages show. `element`: key whose hiding closes the address; "" for none."""

    def decorate(
        view: Callable[Concatenate[PortalRequest, Reader, Shown, P], HttpResponse],
    ) -> Callable[Concatenate[PortalRequest, Reader, P], HttpResponse]:
        @wraps(view)
        def with_dossier(request: PortalRequest, reader: Reader, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if element and not page_is_open(element, current_settings(reader.cabinet)):
                raise Http404
            shown = shown_to(reader)
            if shown is None:
                return frame.message(request, reader.cabinet, WITHDRAWN_TITLE, *WITHDRAWN)
            return view(request, reader, shown, *args, **kwargs)

        return with_dossier

    return decorate

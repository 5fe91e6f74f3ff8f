"""Every address of the API. The access matrix test and the OpenAPI document are made from this list."""

from itertools import groupby

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET

from portal.server.api.endpoint import Endpoint, Resource
from portal.server.api.openapi import document_of
from portal.server.cabinets import api as cabinets
from portal.server.contact import api as contact
from portal.server.desk import api as desk
from portal.server.errors import not_found
from portal.server.nights import api as nights
from portal.server.publishing import api as publishing

ENDPOINTS: tuple[Endpoint, ...] = (
    cabinets.enrol,
    cabinets.get_self,
    publishing.open_run,
    publishing.get_manifest,
    publishing.offer_photos,
    publishing.put_photo,
    publishing.put_batch,
    publishing.commit_run,
    publishing.discard_run,
    cabinets.get_settings,
    cabinets.put_settings,
    cabinets.get_settings_version,
    cabinets.put_image,
    desk.get_overview,
    desk.get_accounts,
    desk.get_dossier,
    desk.reset_patient,
    desk.hide_patient,
    desk.show_patient,
    desk.erase_patient,
    desk.stage_secrets,
    desk.verify_secrets,
    desk.activate_secrets,
    desk.discard_secrets,
    desk.claim_patients,
    desk.release_patients,
    desk.announce,
    contact.get_messages,
    contact.mark_message,
    contact.answer_message,
    nights.tell_run,
    nights.plan_nights,
    nights.get_nights,
    nights.ask_for_run,
    nights.get_request,
    nights.give_up_request,
    nights.claim_request,
    nights.tell_progress,
    cabinets.get_settings_history,
    cabinets.get_documents,
    cabinets.get_document,
    cabinets.put_document,
    cabinets.get_devices,
    cabinets.new_enrolment_code,
    cabinets.revoke_device,
)


@require_GET
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """That the portal answers and reaches its database, and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return HttpResponse(document_of(ENDPOINTS), content_type="application/json")


def _resources() -> list[URLPattern]:
    by_path = groupby(sorted(ENDPOINTS, key=lambda e: e.path), key=lambda e: e.path)
    return [path(route, Resource(endpoints)) for route, endpoints in by_path]


urlpatterns: list[URLPattern] = [
    path("health", health),
    path("openapi.json", openapi),
    *_resources(),
    path("<path:rest>", lambda request, rest: not_found(request)),  # noqa: ARG005 - Django's signature
]

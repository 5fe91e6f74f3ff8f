"""Every address of the portal: the patients' pages and the API. The access matrix test walks this list."""

from django.urls import URLPattern, URLResolver, include, path

from portal.api.shapes import API_ROOT
from portal.server.cabinets.views import cabinet_image
from portal.server.static_files import static_file

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{API_ROOT[1:]}/", include("portal.server.api.routes")),
    path("c/<cabinet:code>/image/<digest:digest>", cabinet_image),
    path("static/<str:name>", static_file),
    path("", include("portal.server.accounts.urls")),
    path("", include("portal.server.patients.urls")),
]

handler400 = "portal.server.errors.bad_request"
handler404 = "portal.server.errors.not_found"
handler500 = "portal.server.errors.server_error"

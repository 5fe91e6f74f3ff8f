"""The cabinet's images as browsers fetch them: public, without a session, kept by browsers for a year."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.server.cabinets.models import CabinetImage
from portal.server.headers import IMMUTABLE


@require_safe
def cabinet_image(request: HttpRequest, code: str, digest: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    image = CabinetImage.objects.filter(cabinet__code=code, digest=digest).first()
    if image is None:
        raise Http404
    return HttpResponse(bytes(image.content), content_type=image.content_type, headers={"Cache-Control": IMMUTABLE})

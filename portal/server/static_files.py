"""The pages' style sheet, fonts and pictures: few, small, kept in memory, and by browsers for ever."""

import gzip
from functools import cache

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.pages.assets import STATIC_FILES
from portal.server.headers import IMMUTABLE


@require_safe
def static_file(request: HttpRequest, name: str) -> HttpResponse:
    file = STATIC_FILES.get(name)
    if file is None:
        raise Http404
    response = HttpResponse(content_type=file.content_type, headers={"Cache-Control": IMMUTABLE})
    if file.content_type.startswith("font/"):  # compressed by nature
        response.content = file.content
        return response
    response.headers["Vary"] = "Accept-Encoding"
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.headers["Content-Encoding"] = "gzip"
        response.content = _compressed(name)
    else:
        response.content = file.content
    return response


@cache
def _compressed(name: str) -> bytes:
    return gzip.compress(STATIC_FILES[name].content, mtime=0)

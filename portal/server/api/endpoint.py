"""An endpoint: declared once as method, path, roles and shapes; from that it is routed, checked and documented."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec
import zstandard
from django.http import HttpRequest, HttpResponse

from portal.api.shapes import Role
from portal.server.api import versions
from portal.server.api.bodies import Binary, Document, Format
from portal.server.api.problems import Kind, Problem, problem_response
from portal.server.cabinets.models import Cabinet, Device
from portal.server.cabinets.registry import device_of

EVERY_ROLE = frozenset(Role)
AT_THE_DESK = frozenset({Role.RECEPTION, Role.PRACTITIONER})
"""Where people work: the nightly program's device needs none of it."""
COMPRESS_ABOVE = 1024
"""Bytes: below, zstd's frame costs about what it saves."""
_log = logging.getLogger("portal.api")


@dataclass(frozen=True)
class Call:
    """Who asks. A handler of an endpoint with roles finds its device here."""

    request: HttpRequest
    known_device: Device | None

    @property
    def device(self) -> Device:
        if self.known_device is None:
            raise Problem(Kind.WRONG_TOKEN)
        return self.known_device

    @property
    def cabinet(self) -> Cabinet:
        return self.device.cabinet


@dataclass(frozen=True)
class Tagged:
    """An answer with an ETag: `value` is None when the device knows it already (304)."""

    value: msgspec.Struct | None
    etag: str


@dataclass(frozen=True)
class Endpoint:
    method: str
    path: str
    """Django route below API_ROOT."""
    roles: frozenset[Role]
    """Of the devices that may; empty: anybody, without a token."""
    body: Document | Binary | None
    answer: Any
    """The shape of the answer, given as a type; None for an empty one (204)."""
    answer_format: Format
    handler: Callable[..., object]

    @property
    def summary(self) -> str:
        return (self.handler.__doc__ or "").strip().partition("\n")[0]

    @property
    def name(self) -> str:
        return self.handler.__name__

    def respond(self, request: HttpRequest, parameters: Mapping[str, Any]) -> HttpResponse:
        """Raise `Problem` for anything but success."""
        call = Call(request, self._device(request))
        arguments = () if self.body is None else (self.body.read(request),)
        result = self.handler(call, *arguments, **parameters)
        if result is None:
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        if isinstance(result, Tagged):
            response = (
                HttpResponse(status=HTTPStatus.NOT_MODIFIED)
                if result.value is None
                else self._encoded(request, result.value)
            )
            response.headers["ETag"] = f'"{result.etag}"'
            return response
        return self._encoded(request, result)

    def _device(self, request: HttpRequest) -> Device | None:
        if not self.roles:
            return None
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        device = device_of(token.strip()) if scheme.lower() == "bearer" else None
        if device is None:
            raise Problem(Kind.WRONG_TOKEN)
        if device.role not in self.roles:
            raise Problem(Kind.ROLE_NOT_ALLOWED)
        return device

    def _encoded(self, request: HttpRequest, value: object) -> HttpResponse:
        encode = msgspec.json.encode if self.answer_format is Format.JSON else msgspec.msgpack.encode
        content = encode(value)
        if len(content) <= COMPRESS_ABOVE or "zstd" not in request.headers.get("Accept-Encoding", ""):
            return HttpResponse(content, content_type=self.answer_format)
        response = HttpResponse(zstandard.compress(content), content_type=self.answer_format)
        response.headers["Content-Encoding"] = "zstd"
        response.headers["Vary"] = "Accept-Encoding"
        return response


def endpoint(
    method: str,
    path: str,
    *,
    roles: Iterable[Role] = (),
    body: Any = None,
    answer: Any = None,
    answer_format: Format = Format.JSON,
) -> Callable[[Callable[..., object]], Endpoint]:
    """Declare a handler `(call, [body,] **path parameters) -> answer` as an endpoint.

    `body` is a shape (JSON), or a `Document` or `Binary` that says more. The first line of the handler's docstring is
    its summary in the OpenAPI document.
    """
    accepted = body if body is None or isinstance(body, Document | Binary) else Document(body)

    def declared(handler: Callable[..., object]) -> Endpoint:
        return Endpoint(method, path, frozenset(roles), accepted, answer, answer_format, handler)

    return declared


class Resource:
    """One address of the API and its methods, as a Django view."""

    csrf_exempt = True
    """A device's token is no cookie: no other site can make a browser send it."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._endpoints = {endpoint.method: endpoint for endpoint in endpoints}

    def __call__(self, request: HttpRequest, **parameters: Any) -> HttpResponse:
        wanted = self._endpoints.get(request.method or "")
        try:
            versions.require_recent(request)
            if wanted is None:
                raise Problem(Kind.METHOD_NOT_ALLOWED)
            return wanted.respond(request, parameters)
        except Problem as raised:
            problem = versions.explained(request, raised)
            _log.info("refused %s: %s", wanted.name if wanted else request.method, problem.kind.value.name)
            response = problem_response(problem)
            if wanted is None:
                response.headers["Allow"] = ", ".join(sorted(self._endpoints))
            return response

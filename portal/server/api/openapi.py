"""The API's description, made from its endpoints: OpenAPI 3.1."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from portal.api.documents import DocumentName
from portal.api.shapes import API_ROOT, ProblemDocument
from portal.server.api.bodies import Binary, Document
from portal.server.api.endpoint import Endpoint
from portal.server.api.problems import CONTENT_TYPE

_PARAMETER = re.compile(r"<(\w+):(\w+)>")
_PARAMETER_SCHEMAS = {
    "digest": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    "index": {"type": "integer", "minimum": 0, "maximum": 999999},
    "document": {"type": "string", "enum": [name.value for name in DocumentName]},
}
_REF = "#/components/schemas/{name}"


def document_of(endpoints: Sequence[Endpoint]) -> bytes:
    """The OpenAPI document as JSON."""
    shapes = {ProblemDocument, *(e.body.shape for e in endpoints if isinstance(e.body, Document))}
    shapes |= {e.answer for e in endpoints if e.answer is not None}
    ordered = sorted(shapes, key=lambda shape: shape.__name__)
    references, components = msgspec.json.schema_components(ordered, ref_template=_REF)
    schemas = dict(zip(ordered, references, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        address = f"{API_ROOT}/" + _PARAMETER.sub(r"{\2}", endpoint.path)
        paths.setdefault(address, {})[endpoint.method.lower()] = _operation(endpoint, schemas)
    document = {
        "openapi": "3.1.0",
        "info": {"title": "WebOrtho portal", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"device": {"type": "http", "scheme": "bearer"}},
        },
    }
    return msgspec.json.encode(document)


def _operation(endpoint: Endpoint, schemas: dict[Any, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": "Done."}
    if endpoint.answer is not None:
        answer["content"] = {endpoint.answer_format.value: {"schema": schemas[endpoint.answer]}}
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "responses": {
            "204" if endpoint.answer is None else "200": answer,
            "default": {
                "description": "Refused, with the reason in French.",
                "content": {CONTENT_TYPE: {"schema": schemas[ProblemDocument]}},
            },
        },
    }
    if endpoint.roles:
        operation["security"] = [{"device": []}]
        operation["x-roles"] = sorted(endpoint.roles)
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": _PARAMETER_SCHEMAS[kind]}
        for kind, name in _PARAMETER.findall(endpoint.path)
    ]
    if parameters:
        operation["parameters"] = parameters
    if endpoint.body is not None:
        operation["requestBody"] = {"required": True, "content": _content(endpoint.body, schemas)}
    return operation


def _content(body: Document | Binary, schemas: dict[Any, Any]) -> dict[str, Any]:
    if isinstance(body, Document):
        return {body.format.value: {"schema": schemas[body.shape]}}
    return {content_type: {} for content_type in body.content_types}

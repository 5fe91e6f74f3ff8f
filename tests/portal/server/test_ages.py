"""A portal and a cabinet's programs of different ages, seen from the portal: what is asked for is done or refused."""

import typing
from collections.abc import Iterator

import msgspec
import pytest

from portal.api import nights
from portal.api.shapes import PROTOCOL, PROTOCOL_HEADER, ProblemDocument
from portal.server.api import versions
from portal.server.api.bodies import Document
from portal.server.api.routes import ENDPOINTS
from portal.server.cabinets.models import Cabinet
from tests.portal import examples
from tests.portal.server.support import Publisher, enrolled

TOLD_IN_REQUESTS = {nights.RunTold, nights.RunProgress}
"""What a computer tells of its run: a portal that does not know all of it keeps the rest."""


def test_every_endpoint_is_strict_in_what_it_is_asked_and_lenient_in_what_it_answers() -> None:
    bodies = {endpoint.body.shape for endpoint in ENDPOINTS if isinstance(endpoint.body, Document)}
    answers = {endpoint.answer for endpoint in ENDPOINTS if endpoint.answer is not None}
    assert {shape for shape in bodies if not examples.is_strict(shape)} == TOLD_IN_REQUESTS
    assert not [shape for answer in answers for shape in within(answer) if examples.is_strict(shape)]


def within(kind: object) -> Iterator[type[msgspec.Struct]]:
    """A shape and all that it holds."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
        for field in msgspec.structs.fields(kind):
            yield from within(field.type)
    for part in typing.get_args(kind):
        yield from within(part)


def refusal(publisher: Publisher, path: str, body: bytes, spoken: str) -> ProblemDocument:
    response = publisher.api.send("POST", path, body, headers={PROTOCOL_HEADER: spoken})
    return msgspec.json.decode(response.content, type=ProblemDocument)


def test_a_program_that_is_too_old_is_told_to_be_updated(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "OLDEST", 3)
    for spoken in ("", "1", "2", "deux"):
        assert refusal(publisher, "/sync/runs", b"{}", spoken).type == "urn:webortho:program-too-old"
    assert refusal(publisher, "/sync/runs", b"{}", "3").type != "urn:webortho:program-too-old"
    told = refusal(publisher, "/sync/runs", b"{}", "1")
    assert told.status == 426
    assert f"{told.title} {told.detail}" == (
        "La version de WebOrtho de ce poste est trop ancienne pour ce portail. Rien n’a été modifié. "
        "Mettez WebOrtho à jour sur ce poste, puis recommencez."
    )


def test_what_a_newer_program_asks_in_vain_is_the_portals_age(publisher: Publisher) -> None:
    newer = str(PROTOCOL + 1)
    opening = msgspec.json.encode(msgspec.json.decode(examples.raw("OpenRun")) | examples.MORE)
    for path, body in (("/sync/runs", opening), ("/self", b""), ("/of/tomorrow", b"")):
        found = refusal(publisher, path, body, newer)
        assert (found.status, found.title) == (
            501,
            "Le portail est plus ancien que la version de WebOrtho de ce poste.",
        )
    assert refusal(publisher, "/sync/runs", opening, str(PROTOCOL)).status == 400
    assert refusal(publisher, "/of/tomorrow", b"", str(PROTOCOL)).status == 404


def test_a_newer_program_does_all_that_this_portal_knows(published: Cabinet) -> None:
    response = enrolled(published).send("GET", "/self", headers={PROTOCOL_HEADER: str(PROTOCOL + 1)})
    assert response.status_code == 200

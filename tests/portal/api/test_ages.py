"""A portal and a cabinet's programs of different ages, seen from the cabinet: what is told may say more."""

import msgspec
import pytest

from portal.api import documents, shapes
from portal.api.client import PortalClient
from portal.api.connections import Connections
from portal.api.documents_client import DocumentsClient
from portal.api.errors import PortalRefused
from portal.api.shapes import PROTOCOL, PROTOCOL_HEADER, ProblemDocument, Self
from portal.api.transport import Patience
from tests.portal import examples
from tests.portal.api.crooked import Crooked, http
from tests.portal.examples import enriched

TOLD = sorted(name for name, shape in examples.SHAPES.items() if not examples.is_strict(shape))
ASKED = sorted(examples.SHAPES.keys() - TOLD)


@pytest.mark.parametrize("name", [name for name in TOLD if name != "SettingsVersion"])
def test_an_answer_that_says_more_than_this_program_knows_is_understood(name: str) -> None:
    shape = examples.SHAPES[name]
    more = msgspec.json.encode(enriched(msgspec.json.decode(examples.raw(name))))
    assert msgspec.json.decode(more, type=shape) == examples.example(shape)


def test_a_settings_document_of_another_version_arrives_as_it_is() -> None:
    """What is in it is the settings' own business: they refuse what they do not know (`portal.pages.settings`)."""
    more = msgspec.json.encode(enriched(msgspec.json.decode(examples.raw("SettingsVersion"))))
    assert b"of_a_newer_version" in bytes(msgspec.json.decode(more, type=shapes.SettingsVersion).document)


def test_an_entry_of_the_manifest_may_say_more() -> None:
    entry = msgspec.msgpack.encode(["5312", b"0" * 16, b"1" * 12, "more"])
    assert msgspec.msgpack.decode(entry, type=shapes.ManifestEntry).number == "5312"


@pytest.mark.parametrize("name", ASKED)
def test_a_request_that_asks_for_more_than_this_portal_knows_is_not_half_done(name: str) -> None:
    asked = msgspec.json.decode(examples.raw(name))
    more = [*asked, *examples.MORE] if isinstance(asked, list) else asked | examples.MORE
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(more), type=examples.SHAPES[name])


def test_a_newer_portal_is_understood_and_told_which_protocol_is_spoken(crooked: Crooked) -> None:
    crooked.script = [http(msgspec.json.encode(enriched(msgspec.json.decode(examples.raw("Self")))))]
    with Connections() as connections:
        myself = PortalClient(crooked.address, "sourire.jeton", connections).myself()
    assert myself == examples.example(Self)
    assert f"\r\n{PROTOCOL_HEADER}: {PROTOCOL}\r\n".encode() in crooked.requests[0]


def test_documents_that_only_newer_programs_share_are_left_alone(crooked: Crooked) -> None:
    known, newer = documents.SavedDocument("mapping", 3), documents.SavedDocument("posters", 1)
    crooked.script = [http(msgspec.json.encode(documents.SharedDocuments((known, newer))))]
    with Connections() as connections:
        shared = DocumentsClient(crooked.address, "sourire.jeton", connections).documents()
    assert shared == {documents.DocumentName.MAPPING: known}


def test_a_portal_for_which_this_program_is_too_old_is_asked_once(crooked: Crooked) -> None:
    problem = ProblemDocument("urn:webortho:program-too-old", "Trop ancien.", 426, "Mettez WebOrtho à jour.")
    crooked.script = [http(msgspec.json.encode(problem), "426 Upgrade Required", "application/problem+json")]
    with Connections() as connections, pytest.raises(PortalRefused, match=r"^Trop ancien\. Mettez WebOrtho à jour\.$"):
        PortalClient(crooked.address, "t", connections, patience=Patience(attempts=3)).myself()
    assert len(crooked.requests) == 1

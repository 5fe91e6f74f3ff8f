"""What a cabinet's computers share: saved by a practitioner over what it was made from, sealed, read by all of them."""

import pytest

from portal.api.documents import (
    MAX_DOCUMENT_BYTES,
    DocumentName,
    SavedDocument,
    SaveDocument,
    SharedDocument,
    SharedDocuments,
)
from portal.api.shapes import Role
from portal.server.cabinets.documents import VERSIONS_KEPT
from portal.server.cabinets.models import Cabinet, SharedDocumentVersion
from tests.portal.server.support import Api, enrolled

CONTENT = b"[patients]\nfile = 'patients.csv'\n"


@pytest.fixture
def practitioner(cabinet: Cabinet) -> Api:
    return enrolled(cabinet, Role.PRACTITIONER, "Bureau")


def save(api: Api, content: bytes, base: int, name: str = "mapping") -> SavedDocument:
    return api.ask("PUT", f"/documents/{name}", SavedDocument, SaveDocument(base, content))


@pytest.mark.parametrize("role", Role)
def test_what_a_practitioner_saves_every_computer_reads(role: Role, cabinet: Cabinet, practitioner: Api) -> None:
    saved = save(practitioner, CONTENT, 0)
    assert (saved.version, saved.device_name) == (1, "Bureau")
    other = enrolled(cabinet, role)
    assert other.ask("GET", "/documents/mapping", SharedDocument) == SharedDocument(saved, CONTENT)
    assert other.ask("GET", "/documents", SharedDocuments).documents == (saved,)


def test_before_the_first_there_is_version_0_and_nothing(cabinet: Cabinet) -> None:
    found = enrolled(cabinet).ask("GET", "/documents/texts", SharedDocument)
    assert found == SharedDocument(SavedDocument(DocumentName.TEXTS, 0), b"")


def test_a_document_that_was_made_from_an_older_version_is_refused(cabinet: Cabinet, practitioner: Api) -> None:
    save(practitioner, CONTENT, 0)
    other = enrolled(cabinet, Role.PRACTITIONER, "Autre bureau")
    assert save(other, b"autre", 1).version == 2
    for base in (0, 1, 3):
        response = practitioner.send("PUT", "/documents/mapping", SaveDocument(base, b"encore autre"))
        assert response.status_code == 409
        assert "Un autre poste du cabinet a enregistré ces réglages entre-temps." in response.content.decode()
    assert practitioner.ask("GET", "/documents/mapping", SharedDocument).content == b"autre"


def test_saving_the_same_again_changes_nothing(cabinet: Cabinet, practitioner: Api) -> None:
    first = save(practitioner, CONTENT, 0)
    assert save(practitioner, CONTENT, 0) == save(practitioner, CONTENT, 1) == first
    assert SharedDocumentVersion.objects.of(cabinet).count() == 1


def test_documents_do_not_mix(practitioner: Api, other_cabinet: Cabinet) -> None:
    save(practitioner, b"un", 0, "mapping")
    save(practitioner, b"deux", 0, "desk")
    stranger = enrolled(other_cabinet, Role.PRACTITIONER)
    save(stranger, b"trois", 0, "mapping")
    contents = [
        api.ask("GET", f"/documents/{name}", SharedDocument).content
        for api, name in ((practitioner, "mapping"), (practitioner, "desk"), (stranger, "mapping"), (stranger, "desk"))
    ]
    assert contents == [b"un", b"deux", b"trois", b""]


def test_a_document_is_sealed_at_rest(cabinet: Cabinet, practitioner: Api) -> None:
    save(practitioner, CONTENT, 0)
    assert b"patients" not in bytes(SharedDocumentVersion.objects.of(cabinet).get().sealed)


def test_a_document_that_is_too_large_is_refused(practitioner: Api) -> None:
    assert save(practitioner, b"x" * MAX_DOCUMENT_BYTES, 0).version == 1
    response = practitioner.send("PUT", "/documents/mapping", SaveDocument(1, b"x" * (MAX_DOCUMENT_BYTES + 1)))
    assert response.status_code == 413


def test_a_name_that_is_none_is_no_address(practitioner: Api) -> None:
    assert practitioner.send("GET", "/documents/secrets").status_code == 404


def test_the_newest_versions_are_kept(cabinet: Cabinet, practitioner: Api) -> None:
    for number in range(VERSIONS_KEPT + 5):
        save(practitioner, f"{number}".encode(), number)
    versions = SharedDocumentVersion.objects.of(cabinet).order_by("version").values_list("version", flat=True)
    assert list(versions) == list(range(6, VERSIONS_KEPT + 6))

"""A cabinet's settings and images: published whole, cleaned, versioned, shown to the right cabinet."""

import msgspec
import pytest
from django.test import Client

from cabinet.dossier import digest_of
from portal.api.shapes import ProblemDocument, PublishSettings, Role, SettingsVersion
from portal.pages.settings import PortalSettings, TextZones
from portal.server.cabinets import registry
from portal.server.cabinets.models import Cabinet, SettingsDocument
from portal.server.cabinets.settings_store import _content_digest, current_settings
from tests.portal.server.support import Api, enrolled, png_image

EMAIL = "accueil@exemple.fr"


def body(base: int, **changes: object) -> PublishSettings:
    document = PortalSettings(contact_email=EMAIL, **changes)  # type: ignore[arg-type]  # fields of the document
    return PublishSettings(base, msgspec.Raw(msgspec.json.encode(document)))


def problem(response: object) -> ProblemDocument:
    return msgspec.json.decode(response.content, type=ProblemDocument)


@pytest.fixture
def practitioner(cabinet: Cabinet) -> Api:
    return enrolled(cabinet, Role.PRACTITIONER)


def now(cabinet: Cabinet) -> PortalSettings:
    return current_settings(Cabinet.objects.get(pk=cabinet.pk))


def test_before_the_first_version_the_defaults_are_shown(cabinet: Cabinet, practitioner: Api) -> None:
    assert now(cabinet) == PortalSettings()
    answer = practitioner.ask("GET", "/settings", SettingsVersion)
    assert (answer.version, answer.published_at) == (0, None)


def test_what_is_published_is_shown_and_the_former_version_kept(cabinet: Cabinet, practitioner: Api) -> None:
    first = practitioner.ask("PUT", "/settings", SettingsVersion, body(0, hidden=("contact",)))
    second = practitioner.ask("PUT", "/settings", SettingsVersion, body(1, hidden=("accounts",)))
    assert (first.version, second.version) == (1, 2)
    assert now(cabinet).hidden == ("accounts",)
    former = practitioner.ask("GET", "/settings/1", SettingsVersion)
    assert msgspec.json.decode(former.document, type=PortalSettings).hidden == ("contact",)


def test_a_version_published_in_between_is_not_overwritten(cabinet: Cabinet, practitioner: Api) -> None:
    practitioner.ask("PUT", "/settings", SettingsVersion, body(0, hidden=("contact",)))
    refused = problem(practitioner.send("PUT", "/settings", body(0)))
    assert refused == ProblemDocument(
        "urn:webortho:version-conflict",
        "Un autre poste a publié des réglages entre-temps.",
        409,
        "Rien n’a été modifié. Reprenez la version publiée, refaites vos changements, puis publiez.",
    )
    assert now(cabinet).hidden == ("contact",)


def test_a_document_without_a_contact_address_is_refused_with_the_reason(cabinet: Cabinet, practitioner: Api) -> None:
    refused = problem(practitioner.send("PUT", "/settings", PublishSettings(0, msgspec.Raw(b'{"version":1}'))))
    assert refused.type == "urn:webortho:bad-settings"
    assert refused.detail == (
        "Rien n’a été modifié. "
        "L’adresse e-mail de contact manque\u00a0: indiquez où les messages des patients doivent arriver."
    )


@pytest.mark.parametrize("document", [b"[]", b'{"version":2}', b'{"version":1,"more":1}', b"1"])
def test_a_document_of_another_form_is_refused(practitioner: Api, document: bytes) -> None:
    assert problem(practitioner.send("PUT", "/settings", PublishSettings(0, msgspec.Raw(document)))).status == 400


def test_what_could_run_in_a_browser_is_taken_out_when_written(cabinet: Cabinet, practitioner: Api) -> None:
    zones = TextZones(title='<b onclick="x()">Bonjour</b><script>x()</script>')
    practitioner.ask("PUT", "/settings", SettingsVersion, body(0, zones=zones))
    stored = bytes(SettingsDocument.objects.of(cabinet).get().document)
    assert b"script" not in stored
    assert b"onclick" not in stored
    assert now(cabinet).zones.title == "<b>Bonjour</b>"


def test_what_got_into_the_database_is_taken_out_when_read(cabinet: Cabinet, practitioner: Api) -> None:
    practitioner.ask("PUT", "/settings", SettingsVersion, body(0))
    hostile = msgspec.json.encode(PortalSettings(zones=TextZones(title="<script>x()</script>Bonjour")))
    SettingsDocument.objects.of(cabinet).update(document=hostile)
    Cabinet.objects.filter(pk=cabinet.pk).update(settings_digest=_content_digest(hostile))
    assert now(cabinet).zones.title == "Bonjour"


def test_known_settings_cost_no_query(cabinet: Cabinet, practitioner: Api, django_assert_num_queries: object) -> None:
    practitioner.ask("PUT", "/settings", SettingsVersion, body(0, hidden=("contact",)))
    fresh = Cabinet.objects.get(pk=cabinet.pk)
    current_settings(fresh)
    with django_assert_num_queries(0):  # type: ignore[operator]  # pytest-django's fixture
        assert current_settings(fresh).hidden == ("contact",)


def test_settings_of_two_cabinets_are_apart(cabinet: Cabinet, other_cabinet: Cabinet, practitioner: Api) -> None:
    practitioner.ask("PUT", "/settings", SettingsVersion, body(0, hidden=("contact",)))
    assert now(other_cabinet) == PortalSettings()


# Images


def put(api: Api, cabinet: Cabinet, content: bytes) -> tuple[str, int]:
    digest = digest_of(content, registry.digest_key_of(cabinet)).hex()
    return digest, api.send("PUT", f"/images/{digest}", content, content_type="image/png").status_code


def test_a_logo_is_public_and_kept_by_browsers(cabinet: Cabinet, practitioner: Api) -> None:
    digest, status = put(practitioner, cabinet, png_image((40, 20), "RGBA"))
    assert status == 204
    practitioner.ask("PUT", "/settings", SettingsVersion, body(0, logo_digest=digest))
    response = Client().get(f"/c/sourire/image/{digest}")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/png")
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert Client().get(f"/c/canines/image/{digest}").status_code == 404


def test_settings_that_name_an_image_that_never_came_are_refused(cabinet: Cabinet, practitioner: Api) -> None:
    refused = problem(practitioner.send("PUT", "/settings", body(0, logo_digest="0" * 32)))
    assert refused.detail == (
        "Rien n’a été modifié. "
        "Le logo ou le plan d’accès n’est pas arrivé sur le portail\u00a0: choisissez-le de nouveau."
    )


def test_an_image_under_a_wrong_digest_is_refused(cabinet: Cabinet, practitioner: Api) -> None:
    response = practitioner.send("PUT", f"/images/{'0' * 32}", png_image(), content_type="image/png")
    assert problem(response).type == "urn:webortho:digest-mismatch"

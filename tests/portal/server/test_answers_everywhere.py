"""What holds for every answer: security headers, caching, French errors, a log that names nobody."""

import logging
import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host
from django.test import Client

from portal.pages.assets import STATIC_FILES, STYLE_SHEET, asset
from portal.server.cabinets.models import Cabinet
from portal.server.config import read_config
from portal.server.headers import HEADERS, SecurityHeadersMiddleware
from portal.server.request_log import LOGGING_CONFIG, UtcFormatter
from tests.portal.server.matrix_pages import PAGES, address_of
from tests.portal.server.support import Publisher, make_dossier

OTHERS = ("/api/v1/self", "/api/v1/health", "/nulle-part", asset(STYLE_SHEET))


@pytest.mark.parametrize("address", [*map(address_of, PAGES), *OTHERS])
def test_every_answer_carries_the_security_headers(address: str, published: Cabinet) -> None:
    response = Client().get(address)
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in response.headers, "the tests' origin is not https"


def test_an_https_installation_asks_browsers_to_stay_on_https(settings: object) -> None:
    class Config:
        origin = "https://portail.exemple.fr"

    settings.CONFIG = Config  # type: ignore[attr-defined]  # pytest-django's fixture
    response = SecurityHeadersMiddleware(lambda _: HttpResponse())(HttpRequest())
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("address", ["/", "/rendez-vous", "/api/v1/self", "/nulle-part"])
def test_nothing_personal_is_kept_by_a_browser(address: str, published: Cabinet) -> None:
    assert "no-store" in Client().get(address).headers["Cache-Control"]


@pytest.mark.parametrize("name", STATIC_FILES)
def test_static_files_are_kept_for_ever_under_the_name_of_their_content(name: str) -> None:
    response = Client().get(f"/static/{name}")
    assert response.content == STATIC_FILES[name].content
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert re.search(r"\.[0-9a-f]{12}\.", name)


def test_the_style_sheet_travels_compressed() -> None:
    response = Client().get(asset(STYLE_SHEET), headers={"accept-encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.content) < len(STATIC_FILES[asset(STYLE_SHEET).rpartition("/")[2]].content) / 2


def test_an_unknown_page_is_refused_in_french(db: None) -> None:
    response = Client().get("/nulle-part")
    assert response.status_code == 404
    assert "Cette page n’existe pas ou n’est plus affichée." in response.content.decode()


def test_a_form_without_its_token_is_refused_in_french(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/", {})
    assert response.status_code == 403
    assert "Ce formulaire n’est plus valable" in response.content.decode()


def test_a_fault_of_the_portal_is_told_in_french_and_not_in_detail(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failed_on = "MARTINEAU 15/04/2012"

    def broken(*_: object) -> None:
        raise RuntimeError(failed_on)

    monkeypatch.setattr("portal.server.publishing.runs.lock", broken)
    publisher.api._client.raise_request_exception = False
    with caplog.at_level(logging.INFO):
        response = publisher.api.send("POST", "/sync/runs", b'{"root":"%s","counts":{"patients":1}}' % (b"f" * 32))
    assert (response.status_code, response.headers["Content-Type"]) == (500, "application/problem+json")
    assert "Une erreur est survenue sur le portail." in response.content.decode()
    assert "MARTINEAU" not in response.content.decode() + caplog.text
    assert "RuntimeError" in caplog.text
    assert "publishing/runs.py" in caplog.text


def test_a_request_to_another_host_is_refused(db: None) -> None:
    assert Client(headers={"host": "ailleurs.exemple.fr"}).get("/").status_code == 400


def test_the_log_holds_no_number_no_token_and_no_name(publisher: Publisher, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        publisher.publish(make_dossier("5312"))
        Client().get("/activer/un-jeton-secret")
        Client().get("/photo/" + "0123456789abcdef" * 2)
    text = caplog.text
    assert "activer/<str:token>" in text
    for secret in ("5312", "MARTINEAU", "un-jeton-secret", "0123456789abcdef", publisher.api.token):
        assert secret not in text


def test_the_log_tells_the_time_in_utc() -> None:
    record = logging.makeLogRecord({"created": 1_900_000_000.5, "msecs": 500.0, "msg": "x"})
    assert UtcFormatter("%(asctime)s").format(record) == "2030-03-17T17:46:40.500Z"
    assert LOGGING_CONFIG["loggers"]["django"]["handlers"] == [], "Django's own messages quote addresses"


@pytest.mark.parametrize(
    ("origin", "header"),
    [
        ("https://portail.exemple.fr", "portail.exemple.fr"),
        ("https://[2001:db8::7]:8443", "[2001:db8::7]:8443"),
        ("http://[::1]:8000", "[::1]:8000"),
        ("http://127.0.0.1:8000", "localhost:8000"),
    ],
)
def test_the_portal_answers_under_its_own_address(origin: str, header: str) -> None:
    domain, _ = split_domain_port(header)
    assert validate_host(domain, read_config({"WEBORTHO_ORIGIN": origin}).allowed_hosts)

"""Signing in and out: what is forgiven, what is remembered, and that nothing tells which accounts exist."""

import base64
import re
from http.cookies import CookieError
from unittest.mock import patch

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.server.accounts.identifiers import code_typed, number_typed
from portal.server.accounts.models import AuditEvent, PendingAnswer, Session
from portal.server.accounts.passwords import OwaspArgon2Hasher
from portal.server.cabinets.models import Cabinet
from tests.portal.server.browser import (
    AT_ONCE,
    PASSWORD,
    Browser,
    configure,
    letters,
    with_access,
)

WRONG = "L’identifiant ou le mot de passe ne correspond pas. Vérifiez votre carte d’accès, puis réessayez."


@pytest.fixture
def known(published: Cabinet) -> Cabinet:
    """The cabinet, with an access to 5312."""
    with_access()
    return published


def test_a_patient_signs_in_and_lands_on_the_appointments(known: Cabinet) -> None:
    browser = Browser()
    answer = browser.sign_in("5312", PASSWORD)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/rendez-vous"
    assert "MARTINEAU" in browser.get("/rendez-vous").content.decode()
    assert browser.get("/").headers["Location"] == "/rendez-vous"


@pytest.mark.parametrize(("code", "number"), [(" SOURIRE ", " 53 12 "), ("sou rire", "5312"), ("Sourire", "5312\t")])
def test_case_and_spaces_are_forgiven_in_code_and_number(known: Cabinet, code: str, number: str) -> None:
    assert Browser().sign_in(number, PASSWORD, code).status_code == 303


@pytest.mark.parametrize(
    ("number", "password", "code"),
    [
        ("5312", "pas le bon mot", "sourire"),
        ("5312", PASSWORD.upper(), "sourire"),
        ("5312", "", "sourire"),
        ("9999", PASSWORD, "sourire"),
        ("0042", PASSWORD, "sourire"),
        ("", "", ""),
        ("5312", PASSWORD, "inconnu"),
        ("5312", "x" * 100_000, "sourire"),
        ("5312\x00", "a\x00b", "sourire"),
    ],
)
def test_what_does_not_match_is_refused_without_saying_what(
    known: Cabinet, number: str, password: str, code: str
) -> None:
    answer = Browser().sign_in(number, password, code)
    assert answer.status_code == 200
    assert WRONG in answer.content.decode()
    assert not answer.cookies.get("__Host-session")


def test_a_password_of_another_cabinet_opens_nothing_here(known: Cabinet, other_cabinet: Cabinet) -> None:
    assert WRONG in Browser().sign_in("5312", PASSWORD, "canines").content.decode()


# Nobody learns which accounts exist (SECURITY.md, 3)


def without_token(answer: HttpResponse) -> tuple[int, dict[str, str], str]:
    """All of an answer that a person could compare, but the CSRF token and what they typed themselves."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
    # The second at which a cookie was set is not a difference between two accounts.
    cookies = {name: re.sub("^[^;]*|expires=[^;]*", "", value.OutputString()) for name, value in answer.cookies.items()}
    return answer.status_code, headers | cookies, re.sub(r"\b(5312|9999)\b", "N", body)


@pytest.mark.parametrize("path", ["/", "/premiere-visite", "/mot-de-passe-oublie"])
@pytest.mark.parametrize("secret", ["pas le bon mot", "15042012", "5312apo"])
@pytest.mark.parametrize("at_once", [False, True])
def test_known_and_unknown_accounts_get_the_same_answer(known: Cabinet, path: str, secret: str, at_once: bool) -> None:
    if at_once:
        configure(known, first_access=AT_ONCE)

    def asked(number: str) -> tuple[int, dict[str, str], str]:
        fields = {"cabinet_code": "sourire", "patient_number": number, "password": secret, "secret": secret}
        return without_token(Browser().post(path, fields))

    assert asked("5312") == asked("9999")


def work_of(path: str, number: str, secret: str) -> tuple[list[str], int]:
    """The statements that a request runs, without their values, and the number of passwords it hashes."""
    hashes = 0
    encode = OwaspArgon2Hasher.encode

    def counted(self: OwaspArgon2Hasher, password: str, salt: str) -> str:
        nonlocal hashes
        hashes += 1
        result: str = encode(self, password, salt)
        return result

    browser = Browser()
    with (
        patch.object(OwaspArgon2Hasher, "encode", counted),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        fields = {"cabinet_code": "sourire", "patient_number": number, "password": secret, "secret": secret}
        browser.post(path, fields)
    shapes = [re.sub(r"'[^']*'|\b\d+\b|X'[^']*'", "?", query["sql"]) for query in queries.captured_queries]
    return [re.sub(r"\?(, \?)+", "?", shape) for shape in shapes], hashes


@pytest.mark.parametrize("path", ["/", "/premiere-visite", "/mot-de-passe-oublie"])
@pytest.mark.parametrize("at_once", [False, True])
def test_known_and_unknown_accounts_cost_the_same_work(known: Cabinet, path: str, at_once: bool) -> None:
    if at_once:
        configure(known, first_access=AT_ONCE)
        Browser().get("/c/sourire")  # the settings are read once
    statements, hashes = work_of(path, "5312", "pas le bon mot")
    assert (statements, hashes) == work_of(path, "9999", "pas le bon mot")
    assert hashes == (1 if path == "/" else 0)


def test_two_accesses_of_a_dossier_cost_one_hash(known: Cabinet) -> None:
    from portal.server.accounts.models import Access  # noqa: PLC0415 - needs Django set up

    access = Access.objects.of(known).get()
    access.pk, access.slot = None, 1
    access.save()
    assert work_of("/", "5312", "pas le bon mot")[1] == 1


def test_in_the_confirmed_level_true_birth_dates_and_apo_open_no_account(
    published: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.server import throttle  # noqa: PLC0415 - needs Django set up

    never = throttle.Limits(account=10**6, everywhere=10**6, address=10**6, cabinet=None)
    monkeypatch.setattr(throttle, "LIMITS", dict.fromkeys(throttle.Form, never))
    opened = 0
    for number in ("5312", "0042", "A-7"):
        for secret in ("15042012", "15/04/2012", f"{number}apo", "apo", number):
            for enter in (Browser().first_visit, Browser().sign_in):
                browser = Browser()
                opened += getattr(browser, enter.__name__)(number, secret).headers.get("Location") == "/bienvenue"
                opened += browser.is_in() or browser.get("/bienvenue").status_code == 200
    assert opened == 0
    PendingAnswer.objects.across_cabinets().delete()


# Sessions and cookies


def test_the_session_cookie_is_secure_and_not_for_scripts_or_other_sites(known: Cabinet) -> None:
    browser = Browser()
    morsel = browser.sign_in("5312", PASSWORD).cookies["__Host-session"]
    assert morsel["httponly"]
    assert morsel["secure"]
    assert morsel["samesite"] == "Lax"
    assert morsel["path"] == "/"
    assert not morsel["domain"]
    assert not morsel["max-age"]
    cabinet_id, _, secret = morsel.value.partition(".")
    assert int(cabinet_id) == known.pk
    assert len(secret) >= 43  # 256 bits in base64


def test_every_cookie_is_out_of_reach_of_scripts(known: Cabinet) -> None:
    browser = Browser()
    browser.sign_in("5312", PASSWORD, remember="on")
    browser.post("/langue", {"language": "en", "next": "/"})
    browser.sign_in("5312", "15042012")
    assert len(browser.client.cookies) == 6
    for morsel in browser.client.cookies.values():
        assert morsel["httponly"], morsel.key
        assert morsel["secure"], morsel.key
        assert morsel["samesite"] == "Lax", morsel.key


def test_a_session_is_stored_hashed(known: Cabinet) -> None:
    browser = Browser()
    browser.sign_in("5312", PASSWORD)
    secret = browser.client.cookies["__Host-session"].value.partition(".")[2]
    assert all(secret not in row.token_hash for row in Session.objects.of(known))


def test_signing_in_gives_a_new_identifier_and_ends_the_session_that_was_there(known: Cabinet) -> None:
    browser = Browser()
    browser.sign_in("5312", PASSWORD)
    before = browser.client.cookies["__Host-session"].value
    browser.sign_in("5312", PASSWORD)
    assert browser.client.cookies["__Host-session"].value != before
    stolen = Browser()
    stolen.client.cookies["__Host-session"] = before
    assert not stolen.is_in()


def test_signing_out_ends_the_session_on_the_server(known: Cabinet) -> None:
    browser = Browser()
    browser.sign_in("5312", PASSWORD)
    copy = Browser()
    copy.client.cookies["__Host-session"] = browser.client.cookies["__Host-session"].value
    assert copy.is_in()
    answer = browser.post("/deconnexion")
    assert answer.headers["Location"] == "/?avis=deconnexion"
    assert answer.cookies["__Host-session"].value == ""
    assert not copy.is_in()
    assert "Vous êtes déconnecté." in browser.get("/?avis=deconnexion").content.decode()


@pytest.mark.parametrize("path", ["/deconnexion", "/langue"])
def test_no_get_changes_state(known: Cabinet, path: str) -> None:
    browser = Browser()
    browser.sign_in("5312", PASSWORD)
    assert browser.get(path).status_code == 405
    assert browser.is_in()


@pytest.mark.parametrize(
    "path", ["/", "/premiere-visite", "/mot-de-passe-oublie", "/deconnexion", "/langue", "/contact", "/dossier/e-mail"]
)
def test_a_form_of_another_site_is_refused(known: Cabinet, path: str) -> None:
    browser = Browser(enforce_csrf_checks=True)
    answer = browser.post(path, {"cabinet_code": "sourire", "patient_number": "5312", "password": PASSWORD})
    assert answer.status_code == 403
    assert "Ce formulaire n’est plus valable" in answer.content.decode()


def test_the_pages_own_form_passes_the_check(known: Cabinet) -> None:
    client = Client(enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/").content.decode())
    assert token is not None
    fields = {
        "cabinet_code": "sourire",
        "patient_number": "5312",
        "password": PASSWORD,
        "csrfmiddlewaretoken": token[1],
    }
    assert client.post("/", fields).status_code == 303


@pytest.mark.parametrize("cookie", ["", "x", ".", "1.", "1.x", "99999999999999999999.x", "²." + "0" * 43, "1.\u00e9"])
def test_any_other_cookie_is_no_session(known: Cabinet, cookie: str) -> None:
    browser = Browser()
    browser.client.cookies["__Host-session"] = cookie
    assert browser.get("/rendez-vous").headers["Location"] == "/"


# Remember me, and the plain QR code


def test_remembered_are_code_and_number_and_never_the_password(known: Cabinet) -> None:
    browser = Browser()
    answer = browser.sign_in("5312", PASSWORD, remember="on")
    assert base64.urlsafe_b64decode(answer.cookies["identifiants"].value) == b"sourire\n5312"
    assert PASSWORD not in str(answer.cookies)
    browser.post("/deconnexion")
    page = browser.get("/").content.decode()
    assert 'value="sourire"' in page
    assert 'value="5312"' in page
    assert "checked" in page
    assert "Cabinet du Sourire" in page


def test_what_was_remembered_is_forgotten_when_the_box_is_not_ticked(known: Cabinet) -> None:
    browser = Browser()
    browser.sign_in("5312", PASSWORD, remember="on")
    browser.sign_in("5312", PASSWORD)
    browser.post("/deconnexion")
    assert 'value="5312"' not in browser.get("/").content.decode()


def test_a_damaged_memory_is_no_memory(known: Cabinet) -> None:
    for value in ("%%%", "w6k=", "/w==", "YWJj"):
        browser = Browser()
        browser.client.cookies["identifiants"] = value
        assert browser.get("/").status_code == 200


def test_the_plain_qr_code_fills_in_and_brands_the_sign_in(known: Cabinet) -> None:
    browser = Browser()
    page = browser.get("/c/Sourire").content.decode()
    assert 'value="sourire"' in page
    assert "Cabinet du Sourire" in page
    answer = browser.post("/c/sourire", {"cabinet_code": "sourire", "patient_number": "5312", "password": PASSWORD})
    assert answer.headers["Location"] == "/rendez-vous"


def test_a_code_that_no_cabinet_has_is_said(known: Cabinet) -> None:
    answer = Browser().get("/c/sourir")
    assert answer.status_code == 404
    assert "Aucun cabinet n’a ce code. Vérifiez-le sur votre carte d’accès ou votre lettre." in re.sub(
        "</?strong>", "", answer.content.decode()
    )


def test_another_cabinets_qr_code_does_not_show_the_remembered_number(known: Cabinet, other_cabinet: Cabinet) -> None:
    browser = Browser()
    browser.sign_in("5312", PASSWORD, remember="on")
    browser.post("/deconnexion")
    assert 'value="5312"' not in browser.get("/c/canines").content.decode()


# Audit


def test_sign_ins_and_sign_outs_are_audited(known: Cabinet) -> None:
    AuditEvent.objects.of(known).delete()
    browser = Browser()
    browser.sign_in("5312", PASSWORD)
    browser.post("/deconnexion")
    assert list(AuditEvent.objects.of(known).values_list("kind", "number")) == [
        ("sign_in", "5312"),
        ("sign_out", "5312"),
    ]


def test_the_log_has_events_and_no_identity(known: Cabinet, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        browser = Browser()
        browser.first_visit("5312", "15042012")
        Browser().sign_in("5312", "15042012")
        Browser().sign_in("MARTINEAU Zoé", PASSWORD, "MARTINEAU")
        browser.sign_in("5312", PASSWORD)
        browser.get("/rendez-vous")
        browser.post("/contact", {"message": "Zoé a mal"})
        browser.forgotten("5312")
        paths = [str(letter) for letter in letters()]
        browser.post("/deconnexion")
    assert len(paths) == 2
    for event in ("sourire sign_in", "sourire sign_in_failed", "sourire first_visit_asked", "- sign_in_failed"):
        assert event in caplog.text
    secret = browser.client.cookies["appareil"].value
    tokens = [found for path in paths for found in re.findall(r"\d\.([0-9a-f]{32})", path)]
    assert tokens
    for canary in ("5312", "MARTINEAU", "Zoé", "15042012", "exemple.fr", PASSWORD, secret, *tokens):
        assert canary not in caplog.text


# Control characters: PostgreSQL takes no NUL


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x7f", "\u200b", "\u202e"])
def test_a_control_character_is_no_part_of_a_code_or_a_number(sign: str) -> None:
    assert code_typed(f"sou{sign}rire{sign}") == "sourire"
    assert number_typed(f"53{sign}12{sign}") == "5312"


@pytest.mark.parametrize(
    "path",
    [
        "/c/sourire%00",
        "/premiere-visite/1.%00",
        "/activer/1%00.x",
        "/mot-de-passe/%00",
        "/photo/%00",
        "/rendez-vous/%00.ics",
        "/c/%00/image/" + "0" * 32,
        "/static/%00",
        "/?avis=%00",
        "/api/v1/settings/%00",
    ],
)
def test_an_address_with_a_nul_leads_nowhere(known: Cabinet, path: str) -> None:
    browser = Browser()
    browser.sign_in("5312", PASSWORD)
    assert browser.get(path).status_code in (303, 401, 404)
    assert browser.post(path, {"birth_date": "\x00"}).status_code in (200, 404, 405)


@pytest.mark.parametrize("cookie", ["__Host-session", "appareil", "langue", "csrftoken"])
def test_a_cookie_with_a_nul_is_no_cookie_of_ours(known: Cabinet, cookie: str) -> None:
    browser = Browser()
    try:
        browser.client.cookies[cookie] = f"{known.pk}.\x00"
    except CookieError:
        pytest.skip("this Python's own cookies hold no control character")
    assert browser.sign_in("5312", PASSWORD).status_code == 303


def test_a_cabinets_page_with_a_control_character_in_its_code_is_not_found(known: Cabinet) -> None:
    assert Browser().get("/c/%00").status_code == 404
    assert Browser().get("/c/%00inconnu").status_code == 404


@pytest.mark.parametrize("path", ["/", "/premiere-visite", "/mot-de-passe-oublie"])
@pytest.mark.parametrize("cookie", ["identifiants", "premiere-visite"])
def test_a_remembered_identifier_with_a_control_character_is_ignored(known: Cabinet, path: str, cookie: str) -> None:
    browser = Browser()
    browser.client.cookies[cookie] = base64.urlsafe_b64encode(b"sourire\n53\x0012").decode()
    answer = browser.get(path)
    assert answer.status_code == 200
    assert "53\x0012" not in answer.content.decode()
    assert 'value="sourire"' not in answer.content.decode()

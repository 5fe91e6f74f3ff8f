"""One's own access: change of password and e-mail, forgotten password, and the cabinet's reset."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
import time_machine

from portal.server.accounts import changes
from portal.server.accounts.models import Access, AuditEvent, PendingAnswer
from portal.server.cabinets.models import Cabinet
from tests.portal.server.browser import (
    OTHER_PASSWORD,
    PASSWORD,
    Browser,
    letters,
    path_in,
    path_of,
    sent,
    text_of,
    with_access,
)
from tests.portal.server.support import Publisher, make_dossier

NEUTRAL = "Si ces informations correspondent à un accès, un e-mail part maintenant avec un lien"


def sentence_of(html: str) -> str:
    return re.sub("</?strong>", "", html)


@pytest.fixture
def browser(published: Cabinet) -> Browser:
    return with_access()


def new_password(browser: Browser, current: str, new: str) -> str:
    answer = browser.post("/dossier/mot-de-passe", {"current_password": current, "new_password": new})
    return answer.headers.get("Location") or sentence_of(answer.content.decode())


def new_email(browser: Browser, current: str, email: str) -> str:
    answer = browser.post("/dossier/e-mail", {"current_password": current, "email": email})
    return answer.headers.get("Location") or sentence_of(answer.content.decode())


def test_a_new_password_replaces_the_old_one_ends_other_sessions_and_tells(browser: Browser) -> None:
    elsewhere = Browser()
    elsewhere.sign_in("5312", PASSWORD)
    before = browser.client.cookies["__Host-session"].value
    assert new_password(browser, PASSWORD, OTHER_PASSWORD) == "/dossier?avis=mot-de-passe"
    assert "Votre mot de passe est modifié." in browser.get("/dossier?avis=mot-de-passe").content.decode()
    assert browser.client.cookies["__Host-session"].value != before
    assert not elsewhere.is_in()
    assert Browser().sign_in("5312", PASSWORD).status_code == 200
    assert Browser().sign_in("5312", OTHER_PASSWORD).status_code == 303
    [letter] = letters()
    assert letter["To"] == "choisi@exemple.fr"
    assert letter["Subject"] == "Votre mot de passe a été modifié"


def test_the_current_password_is_asked_before_a_new_one(browser: Browser) -> None:
    page = new_password(browser, "pas le bon mot", OTHER_PASSWORD)
    assert "Votre mot de passe actuel ne correspond pas. Rien n’a été modifié." in page
    assert Browser().sign_in("5312", PASSWORD).status_code == 303
    assert letters() == []


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (PASSWORD, "Ce mot de passe est déjà le vôtre. Choisissez-en un autre."),
        ("court", "Ce mot de passe est trop court."),
        ("martineau martineau", "Ce mot de passe contient le nom ou le prénom du patient."),
        ("choisi@exemple.fr", "Ce mot de passe contient votre adresse e-mail."),
    ],
)
def test_a_new_password_that_is_refused_says_why(browser: Browser, new: str, sentence: str) -> None:
    assert sentence in new_password(browser, PASSWORD, new)


def test_a_new_e_mail_is_used_from_now_on_and_the_old_address_is_told(browser: Browser) -> None:
    elsewhere = Browser()
    elsewhere.sign_in("5312", PASSWORD)
    assert new_email(browser, PASSWORD, " Neuf@Exemple.fr ") == "/dossier?avis=e-mail"
    assert browser.is_in()
    assert not elsewhere.is_in()
    to_old, to_new = letters()
    assert (to_old["To"], to_old["Subject"]) == ("choisi@exemple.fr", "Votre adresse e-mail a été modifiée")
    assert (to_new["To"], to_new["Subject"]) == ("Neuf@exemple.fr", "Votre nouvelle adresse e-mail")
    assert "Neuf@exemple.fr" not in text_of(to_old)
    assert 'value="Neuf@exemple.fr"' in browser.get("/dossier/e-mail").content.decode()
    Browser().forgotten("5312")
    assert letters()[0]["To"] == "Neuf@exemple.fr"


def test_a_new_e_mail_kills_the_reset_links_that_went_to_the_old_one(browser: Browser) -> None:
    Browser().forgotten("5312")
    path = path_in(letters()[0])
    new_email(browser, PASSWORD, "neuf@exemple.fr")
    assert Browser().get(path).status_code == 404


@pytest.mark.parametrize(
    ("current", "email", "sentence"),
    [
        ("pas le bon mot", "neuf@exemple.fr", "Votre mot de passe actuel ne correspond pas."),
        (PASSWORD, "neuf@", "Cette adresse e-mail est incomplète. Exemple\u00a0: nom@exemple.fr"),
        (PASSWORD, "", "Écrivez votre nouvelle adresse e-mail."),
        (PASSWORD, "a@b.fr\r\nBcc: c@d.fr", "Cette adresse e-mail est incomplète."),
        (PASSWORD, "a@b.fr, c@d.fr", "Cette adresse e-mail est incomplète."),
        (PASSWORD, "x" * 250 + "@exemple.fr", "Cette adresse e-mail est incomplète."),
    ],
)
def test_an_e_mail_that_is_refused_says_why(browser: Browser, current: str, email: str, sentence: str) -> None:
    assert sentence in new_email(browser, current, email)
    assert letters() == []


# Forgotten


@pytest.mark.parametrize("number", ["5312", "0042", "A-7", "9999"])
def test_a_forgotten_password_gets_the_same_answer_whoever_asks(browser: Browser, number: str) -> None:
    answer = Browser().forgotten(number)
    assert answer.status_code == 200
    assert NEUTRAL in answer.content.decode()


def test_a_reset_link_leads_to_a_new_password_and_ends_all_sessions(browser: Browser) -> None:
    Browser().forgotten("5312")
    [letter] = letters()
    assert letter["Subject"] == "Choisir un nouveau mot de passe"
    other = Browser()
    path = path_in(letter)
    page = other.get(path).content.decode()
    assert 'name="new_password"' in page
    assert 'name="email"' not in page
    assert browser.is_in()
    assert "Ce mot de passe est trop court." in other.post(path, {"new_password": "court"}).content.decode()
    assert other.post(path, {"new_password": OTHER_PASSWORD}).headers["Location"] == "/rendez-vous?avis=mot-de-passe"
    assert other.is_in()
    assert not browser.is_in()
    assert Browser().sign_in("5312", OTHER_PASSWORD).status_code == 303
    again = Browser().post(path, {"new_password": PASSWORD})
    assert again.status_code == 404
    assert "Demandez un nouveau lien." in again.content.decode()
    assert [letter["Subject"] for letter in letters()] == ["Votre mot de passe a été modifié"]


def test_a_reset_link_lives_an_hour(published: Cabinet) -> None:
    with time_machine.travel(dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC), tick=False) as clock:
        with_access()
        Browser().forgotten("5312")
        path = path_in(letters()[0])
        clock.shift(dt.timedelta(minutes=59, seconds=59))
        assert Browser().get(path).status_code == 200
        clock.shift(dt.timedelta(seconds=1))
        assert Browser().get(path).status_code == 404


def test_an_access_gets_no_second_reset_link_within_ten_minutes_and_five_a_day(published: Cabinet) -> None:
    with time_machine.travel(dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC), tick=False) as clock:
        with_access()
        sent = []
        for _ in range(16):
            assert NEUTRAL in Browser().forgotten("5312").content.decode()
            sent.append(len(letters()))
            clock.shift(dt.timedelta(minutes=5))
        assert sent == [1, 0] * 5 + [0] * 6


def test_whoever_asks_too_often_hears_the_same_and_sends_nothing_more(browser: Browser) -> None:
    for _ in range(8):
        answer = Browser("203.0.113.66").forgotten("5312")
        assert answer.status_code == 200
        assert NEUTRAL in answer.content.decode()
    assert PendingAnswer.objects.across_cabinets().count() == 3
    assert len(letters()) == 1


def test_hundreds_of_requests_for_others_leave_a_family_its_new_password(browser: Browser) -> None:
    for n in range(250):
        Browser(f"10.11.0.{n}").forgotten(f"{n}")
    for _ in range(7):
        letters()
    Browser().forgotten("5312")
    assert [letter["To"] for letter in letters()] == ["choisi@exemple.fr"]


def mailed_events(cabinet: Cabinet) -> int:
    return AuditEvent.objects.of(cabinet).filter(kind__in=("first_visit_mailed", "reset_mailed")).count()


@pytest.mark.parametrize(
    ("asks", "subject"),
    [
        (lambda: Browser().first_visit("5312", "15042012"), "Vous avez déjà un accès au portail"),
        (lambda: Browser().forgotten("0077"), "Votre première visite sur le portail"),
        (lambda: Browser().forgotten("5312"), "Choisir un nouveau mot de passe"),
    ],
)
def test_every_letter_that_a_stranger_can_cause_is_rare_and_audited_only_when_it_goes(
    publisher: Publisher, published: Cabinet, asks: Callable[[], object], subject: str
) -> None:
    publisher.publish(make_dossier("0077", email="autre@exemple.fr"))
    with time_machine.travel(dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC), tick=False) as clock:
        with_access(email="")
        before, sent = mailed_events(published), []
        for _ in range(16):
            asks()
            mailed = letters()
            assert {str(letter["Subject"]) for letter in mailed} <= {subject}
            sent.append(len(mailed))
            clock.shift(dt.timedelta(minutes=5))
        assert sent == [1, 0] * 5 + [0] * 6
        assert mailed_events(published) - before == 5
        clock.shift(dt.timedelta(hours=23))
        asks()
        assert len(letters()) == 1


def test_an_access_without_a_chosen_address_is_reset_through_the_one_on_file(published: Cabinet) -> None:
    with_access(email="")
    Browser().forgotten("5312")
    assert [letter["To"] for letter in letters()] == ["parent@exemple.fr"]


def test_who_never_made_a_first_visit_is_led_to_it(published: Cabinet) -> None:
    Browser().forgotten("5312")
    [letter] = letters()
    assert letter["To"] == "parent@exemple.fr"
    assert path_in(letter) == "/premiere-visite"


@pytest.mark.parametrize(("code", "number"), [("", "5312"), ("sourire", "")])
def test_an_incomplete_form_is_said(published: Cabinet, code: str, number: str) -> None:
    page = Browser().forgotten(number, code).content.decode()
    assert "Remplissez les deux zones\u00a0: le code du cabinet et votre identifiant." in page


HOSTS = [
    {"HTTP_HOST": "evil.example"},
    {"HTTP_HOST": "testserver:443@evil.example"},
    {"HTTP_HOST": "evil.example:80"},
    {"HTTP_HOST": "testserver.evil.example"},
    {"HTTP_HOST": "evil.example#testserver"},
    {"HTTP_HOST": "testserver\tevil.example"},
    {"HTTP_HOST": ""},
    {"HTTP_HOST": "[::1]evil.example"},
    {"HTTP_HOST": "TESTSERVER"},
    {"HTTP_HOST": "testserver."},
    {"HTTP_X_FORWARDED_HOST": "evil.example"},
    {"HTTP_X_FORWARDED_HOST": "testserver, evil.example"},
    {"HTTP_X_FORWARDED_SERVER": "evil.example"},
    {"HTTP_X_HOST": "evil.example"},
    {"HTTP_FORWARDED": "host=evil.example;proto=https"},
    {"HTTP_X_ORIGINAL_URL": "//evil.example/"},
    {"HTTP_X_REWRITE_URL": "//evil.example/"},
    {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_PORT": "8443"},
    {"HTTP_ORIGIN": "http://evil.example"},
    {"HTTP_REFERER": "http://evil.example/mot-de-passe-oublie"},
]


@pytest.mark.parametrize("headers", HOSTS)
def test_no_header_of_a_request_gets_into_a_link(browser: Browser, headers: dict[str, str]) -> None:
    fields = {"cabinet_code": "sourire", "patient_number": "5312"}
    answer = Browser().post("/mot-de-passe-oublie", fields, **headers)
    assert answer.status_code in (200, 400)
    for letter in letters():
        addresses = re.findall(r"https?://[^/\s\"<]+", text_of(letter) + str(letter.get_body(("html",))))
        assert set(addresses) == {"http://testserver"}
    assert "evil" not in answer.headers.get("Location", "")


# The cabinet's reset


def test_a_reset_by_the_cabinet_closes_accesses_sessions_and_links(published: Cabinet, browser: Browser) -> None:
    letter = sent(published)
    Browser().forgotten("5312")
    reset = path_in(letters()[0])
    assert changes.revoke_all(published, "5312", "Poste d’essai") == 1
    assert not browser.is_in()
    assert Browser().sign_in("5312", PASSWORD).status_code == 200
    assert Browser().get(reset).status_code == 404
    assert Browser().get(path_of(letter)).status_code == 404
    event = AuditEvent.objects.of(published).latest("pk")
    assert (event.kind, event.actor) == ("accesses_revoked", "Poste d’essai")
    with_access(password=OTHER_PASSWORD)
    assert Browser().sign_in("5312", OTHER_PASSWORD).status_code == 303


def test_a_reset_of_one_patient_leaves_the_others_alone(publisher: Publisher, published: Cabinet) -> None:
    publisher.publish(make_dossier("6000"))
    brother = with_access("6000")
    with_access("5312")
    changes.revoke_all(published, "5312")
    assert brother.is_in()
    assert Access.objects.of(published).count() == 1

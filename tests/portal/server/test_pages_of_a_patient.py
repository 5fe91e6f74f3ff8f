"""The pages of a signed-in patient: hidden ones are not there, withdrawn dossiers are said kindly, languages switch."""

import re

import pytest

from cabinet.dossier import digest_of
from portal.server.cabinets.models import Cabinet
from tests.portal.server.browser import Browser, configure, letters, path_in, with_access
from tests.portal.server.support import Publisher, make_dossier, png_image


@pytest.fixture
def browser(published: Cabinet) -> Browser:
    return with_access()


@pytest.mark.parametrize(
    ("hidden", "closed"),
    [
        ("appointments", ["/rendez-vous", "/rendez-vous.ics", "/rendez-vous/20991008T1000.ics"]),
        ("appointments.upcoming", ["/rendez-vous.ics"]),
        ("appointments.next.calendar", ["/rendez-vous/20991008T1000.ics"]),
        ("accounts", ["/comptabilite", "/comptabilite/honoraires"]),
        ("accounts.fees", ["/comptabilite/honoraires"]),
        ("accounts.schedule", ["/comptabilite"]),
        ("contact", ["/contact"]),
        ("dossier.change_password", ["/dossier/mot-de-passe"]),
        ("dossier.change_email", ["/dossier/e-mail"]),
    ],
)
def test_a_hidden_page_answers_404_and_the_others_do_not(
    published: Cabinet, browser: Browser, hidden: str, closed: list[str]
) -> None:
    pages = (
        "/rendez-vous",
        "/rendez-vous.ics",
        "/rendez-vous/20991008T1000.ics",
        "/comptabilite",
        "/comptabilite/honoraires",
        "/contact",
        "/dossier/mot-de-passe",
        "/dossier/e-mail",
    )
    configure(published, hidden=(hidden,))
    answers = {path: browser.get(path).status_code for path in pages}
    assert answers == {path: 404 if path in closed else 200 for path in pages}


def test_a_sign_in_lands_on_the_first_page_that_is_shown(published: Cabinet, browser: Browser) -> None:
    for hidden, landing in (
        (("appointments",), "/comptabilite"),
        (("appointments", "accounts"), "/contact"),
        (("appointments", "accounts", "contact"), "/dossier"),
    ):
        configure(published, hidden=hidden)
        assert browser.get("/").headers["Location"] == landing
        assert browser.get(landing).status_code == 200


@pytest.mark.parametrize("path", ["/rendez-vous", "/comptabilite", "/contact", "/dossier", "/dossier/mot-de-passe"])
def test_a_withdrawn_dossier_is_said_kindly_and_shows_no_data(
    publisher: Publisher, browser: Browser, path: str
) -> None:
    publisher.publish(withdrawn=["5312"])
    answer = browser.get(path)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Votre dossier n’est plus en ligne" in page
    assert "Pour toute question, appelez le cabinet." in page
    assert not [name for name in ("MARTINEAU", "Zoé", "15/04/2012") if name in page]
    publisher.publish(make_dossier("5312"))
    assert "MARTINEAU" in browser.get(path).content.decode()


def test_the_calendar_holds_what_is_to_come(browser: Browser) -> None:
    answer = browser.get("/rendez-vous.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="rendez-vous.ics"'
    assert answer.content.count(b"BEGIN:VEVENT") == 1
    assert b"DTSTART:20991008T080000Z" in answer.content
    assert browser.get("/rendez-vous/20991008T1000.ics").content == answer.content
    assert b"5312" not in answer.content
    for start in ("20240913T1620", "20991008T1001", "x", "20991008T1000.ics"):
        assert browser.get(f"/rendez-vous/{start}.ics").status_code == 404


def test_a_photo_is_shown_to_its_patient_and_absent_for_everybody_else(
    publisher: Publisher, published: Cabinet, other_publisher: Publisher
) -> None:
    picture = png_image()
    digest = digest_of(picture, publisher.key).hex()
    state = publisher.open()
    sent = publisher.api.send("PUT", f"/sync/photos/{digest}", picture, content_type="image/png")
    assert sent.status_code == 204, sent.content.decode()
    publisher.api.send("DELETE", f"/sync/runs/{state.run}")
    publisher.publish(make_dossier("5312", photo_digest=digest), make_dossier("6000", email="autre@exemple.fr"))
    own, sister = with_access("5312"), with_access("6000")
    other_publisher.publish(make_dossier("5312"))
    stranger = Browser()
    stranger.first_visit("5312", "15042012", code="canines")
    stranger.post(path_in(letters()[0]))
    stranger.choose()
    path = f"/photo/{digest}"
    answer = own.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"].startswith("image/")
    assert path in own.get("/dossier").content.decode()
    assert sister.get(path).status_code == 404
    assert stranger.is_in()
    assert stranger.get(path).status_code == 404
    assert Browser().get(path).headers["Location"] == "/"
    configure(published, hidden=("dossier.photo",))
    assert own.get(path).status_code == 404
    assert path not in own.get("/dossier").content.decode()


def test_the_language_is_the_browsers_until_another_is_chosen(browser: Browser) -> None:
    english = browser.get("/accessibilite", headers={"accept-language": "en-GB,en;q=0.9"}).content.decode()
    assert '<html lang="en"' in english
    assert '<html lang="fr"' in browser.get("/accessibilite").content.decode()
    answer = browser.post("/langue", {"language": "en", "next": "/comptabilite"})
    assert answer.headers["Location"] == "/comptabilite"
    assert '<html lang="en"' in browser.get("/comptabilite").content.decode()
    browser.post("/langue", {"language": "xx", "next": "/"})
    assert '<html lang="fr"' in browser.get("/comptabilite").content.decode()


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "evil",
        "/\t/evil.example",
    ],
)
def test_the_language_switch_leads_nowhere_else(browser: Browser, elsewhere: str) -> None:
    assert browser.post("/langue", {"language": "en", "next": elsewhere}).headers["Location"] == "/"


@pytest.mark.parametrize("path", ["/accessibilite", "/donnees-personnelles"])
def test_the_legal_pages_are_open_to_everybody(browser: Browser, path: str) -> None:
    assert Browser().get(path).status_code == 200
    assert "Cabinet du Sourire" in browser.get(path).content.decode()


def test_only_known_notices_are_shown(published: Cabinet) -> None:
    page = Browser().get("/?avis=Appelez+le+08+99").content.decode()
    assert "08 99" not in page
    assert 'role="status"' not in page


@pytest.mark.parametrize("path", ["/", "/dossier", "/contact", "/comptabilite"])
def test_personal_pages_are_kept_by_no_browser_and_framed_by_no_site(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_holds_a_session_or_link_token(browser: Browser) -> None:
    secret = browser.client.cookies["__Host-session"].value.partition(".")[2]
    for path in ("/dossier", "/contact", "/dossier/mot-de-passe"):
        assert not re.search(re.escape(secret), browser.get(path).content.decode())

"""The two clocks of a session, and what is said and kept when one of them runs out."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.server.accounts import sessions
from portal.server.accounts.models import Session
from portal.server.cabinets.models import Cabinet
from tests.portal.server.browser import PASSWORD, Browser, with_access

NOON = dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC)
IDLE_SENTENCE = "Vous êtes déconnecté après 15 minutes sans activité. Rien n’est perdu."


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def browser(clock: time_machine.Traveller, published: Cabinet) -> Browser:
    return with_access()


def test_activity_keeps_a_session_open(browser: Browser, clock: time_machine.Traveller) -> None:
    for _ in range(6):
        clock.shift(dt.timedelta(minutes=14))
        assert browser.is_in()


def test_after_15_minutes_without_activity_the_sign_in_says_so_once(
    browser: Browser, clock: time_machine.Traveller
) -> None:
    clock.shift(dt.timedelta(minutes=15))
    answer = browser.get("/comptabilite")
    assert answer.headers["Location"] == "/?avis=inactivite"
    assert answer.content == b""
    assert IDLE_SENTENCE in browser.get("/?avis=inactivite").content.decode()
    assert browser.get("/comptabilite").headers["Location"] == "/"
    assert IDLE_SENTENCE not in browser.get("/").content.decode()


def test_the_sign_in_itself_says_it_too(browser: Browser, clock: time_machine.Traveller) -> None:
    clock.shift(dt.timedelta(hours=1))
    assert browser.get("/").headers["Location"] == "/?avis=inactivite"


def test_a_session_ends_after_twelve_hours_whatever_the_activity(
    browser: Browser, clock: time_machine.Traveller
) -> None:
    for _ in range(12 * 6 - 1):
        clock.shift(dt.timedelta(minutes=10))
        assert browser.is_in()
    clock.shift(dt.timedelta(minutes=10))
    assert browser.get("/dossier").headers["Location"] == "/"


def test_activity_is_written_at_most_once_a_minute(
    browser: Browser, clock: time_machine.Traveller, published: Cabinet
) -> None:
    def writes() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.is_in()
        return sum(query["sql"].startswith(("UPDATE", "INSERT", "DELETE")) for query in queries.captured_queries)

    clock.shift(dt.timedelta(seconds=59))
    assert writes() == 0
    clock.shift(dt.timedelta(seconds=1))
    assert writes() == 1
    assert writes() == 0


@pytest.mark.parametrize("path", ["/rendez-vous", "/comptabilite", "/dossier"])
def test_a_page_costs_one_query_for_who_asks_and_one_for_the_dossier(browser: Browser, path: str) -> None:
    browser.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path).status_code == 200
    assert [re.findall(r'FROM "(\w+)"', query["sql"])[0] for query in queries.captured_queries] == [
        "accounts_session",
        "publishing_publisheddossier",
    ]


def open_form(browser: Browser) -> dict[str, str]:
    """What the Contact page's form carries besides what is written into it."""
    hidden = re.search(r'name="written_in" value="([0-9a-f]{64})"', browser.get("/contact").content.decode())
    assert hidden is not None
    return {"written_in": hidden[1]}


def test_what_was_being_written_is_there_after_the_next_sign_in(
    browser: Browser, clock: time_machine.Traveller
) -> None:
    form = open_form(browser)
    clock.shift(dt.timedelta(minutes=20))
    answer = browser.post("/contact", form | {"subject": "Bague", "message": "Elle bouge depuis ce matin."})
    assert answer.headers["Location"] == "/?avis=inactivite"
    browser.sign_in("5312", PASSWORD)
    page = browser.get("/contact").content.decode()
    assert "Elle bouge depuis ce matin." in page
    assert 'value="Bague"' in page
    assert browser.post("/contact", {"subject": "Bague", "message": "Elle bouge depuis ce matin."}).status_code == 303
    assert "Elle bouge" not in browser.get("/contact").content.decode()


def test_a_draft_is_kept_for_a_day(browser: Browser, clock: time_machine.Traveller) -> None:
    form = open_form(browser)
    clock.shift(dt.timedelta(minutes=20))
    browser.post("/contact", form | {"message": "Elle bouge depuis ce matin."})
    browser.post("/contact", form | {"message": "Sans séance, rien n’est gardé."})
    clock.shift(dt.timedelta(hours=24))
    browser.sign_in("5312", PASSWORD)
    assert "Elle bouge" not in browser.get("/contact").content.decode()


LOST = "Vous êtes déconnecté depuis trop longtemps\u00a0: votre message n’a pas été gardé."


@pytest.mark.parametrize("has_own_form", [False, True])
def test_who_finds_an_ended_session_cannot_write_in_its_owners_name(
    browser: Browser, clock: time_machine.Traveller, has_own_form: bool
) -> None:
    """Not even somebody who has a session, and so a form, of their own."""
    finder = Browser()
    finder.sign_in("5312", PASSWORD)
    form = open_form(finder) if has_own_form else {}
    clock.shift(dt.timedelta(minutes=20))
    finder.client.cookies["__Host-session"] = browser.client.cookies["__Host-session"].value
    answer = finder.post("/contact", form | {"message": "Rappelez-moi à ce numéro."})
    assert answer.headers["Location"] == "/?avis=message-perdu"
    assert LOST in finder.get("/?avis=message-perdu").content.decode()
    browser.sign_in("5312", PASSWORD)
    assert "Rappelez-moi" not in browser.get("/contact").content.decode()


def test_a_form_that_stays_open_is_kept_for_two_hours_and_then_said_to_be_lost(
    browser: Browser, clock: time_machine.Traveller
) -> None:
    form = open_form(browser)
    clock.shift(dt.timedelta(hours=2))
    answer = browser.post("/contact", form | {"message": "Elle bouge depuis ce matin."})
    assert answer.headers["Location"] == "/?avis=message-perdu"
    browser.sign_in("5312", PASSWORD)
    form = open_form(browser)
    clock.shift(dt.timedelta(minutes=119))
    browser.post("/contact", form | {"message": "Elle bouge toujours."})
    browser.sign_in("5312", PASSWORD)
    assert "Elle bouge toujours." in browser.get("/contact").content.decode()


def test_what_is_past_its_time_is_deleted(browser: Browser, clock: time_machine.Traveller, published: Cabinet) -> None:
    assert sessions.forget_old() == 0
    clock.shift(dt.timedelta(hours=12, seconds=1))
    assert sessions.forget_old() == 1
    assert Session.objects.of(published).count() == 0

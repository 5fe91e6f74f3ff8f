"""Every page × method × person: who has no business there sees the sign-in page, a 404, or what everybody sees.

Where the row lists a secret of the patient's, no answer to anybody else may hold it (SECURITY.md, 2).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

import msgspec
import pytest
import time_machine

from cabinet.dossier import Dossier
from portal.server.accounts import changes
from portal.server.cabinets.models import Cabinet
from tests.portal.server.browser import Browser, letters, path_in, with_access
from tests.portal.server.matrix_pages import PAGES, address_of
from tests.portal.server.support import Publisher, make_dossier

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OWN = ("MARTINEAU", "Zoé", "5312")
"""What nobody else may see of the patient."""

PUBLIC = frozenset(
    {"", "c/<str:code>", "c/<cabinet:code>/image/<digest:digest>", "static/<str:name>", "deconnexion", "langue"}
    | {"premiere-visite", "mot-de-passe-oublie", "accessibilite", "donnees-personnelles"}
)
"""Open to everybody: they show nothing of a patient."""
BY_TOKEN = frozenset({"premiere-visite/<str:token>", "activer/<str:token>", "mot-de-passe/<str:token>"})
FORMS = frozenset(
    {"", "c/<str:code>", "premiere-visite", "mot-de-passe-oublie", "bienvenue", "contact"}
    | {"dossier/mot-de-passe", "dossier/e-mail"}
    | BY_TOKEN
)
"""GET and POST; all others have one of them."""
POSTED = frozenset({"deconnexion", "langue"})


class Person(StrEnum):
    SIGNED_OUT = "signed out"
    SISTER = "other patient"
    OTHER_CABINET = "same number in another cabinet"
    WELCOME = "first visit of another patient"
    EXPIRED = "expired session"
    REVOKED = "revoked access"
    FORGED = "forged cookie"


@dataclass(frozen=True)
class World:
    """5312 of the first cabinet has an access; so have her sister and the other cabinet's 5312."""

    cabinet: Cabinet
    owner: Browser


def entered(number: str, code: str) -> Browser:
    browser = Browser()
    browser.first_visit(number, "15042012", code)
    browser.post(path_in(letters()[0]))
    return browser


def chosen(number: str, code: str) -> Browser:
    browser = entered(number, code)
    browser.choose()
    letters()
    return browser


@pytest.fixture
def world(publisher: Publisher, other_publisher: Publisher) -> World:
    publisher.publish(make_dossier("5312"), _renamed("6000"), _renamed("7000"))
    other_publisher.publish(_renamed("5312"))
    publisher.cabinet.refresh_from_db()
    return World(publisher.cabinet, with_access("5312"))


def _renamed(number: str) -> Dossier:
    dossier = make_dossier(number)
    patient = msgspec.structs.replace(dossier.patient, last_name="AUTRE", first_name="Noé")
    return msgspec.structs.replace(dossier, patient=patient)


def browser_of(person: Person, world: World, clock: time_machine.Traveller) -> Browser:
    makers: dict[Person, Callable[[], Browser]] = {
        Person.SIGNED_OUT: Browser,
        Person.SISTER: lambda: chosen("6000", "sourire"),
        Person.OTHER_CABINET: lambda: chosen("5312", "canines"),
        Person.WELCOME: lambda: entered("7000", "sourire"),
        Person.EXPIRED: lambda: world.owner,
        Person.REVOKED: lambda: world.owner,
        Person.FORGED: Browser,
    }
    browser = makers[person]()
    match person:
        case Person.EXPIRED:
            clock.shift(dt.timedelta(minutes=15))
        case Person.REVOKED:
            changes.revoke_all(world.cabinet, "5312")
        case Person.FORGED:
            browser.client.cookies["__Host-session"] = f"{world.cabinet.pk}." + "A" * 43
    return browser


def expected(person: Person, route: str, method: str) -> set[int]:
    """Statuses that this person may get; 303 leads to the sign-in or to a first visit's last step."""
    if method in ("PUT", "PATCH", "DELETE", "OPTIONS"):
        return {405}
    is_read = method != "POST"
    if (route in POSTED and is_read) or (route not in FORMS | POSTED and not is_read):
        return {405}
    if route in BY_TOKEN:
        return {404}
    if person in (Person.SISTER, Person.OTHER_CABINET) and route not in PUBLIC:
        # Their own pages; the photo and the appointment that the address names are not theirs.
        return {404} if "<" in route else {303} if route == "bienvenue" else {200, 303}
    if route in PUBLIC:
        return {200, 303, 404}
    return {200, 303} if person is Person.WELCOME and route == "bienvenue" else {303}


ROUTES = sorted(PAGES, key=lambda route: (route == "deconnexion", route))
"""Signing out ends the session of the person whose answers are being looked at, so it comes last."""


@pytest.mark.parametrize("person", Person)
def test_nobody_sees_what_is_not_theirs(person: Person, world: World) -> None:
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False) as clock:
        browser = browser_of(person, world, clock)
        cookies = {name: morsel.value for name, morsel in browser.client.cookies.items()}
        for route, method in product(ROUTES, METHODS):
            browser.client.cookies.load(cookies)
            answer = browser.client.generic(method, address_of(route))
            assert answer.status_code in expected(person, route, method), (method, route, answer.status_code)
            if answer.status_code == 303:
                assert answer.headers["Location"].partition("?")[0] in ("/", "/bienvenue", "/rendez-vous")
            body = answer.content.decode(errors="replace")
            own = OWN if person is not Person.OTHER_CABINET else OWN[:2]
            assert not [secret for secret in own if secret in body], (method, route)


@pytest.mark.parametrize("method", METHODS)
def test_the_patient_sees_their_own_pages_by_the_listed_methods_only(method: str, world: World) -> None:
    for route in ROUTES:
        allowed = {"GET", "HEAD", "POST"} if route in FORMS else {"POST"} if route in POSTED else {"GET", "HEAD"}
        answer = world.owner.client.generic(method, address_of(route))
        assert (answer.status_code == 405) == (method not in allowed), (route, answer.status_code)
        is_own = "<" not in route and route not in PUBLIC | {"bienvenue", "rendez-vous.ics"}
        if method == "GET" and is_own:
            assert "MARTINEAU" in answer.content.decode(), route


def test_every_page_is_in_the_matrix_and_it_is_large() -> None:
    assert set(PAGES) >= PUBLIC | BY_TOKEN | FORMS | POSTED
    assert len(PAGES) * len(METHODS) * len(Person) >= 1_000

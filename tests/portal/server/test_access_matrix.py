"""Every route × method × actor of the portal, and what each is answered. A route that is not listed fails the suite.

The API's rows are here; the pages' rows are in `matrix_pages.py`. A new route gets its row before anything else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import msgspec
import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from cabinet.dossier import digest_of
from portal.api.desk import (
    Announced,
    Announcement,
    Answer,
    Claim,
    Handles,
    Medium,
    MergedSecret,
    MessageRead,
    NewDevice,
    Patient,
    SecretWanted,
    StagedSecret,
    StageSecrets,
    VerifySecrets,
)
from portal.api.documents import SaveDocument
from portal.api.nights import AskedRun, Ending, Phase, RunProgress, RunTold, Schedule, Wanted
from portal.api.shapes import (
    Batch,
    Commit,
    Enrol,
    Launched,
    OpenRun,
    PhotosOffered,
    PublishSettings,
    Role,
    RunNotice,
    TableCounts,
)
from portal.pages.settings import demo_settings, encode
from portal.server.accounts import initial_secrets
from portal.server.api.routes import ENDPOINTS
from portal.server.cabinets import registry
from portal.server.cabinets.models import Cabinet, Device
from portal.server.contact.messages import Written
from portal.server.contact.models import Message
from portal.server.scoping import ScopedQuerySet
from tests.portal.server.matrix_pages import PAGES, SIGN_IN, address_of
from tests.portal.server.support import Api, Publisher, enrolled, make_dossier, png_image

API_PREFIX = "api/v1/"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PICTURE = png_image()


class Actor(StrEnum):
    SIGNED_OUT = "signed out"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    OTHER_CABINET = "other cabinet"
    """A practitioner of another cabinet, asking for what belongs to the first."""
    OTHER_DEVICE = "other device"
    """A practitioner of this cabinet, asking for another device's run."""
    SYNC = "sync"
    RECEPTION = "reception"
    PRACTITIONER = "practitioner"


@dataclass(frozen=True)
class Row:
    """Statuses; 401 for who has no valid token unless the route is public."""

    method: str
    route: str
    own: int
    """Of a device whose role may, on what is its own."""
    other_cabinet: int
    other_device: int
    sync: int = 0
    """Of a role that may not; 0: it may."""
    reception: int = 0
    is_public: bool = False

    def expected(self, actor: Actor) -> int:
        if self.is_public:
            return self.own
        if actor in NOBODY:
            return 401
        other = {
            Actor.OTHER_CABINET: self.other_cabinet,
            Actor.OTHER_DEVICE: self.other_device,
            Actor.SYNC: self.sync,
            Actor.RECEPTION: self.reception,
        }
        return other.get(actor, 0) or self.own


def public(method: str, route: str, status: int) -> Row:
    return Row(method, route, status, status, status, is_public=True)


API = (
    public("GET", "health", 200),
    public("GET", "openapi.json", 200),
    public("POST", "enrol", 401),  # of a wrong code
    Row("GET", "self", 200, 200, 200),
    Row("POST", "sync/runs", 200, 200, 409),  # 409: the lease is held; another cabinet has a lease of its own
    Row("GET", "sync/manifest", 200, 200, 200),
    Row("POST", "sync/runs/<digest:run>/photos", 200, 404, 404),
    Row("PUT", "sync/photos/<digest:digest>", 204, 409, 409),  # 409: no run of its own is open
    Row("PUT", "sync/runs/<digest:run>/batches/<index:index>", 204, 404, 404),
    Row("POST", "sync/runs/<digest:run>/commit", 200, 404, 404),
    Row("DELETE", "sync/runs/<digest:run>", 204, 404, 404),
    Row("GET", "settings", 200, 200, 200),
    # Another cabinet's practitioner publishes over its own version, and its own cabinet lacks version 1 and the digest.
    Row("PUT", "settings", 200, 409, 200, sync=403, reception=403),
    Row("GET", "settings/<index:version>", 200, 404, 200),
    Row("PUT", "images/<digest:digest>", 204, 422, 204, sync=403, reception=403),
    # The desk. Numbers are each cabinet's own: below, another one's "1" is shown to leave this one alone.
    Row("GET", "overview", 200, 200, 200, sync=403),
    Row("GET", "patients", 200, 200, 200, sync=403),
    # 404: the number is each cabinet's own, and the other one shows nothing. The nightly program opens no dossier.
    Row("POST", "patients/dossier", 200, 404, 200, sync=403),
    Row("POST", "patients/reset", 200, 404, 200, sync=403),
    Row("POST", "patients/hide", 204, 204, 204, sync=403),
    Row("POST", "patients/show", 204, 204, 204, sync=403),
    Row("POST", "patients/erase", 204, 204, 204, sync=403, reception=403),
    Row("POST", "secrets", 200, 200, 200, sync=403),
    Row("POST", "secrets/verify", 200, 200, 200, sync=403),
    Row("POST", "secrets/activate", 200, 200, 200, sync=403),
    Row("POST", "secrets/discard", 204, 204, 204, sync=403),
    Row("GET", "messages", 200, 200, 200, sync=403),
    Row("POST", "messages/<digest:message>/read", 204, 404, 204, sync=403),
    Row("POST", "messages/<digest:message>/answer", 200, 404, 200, sync=403),
    Row("POST", "announcements/claim", 200, 200, 200, sync=403),
    Row("POST", "announcements/release", 204, 204, 204, sync=403),
    Row("POST", "announcements", 204, 204, 204, sync=403),
    Row("POST", "nights/runs", 204, 204, 204),  # another cabinet's run of the same key is its own
    Row("PUT", "nights/schedule", 204, 204, 204),
    Row("GET", "nights", 200, 200, 200, sync=403),
    Row("POST", "nights/requests", 200, 409, 200, sync=403),  # 409: in the other cabinet nobody would answer
    Row("GET", "nights/requests/<digest:asked>", 200, 404, 200, sync=403),
    Row("DELETE", "nights/requests/<digest:asked>", 204, 404, 204, sync=403),
    Row("POST", "nights/requests/claim", 200, 200, 200),
    Row("POST", "nights/requests/<digest:asked>/progress", 200, 404, 404),
    Row("GET", "settings/history", 200, 200, 200, sync=403),
    Row("GET", "documents", 200, 200, 200),
    Row("GET", "documents/<document:name>", 200, 200, 200),
    # 409: made from a version that the other cabinet does not have.
    Row("PUT", "documents/<document:name>", 200, 409, 200, sync=403, reception=403),
    Row("GET", "devices", 200, 200, 200, sync=403, reception=403),
    Row("POST", "devices/enrolment-codes", 200, 200, 200, sync=403, reception=403),
    Row("POST", "devices/<index:device>/revoke", 204, 404, 204, sync=403, reception=403),
)
NOBODY = (Actor.SIGNED_OUT, Actor.UNKNOWN, Actor.REVOKED)


@dataclass
class World:
    """The first cabinet with a published dossier, settings and an open run; and a token for every actor."""

    cabinet: Cabinet
    publisher: Publisher
    run: str
    tokens: dict[Actor, str]
    secret: StagedSecret
    message: int
    spare: int
    """A device that may be revoked."""
    request: str
    """A run that was asked for, and that the device that acts has taken."""

    def path(self, route: str) -> str:
        digest = digest_of(PICTURE, self.publisher.key).hex()
        filled = route.replace("<digest:run>", self.run).replace("<digest:digest>", digest)
        filled = filled.replace("<digest:asked>", self.request).replace("<document:name>", "mapping")
        filled = filled.replace("<digest:message>", f"{self.message:032x}").replace("<index:device>", str(self.spare))
        return "/" + filled.replace("<index:index>", "0").replace("<index:version>", "1")

    def body(self, row: Row) -> tuple[object, str]:
        root, now = Cabinet.objects.get(pk=self.cabinet.pk).root, timezone.now()
        bodies: dict[str, object] = {
            "enrol": Enrol("AAAA-AAAA-AAAA", "Poste"),
            "sync/runs": OpenRun("f" * 32, TableCounts(patients=1)),
            "sync/runs/<digest:run>/photos": PhotosOffered(()),
            "sync/runs/<digest:run>/batches/<index:index>": Batch((self.publisher.entry(make_dossier("1")),)),
            "sync/runs/<digest:run>/commit": Commit(base_root=root, batches=0, counts=TableCounts(patients=1)),
            "settings": PublishSettings(1, msgspec.Raw(encode(demo_settings()))),
            "secrets": StageSecrets(Medium.LETTER, (SecretWanted("1", "Anne"),)),
            "secrets/verify": VerifySecrets((MergedSecret(self.secret.handle, "1", link=self.secret.link),)),
            "secrets/activate": Handles((self.secret.handle,)),
            "secrets/discard": Handles((self.secret.handle,)),
            "messages/<digest:message>/read": MessageRead(),
            "messages/<digest:message>/answer": Answer("Passez demain.", by_email=False),
            "announcements/claim": Claim("c" * 32, ("1",)),
            "announcements/release": Handles(("c" * 32,)),
            "announcements": Announced((Announcement("1", Medium.LETTER, timezone.now()),)),
            "nights/runs": RunTold(RunNotice("e" * 32, Launched.MANUAL, now), Ending.CURRENT, now),
            "nights/schedule": Schedule("20:07"),
            "nights/requests": None,
            "nights/requests/claim": None,
            "nights/requests/<digest:asked>/progress": RunProgress(Phase.READ),
            "documents/<document:name>": SaveDocument(1, b"[patients]  # MARTINEAU"),
            "devices/enrolment-codes": NewDevice(Role.RECEPTION),
            "devices/<index:device>/revoke": None,
        }
        bodies |= {f"patients/{verb}": Patient("1") for verb in ("dossier", "reset", "hide", "show", "erase")}
        if row.method in ("POST", "PUT"):
            body = bodies.get(row.route, PICTURE)
            return body, "image/png" if body is PICTURE else ""
        return None, ""


def world_for(actor: Actor, cabinet: Cabinet, other_cabinet: Cabinet) -> World:
    """The device that acts is also the one that opened the run, if it is allowed to be."""
    practitioner = enrolled(cabinet, Role.PRACTITIONER)
    response = practitioner.send("PUT", "/settings", PublishSettings(0, msgspec.Raw(encode(demo_settings()))))
    assert response.status_code == 200, response.content.decode()
    Publisher(cabinet, practitioner).publish(make_dossier("1"), make_dossier("2"))
    owners = {Actor.SYNC: Role.SYNC, Actor.RECEPTION: Role.RECEPTION, Actor.PRACTITIONER: Role.PRACTITIONER}
    owner = enrolled(cabinet, owners.get(actor, Role.SYNC))
    publisher = Publisher(cabinet, owner)
    run = publisher.open().run
    revoked = enrolled(cabinet, Role.PRACTITIONER)
    registry.revoke(cabinet, Device.objects.of(cabinet).order_by("-pk")[0].pk)
    tokens = {
        Actor.SIGNED_OUT: "",
        Actor.UNKNOWN: "sourire.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        Actor.REVOKED: revoked.token,
        Actor.OTHER_CABINET: enrolled(other_cabinet, Role.PRACTITIONER).token,
        Actor.OTHER_DEVICE: practitioner.token,
    }
    spare = registry.enrol(registry.issue_code(cabinet, Role.RECEPTION), "De rechange")
    assert spare is not None
    sealed = settings.SEALER.seal(cabinet.code, "message", "1", msgspec.json.encode(Written("", "Bonjour", "")))
    message = Message.objects.create(cabinet=cabinet, number="1", sealed=sealed, digest="d")
    [secret] = initial_secrets.stage(cabinet, Medium.LETTER, (SecretWanted("1", "Anne"),))
    first = practitioner.send("PUT", "/documents/mapping", SaveDocument(0, b"[patients]  # Bonjour"))
    assert first.status_code == 200, first.content.decode()
    assert owner.send("PUT", "/nights/schedule", Schedule("20:07")).status_code == 204
    request = practitioner.ask("POST", "/nights/requests", AskedRun).request
    assert owner.ask("POST", "/nights/requests/claim", Wanted).request == request
    known = {actor: owner.token} | tokens
    return World(cabinet, publisher, run, known, secret, message.pk, spare.device.pk, request)


def everything_of(cabinet: Cabinet) -> dict[str, list[dict[str, object]]]:
    """Every row of the cabinet, but when its devices were last seen."""
    models = [model for model in apps.get_models() if isinstance(model._default_manager.all(), ScopedQuerySet)]
    rows = {model.__name__: list(model.objects.of(cabinet).order_by("pk").values()) for model in models}
    for device in rows["Device"]:
        device.pop("last_seen_at")
    return rows


@contextmanager
def undone() -> Iterator[None]:
    """What is asked within leaves the world as it was: a world costs ten requests, and a row one."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("actor", [actor for actor in Actor if actor not in NOBODY])
def test_each_actor_is_answered_as_listed(
    actor: Actor, cabinet: Cabinet, other_cabinet: Cabinet, subtests: pytest.Subtests
) -> None:
    world = world_for(actor, cabinet, other_cabinet)
    for row in API:
        with subtests.test(f"{row.method} {row.route}"), undone():
            answer_as_listed(world, row, actor)


@pytest.mark.parametrize("actor", NOBODY)
def test_nobody_in_particular_is_answered_as_listed(actor: Actor, cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    world = world_for(actor, cabinet, other_cabinet)
    for row in API:
        answer_as_listed(world, row, actor)


def test_nothing_that_another_cabinet_asks_changes_or_tells_anything_of_this_one(
    cabinet: Cabinet, other_cabinet: Cabinet
) -> None:
    world = world_for(Actor.OTHER_CABINET, cabinet, other_cabinet)
    before = everything_of(cabinet)
    for row in API:
        response = answer_to(world, row, Actor.OTHER_CABINET)
        assert everything_of(cabinet) == before, row
        assert not [ours for ours in ("MARTINEAU", "Bonjour", "De rechange") if ours.encode() in response.content], row


def answer_to(world: World, row: Row, actor: Actor) -> HttpResponse:
    body, content_type = world.body(row)
    return Api(world.tokens[actor]).send(row.method, world.path(row.route), body, content_type=content_type)


def answer_as_listed(world: World, row: Row, actor: Actor) -> None:
    response = answer_to(world, row, actor)
    said = response.content.decode(errors="replace")[:300]
    assert response.status_code == row.expected(actor), (row, said)
    if response.status_code >= 400:
        assert response.headers["Content-Type"] == "application/problem+json"
        assert b"MARTINEAU" not in response.content


def test_a_method_that_is_not_listed_is_refused(
    cabinet: Cabinet, other_cabinet: Cabinet, subtests: pytest.Subtests
) -> None:
    world = world_for(Actor.PRACTITIONER, cabinet, other_cabinet)
    api = Api(world.tokens[Actor.PRACTITIONER])
    for route in sorted({row.route for row in API}):
        for method in METHODS:
            if method not in {row.method for row in API if row.route == route}:
                with subtests.test(f"{method} {route}"):
                    assert api.send(method, world.path(route)).status_code == 405


def test_who_is_signed_out_is_sent_to_the_sign_in_page(published: Cabinet, subtests: pytest.Subtests) -> None:
    for route in PAGES:
        with subtests.test(route):
            response = Client().get(address_of(route))
            assert response.status_code == PAGES[route]
            assert response.status_code != SIGN_IN or response.headers["Location"] == "/"
            assert b"MARTINEAU" not in response.content


def test_every_route_is_listed() -> None:
    listed = {API_PREFIX + row.route for row in API} | {API_PREFIX + "<path:rest>"} | set(PAGES)
    assert set(all_routes()) == listed


def test_every_endpoint_is_listed_with_its_method() -> None:
    assert {(e.method, e.path) for e in ENDPOINTS} <= {(row.method, row.route) for row in API}


def test_an_address_of_the_api_that_does_not_exist_is_a_problem_document(db: None) -> None:
    response = Client().get("/api/v1/patient")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


def all_routes() -> Iterator[str]:
    yield from _routes(get_resolver().url_patterns, "")


def _routes(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, here)
        else:
            yield here

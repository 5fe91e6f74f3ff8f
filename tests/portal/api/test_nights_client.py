"""The nights' and the documents' clients, held to the contract's examples: what each sends, and what it answers."""

import datetime as dt
from collections.abc import Callable, Iterator

import msgspec
import pytest

from portal.api.connections import Connections
from portal.api.conversation import Conversation
from portal.api.documents import DocumentName, SaveDocument, SharedDocuments
from portal.api.documents_client import DocumentsClient
from portal.api.nights import RunProgress, RunTold
from portal.api.nights_client import NightsClient
from tests.portal import examples
from tests.portal.api.crooked import Crooked, http
from tests.portal.api.test_desk_client import DONE, QUICK, sent
from tests.portal.examples import example

REQUEST = "d" * 32


class Client(NightsClient, DocumentsClient):
    """Both, as one device uses them."""


@pytest.fixture
def client(crooked: Crooked) -> Iterator[Client]:
    with Connections() as connections:
        yield Client(crooked.address, "sourire.jeton", connections, patience=QUICK, wait=lambda _: None)


ASKS: dict[str, tuple[str, str, str, Callable[[Client], object]]] = {
    "nights": ("GET nights", "", "Nights", lambda c: c.nights()),
    "ask": ("POST nights/requests", "", "AskedRun", lambda c: c.ask()),
    "look": (f"GET nights/requests/{REQUEST}", "", "AskedRun", lambda c: c.look(REQUEST)),
    "progress": (
        f"POST nights/requests/{REQUEST}/progress",
        "RunProgress",
        "AskedRun",
        lambda c: c.progress(REQUEST, example(RunProgress)),
    ),
    "documents": ("GET documents", "", "SharedDocuments", lambda c: SharedDocuments(tuple(c.documents().values()))),
    "document": ("GET documents/mapping", "", "SharedDocument", lambda c: c.document(DocumentName.MAPPING)),
    "save": (
        "PUT documents/mapping",
        "SaveDocument",
        "SavedDocument",
        lambda c: c.save(DocumentName.MAPPING, example(SaveDocument).content, example(SaveDocument).base_version),
    ),
}
TELLS: dict[str, tuple[str, str, Callable[[Client], None]]] = {
    "tell_run": ("POST nights/runs", "RunTold", lambda c: c.tell_run(example(RunTold))),
    "plan": ("PUT nights/schedule", "Schedule", lambda c: c.plan(dt.time(20, 7))),
    "give_up": (f"DELETE nights/requests/{REQUEST}", "", lambda c: c.give_up(REQUEST)),
}


def asked(crooked: Crooked) -> list[object]:
    return [sent(request) for request in crooked.requests]


def expected(line: str, body: str) -> list[object]:
    method, path = line.split()
    return [(f"{method} /api/v1/{path}", msgspec.json.decode(examples.raw(body)) if body else None)]


@pytest.mark.parametrize("name", ASKS)
def test_what_is_asked_and_answered_are_the_examples(client: Client, crooked: Crooked, name: str) -> None:
    line, body, answer, ask = ASKS[name]
    crooked.script = [http(examples.raw(answer))]
    found: object = example(examples.SHAPES[answer])
    assert ask(client) == found
    assert asked(crooked) == expected(line, body)


@pytest.mark.parametrize("name", TELLS)
def test_what_is_told_is_the_examples(client: Client, crooked: Crooked, name: str) -> None:
    line, body, tell = TELLS[name]
    crooked.script = [DONE]
    tell(client)
    assert asked(crooked) == expected(line, body)


@pytest.mark.parametrize(("answer", "request_"), [(b"{}", None), (examples.raw("Wanted"), REQUEST)])
def test_a_computer_looks_whether_anything_is_asked(
    client: Client, crooked: Crooked, answer: bytes, request_: str | None
) -> None:
    crooked.script = [http(answer)]
    assert client.claim() == request_
    assert asked(crooked) == expected("POST nights/requests/claim", "")


def test_a_plan_that_is_given_up_says_nothing_of_an_hour(client: Client, crooked: Crooked) -> None:
    crooked.script = [DONE]
    client.plan(None)
    assert asked(crooked) == [("PUT /api/v1/nights/schedule", {})]


def test_every_method_is_held_to_an_example() -> None:
    methods = {n for kind in (NightsClient, DocumentsClient) for n in vars(kind) if not n.startswith("_")}
    assert methods - vars(Conversation).keys() == {*ASKS, *TELLS, "claim"}

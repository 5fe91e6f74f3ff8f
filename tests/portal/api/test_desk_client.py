"""The desk's client, held to the contract's examples: what it sends for each thing to do, and what it answers."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
import zstandard

from portal.api.connections import Connections
from portal.api.desk import (
    MAX_AT_ONCE,
    Accounts,
    Activated,
    Announced,
    Answer,
    Claim,
    Claimed,
    Devices,
    Handles,
    Medium,
    MessageAnswered,
    Messages,
    NewDevice,
    SecretsVerified,
    SecretWanted,
    SettingsHistory,
    StagedSecret,
    StagedSecrets,
    StageSecrets,
    VerifySecrets,
)
from portal.api.desk_client import DeskClient
from portal.api.errors import PortalRefused, PortalUnreachable
from portal.api.shapes import ProblemDocument
from portal.api.transport import Patience
from tests.portal import examples
from tests.portal.api.crooked import Behaviour, Crooked, http
from tests.portal.examples import example

QUICK = Patience(connect=5, read=5, whole=20, attempts=2, first_pause=0)
DONE = http(status="204 No Content")


@pytest.fixture
def client(crooked: Crooked) -> Iterator[DeskClient]:
    with Connections() as connections:
        yield DeskClient(crooked.address, "sourire.jeton", connections, patience=QUICK, wait=lambda _: None)


def json(shape: msgspec.Struct) -> Behaviour:
    return http(msgspec.json.encode(shape))


def sent(request: bytes) -> tuple[str, Any]:
    """The request line without the protocol, and the body."""
    head, _, body = request.partition(b"\r\n\r\n")
    if b"content-encoding: zstd" in head.lower():
        body = zstandard.decompress(body)
    return head.partition(b" HTTP/")[0].decode(), msgspec.json.decode(body) if body else None


HANDLES = example(Handles).handles
MESSAGE = "0" * 30 + "2a"
GETS: dict[str, tuple[str, Callable[[DeskClient], object]]] = {
    "Overview": ("overview", lambda c: c.overview()),
    "Accounts": ("patients", lambda c: Accounts(c.accounts())),
    "Messages": ("messages", lambda c: Messages(c.messages())),
    "SettingsHistory": ("settings/history", lambda c: SettingsHistory(c.settings_history())),
    "Devices": ("devices", lambda c: Devices(c.devices())),
}
ASKS: dict[str, tuple[str, str, str, Callable[[DeskClient], object]]] = {
    "reset": ("patients/reset", "Patient", "AccessesClosed", lambda c: c.reset("5312")),
    "dossier": ("patients/dossier", "Patient", "ShownDossier", lambda c: c.shown("5312")),
    "stage": (
        "secrets",
        "StageSecrets",
        "StagedSecrets",
        lambda c: StagedSecrets(c.stage_secrets(Medium.LETTER, example(StageSecrets).wanted)),
    ),
    "verify": (
        "secrets/verify",
        "VerifySecrets",
        "SecretsVerified",
        lambda c: c.verify_secrets(example(VerifySecrets).secrets),
    ),
    "activate": ("secrets/activate", "Handles", "Activated", lambda c: Activated(c.activate_secrets(HANDLES))),
    "answer": (
        f"messages/{MESSAGE}/answer",
        "Answer",
        "MessageAnswered",
        lambda c: c.answer(MESSAGE, example(Answer)),
    ),
    "claim": (
        "announcements/claim",
        "Claim",
        "Claimed",
        lambda c: Claimed(c.claim(example(Claim).campaign, example(Claim).numbers)),
    ),
    "enrolment code": (
        "devices/enrolment-codes",
        "NewDevice",
        "EnrolmentCode",
        lambda c: c.new_enrolment_code(example(NewDevice).role),
    ),
}
TELLS: dict[str, tuple[str, str, Callable[[DeskClient], None]]] = {
    "hide": ("patients/hide", "Patient", lambda c: c.hide("5312")),
    "show": ("patients/show", "Patient", lambda c: c.show("5312")),
    "erase": ("patients/erase", "Patient", lambda c: c.erase("5312")),
    "discard": ("secrets/discard", "Handles", lambda c: c.discard_secrets(HANDLES)),
    "read": (f"messages/{MESSAGE}/read", "MessageRead", lambda c: c.mark_read(MESSAGE, read=False)),
    "release": ("announcements/release", "Handles", lambda c: c.release(HANDLES)),
    "announce": ("announcements", "Announced", lambda c: c.announce(example(Announced).announcements)),
    "revoke": ("devices/12/revoke", "", lambda c: c.revoke_device(12)),
}


@pytest.mark.parametrize("name", GETS)
def test_what_is_read_is_the_examples(client: DeskClient, crooked: Crooked, name: str) -> None:
    path, ask = GETS[name]
    crooked.script = [http(examples.raw(name))]
    assert ask(client) == example(examples.SHAPES[name])
    assert [sent(request) for request in crooked.requests] == [(f"GET /api/v1/{path}", None)]


@pytest.mark.parametrize("name", ASKS)
def test_what_is_asked_and_answered_are_the_examples(client: DeskClient, crooked: Crooked, name: str) -> None:
    path, request, answer, ask = ASKS[name]
    crooked.script = [http(examples.raw(answer))]
    expected: object = example(examples.SHAPES[answer])
    assert ask(client) == (2 if name == "reset" else expected)
    assert [sent(one) for one in crooked.requests] == [
        (f"POST /api/v1/{path}", msgspec.json.decode(examples.raw(request)))
    ]


@pytest.mark.parametrize("name", TELLS)
def test_what_is_told_is_the_examples(client: DeskClient, crooked: Crooked, name: str) -> None:
    path, request, tell = TELLS[name]
    crooked.script = [DONE]
    tell(client)
    body = msgspec.json.decode(examples.raw(request)) if request else None
    assert [sent(one) for one in crooked.requests] == [(f"POST /api/v1/{path}", body)]


def test_every_method_is_held_to_an_example() -> None:
    methods = {name for name in vars(DeskClient) if not name.startswith("_")}
    assert len(methods) == len(GETS) + len(ASKS) + len(TELLS)


def test_many_secrets_are_asked_for_in_several_requests_and_answered_in_their_order(
    client: DeskClient, crooked: Crooked
) -> None:
    wanted = [SecretWanted(f"{n}", "Anne") for n in range(2 * MAX_AT_ONCE + 1)]
    answers = [StagedSecret(one.number, f"{n:032x}") for n, one in enumerate(wanted)]
    parts = [answers[at : at + MAX_AT_ONCE] for at in range(0, len(answers), MAX_AT_ONCE)]
    crooked.script = [json(StagedSecrets(tuple(part))) for part in parts]
    assert client.stage_secrets(Medium.CARD, iter(wanted)) == tuple(answers)
    bodies = [msgspec.convert(sent(request)[1], StageSecrets) for request in crooked.requests]
    assert [len(body.wanted) for body in bodies] == [MAX_AT_ONCE, MAX_AT_ONCE, 1]
    assert [one for body in bodies for one in body.wanted] == wanted


def test_what_was_verified_in_several_requests_is_added_up(client: DeskClient, crooked: Crooked) -> None:
    merged = example(VerifySecrets).secrets * (MAX_AT_ONCE + 3)
    crooked.script = [json(SecretsVerified(MAX_AT_ONCE - 1, ("a" * 32,))), json(SecretsVerified(2, ("b" * 32,)))]
    assert client.verify_secrets(merged) == SecretsVerified(MAX_AT_ONCE + 1, ("a" * 32, "b" * 32))
    assert len(crooked.requests) == 2


def test_nothing_is_sent_for_nothing(client: DeskClient, crooked: Crooked) -> None:
    crooked.script = [DONE]
    assert client.stage_secrets(Medium.SMS, ()) == ()
    assert client.claim("c" * 32, ()) == ()
    assert client.verify_secrets(()) == SecretsVerified(0)
    assert client.activate_secrets(()) == ()
    client.announce(())
    assert crooked.requests == []


@pytest.mark.parametrize("answered", [(), ("0042", "5312"), ("5312",), ("5312", "0042", "0042")])
def test_secrets_that_are_not_those_asked_for_go_into_no_letter(
    client: DeskClient, crooked: Crooked, answered: tuple[str, ...]
) -> None:
    crooked.script = [json(StagedSecrets(tuple(StagedSecret(number) for number in answered)))]
    with pytest.raises(PortalUnreachable, match="a envoyé une réponse incomplète ou inattendue"):
        client.stage_secrets(Medium.LETTER, [SecretWanted("5312", "Anne"), SecretWanted("0042", "Luc")])


def test_a_refusal_carries_the_portals_sentences(client: DeskClient, crooked: Crooked) -> None:
    document = ProblemDocument("urn:webortho:no-address", "Ce patient n’a pas laissé d’adresse.", 409, "Appelez-le.")
    crooked.script = [http(msgspec.json.encode(document), "409 Conflict", "application/problem+json")]
    with pytest.raises(PortalRefused, match=r"Ce patient n’a pas laissé d’adresse\. Appelez-le\.") as refused:
        client.answer(MESSAGE, example(Answer))
    assert refused.value.kind == "no-address"


def test_an_answer_that_was_lost_is_asked_again(client: DeskClient, crooked: Crooked) -> None:
    """The portal sends an answer once however often it is asked, so that the client may."""
    crooked.script = [lambda _: None, http(examples.raw("MessageAnswered"))]
    assert client.answer(MESSAGE, example(Answer)) == example(MessageAnswered)
    assert len(crooked.requests) == 2

"""The portal's client against a server that misbehaves on demand: what is tried again, and what a person is told."""

import datetime as dt
import socket
import traceback
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import time_machine
import zstandard

from portal.api.client import PortalClient
from portal.api.connections import Connections
from portal.api.errors import DeviceRefused, InsecureAddress, PortalError, PortalRefused, PortalUnreachable
from portal.api.manifest import manifest_of, tag_of
from portal.api.shapes import (
    Batch,
    BatchEntry,
    Enrolled,
    Manifest,
    ManifestEntry,
    OpenRun,
    ProblemDocument,
    Role,
    RunState,
    RunStatus,
    Self,
    TableCounts,
)
from portal.api.transport import Answer, Exchange, Message, Patience, checked_address
from tests.portal.api.crooked import Behaviour, Crooked, cut, cut_in_the_head, hang_up, http

TOKEN = "jeton-canari-7f3a9c"  # noqa: S105 - made up, and looked for where it must not be
CANARY = b"patient-canari"
MYSELF = Self("demo", "Cabinet Démo", "Europe/Paris", Role.SYNC, "serveur")
QUICK = Patience(connect=0.3, read=0.3, whole=1, attempts=3, first_pause=1)


@pytest.fixture
def connections() -> Iterator[Connections]:
    with Connections() as connections:
        yield connections


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def client(crooked: Crooked, connections: Connections, pauses: list[float]) -> PortalClient:
    return PortalClient(crooked.address, TOKEN, connections, patience=QUICK, wait=pauses.append)


def answer(shape: msgspec.Struct) -> Behaviour:
    return http(msgspec.json.encode(shape))


def problem(status: int, kind: str, title: str, detail: str = "", headers: str = "") -> Behaviour:
    document = ProblemDocument(f"urn:webortho:{kind}", title, status, detail)
    return http(msgspec.json.encode(document), f"{status} Refused", "application/problem+json", headers)


def manifest(size: int) -> Manifest:
    return manifest_of(ManifestEntry(f"{n:05}", n.to_bytes(16, "big")) for n in range(size))


def msgpack(shape: msgspec.Struct, headers: str = "") -> Behaviour:
    return http(msgspec.msgpack.encode(shape), content_type="application/msgpack", headers=headers)


# Addresses


@pytest.mark.parametrize(
    "address",
    [
        "https://portail.exemple.fr",
        " https://portail.exemple.fr/ ",
        "https://exemple.fr:8443/webortho",
        "http://127.0.0.1:8000",
        "http://localhost:8000/",
        "http://[::1]:8000",
    ],
)
def test_https_and_loopback_are_accepted(address: str) -> None:
    assert checked_address(address) == address.strip().rstrip("/")


@pytest.mark.parametrize("address", ["http://portail.exemple.fr", "ftp://exemple.fr", "http://127.0.0.1.exemple.fr"])
def test_an_address_that_is_not_encrypted_is_refused(address: str) -> None:
    with pytest.raises(InsecureAddress) as refused:
        checked_address(address)
    assert refused.value.what.endswith("n’est pas sécurisée. Rien n’a été envoyé.")
    assert refused.value.todo == "Utilisez l’adresse qui commence par https://."


@pytest.mark.parametrize(
    "address",
    ["", "portail.exemple.fr", "https://", "https://moi:secret@exemple.fr", "https://a.fr/?x=1", "https://a.fr:99999"],
)
def test_an_address_that_is_not_one_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(InsecureAddress) as refused:
        checked_address(address)
    assert str(refused.value) == (
        "L’adresse du portail n’est pas complète ou contient autre chose qu’une adresse. "
        "Recopiez l’adresse reçue de votre hébergeur, par exemple https://portail.exemple.fr."
    )


# What is sent


def test_a_request_carries_the_token_and_says_what_it_takes(client: PortalClient, crooked: Crooked) -> None:
    crooked.script = [answer(MYSELF)]
    assert client.myself() == MYSELF
    head = crooked.requests[0].decode()
    assert head.startswith("GET /api/v1/self HTTP/1.1\r\n")
    assert f"Authorization: Bearer {TOKEN}\r\n" in head
    assert "Accept: application/json, application/problem+json\r\n" in head
    assert "Accept-Encoding: zstd\r\n" in head


def test_a_netrc_file_never_replaces_the_token(
    client: PortalClient, crooked: Crooked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login intrus password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    crooked.script = [answer(MYSELF)]
    client.myself()
    assert f"Authorization: Bearer {TOKEN}".encode() in crooked.requests[0]


@pytest.mark.parametrize("token", [f"{TOKEN}\r\nX-Autre: 1", f"{TOKEN}\n", f"jeton-{TOKEN}-é"])
def test_a_token_that_no_portal_gave_is_neither_sent_nor_told(
    connections: Connections, crooked: Crooked, token: str
) -> None:
    crooked.script = [problem(401, "wrong-token", "Le portail ne reconnaît pas ce poste.")]
    with pytest.raises(DeviceRefused, match="Le portail ne reconnaît pas ce poste"):
        PortalClient(crooked.address, token, connections, patience=QUICK).myself()
    assert TOKEN.encode() not in crooked.requests[0]


def test_large_bodies_travel_compressed_and_small_ones_do_not(client: PortalClient, crooked: Crooked) -> None:
    crooked.script = [http(status="204 No Content")]
    large = Batch((BatchEntry("1", b"d" * 16, b"x" * 50_000),))
    client.put_batch("r", 0, large)
    client.put_batch("r", 1, Batch(()))
    head, _, body = crooked.requests[0].partition(b"\r\n\r\n")
    assert b"Content-Encoding: zstd" in head
    assert msgspec.msgpack.decode(zstandard.decompress(body), type=Batch) == large
    assert b"Content-Encoding" not in crooked.requests[1]


def test_a_photo_travels_as_it_is(client: PortalClient, crooked: Crooked) -> None:
    crooked.script = [http(status="204 No Content")]
    client.put_photo("0" * 32, b"\xff\xd8" + b"p" * 5000, "image/jpeg")
    head, _, body = crooked.requests[0].partition(b"\r\n\r\n")
    assert b"Content-Type: image/jpeg" in head
    assert body == b"\xff\xd8" + b"p" * 5000


# What is read


def test_a_compressed_answer_is_read(client: PortalClient, crooked: Crooked) -> None:
    crooked.script = [http(zstandard.compress(msgspec.json.encode(MYSELF)), headers="Content-Encoding: zstd\r\n")]
    assert client.myself() == MYSELF


def test_a_known_manifest_costs_no_body(client: PortalClient, crooked: Crooked) -> None:
    known = manifest(100)
    crooked.script = [http(status="304 Not Modified", headers=f'ETag: "{known.root.hex()}"\r\n')]
    assert client.manifest(known) is known
    assert f'If-None-Match: "{tag_of(known.root, known.kept)}"'.encode() in crooked.requests[0]


def test_a_new_manifest_is_read_whole(client: PortalClient, crooked: Crooked) -> None:
    crooked.script = [msgpack(manifest(100))]
    assert client.manifest(manifest(99)) == manifest(100)


def test_a_manifest_that_contradicts_its_root_is_not_believed(client: PortalClient, crooked: Crooked) -> None:
    crooked.script = [msgpack(Manifest(manifest(3).root, manifest(4).entries))]
    with pytest.raises(PortalUnreachable) as unreachable:
        client.manifest()
    assert unreachable.value.what == (
        "Le portail 127.0.0.1 a envoyé une réponse incomplète ou inattendue. Rien n’est publié à moitié."
    )


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"cabinet_code": 3}', b"\xff\xfe", b"[" * 100_000])
def test_an_answer_of_another_shape_is_not_believed(client: PortalClient, crooked: Crooked, body: bytes) -> None:
    crooked.script = [http(body)]
    with pytest.raises(PortalUnreachable) as unreachable:
        client.myself()
    assert unreachable.value.todo == ("Réessayez\u00a0; si cela se répète, mettez WebOrtho à jour sur ce poste.")
    assert len(crooked.requests) == 1


@pytest.mark.parametrize(
    "behaviour",
    [
        http(b"<html>Bienvenue sur le Wi-Fi de la gare</html>", content_type="text/html"),
        http(b"<html>Introuvable</html>", "404 Not Found", "text/html"),
        http(b"Unauthorized", "401 Unauthorized", "text/plain"),
        http(b"{}", "403 Forbidden", "application/problem+json"),
        http(b"\x1f\x8b", headers="Content-Encoding: gzip\r\n"),
        http(b"not zstd", headers="Content-Encoding: zstd\r\n"),
    ],
)
def test_what_is_not_the_portal_is_said_not_to_be(client: PortalClient, crooked: Crooked, behaviour: Behaviour) -> None:
    crooked.script = [behaviour]
    with pytest.raises(PortalUnreachable) as unreachable:
        client.myself()
    assert str(unreachable.value) == (
        "La réponse reçue de 127.0.0.1 n’est pas celle d’un portail WebOrtho. Vérifiez l’adresse du portail\u00a0; un "
        "réseau Wi-Fi public ou un pare-feu peut aussi répondre à sa place."
    )
    assert unreachable.value.exit_code == 3


def test_a_decompression_bomb_is_not_unpacked(client: PortalClient, crooked: Crooked) -> None:
    bomb = zstandard.compress(b"\0" * 100_000_000)
    crooked.script = [http(bomb, headers="Content-Encoding: zstd\r\n")]
    with pytest.raises(PortalUnreachable, match="n’est pas celle d’un portail WebOrtho"):
        client.myself()


def test_a_redirect_is_not_followed(client: PortalClient, crooked: Crooked) -> None:
    crooked.script = [
        http(status="302 Found", headers=f"Location: {crooked.address.replace('127.0.0.1', 'localhost')}/\r\n")
    ]
    with pytest.raises(PortalUnreachable) as unreachable:
        client.myself()
    assert str(unreachable.value) == (
        "L’adresse 127.0.0.1 renvoie vers un autre site. Rien n’a été envoyé à cet autre site. Vérifiez l’adresse du "
        "portail\u00a0; un réseau Wi-Fi public peut aussi demander une connexion dans le navigateur."
    )
    assert len(crooked.requests) == 1


# Refusals


def test_a_refusal_is_told_in_the_portal_s_own_words(client: PortalClient, crooked: Crooked) -> None:
    crooked.script = [problem(409, "stale-root", "Le portail a changé.", "Relancez.")]
    with pytest.raises(PortalRefused) as refused:
        client.myself()
    assert (refused.value.what, refused.value.todo) == ("Le portail a changé.", "Relancez.")
    assert (refused.value.kind, refused.value.status, refused.value.exit_code) == ("stale-root", 409, 3)
    assert not isinstance(refused.value, DeviceRefused)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_is_told_apart(client: PortalClient, crooked: Crooked, status: int) -> None:
    crooked.script = [problem(status, "wrong-token", "Le portail ne reconnaît pas ce poste.")]
    with pytest.raises(DeviceRefused, match="Le portail ne reconnaît pas ce poste"):
        client.myself()
    assert len(crooked.requests) == 1


# Patience


@pytest.mark.parametrize(
    "behaviour",
    [
        cut,
        cut_in_the_head,
        hang_up,
        http(b"Bad gateway", "502 Bad Gateway", "text/html"),
        problem(503, "busy", "Occupé."),
    ],
)
def test_what_may_pass_is_tried_again(
    client: PortalClient, crooked: Crooked, behaviour: Behaviour, pauses: list[float]
) -> None:
    crooked.script = [behaviour, behaviour, answer(MYSELF)]
    assert client.myself() == MYSELF
    assert len(pauses) == 2
    assert 0.5 <= pauses[0] <= 1
    assert 1 <= pauses[1] <= 2


def test_a_server_that_hangs_is_given_up_with_a_sentence(
    client: PortalClient, crooked: Crooked, pauses: list[float]
) -> None:
    crooked.script = [crooked.hang]
    with pytest.raises(PortalUnreachable) as unreachable:
        client.myself()
    assert str(unreachable.value) == (
        "Le portail 127.0.0.1 ne répond pas. Rien n’est publié à moitié. "
        "Vérifiez la connexion à Internet de ce poste, puis réessayez."
    )
    assert len(pauses) == 2


@pytest.mark.parametrize("where", ["body", "head"])
def test_a_server_that_drips_is_given_up(crooked: Crooked, connections: Connections, where: str) -> None:
    crooked.script = [crooked.drip if where == "body" else crooked.drip_in_the_head]
    patience = Patience(connect=0.3, read=0.3, whole=0.3, attempts=1)
    with pytest.raises(PortalUnreachable, match="ne répond pas"):
        PortalClient(crooked.address, TOKEN, connections, patience=patience).myself()


def test_a_body_cut_short_is_told(client: PortalClient, crooked: Crooked) -> None:
    crooked.script = [cut]
    with pytest.raises(PortalUnreachable) as unreachable:
        client.myself()
    assert str(unreachable.value) == (
        "La liaison avec le portail 127.0.0.1 a été coupée. Rien n’est publié à moitié. "
        "Réessayez\u00a0: une synchronisation interrompue reprend d’elle-même."
    )


def test_a_broken_server_is_told(client: PortalClient, crooked: Crooked) -> None:
    crooked.script = [http(b"<h1>Server Error</h1>", "500 Internal Server Error", "text/html")]
    with pytest.raises(PortalUnreachable) as unreachable:
        client.myself()
    assert str(unreachable.value) == (
        "Le portail 127.0.0.1 est en panne (erreur 500). Rien n’est publié à moitié. "
        "Réessayez dans quelques minutes\u00a0; si cela dure, appelez votre hébergeur."
    )
    assert len(crooked.requests) == 1


def test_a_port_where_nobody_listens_is_told(connections: Connections, pauses: list[float]) -> None:
    client = PortalClient("http://127.0.0.1:9", TOKEN, connections, patience=QUICK, wait=pauses.append)
    with pytest.raises(PortalUnreachable) as unreachable:
        client.myself()
    assert str(unreachable.value) == (
        "Le portail 127.0.0.1 est injoignable. Rien n’est publié à moitié. "
        "Vérifiez l’adresse du portail et la connexion à Internet de ce poste, puis réessayez."
    )
    assert len(pauses) == 2


def test_a_portal_that_says_when_to_come_back_is_obeyed(
    client: PortalClient, crooked: Crooked, pauses: list[float]
) -> None:
    crooked.script = [problem(503, "busy", "Occupé.", headers="Retry-After: 7\r\n"), answer(MYSELF)]
    client.myself()
    assert pauses == [7]


@time_machine.travel(dt.datetime(2026, 3, 2, 22, 0, tzinfo=dt.UTC), tick=False)
def test_a_date_to_come_back_is_understood(client: PortalClient, crooked: Crooked, pauses: list[float]) -> None:
    header = "Retry-After: Mon, 02 Mar 2026 22:00:30 GMT\r\n"
    crooked.script = [problem(429, "too-many", "Trop d’essais.", headers=header), answer(MYSELF)]
    client.myself()
    assert pauses == [30]


@pytest.mark.parametrize("value", ["bientôt", "-5", "Mon, 02 Mar 2026 22:00:30"])
def test_a_retry_after_that_means_nothing_is_ignored(
    client: PortalClient, crooked: Crooked, pauses: list[float], value: str
) -> None:
    crooked.script = [problem(503, "busy", "Occupé.", headers=f"Retry-After: {value}\r\n"), answer(MYSELF)]
    client.myself()
    assert 0.5 <= pauses[0] <= 1


def test_nobody_waits_for_an_hour(client: PortalClient, crooked: Crooked, pauses: list[float]) -> None:
    crooked.script = [problem(429, "too-many", "Trop d’essais.", headers="Retry-After: 3600\r\n")]
    with pytest.raises(PortalRefused, match="Trop d’essais"):
        client.myself()
    assert pauses == []


def test_a_one_time_code_is_not_sent_twice(client: PortalClient, crooked: Crooked) -> None:
    enrolled = Enrolled("demo", "Démo", "Europe/Paris", Role.SYNC, "t", b"k" * 32)
    crooked.script = [cut, answer(enrolled)]
    with pytest.raises(PortalUnreachable):
        client.enrol("AAAA-BBBB-CCCC", "serveur")
    assert len(crooked.requests) == 1


def test_pauses_can_be_ended_by_whoever_waits(crooked: Crooked, connections: Connections) -> None:
    class Stopped(Exception):
        pass

    def stop(_: float) -> None:
        raise Stopped

    crooked.script = [hang_up]
    with pytest.raises(Stopped):
        PortalClient(crooked.address, TOKEN, connections, patience=QUICK, wait=stop).myself()


# What is counted, and what is kept quiet


def test_every_attempt_is_observed_and_counted(crooked: Crooked, connections: Connections) -> None:
    seen: list[Exchange] = []
    client = PortalClient(crooked.address, TOKEN, connections, patience=QUICK, wait=lambda _: None, observe=seen.append)
    state = RunState(RunStatus.CURRENT)
    crooked.script = [hang_up, answer(state)]
    assert client.open_run(OpenRun("0" * 32, TableCounts())) == state
    assert [(e.method, e.path, e.status) for e in seen] == [
        ("POST", "/api/v1/sync/runs", 0),
        ("POST", "/api/v1/sync/runs", 200),
    ]
    assert client.traffic.requests == 2
    assert client.traffic.bytes_sent == len(b"".join(crooked.requests))
    near, far = socket.socketpair()
    with near, far:
        answer(state)(near)
        assert client.traffic.bytes_received == len(far.recv(65536))


@pytest.mark.parametrize(
    "behaviour",
    [
        cut,
        hang_up,
        http(b"{}"),
        http(b"nom de patient", content_type="text/html"),
        problem(401, "wrong-token", "Le portail ne reconnaît pas ce poste."),
    ],
)
def test_no_exception_carries_the_token_or_a_body(client: PortalClient, crooked: Crooked, behaviour: Behaviour) -> None:
    crooked.script = [behaviour]
    batch = Batch((BatchEntry("1", b"d" * 16, CANARY),))

    def ask() -> None:
        client.put_batch("r", 0, batch)
        client.myself()

    with pytest.raises(PortalError) as caught:
        ask()
    told = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    chain: list[BaseException] = [caught.value]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(cause)
    assert len(chain) == 1
    assert TOKEN not in told
    assert CANARY.decode() not in told


def test_the_repr_of_what_travels_shows_no_content() -> None:
    shown = repr(Message("PUT", "/x", CANARY)) + repr(Answer(200, "", "", CANARY))
    assert CANARY.decode() not in shown

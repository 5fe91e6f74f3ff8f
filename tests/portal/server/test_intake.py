"""Requests are taken in whole before they cost a thread: slow senders wait for themselves alone."""

import asyncio
import contextlib
import shutil
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
import requests
from granian.rsgi import Scope

from portal.server import intake
from portal.server.intake import Intake, environ_of
from tests.portal.server.hosting import Hoster, Served

SLOW_SENDERS = 16
FORM = (
    "Content-Type: application/x-www-form-urlencoded",
    f"Cookie: csrftoken={'a' * 32}",
    "Content-Length: 1000",
)
"""As far as the portal can tell before it has the body, a form of its own."""


@pytest.fixture(scope="module")
def served(installation: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A portal behind a proxy of this machine. None of these tests leaves anything in it."""
    hoster = Hoster(tmp_path_factory.mktemp("intake") / "portal")
    hoster.environment["WEBORTHO_TRUSTED_PROXIES"] = "127.0.0.1"
    shutil.copytree(installation, hoster.folder)
    portal = Served(hoster)
    yield portal
    portal.close()


def head(method: str, path: str, port: int, *lines: str) -> bytes:
    return "\r\n".join((f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *lines, "", "")).encode()


class Trickle:
    """Clients that send a byte a second, until they are told to stop or the portal hangs up."""

    def __init__(self, port: int, how_many: int, start: bytes) -> None:
        self._sockets = [socket.create_connection(("127.0.0.1", port), 30) for _ in range(how_many)]
        self._stop = threading.Event()
        for each in self._sockets:
            each.sendall(start)
        self._thread = threading.Thread(target=self._send)
        self._thread.start()

    def _send(self) -> None:
        while not self._stop.wait(1):
            for each in self._sockets:
                with contextlib.suppress(OSError):  # the portal may hang up
                    each.sendall(b"a")

    def heard(self) -> list[bytes]:
        """What the portal answered each of them before it hung up."""
        return [b"".join(iter(lambda: each.recv(65536), b"")) for each in self._sockets]  # noqa: B023 - called at once

    def end(self) -> None:
        self._stop.set()
        self._thread.join()
        for each in self._sockets:
            each.close()


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(lambda port: head("POST", "/", port, *FORM), id="bodies"),
        pytest.param(lambda port: head("GET", "/", port)[:-2] + b"X-Slow: ", id="headers"),
    ],
)
def test_while_sixteen_clients_send_a_byte_a_second_everybody_else_is_answered(
    served: Served, start: Callable[[int], bytes]
) -> None:
    slow = Trickle(served.port, SLOW_SENDERS, start(served.port))
    try:
        for path in ("/", "/api/v1/health"):
            assert requests.get(served.address + path, timeout=15).status_code == 200
        form = {"cabinet_code": "sourire", "patient_number": "1", "password": "pas le bon mot"}
        assert requests.post(served.address + "/", form, timeout=15).status_code == 403  # without the page's token
    finally:
        slow.end()


@pytest.mark.long
def test_who_sends_too_slowly_is_told_and_cut_off(served: Served) -> None:
    slow = Trickle(served.port, SLOW_SENDERS, head("POST", "/", served.port, *FORM))
    try:
        assert all(heard.startswith(b"HTTP/1.1 408 ") for heard in slow.heard())
    finally:
        slow.end()


def exchange(port: int, *parts: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 30) as line:
        for part in parts:
            line.sendall(part)
        line.settimeout(30)
        return line.recv(65536)


def test_a_header_that_only_looks_like_the_proxys_changes_no_address(served: Served) -> None:
    body = b'{"code": "WRNG-WRNG-WRNG", "device_name": "x"}'
    answers = []
    for n in range(22):
        for name in ("X_Forwarded_For", "X-Forwarded_For"):
            lines = ("X-Forwarded-For: 203.0.113.9", f"{name}: 10.9.{n}.1")
            kind = ("Content-Type: application/json", f"Content-Length: {len(body)}", "Connection: close")
            answers.append(exchange(served.port, head("POST", "/api/v1/enrol", served.port, *lines, *kind), body)[:12])
    assert answers == [b"HTTP/1.1 401"] * 20 + [b"HTTP/1.1 429"] * 24


def test_a_body_of_unknown_length_is_not_waited_for(served: Served) -> None:
    chunked = head("POST", "/", served.port, "Transfer-Encoding: chunked")
    assert exchange(served.port, chunked, b"3\r\na=b\r\n").startswith(b"HTTP/1.1 411 ")


@pytest.mark.parametrize(("path", "status"), [("/", 400), ("/api/v1/enrol", 413)])
def test_what_is_too_large_is_refused_unread_in_the_portals_own_words(served: Served, path: str, status: int) -> None:
    kind = "application/json" if status == 413 else "application/x-www-form-urlencoded"
    lines = (f"Content-Type: {kind}", f"Cookie: csrftoken={'a' * 32}", "Content-Length: 99999999")
    answer = exchange(served.port, head("POST", path, served.port, *lines))
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert "modifié".encode() in answer


def test_a_refused_sender_gets_the_security_headers_too(served: Served) -> None:
    answer = exchange(served.port, head("POST", "/", served.port, "Transfer-Encoding: chunked"))
    assert b"content-security-policy: default-src 'none'" in answer
    assert "Mettez votre navigateur à jour".encode() in answer


def test_a_sender_that_hangs_up_leaves_the_portal_well(served: Served) -> None:
    for _ in range(SLOW_SENDERS):
        with socket.create_connection(("127.0.0.1", served.port), 30) as line:
            line.sendall(head("POST", "/", served.port, *FORM) + b"a=b")
    assert requests.get(served.address + "/", timeout=15).status_code == 200
    assert "Traceback" not in served.said()


# What a real line does not produce within a test's time


@dataclass
class Line:
    """A client's side of a request as granian shows it: pieces of a body, and what was answered."""

    pieces: tuple[bytes, ...] = ()
    every: float = 0.0
    """Seconds between two pieces."""
    answer: tuple[int, bytes] | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            await asyncio.sleep(self.every)
            yield piece

    def response_bytes(self, status: int, _headers: list[tuple[str, str]], body: bytes) -> None:
        self.answer = (status, body)

    def response_str(self, status: int, _headers: list[tuple[str, str]], body: str) -> None:
        self.answer = (status, body.encode())

    def response_empty(self, status: int, _headers: list[tuple[str, str]]) -> None:
        self.answer = (status, b"")


class Headers(dict[str, str]):
    """Of names in lower case, as granian gives them."""


@dataclass(frozen=True)
class Request:
    headers: Headers
    method: str = "POST"
    path: str = "/é"
    query_string: str = "a=b"
    server: str = "127.0.0.1:8000"
    client: str = "127.0.0.1:50000"
    scheme: str = "http"
    authority: str | None = None


def asked(**headers: str) -> Scope:
    return cast(Scope, Request(Headers({name.replace("__", "-"): value for name, value in headers.items()})))


class Echo(list[bytes]):
    def close(self) -> None:
        pass


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [])
    return Echo([environ["wsgi.input"].read()])


def answered(takes: Intake, *lines: tuple[Scope, Line]) -> list[tuple[int, bytes] | None]:
    async def all_at_once() -> None:
        await asyncio.gather(*(takes.__rsgi__(scope, cast(Any, line)) for scope, line in lines))

    asyncio.run(all_at_once())
    return [line.answer for _, line in lines]


def test_a_body_arrives_in_one_piece() -> None:
    assert answered(Intake(echo), (asked(content__length="6"), Line((b"abc", b"def")))) == [(200, b"abcdef")]


def test_a_byte_now_and_then_wins_no_time() -> None:
    """As many bytes as would take an hour."""
    slow = (asked(content__length="36000"), Line((b"a",) * 36000, every=0.1))
    [answer] = answered(Intake(echo, patience=0.5), slow)
    assert answer is not None
    assert answer[0] == 408


def test_a_slow_line_that_keeps_up_may_take_longer_than_a_small_body() -> None:
    large = b"a" * 16 * intake.BYTES_A_SECOND
    keeps_up = (asked(content__length=str(2 * len(large))), Line((large, large), every=1.0))
    assert answered(Intake(echo, patience=1.5), keeps_up) == [(200, large * 2)]


def test_a_body_that_is_cut_short_is_not_taken_for_a_whole_one() -> None:
    assert answered(Intake(echo), (asked(content__length="6"), Line((b"abc", b"")))) == [(400, b"")]


def test_large_bodies_share_a_bounded_memory_and_forms_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MAX_HELD", 3 * intake.SMALL)
    large, form = b"a" * (intake.SMALL + 1), b"a" * intake.SMALL
    takes = Intake(echo)
    lines = [(asked(content__length=str(len(body))), Line((body,), every=0.2)) for body in (large, large, large, form)]
    statuses = [answer[0] for answer in answered(takes, *lines) if answer]
    assert statuses == [200, 200, 503, 200]
    again = (asked(content__length=str(len(large))), Line((large,)))
    assert answered(takes, again) == [(200, large)]


def test_a_request_is_told_to_django_as_wsgi_does() -> None:
    environ = environ_of(asked(host="a.example", x__forwarded__for="203.0.113.9", content__type="text/plain"), b"")
    assert environ["PATH_INFO"] == "/Ã©"
    assert environ["HTTP_HOST"] == "a.example"
    assert environ["CONTENT_TYPE"] == "text/plain"
    assert environ["HTTP_X_FORWARDED_FOR"] == "203.0.113.9"
    assert environ["REMOTE_ADDR"] == "127.0.0.1"
    assert "HTTP_CONTENT_TYPE" not in environ


def test_a_request_that_names_no_host_names_no_host_to_django() -> None:
    assert environ_of(asked(), b"")["HTTP_HOST"] == ""


def test_a_length_in_thousands_of_digits_is_the_number_it_says() -> None:
    """hyper lets leading zeros pass; Python refuses to read more than 4,300 digits."""
    padded = asked(content__length=f"{'0' * 5000}6")
    assert answered(Intake(echo), (padded, Line((b"abc", b"def")))) == [(200, b"abcdef")]
    assert environ_of(padded, b"")["CONTENT_LENGTH"] == "6"

"""A local HTTP server that answers as each test tells it, and misbehaves on demand."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

Behaviour = Callable[[socket.socket], None]


def http(
    body: bytes = b"", status: str = "200 OK", content_type: str = "application/json", headers: str = ""
) -> Behaviour:
    """An ordinary answer. `headers` are whole lines."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
    return lambda connection: connection.sendall((head + headers + "\r\n").encode() + body)


def cut(connection: socket.socket) -> None:
    """Announce more than is sent."""
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"cabinet')


def cut_in_the_head(connection: socket.socket) -> None:
    """As if it were an answer without a body."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Le")


def hang_up(_: socket.socket) -> None:
    """Close the connection without a word."""


@dataclass
class Crooked:
    """Answers each request with the next behaviour, the last one for ever, and keeps what it was sent."""

    address: str = field(init=False)
    script: list[Behaviour] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    """Set when the test ends, so that what hangs ends with it."""

    def hang(self, _: socket.socket) -> None:
        self.released.wait(30)

    def drip(self, connection: socket.socket) -> None:
        """One byte now and then, for ever."""
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n")
        self._drip_after(connection)

    def drip_in_the_head(self, connection: socket.socket) -> None:
        """The same, of a header that does not end."""
        connection.sendall(b"HTTP/1.1 200 OK\r\nServer: ")
        self._drip_after(connection)

    def _drip_after(self, connection: socket.socket) -> None:
        while not self.released.wait(0.05):
            connection.sendall(b"x")

    def answer(self, connection: socket.socket) -> None:
        self.requests.append(_read_request(connection))
        behaviour = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        with suppress(OSError):
            behaviour(connection)


def _read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return received
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    missing = int(lengths[0]) - len(body) if lengths else 0
    while missing > 0:
        piece = connection.recv(65536)
        received += piece
        missing -= len(piece)
    return received

"""A line to the portal that breaks as it is told: cut at any byte of either direction, slow, doubled, mislabelled."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import BinaryIO
from urllib.parse import urlsplit

Altered = Callable[[bytes], list[bytes | float | None]]
"""Of an answer's bytes: what the cabinet gets instead, piece by piece; a number is a pause in seconds, None the end."""


class Direction(Enum):
    REQUESTS = "requests"
    ANSWERS = "answers"


class _Cut(Exception):
    """The line breaks here, or there is nothing more to pass on."""


class BadLine:
    """Passes whole messages on, one at a time. What is set between two runs holds until `heal`."""

    def __init__(self, portal: str) -> None:
        parts = urlsplit(portal)
        self._portal = (parts.hostname or "", parts.port or 0)
        self.address = ""
        self.heal()

    def heal(self) -> None:
        """Nothing goes wrong from now on; bytes and answers are counted anew."""
        self.passed = dict.fromkeys(Direction, 0)
        self.answers = 0
        self._cut: tuple[Direction, int, bool] | None = None
        self._is_dead = False
        self._altered: dict[int, Altered] = {}

    def cut(self, direction: Direction, at: int, *, lasting: bool) -> None:
        """Break once so many bytes have passed; `lasting`: nothing passes any more, else it comes back at once."""
        self.heal()
        self._cut = (direction, at, lasting)

    def alter(self, altered: Altered, *places: int) -> None:
        """Change the answers at these places of a run, the first being 0."""
        self.heal()
        self._altered = dict.fromkeys(places, altered)

    def serve(self, near: BinaryIO, back: BinaryIO) -> None:
        """One connection of the cabinet's, until either side ends it."""
        with suppress(_Cut, OSError):
            while not self._is_dead:
                self._exchange(near, back)

    def _exchange(self, near: BinaryIO, back: BinaryIO) -> None:
        request = _message(near)
        with socket.create_connection(self._portal) as far, far.makefile("rwb") as there:
            self._pass(Direction.REQUESTS, request, there)
            answer = _message(there)
        altered = self._altered.get(self.answers, lambda whole: [whole])
        self.answers += 1
        for piece in altered(answer):
            if piece is None:
                raise _Cut
            if isinstance(piece, float):
                time.sleep(piece)
            else:
                self._pass(Direction.ANSWERS, piece, back)

    def _pass(self, direction: Direction, content: bytes, to: BinaryIO) -> None:
        goes, at, lasting = self._cut or (None, 0, False)
        left = max(0, at - self.passed[direction]) if goes is direction else len(content)
        to.write(content[:left])
        to.flush()
        self.passed[direction] += min(len(content), left)
        if left < len(content):
            self._cut, self._is_dead = None, lasting
            raise _Cut


def _message(stream: BinaryIO) -> bytes:
    """A whole one: head, and as much of a body as the head says."""
    whole, length = b"", 0
    while not whole.endswith(b"\r\n\r\n"):
        line = stream.readline()
        if not line:
            raise _Cut
        whole += line
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    return whole + stream.read(length)


@contextmanager
def bad_line(portal: str) -> Iterator[BadLine]:
    """To a portal's address, in threads of its own."""
    line = BadLine(portal)
    near: set[socket.socket] = set()

    class Connection(StreamRequestHandler):
        def handle(self) -> None:
            near.add(self.connection)
            line.serve(self.rfile, self.wfile)
            near.discard(self.connection)

    with ThreadingTCPServer(("127.0.0.1", 0), Connection) as server:
        line.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield line
        finally:
            server.shutdown()
            thread.join()
            # A cabinet that keeps its connection for the next request would be waited for.
            for connection in tuple(near):
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

"""Answers that end in time: a socket's own timeout starts anew with every byte of one that drips for ever."""

import time
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from io import BufferedReader, RawIOBase
from socket import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


def answer_until(connection: HTTPConnection, deadline: float, between: float) -> None:
    """Have its answers read, heads included, until the `deadline` of `time.monotonic`; then `TimeoutError` is raised.

    `between`: seconds between two pieces of one, at most.
    """
    connection.response_class = partial(_Response, deadline, between)  # type: ignore[assignment]  # it is only called


class _Response(HTTPResponse):
    def __init__(
        self, deadline: float, between: float, sock: socket, debuglevel: int = 0, method: str | None = None
    ) -> None:
        super().__init__(sock, debuglevel, method)
        self.fp = BufferedReader(_InTime(self.fp.detach(), sock, deadline, between))


class _InTime(RawIOBase):
    """What comes over a socket, which waits for each piece no longer than there is time left for all."""

    def __init__(self, stream: RawIOBase, sock: socket, deadline: float, between: float) -> None:
        super().__init__()
        self._stream = stream
        self._sock = sock
        self._deadline = deadline
        self._between = between

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(min(left, self._between))
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()

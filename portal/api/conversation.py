"""What every client of the portal has in common: one transport, typed shapes in and out."""

import time
from collections.abc import Callable
from typing import TypeVar

import msgspec

from portal.api import failures
from portal.api.connections import Connections
from portal.api.errors import PortalUnreachable
from portal.api.shapes import API_ROOT
from portal.api.transport import JSON, MSGPACK, Answer, Exchange, Message, Patience, Traffic, Transport

Expected = TypeVar("Expected")


class Conversation:
    """One device and its portal."""

    def __init__(
        self,
        address: str,
        token: str,
        connections: Connections,
        *,
        patience: Patience | None = None,
        wait: Callable[[float], object] = time.sleep,
        observe: Callable[[Exchange], None] | None = None,
    ) -> None:
        """`token` may be empty before enrolment. Raise `InsecureAddress` (see `transport.checked_address`)."""
        self._transport = Transport(
            address, token, connections, patience=patience or Patience(), wait=wait, observe=observe
        )

    @property
    def address(self) -> str:
        return self._transport.address

    @property
    def traffic(self) -> Traffic:
        """What went over the wire since this client was made, attempts that failed included."""
        return self._transport.traffic

    def _ask(self, message: Message, expected: type[Expected]) -> Expected:
        return self._decoded(self._transport.send(message), expected)

    def _tell(self, message: Message) -> None:
        """Send what has no answer but "done"."""
        self._transport.send(message)

    def _decoded(self, answer: Answer, expected: type[Expected]) -> Expected:
        decode = msgspec.msgpack.decode if answer.content_type == MSGPACK else msgspec.json.decode
        try:
            return decode(answer.body, type=expected)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            error = self._misunderstood()
        # Raised here, so that the answer's content does not hang on the exception.
        raise error

    def _misunderstood(self) -> PortalUnreachable:
        return failures.misunderstood(self._transport.host)


def path_of(path: str) -> str:
    """The full path of an address of the API."""
    return API_ROOT + path


def get(path: str) -> Message:
    return Message("GET", path_of(path))


def sending(method: str, path: str, body: msgspec.Struct, *, idempotent: bool = True) -> Message:
    """A request with `body` as JSON."""
    return Message(method, path_of(path), msgspec.json.encode(body), JSON, idempotent=idempotent)

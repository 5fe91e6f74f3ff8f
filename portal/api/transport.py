"""One HTTP exchange with the portal: where credentials may go, what is tried again, and what is not the portal's.

Nothing here knows what the requests mean. No exception raised here holds the token, a body or a patient's name: the
library's own exceptions carry the whole request, so ours are raised outside their handlers.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from urllib.parse import urlsplit

import msgspec
import zstandard

from cabinet.version import VERSION
from portal.api import failures
from portal.api.connections import LOOPBACK_HOSTS, Connections, NotConnected
from portal.api.errors import DeviceRefused, InsecureAddress, PortalError, PortalRefused
from portal.api.in_time import answer_until
from portal.api.shapes import PROTOCOL, PROTOCOL_HEADER, ProblemDocument

JSON = "application/json"
MSGPACK = "application/msgpack"
PROBLEM = "application/problem+json"
PICTURES = "image/*"
"""What `Message.accept` says of a picture of whatever kind."""

COMPRESS_ABOVE = 1024
"""Bytes: below, zstd's frame costs about what it saves."""
ZSTD_LEVEL = 3
MAX_ANSWER_BYTES = 64 * 1024 * 1024
"""A manifest of a million patients fits; a decompression bomb does not."""
_CHUNK = 64 * 1024
_AGENT = f"WebOrtho/{VERSION}"
_RETRIED = frozenset({429, 502, 503, 504})


class Patience(msgspec.Struct, frozen=True):
    """How long an exchange may take, and how often it is tried. Seconds."""

    connect: float = 10
    read: float = 60
    """Between two pieces of the answer."""
    whole: float = 300
    """For all of it, head and body: a server that drips one byte a minute does not hold the night's run."""
    attempts: int = 5
    first_pause: float = 1
    longest_pause: float = 60
    """Also the longest Retry-After that is waited for."""


class Exchange(msgspec.Struct, frozen=True):
    """One request as it was made, for counts and logs: no query, no header, no body."""

    method: str
    path: str
    status: int
    """0 when no answer came."""
    bytes_sent: int
    bytes_received: int
    """Both with headers, as on the wire before TLS."""
    seconds: float


class Traffic(msgspec.Struct, frozen=True):
    """All exchanges of a client so far. Bytes with headers, as on the wire before TLS."""

    requests: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0

    def plus(self, exchange: Exchange) -> "Traffic":
        return Traffic(
            self.requests + 1, self.bytes_sent + exchange.bytes_sent, self.bytes_received + exchange.bytes_received
        )

    def since(self, earlier: "Traffic") -> "Traffic":
        return Traffic(
            self.requests - earlier.requests,
            self.bytes_sent - earlier.bytes_sent,
            self.bytes_received - earlier.bytes_received,
        )


class Answer(msgspec.Struct, frozen=True):
    status: int
    content_type: str
    etag: str
    body: bytes

    def __repr__(self) -> str:
        return f"Answer({self.status}, {self.content_type!r})"


class Message(msgspec.Struct, frozen=True):
    """A request before it is sent. `idempotent`: sending it twice does no harm, so a lost answer is asked again."""

    method: str
    path: str
    content: bytes = b""
    content_type: str = ""
    etag: str = ""
    accept: str = JSON
    idempotent: bool = True

    def __repr__(self) -> str:
        return f"Message({self.method!r}, {self.path!r})"


class _Failure(msgspec.Struct, frozen=True):
    error: PortalError
    transient: bool
    """Worth another attempt."""
    unsent: bool = False
    """The request never reached a server, so that even one that must not be repeated may be sent again."""
    retry_after: float | None = None


def checked_address(address: str) -> str:
    """The portal's address without its last slash. Raise `InsecureAddress` unless https, or http to this computer."""
    address = address.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        host, port_is_valid = parts.hostname or "", parts.port != 0
    except ValueError:
        host, port_is_valid, parts = "", False, urlsplit("")
    if not host or not port_is_valid or parts.username is not None or parts.query or parts.fragment:
        raise InsecureAddress(
            "L’adresse du portail n’est pas complète ou contient autre chose qu’une adresse.",
            "Recopiez l’adresse reçue de votre hébergeur, par exemple https://portail.exemple.fr.",
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK_HOSTS):
        raise InsecureAddress(
            f"L’adresse du portail ({parts.scheme}://{host}) n’est pas sécurisée. Rien n’a été envoyé.",
            "Utilisez l’adresse qui commence par https://.",
        )
    return address


class Transport:
    """Sends messages to one portal. Not for use by several threads at once."""

    def __init__(
        self,
        address: str,
        token: str,
        connections: Connections,
        *,
        patience: Patience,
        wait: Callable[[float], object] = time.sleep,
        observe: Callable[[Exchange], None] | None = None,
    ) -> None:
        """`wait` sleeps between attempts (a cancelled run makes it raise); `observe` sees every exchange."""
        self.address = checked_address(address)
        self._parts = urlsplit(self.address)
        self.host = self._parts.hostname or ""
        # What no portal can have given is not sent, and so in no complaint about it: the portal says what is missing.
        self._token = token if token.isascii() and token.isprintable() else ""
        self._connections = connections
        self._patience = patience
        self._wait = wait
        self._observe = observe
        self.traffic = Traffic()
        self._jitter = random.Random()  # noqa: S311 - spreads attempts in time, guards nothing

    def send(self, message: Message) -> Answer:
        """Send until an answer of the portal comes, or patience ends.

        Raise `PortalUnreachable`, `PortalRefused` or `DeviceRefused`; status 304 is an answer.
        """
        for attempt in range(1, self._patience.attempts + 1):
            outcome = self._attempt(message)
            if isinstance(outcome, Answer):
                return outcome
            pause = self._pause(attempt, outcome.retry_after)
            repeatable = outcome.unsent or (outcome.transient and message.idempotent)
            if not repeatable or pause is None:
                raise outcome.error
            self._wait(pause)
        raise AssertionError("the last attempt has no pause")

    def _pause(self, attempt: int, retry_after: float | None) -> float | None:
        """Seconds before the next attempt; None when there is to be none."""
        if attempt >= self._patience.attempts:
            return None
        if retry_after is not None:
            return retry_after if retry_after <= self._patience.longest_pause else None
        ceiling = min(self._patience.longest_pause, self._patience.first_pause * 2.0 ** (attempt - 1))
        # Half fixed, half random: cabinets cut off together do not come back together.
        return ceiling / 2 + self._jitter.uniform(0, ceiling / 2)

    def _attempt(self, message: Message) -> Answer | _Failure:
        started = time.monotonic()
        target, status, received = self._parts.path + message.path, 0, 0
        headers, body = self._prepared(message)
        try:
            deadline = started + self._patience.whole
            with self._answered(message.method, target, headers, body, deadline) as response:
                status = response.status
                raw = self._read(response)
            received = _head_bytes(f"HTTP/1.1 {status} {response.reason or ''}", response.headers.items()) + len(raw)
            outcome = self._judge(message, response, raw)
        except NotConnected as error:
            outcome = _Failure(error.tell(self.host), transient=error.is_transient, unsent=True)
        except (OSError, HTTPException) as error:
            outcome = self._broken(error, has_begun=status > 0)
        except (_TooLarge, zstandard.ZstdError):
            outcome = _Failure(failures.foreign(self.host), transient=False)
        first_lines = f"{message.method} {target} HTTP/1.1\r\nHost: {self._parts.netloc}"
        sent = _head_bytes(first_lines, headers.items()) + len(body)
        exchange = Exchange(message.method, message.path, status, sent, received, time.monotonic() - started)
        self.traffic = self.traffic.plus(exchange)
        if self._observe:
            self._observe(exchange)
        return outcome

    def _prepared(self, message: Message) -> tuple[dict[str, str], bytes]:
        """The headers and the body, as they travel."""
        headers = {"Accept": f"{message.accept}, {PROBLEM}", "Accept-Encoding": "zstd", "User-Agent": _AGENT}
        headers[PROTOCOL_HEADER] = str(PROTOCOL)
        content = message.content
        if message.content_type:
            headers["Content-Type"] = message.content_type
        if len(content) > COMPRESS_ABOVE and message.content_type in (JSON, MSGPACK):
            content = zstandard.compress(content, ZSTD_LEVEL)
            headers["Content-Encoding"] = "zstd"
        if message.etag:
            headers["If-None-Match"] = f'"{message.etag}"'
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if content:
            headers["Content-Length"] = str(len(content))
        return headers, content

    @contextmanager
    def _answered(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes, deadline: float
    ) -> Iterator[HTTPResponse]:
        """The answer once its head is read. Asked once, and followed nowhere: the portal is at its own address."""
        with self._connections.to(self.address).connection(self._patience.connect) as connection:
            connection.sock.settimeout(self._patience.read)
            answer_until(connection, deadline, self._patience.read)
            connection.request(method, target, body or None, headers)
            with connection.getresponse() as response:
                yield response

    def _broken(self, error: OSError | HTTPException, *, has_begun: bool) -> _Failure:
        """What is said of a connection that failed; `has_begun`: the answer's head came."""
        if isinstance(error, TimeoutError):
            return _Failure(failures.silent(self.host), transient=True)
        return _Failure((failures.cut if has_begun else failures.no_connection)(self.host), transient=True)

    def _read(self, response: HTTPResponse) -> bytes:
        """The body as it came, or an exception when it is cut or endless."""
        pieces = bytearray()
        # `read1`, not `read`: what is endless is so at once, not at the end.
        while piece := response.read1(_CHUNK):
            pieces += piece
            if len(pieces) > MAX_ANSWER_BYTES:
                raise _TooLarge
        if response.length or (not pieces and not _has_whole_head(response)):
            raise ConnectionError
        return bytes(pieces)

    def _judge(self, message: Message, response: HTTPResponse, raw: bytes) -> Answer | _Failure:
        status = response.status
        if status == 304 and message.etag:
            return Answer(status, "", message.etag, b"")
        if 300 <= status < 400:
            return _Failure(failures.redirected(self.host), transient=False)
        encoding = response.headers.get("Content-Encoding", "identity")
        if encoding not in ("identity", "zstd"):
            return _Failure(failures.foreign(self.host), transient=False)
        body = _decompressed(raw) if encoding == "zstd" else raw
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if status >= 400:
            return self._refusal(status, kind, body, response.headers.get("Retry-After", ""))
        is_picture = message.accept == PICTURES and kind.startswith("image/")
        if status == 204 or kind == message.accept or is_picture:
            etag = response.headers.get("ETag", "").removeprefix("W/").strip('"')
            return Answer(status, kind, etag, body)
        return _Failure(failures.foreign(self.host), transient=False)

    def _refusal(self, status: int, kind: str, body: bytes, retry_after: str) -> _Failure:
        error: PortalError
        document = _problem(body) if kind == PROBLEM else None
        if document is None:
            error = failures.broken(self.host, status) if status >= 500 else failures.foreign(self.host)
        else:
            name = document.type.removeprefix("urn:webortho:")
            refusal = DeviceRefused if status in (401, 403) else PortalRefused
            error = refusal(document.title, document.detail, kind=name, status=status)
        return _Failure(error, transient=status in _RETRIED, retry_after=_seconds(retry_after))


class _TooLarge(Exception):
    """More bytes than any answer of the portal has."""


def _has_whole_head(response: HTTPResponse) -> bool:
    """Whether an answer without a body ended where it should: a line that is cut within the headers looks like one."""
    return response.status in (204, 304) or any(
        name in response.headers for name in ("Content-Length", "Transfer-Encoding")
    )


def _decompressed(raw: bytes) -> bytes:
    with zstandard.ZstdDecompressor().stream_reader(raw) as reader:
        body = reader.read(MAX_ANSWER_BYTES + 1)
    if len(body) > MAX_ANSWER_BYTES:
        raise _TooLarge
    return body


def _problem(body: bytes) -> ProblemDocument | None:
    try:
        return msgspec.json.decode(body, type=ProblemDocument)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _seconds(retry_after: str) -> float | None:
    """Seconds of a Retry-After header, which is a number or a date (RFC 9110, 10.2.3); None when it is neither."""
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        when = parsedate_to_datetime(retry_after)
    except (TypeError, ValueError):
        return None
    if when.tzinfo is None:
        return None
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def _head_bytes(first_lines: str, headers: Iterable[tuple[str, str]]) -> int:
    """Size of a message's head on the wire: each header is name, colon, space, value, line end."""
    return len(first_lines) + 2 + sum(len(name) + len(value) + 4 for name, value in headers) + 2

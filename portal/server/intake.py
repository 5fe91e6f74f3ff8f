"""Takes each request in whole, on the event loop and under a deadline, before it costs one of the few threads.

granian speaks RSGI to this module, which calls Django's WSGI application once the body is there: whoever sends slowly
waits alone. Headers whose name has an underscore are left out, as nginx does: in WSGI's spelling `X_Forwarded_For` is
the same as the `X-Forwarded-For` of a trusted proxy.
"""

import asyncio
import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from io import BytesIO
from wsgiref.types import WSGIApplication, WSGIEnvironment

from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined]  # granian's public names

from portal.server.headers import HEADERS

THREADS = 8
"""A page is a few milliseconds; a sign-in holds a thread for its argon2 hash of 19 MiB."""
PATIENCE = 15.0
"""Seconds that any body may take."""
BYTES_A_SECOND = 4096
"""What a larger body must keep up with beyond that: a cabinet's slow line uploads its photos all the same."""
MAX_BODY = 6 * 1024 * 1024
"""Django's own limit (DATA_UPLOAD_MAX_MEMORY_SIZE): it refuses what is larger in its own words, unread."""
SMALL = 64 * 1024
"""Bytes: every form that people fill in."""
MAX_HELD = 64 * 1024 * 1024
"""Bytes of bodies that are not small, in memory at once."""
RETRY_AFTER = 5
"""Seconds."""

_SENTENCES = {
    HTTPStatus.REQUEST_TIMEOUT: "Votre envoi est trop lent. Vérifiez votre connexion, puis recommencez.",
    HTTPStatus.LENGTH_REQUIRED: "Votre envoi ne dit pas sa longueur. Mettez votre navigateur à jour, puis recommencez.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Le portail est très sollicité. Réessayez dans un instant.",
}
_BASE: WSGIEnvironment = {
    "SCRIPT_NAME": "",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}
_log = logging.getLogger("portal.requests")


class _Refused(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class _HungUp(Exception):
    """Nobody reads an answer any more."""


class Intake:
    """A WSGI application as an RSGI one (https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md)."""

    def __init__(self, application: WSGIApplication, *, patience: float = PATIENCE) -> None:
        self._application = application
        self._patience = patience
        self._threads = ThreadPoolExecutor(THREADS, "portal")
        self._held = 0

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        length = _announced_length(scope)
        held = length if SMALL < length <= MAX_BODY else 0
        self._held += held
        try:
            if self._held > MAX_HELD and held:
                raise _Refused(HTTPStatus.SERVICE_UNAVAILABLE)
            if "transfer-encoding" in scope.headers:
                raise _Refused(HTTPStatus.LENGTH_REQUIRED)
            body = await self._whole(protocol, length) if 0 < length <= MAX_BODY else b""
            environ = environ_of(scope, body)
            await asyncio.get_running_loop().run_in_executor(self._threads, self._answer, environ, protocol)
        except _Refused as refused:
            _refuse(protocol, refused.status)
        except _HungUp:
            protocol.response_empty(HTTPStatus.BAD_REQUEST, [])
        finally:
            self._held -= held

    async def _whole(self, protocol: HTTPProtocol, length: int) -> bytes:
        """The body of `length` bytes. Raise `_Refused` when it comes too slowly, `_HungUp` when its end never comes."""
        chunks, received = [], 0
        deadline = asyncio.get_running_loop().time() + self._patience
        try:
            async with asyncio.timeout_at(deadline) as limit:
                async for chunk in protocol:
                    chunks.append(chunk)
                    received += len(chunk)
                    limit.reschedule(deadline + received / BYTES_A_SECOND)
        except TimeoutError:
            raise _Refused(HTTPStatus.REQUEST_TIMEOUT) from None
        if received != length:
            raise _HungUp
        return b"".join(chunks)

    def _answer(self, environ: WSGIEnvironment, protocol: HTTPProtocol) -> None:
        """On a thread: every answer of the portal is one piece."""
        head: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> None:
            head.append((status, headers))

        response = self._application(environ, start_response)  # type: ignore[arg-type]  # nobody uses write()
        try:
            content = b"".join(response)
        finally:
            response.close()  # type: ignore[attr-defined]  # Django's responses have it
        [(status, headers)] = head
        protocol.response_bytes(int(status.partition(" ")[0]), headers, content)


def environ_of(scope: Scope, body: bytes) -> WSGIEnvironment:
    """What WSGI calls a request (PEP 3333)."""
    server, _, port = scope.server.rpartition(":")
    environ = _BASE | {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = f"HTTP_{name.replace('-', '_').upper()}"
        if key not in environ:
            environ[key] = value
        else:
            environ[key] += f"{';' if name == 'cookie' else ','}{value}"
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        environ[name] = environ.pop(f"HTTP_{name}", "")
    if environ["CONTENT_LENGTH"]:
        environ["CONTENT_LENGTH"] = str(_announced_length(scope))
    # An empty one is refused; without any, Django would take the server's own name for it.
    environ.setdefault("HTTP_HOST", scope.authority or "")
    return environ


def _announced_length(scope: Scope) -> int:
    """hyper has refused what is no number below 2**64, but lets any number of zeros stand before it."""
    return int((scope.headers.get("content-length") or "").lstrip("0") or 0)


def _refuse(protocol: HTTPProtocol, status: HTTPStatus) -> None:
    _log.info("refused %d before it was read", status)
    headers = HEADERS | {
        "Content-Type": "text/plain; charset=utf-8",
        "Cache-Control": "no-store",
        "Connection": "close",
        "Retry-After": str(RETRY_AFTER),
    }
    protocol.response_str(status, list(headers.items()), _SENTENCES[status])

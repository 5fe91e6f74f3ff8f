"""Connections to portals, kept open between requests: through which proxy, and by which certificates they are trusted.

The computer's environment decides, by the names that other programs know too: HTTPS_PROXY, ALL_PROXY and NO_PROXY, or
the proxy of the operating system; REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE, a file or a folder of certificates. To this
computer itself there is no proxy.

Python's own HTTP does all of it: a larger library was a sixth of all that a night loads.
"""

import os
import ssl
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

from portal.api import failures
from portal.api.errors import PortalUnreachable
from portal.api.in_time import answer_until

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class NotConnected(Exception):
    """No connection came about: nothing was sent."""

    def __init__(self, tell: Callable[[str], PortalUnreachable], *, is_transient: bool = True) -> None:
        """`tell` says it of a host; `is_transient`: worth another attempt."""
        super().__init__()
        self.tell = tell
        self.is_transient = is_transient


class Connections:
    """Closed at the end of its `with`. One serves several clients, and several portals."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for line in self._lines.values():
            line.close()

    def to(self, address: str) -> "Line":
        """The line to the portal at `address`. Raise `NotConnected` where its proxy or its certificates are none."""
        if address not in self._lines:
            self._lines[address] = Line(address)
        return self._lines[address]


class Line:
    """The connections to one portal. Each serves one exchange after the other."""

    def __init__(self, address: str) -> None:
        """Raise `NotConnected`, as `Connections.to` says."""
        self._parts = urlsplit(address)
        self.proxy = _proxy_of(address)
        """Its address; empty for none."""
        self._trust = _trust() if self._parts.scheme == "https" else None
        self._idle: list[HTTPConnection] = []

    @contextmanager
    def connection(self, seconds: float) -> Iterator[HTTPConnection]:
        """One that is open; opening it takes as long at most. Raise `NotConnected`.

        It stays open for the next exchange, unless an exception leaves the block or its answer was its last.
        """
        connection = self._kept() or self._opened(seconds)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if connection.sock is not None:
            self._idle.append(connection)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _kept(self) -> HTTPConnection | None:
        while self._idle:
            connection = self._idle.pop()
            if not _has_something_to_say(connection):
                return connection
            connection.close()
        return None

    def _opened(self, seconds: float) -> HTTPConnection:
        tell, is_transient = failures.no_connection, True
        connection = None
        try:
            connection = self._unconnected(seconds)
            answer_until(connection, time.monotonic() + seconds, seconds)  # a proxy's
            connection.connect()
        except TimeoutError:
            tell = failures.silent
        except ssl.SSLEOFError:  # hung up in the middle, by whoever it was
            pass
        except ssl.SSLError:
            tell, is_transient = failures.bad_certificate, False
        except (OSError, HTTPException, UnicodeError):  # the last for a name that cannot be one
            pass
        else:
            return connection
        # Outside of the handlers: what they hold is of no use to whoever reads a log.
        if connection is not None:
            connection.close()
        raise NotConnected(tell, is_transient=is_transient)

    def _unconnected(self, seconds: float) -> HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._trust is None:
            return HTTPConnection(host, port, timeout=seconds)
        if not self.proxy:
            return HTTPSConnection(host, port, timeout=seconds, context=self._trust)
        proxy = urlsplit(self.proxy)
        connection = HTTPSConnection(proxy.hostname or "", proxy.port or 80, timeout=seconds, context=self._trust)
        connection.set_tunnel(host, port or 443, _account(proxy))
        return connection


def _has_something_to_say(connection: HTTPConnection) -> bool:
    """Of one that nothing was asked: that it hangs up."""
    with DefaultSelector() as selector:
        selector.register(connection.sock, EVENT_READ)
        return bool(selector.select(0))


def _proxy_of(address: str) -> str:
    """The address of the proxy that leads there; empty for none. Raise `NotConnected` for what is no such address.

    What NO_PROXY may say, and where each operating system keeps it, requests knows: where no proxy is named, as at most
    cabinets, it need not be loaded.
    """
    if urlsplit(address).hostname in LOOPBACK_HOSTS or not _names_a_proxy():
        return ""
    from requests.utils import get_environ_proxies, select_proxy  # noqa: PLC0415 - see above

    proxy = select_proxy(address, get_environ_proxies(address)) or ""
    if proxy and "://" not in proxy:
        proxy = f"http://{proxy}"
    if proxy and not _is_usable(proxy):
        raise NotConnected(failures.bad_proxy, is_transient=False)
    return proxy


def _names_a_proxy() -> bool:
    if any(name.lower().endswith("_proxy") for name in os.environ):
        return True
    if sys.platform not in ("darwin", "win32"):
        return False
    from urllib.request import getproxies  # noqa: PLC0415 - these systems alone keep proxies elsewhere

    return bool(getproxies())


def _is_usable(proxy: str) -> bool:
    try:
        parts = urlsplit(proxy)
        HTTPConnection(parts.hostname or "", parts.port)
        _account(parts)
    except (HTTPException, ValueError):  # no address, or a password in signs that HTTP cannot carry
        return False
    return parts.scheme == "http" and bool(parts.hostname)


def _account(proxy: SplitResult) -> dict[str, str]:
    """The header that opens a proxy with a password (RFC 7617). Raise `UnicodeError`."""
    if not proxy.username:
        return {}
    account = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(account.encode('latin-1')).decode()}"}


def _public() -> str:
    """The file of those whom browsers believe."""
    import certifi  # noqa: PLC0415 - a portal on this computer, and a cabinet that names its own, need none

    return certifi.where()


def _trust() -> ssl.SSLContext:
    """Whose certificates are believed. Raise `NotConnected` where they cannot be read."""
    named = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or _public()
    try:
        is_folder = Path(named).is_dir()
        trust = ssl.create_default_context(cafile=None if is_folder else named, capath=named if is_folder else None)
    except (OSError, ValueError):  # as where this account may not look: what cannot be read vouches for nobody
        trust = None
    if trust is None:
        raise NotConnected(failures.bad_certificate, is_transient=False)
    trust.set_alpn_protocols(["http/1.1"])
    return trust

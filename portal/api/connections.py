"""Connections to portals, kept open between requests: through which proxy, and by which certificates they are trusted.

The computer's environment decides, by the names that other programs know too: HTTPS_PROXY, ALL_PROXY and NO_PROXY, or
the proxy of the operating system; REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE, a file or a folder of certificates. To this
computer itself there is no proxy.
"""

import os
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from urllib.request import getproxies

import certifi
import urllib3

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class Connections:
    """Closed at the end of its `with`. One serves several clients, and several portals."""

    def __init__(self) -> None:
        self._pools: dict[str, urllib3.HTTPConnectionPool] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pool in self._pools.values():
            pool.close()

    def to(self, address: str) -> urllib3.HTTPConnectionPool:
        """The connections to the portal at `address`. Raise urllib3's `HTTPError` where its proxy is none."""
        if address not in self._pools:
            self._pools[address] = _pool(address)
        return self._pools[address]


def _pool(address: str) -> urllib3.HTTPConnectionPool:
    trust = _trust() if urlsplit(address).scheme == "https" else {}
    proxy = _proxy_of(address)
    if not proxy:
        return urllib3.connection_from_url(address, **trust)
    from requests.utils import get_auth_from_url  # noqa: PLC0415 - see _proxy_of

    try:
        account = ":".join(get_auth_from_url(proxy))
        headers = urllib3.make_headers(proxy_basic_auth=account) if account != ":" else {}
    except ValueError as error:  # no address, or a password in signs that HTTP cannot carry
        raise urllib3.exceptions.LocationParseError(address) from error
    return urllib3.ProxyManager(proxy, proxy_headers=headers, **trust).connection_from_url(address)


def _proxy_of(address: str) -> str:
    """The address of the proxy that leads there; empty for none.

    What NO_PROXY may say, and where each operating system keeps it, requests knows: where no proxy is named, as at most
    cabinets, it need not be loaded.
    """
    if urlsplit(address).hostname in LOOPBACK_HOSTS or not getproxies():
        return ""
    from requests.utils import get_environ_proxies, select_proxy  # noqa: PLC0415 - see above

    proxy = select_proxy(address, get_environ_proxies(address)) or ""
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def _trust() -> dict[str, Any]:
    """Options of urllib3: whose certificates are believed."""
    named = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or certifi.where()
    try:
        is_folder = Path(named).is_dir()
    except OSError:  # as where this account may not look: what cannot be read vouches for nobody
        is_folder = False
    return {"cert_reqs": "CERT_REQUIRED", "ca_cert_dir" if is_folder else "ca_certs": named}

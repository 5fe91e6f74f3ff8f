"""Through which proxy a portal is reached, and by whose certificate it is believed: as the environment says."""

import base64
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from portal.api.client import PortalClient
from portal.api.connections import Connections
from portal.api.errors import PortalUnreachable
from portal.api.shapes import Role, Self
from portal.api.transport import Patience
from tests.portal.api.crooked import Crooked
from tests.portal.api.listening import listening
from tests.portal.api.tls import PORTAL, Certificate, Server, certificate, head_of, serving

MYSELF = Self("demo", "Cabinet Démo", "Europe/Paris", Role.SYNC, "serveur")
BODY = msgspec.json.encode(MYSELF)
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
    + f"Content-Length: {len(BODY)}\r\n\r\n".encode()
    + BODY
)
ONCE = Patience(connect=15, read=15, attempts=1)
ADDRESS = f"https://{PORTAL}"
PROXY = "http://127.0.0.1:3128"
Serving = Callable[..., AbstractContextManager[Server]]


@pytest.fixture
def connections() -> Iterator[Connections]:
    with Connections() as connections:
        yield connections


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the computer that runs the tests is told is none of them."""
    for name in tuple(os.environ):
        if name.lower().endswith(("_proxy", "_ca_bundle")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def portal(own: Certificate) -> Serving:
    return partial(serving, ANSWER, own.serving())


def ask(connections: Connections, address: str) -> Self:
    return PortalClient(address, "sourire.jeton", connections, patience=ONCE).myself()


# Certificates


def test_a_certificate_that_nobody_vouches_for_is_told_and_nothing_is_sent(
    connections: Connections, portal: Serving
) -> None:
    with portal() as server, pytest.raises(PortalUnreachable) as unreachable:
        ask(connections, f"https://localhost:{server.port}")
    assert unreachable.value.what == (
        "Le certificat du portail localhost n’a pas pu être vérifié. Rien n’a été envoyé."
    )
    assert server.asked == []


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_file_of_certificates_that_the_computer_names_is_believed(
    connections: Connections, portal: Serving, own: Certificate, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, str(own.file))
    with portal() as server:
        assert ask(connections, f"https://localhost:{server.port}") == MYSELF


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl names the files of such a folder")
def test_a_folder_of_certificates_is_believed_too(
    connections: Connections, portal: Serving, own: Certificate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["openssl", "x509", "-hash", "-noout", "-in", str(own.file)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    (tmp_path / f"{told}.0").write_bytes(own.file.read_bytes())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
    with portal() as server:
        assert ask(connections, f"https://localhost:{server.port}") == MYSELF


@pytest.mark.parametrize("name", ["none.pem", "n" * 300], ids=["missing", "no file's name"])
def test_certificates_that_are_not_where_they_are_said_to_be_let_nothing_pass(
    connections: Connections, portal: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / name))
    with portal() as server, pytest.raises(PortalUnreachable, match=r"n’a pas pu être vérifié\. Rien n’a été envoyé"):
        ask(connections, f"https://localhost:{server.port}")


def test_a_certificate_of_another_name_is_not_believed(
    connections: Connections, portal: Serving, own: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(own.file))
    with portal() as server, pytest.raises(PortalUnreachable, match="n’a pas pu être vérifié"):
        ask(connections, f"https://127.0.0.1:{server.port}")


# Proxies


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_the_computer_s_proxy_passes_on_what_it_cannot_read(
    connections: Connections, portal: Serving, own: Certificate, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(own.file))
    with portal(is_proxy=True) as proxy:
        monkeypatch.setenv(name, f"accueil:mot%20de%20passe@127.0.0.1:{proxy.port}")
        assert ask(connections, ADDRESS) == MYSELF
    to_proxy, to_portal = proxy.asked
    assert to_proxy.startswith(f"CONNECT {PORTAL}:443 ".encode())
    account = base64.b64encode(b"accueil:mot de passe")
    assert b"proxy-authorization: basic " + account.lower() in to_proxy.lower()
    assert b"sourire.jeton" not in to_proxy
    assert to_portal.startswith(b"GET /api/v1/self HTTP/1.1\r\n")
    assert account not in to_portal


def test_a_proxy_that_lets_nobody_through_is_told(
    connections: Connections, portal: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    with portal(is_proxy=True, refuses=True) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"accueil:sesame@127.0.0.1:{proxy.port}")
        with pytest.raises(PortalUnreachable, match=f"Le portail {PORTAL} est injoignable") as unreachable:
            ask(connections, ADDRESS)
    assert "sesame" not in repr(vars(unreachable.value))


def test_a_proxy_that_drips_is_given_up(
    connections: Connections, crooked: Crooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    crooked.script = [crooked.drip_in_the_head]
    monkeypatch.setenv("HTTPS_PROXY", crooked.address)
    patience = Patience(connect=0.3, attempts=1)
    with pytest.raises(PortalUnreachable, match=f"Le portail {PORTAL} ne répond pas"):
        PortalClient(ADDRESS, "sourire.jeton", connections, patience=patience).myself()


@pytest.mark.parametrize(
    "value",
    [
        "socks5://127.0.0.1:1080",
        "https://127.0.0.1:3128",
        "http://",
        "http://[::1",
        "pas une adresse",
        "accueil:10%E2%82%AC@127.0.0.1:9",
    ],
)
def test_a_proxy_that_is_none_is_told(connections: Connections, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value)
    with pytest.raises(PortalUnreachable, match=r"^Le proxy de ce poste n’a pas une adresse utilisable"):
        ask(connections, ADDRESS)


@pytest.mark.parametrize(
    ("no_proxy", "address"),
    [
        (PORTAL, ADDRESS),
        ("exemple.fr", ADDRESS),
        (".exemple.fr", ADDRESS),
        ("ailleurs.fr, exemple.fr", ADDRESS),
        (f"{PORTAL}:8443", f"{ADDRESS}:8443"),
        ("*", ADDRESS),
        ("192.0.2.0/24", "https://192.0.2.7"),
        ("192.0.2.7", "https://192.0.2.7"),
        ("", "http://127.0.0.1:8000"),
        ("", "http://localhost:8000"),
        ("", "http://[::1]:8000"),
    ],
)
def test_what_needs_no_proxy_has_none(
    connections: Connections, monkeypatch: pytest.MonkeyPatch, no_proxy: str, address: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("HTTP_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", no_proxy)
    assert connections.to(address).proxy == ""


def test_a_proxy_that_windows_keeps_is_gone_through(connections: Connections, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.api.connections.sys", SimpleNamespace(platform="win32"))
    for module in ("urllib.request", "requests.utils"):
        monkeypatch.setattr(f"{module}.getproxies", lambda: {"https": PROXY})
    assert connections.to(ADDRESS).proxy == PROXY


@pytest.mark.parametrize("no_proxy", ["", "autre.fr", "emple.fr", f"{PORTAL}:8443", "198.51.100.0/24"])
def test_other_exceptions_change_nothing(
    connections: Connections, monkeypatch: pytest.MonkeyPatch, no_proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", no_proxy)
    assert connections.to(ADDRESS).proxy == PROXY


# How many


def test_one_connection_serves_what_follows_until_the_portal_hangs_up() -> None:
    served: list[int] = []
    hung_up = threading.Event()

    def answer(connection: socket.socket) -> None:
        served.append(0)
        for _ in range(2):
            try:
                head_of(connection)
            except ConnectionError:
                return
            served[-1] += 1
            connection.sendall(ANSWER.replace(b"Connection: close\r\n", b""))
        connection.shutdown(socket.SHUT_RDWR)
        hung_up.set()

    with listening(answer) as port, Connections() as connections:
        address = f"http://127.0.0.1:{port}"
        assert [ask(connections, address), ask(connections, address)] == [MYSELF] * 2
        assert hung_up.wait(15)
        assert ask(connections, address) == MYSELF
    assert served == [2, 1]


def test_a_portal_s_connections_are_its_own(connections: Connections) -> None:
    first, again, other = map(connections.to, (ADDRESS, ADDRESS, "https://ailleurs.exemple.fr"))
    assert first is again
    assert first is not other

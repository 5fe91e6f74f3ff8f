"""A certificate of one's own, and a proxy before a portal: what stands between a cabinet and its portal."""

import datetime as dt
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.portal.api.listening import listening

PORTAL = "portail.exemple.fr"


@dataclass(frozen=True)
class Certificate:
    """For `PORTAL` and for this computer, signed by itself."""

    file: Path
    key: Path

    def serving(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.file, self.key)
        return context


def certificate(folder: Path) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, PORTAL)])
    names = x509.SubjectAlternativeName([x509.DNSName(PORTAL), x509.DNSName("localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate = Certificate(folder / "certificate.pem", folder / "key.pem")
    certificate.file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    certificate.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return certificate


@dataclass
class Server:
    """Answers each request over TLS with `whole`; a proxy does once it was asked to connect (RFC 9110, 9.3.6)."""

    whole: bytes
    tls: ssl.SSLContext
    is_proxy: bool
    refuses: bool
    port: int = field(init=False)
    asked: list[bytes] = field(default_factory=list)
    """The heads that came, the proxy's own included."""

    def answer(self, connection: socket.socket) -> None:
        with suppress(OSError):  # a certificate that was not believed
            if self.is_proxy:
                self.asked.append(head_of(connection))
                connection.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n" if self.refuses else b"HTTP/1.1 200 OK\r\n\r\n")
            with self.tls.wrap_socket(connection, server_side=True) as safe:
                self.asked.append(head_of(safe))
                safe.sendall(self.whole)


@contextmanager
def serving(whole: bytes, tls: ssl.SSLContext, *, is_proxy: bool = False, refuses: bool = False) -> Iterator[Server]:
    server = Server(whole, tls, is_proxy, refuses)
    with listening(server.answer) as server.port:
        yield server


def head_of(connection: socket.socket) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = connection.recv(1)
        if not piece:
            raise ConnectionError
        head += piece
    return head

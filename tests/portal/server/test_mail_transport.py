"""E-mails against a real SMTP server: one that takes them, refuses, defers, hangs, and drops the connection."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from portal.server.config import PortalConfig, read_config
from portal.server.mail.queue import Envelope as Mail
from portal.server.mail.transport import (
    FolderTransport,
    MailConfigError,
    Result,
    SmtpTransport,
    transport_of,
)
from portal.server.mail.trial import problem_with

MAIL = Mail("portail@exemple.fr", "parent@exemple.fr", b"Subject: x\r\n\r\n.un point\r\n..deux\r\nfin\r\n")


class Server:
    """What the server answers at each step ("" for the usual), and what it received."""

    def __init__(self) -> None:
        self.mail = self.rcpt = self.data = ""
        self.drops_after_data = self.hangs = False
        self.received: list[Envelope] = []

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: ARG002, N802 - aiosmtpd's
        if self.hangs:
            await asyncio.sleep(30)
        envelope.mail_from = address
        return self.mail or "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: ARG002, N802 - as above
        if not self.rcpt:
            envelope.rcpt_tos.append(address)
        return self.rcpt or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - as above
        self.received.append(envelope)
        if self.drops_after_data:
            assert server.transport is not None
            server.transport.abort()
        return self.data or "250 OK"


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def port(server: Server) -> Iterator[int]:
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller.port
    controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def plain(port: int, **options: Any) -> SmtpTransport:
    return SmtpTransport("127.0.0.1", port, "none", **options)


def test_a_mail_is_handed_over_whole_dots_included(server: Server, port: int) -> None:
    assert plain(port).deliver(MAIL).result is Result.SENT
    [received] = server.received
    assert received.mail_from == MAIL.sender
    assert received.rcpt_tos == [MAIL.recipient]
    assert received.content == MAIL.message


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
@pytest.mark.parametrize(("answer", "result"), [("451 later", Result.LATER), ("550 never", Result.FAILED)])
def test_a_refusal_is_for_now_or_for_good(server: Server, port: int, step: str, answer: str, result: Result) -> None:
    setattr(server, step, answer)
    outcome = plain(port).deliver(MAIL)
    assert outcome.result is result
    assert outcome.reason == answer[:3]
    assert not outcome.is_server_down


def test_a_connection_that_drops_after_the_text_leaves_it_unknown(server: Server, port: int) -> None:
    server.drops_after_data = True
    outcome = plain(port).deliver(MAIL)
    assert outcome.result is Result.UNKNOWN
    assert outcome.reason == "SMTPServerDisconnected"
    assert len(server.received) == 1


def test_a_server_that_hangs_before_the_text_is_tried_again(server: Server, port: int) -> None:
    server.hangs = True
    assert plain(port, timeout=0.3).deliver(MAIL).result is Result.LATER
    assert server.received == []


def test_a_server_that_says_nothing_is_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outcome = plain(silent.getsockname()[1], timeout=0.3).deliver(MAIL)
    assert outcome.result is Result.LATER
    assert outcome.is_server_down


def test_no_server_is_down() -> None:
    outcome = plain(free_port()).deliver(MAIL)
    assert outcome.result is Result.LATER
    assert outcome.is_server_down
    assert outcome.reason == "ConnectionRefusedError"


def test_without_starttls_on_the_server_nothing_is_sent_in_clear(server: Server, port: int) -> None:
    outcome = SmtpTransport("127.0.0.1", port, "starttls").deliver(MAIL)
    assert outcome.result is Result.LATER
    assert server.received == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key, made here."""
    import datetime as dt  # noqa: PLC0415 - with what follows, for this fixture alone
    from ipaddress import ip_address  # noqa: PLC0415 - as above

    from cryptography import x509  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - as above

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "certificate.pem", folder / "key.pem"


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_over_tls_with_a_password(server: Server, certificate: tuple[Path, Path], tls: str) -> None:
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(*certificate)

    def right(_server: object, _session: object, _envelope: object, _mechanism: str, given: object) -> AuthResult:
        is_right = isinstance(given, LoginPassword) and given.login == b"portail" and given.password == b"secret"
        return AuthResult(success=is_right, handled=False)

    options: dict[str, Any] = {"authenticator": right}
    if tls == "implicit":
        options |= {"ssl_context": serving, "auth_require_tls": False}
    else:
        options |= {"tls_context": serving, "require_starttls": True, "auth_required": True}
    controller = Controller(server, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        trusting = ssl.create_default_context(cafile=str(certificate[0]))
        sent = SmtpTransport("127.0.0.1", controller.port, tls, "portail", "secret", trust=trusting).deliver(MAIL)
        assert sent.result is Result.SENT, sent
        wrong = SmtpTransport("127.0.0.1", controller.port, tls, "portail", "faux", trust=trusting).deliver(MAIL)
        assert (wrong.result, wrong.reason) == (Result.LATER, "auth 535")
        unknown = SmtpTransport("127.0.0.1", controller.port, tls, "portail", "secret").deliver(MAIL)
        assert unknown.result is Result.LATER
        assert len(server.received) == 1
        own = SmtpTransport("127.0.0.1", controller.port, tls, "portail", "secret", trust=trusting)
        assert problem_with(own) == ""
        assert problem_with(replace(own, password="faux")) == (
            f"Le serveur d’e-mail 127.0.0.1, port {controller.port}, refuse le compte ou son mot de passe (code 535). "
            "Vérifiez le compte dans WEBORTHO_SMTP_URL et le fichier de WEBORTHO_SMTP_PASSWORD_FILE."
        )
        assert "montre un certificat qui n’est pas valable." in problem_with(replace(own, trust=None))
        assert len(server.received) == 1
    finally:
        controller.stop()


def test_a_mail_server_is_tried_without_a_mail(server: Server, port: int) -> None:
    assert problem_with(plain(port)) == ""
    assert "ne propose pas le chiffrement ou la connexion demandés." in problem_with(
        replace(plain(port), tls="starttls")
    )
    absent = free_port()
    assert problem_with(plain(absent)) == (
        f"Le serveur d’e-mail 127.0.0.1, port {absent}, ne répond pas comme attendu (ConnectionRefusedError). "
        "Vérifiez WEBORTHO_SMTP_URL et le pare-feu\u00a0; les e-mails attendent."
    )
    assert server.received == []


def test_a_folder_is_tried_without_a_mail(tmp_path: Path) -> None:
    assert problem_with(FolderTransport(tmp_path / "a" / "b")) == ""
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").touch()
    taken = tmp_path / "file" / "mails"
    assert problem_with(FolderTransport(taken)) == (
        f"Le dossier {taken} ne peut pas recevoir d’e-mails. Donnez à ce compte le droit d’y écrire."
    )


def test_a_folder_gets_one_file_each(tmp_path: Path) -> None:
    transport = FolderTransport(tmp_path / "new" / "mails")
    for _ in range(3):
        assert transport.deliver(MAIL).result is Result.SENT
    files = list((tmp_path / "new" / "mails").iterdir())
    assert len(files) == 3
    assert all(file.suffix == ".eml" and file.read_bytes() == MAIL.message for file in files)


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert FolderTransport(tmp_path / "file").deliver(MAIL).result is Result.LATER


def configured(tmp_path: Path, url: str, password_file: str = "") -> PortalConfig:
    environment = {
        "WEBORTHO_PORTAL_DIR": str(tmp_path),
        "WEBORTHO_SMTP_URL": url,
        "WEBORTHO_SMTP_PASSWORD_FILE": password_file,
    }
    return read_config(environment)


def test_the_address_of_the_server_says_all(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("secret\n")
    secret.chmod(0o600)
    assert transport_of(configured(tmp_path, "")) is None
    assert transport_of(configured(tmp_path, f"file://{tmp_path}/mails")) == FolderTransport(tmp_path / "mails")
    assert transport_of(configured(tmp_path, "smtp://m.exemple.fr")) == SmtpTransport("m.exemple.fr", 587, "starttls")
    assert transport_of(configured(tmp_path, "smtp://127.0.0.1:2525/?tls=none")) == plain(2525)
    assert transport_of(configured(tmp_path, "smtps://a%40b.fr@m.exemple.fr", str(secret))) == SmtpTransport(
        "m.exemple.fr", 465, "implicit", "a@b.fr", "secret"
    )


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://m.exemple.fr", "WEBORTHO_SMTP_URL n’est pas une adresse de serveur de messagerie."),
        ("smtp://[m.exemple.fr", "WEBORTHO_SMTP_URL n’est pas une adresse de serveur de messagerie."),
        ("file:", "WEBORTHO_SMTP_URL n’est pas une adresse de serveur de messagerie."),
        ("smtp://", "WEBORTHO_SMTP_URL n’est pas une adresse de serveur de messagerie."),
        ("smtp://m.exemple.fr/?tls=maybe", "WEBORTHO_SMTP_URL n’est pas une adresse de serveur de messagerie."),
        ("smtp://m.exemple.fr:99999999", "WEBORTHO_SMTP_URL n’est pas une adresse de serveur de messagerie."),
        ("smtp://m.exemple.fr/?tls=none", "enverrait des e-mails de patients sans chiffrement."),
        ("smtp://u@m.exemple.fr", "Le mot de passe du serveur de messagerie ne se lit pas"),
    ],
)
def test_what_cannot_be_used_is_said(tmp_path: Path, url: str, sentence: str) -> None:
    with pytest.raises(MailConfigError, match=sentence.replace(".", r"\.")):
        transport_of(configured(tmp_path, url, str(tmp_path / "absent")))


def test_a_password_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("secret")
    secret.chmod(0o640)
    with pytest.raises(MailConfigError, match="lisible par d’autres comptes"):
        transport_of(configured(tmp_path, "smtp://u@m.exemple.fr", str(secret)))


@pytest.mark.parametrize(
    "mail",
    [Mail("portail@exemple.fr", "élise@exemple.fr", MAIL.message), Mail("é@exemple.fr", MAIL.recipient, MAIL.message)],
)
def test_an_address_that_cannot_be_written_fails_for_good(server: Server, port: int, mail: Mail) -> None:
    outcome = plain(port).deliver(mail)
    assert (outcome.result, outcome.reason) == (Result.FAILED, "UnicodeEncodeError")
    assert not outcome.is_server_down
    assert server.received == []

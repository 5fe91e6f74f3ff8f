"""SMTP: where exactly a broken transaction broke decides whether the message may be sent again."""

import datetime as dt
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from merge.channels.channel import ChannelUnavailableError, Outcome, Outgoing
from merge.channels.smtp import Security, SmtpChannel, SmtpServer
from tests.merge.servers import HOST, PATIENCE, BreakingSmtp, free_port

MESSAGE = Outgoing("a1", "jeanne@exemple.fr", b"Subject: x\n\n.un point\nfin\n")


def channel_to(port: int, timeout: float = 2) -> SmtpChannel:
    return SmtpChannel(SmtpServer(HOST, port, "cabinet@exemple.fr", Security.NONE, timeout=timeout))


def test_dots_and_line_ends_arrive_as_written() -> None:
    with BreakingSmtp() as server, channel_to(server.port) as channel:
        assert channel.send(MESSAGE).outcome is Outcome.SENT

    assert server.received == [b"Subject: x\r\n\r\n..un point\r\nfin\r\n"]


@pytest.mark.parametrize(
    ("at", "then", "outcome", "detail"),
    [
        ("MAIL", "451 busy", Outcome.TRANSIENT, "Le serveur est occupé : busy"),
        ("RCPT", "450 greylisted", Outcome.TRANSIENT, "Refusé pour le moment : greylisted"),
        ("RCPT", "421 bye", Outcome.TRANSIENT, "Refusé pour le moment : bye"),
        ("RCPT", "550 no such user", Outcome.PERMANENT, "Refusé : no such user"),
        ("DATA", "452 full", Outcome.TRANSIENT, "Refusé pour le moment : full"),
        ("DATA", "554 no", Outcome.PERMANENT, "Refusé : no"),
        ("END", "552 too big", Outcome.PERMANENT, "Refusé : too big"),
        ("END", "451 later", Outcome.TRANSIENT, "Refusé pour le moment : later"),
        ("END", "300 what", Outcome.UNKNOWN, "Le serveur a répondu de façon incompréhensible : what"),
        ("END", "blah", Outcome.UNKNOWN, "Le serveur a répondu de façon incompréhensible :"),
        ("END", "close", Outcome.UNKNOWN, "La connexion a été coupée avant la réponse du serveur"),
        ("END", "hang", Outcome.UNKNOWN, "La connexion a été coupée avant la réponse du serveur"),
    ],
)
def test_an_answer_becomes_an_outcome(at: str, then: str, outcome: Outcome, detail: str) -> None:
    with BreakingSmtp(at, then, times=1) as server, channel_to(server.port, 0.5) as channel:
        result = channel.send(MESSAGE)
        again = channel.send(MESSAGE)

    assert result.outcome is outcome
    assert detail.replace(" :", "\u00a0:") in result.detail
    assert again.outcome is Outcome.SENT, "the next message finds a working connection"


@pytest.mark.parametrize("at", ["EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("then", ["close", "hang"])
def test_a_connection_lost_before_the_text_has_sent_nothing(at: str, then: str) -> None:
    with (
        BreakingSmtp(at, then) as server,
        channel_to(server.port, 0.3) as channel,
        pytest.raises(ChannelUnavailableError),
    ):
        channel.send(MESSAGE)

    assert server.received == []


def test_a_connection_that_the_server_closed_between_messages_is_opened_anew() -> None:
    with BreakingSmtp() as server, channel_to(server.port) as channel:
        channel.send(MESSAGE)
        server.at, server.then, server._times = "MAIL", "close", 1

        assert channel.send(MESSAGE).outcome is Outcome.SENT

    assert len(server.received) == 2
    assert server.connections == 2


def test_a_server_that_has_taken_enough_on_one_connection_gets_another() -> None:
    with BreakingSmtp() as server, channel_to(server.port) as channel:
        channel.send(MESSAGE)
        server.at, server.then, server._times = "MAIL", "452 too many messages in this session", 1

        assert channel.send(MESSAGE).outcome is Outcome.SENT

    assert server.connections == 2


def test_a_refused_sender_stops_the_campaign() -> None:
    with (
        BreakingSmtp("MAIL", "550 not yours") as server,
        channel_to(server.port) as channel,
        pytest.raises(ChannelUnavailableError) as refused,
    ):
        channel.send(MESSAGE)

    assert str(refused.value) == (
        "Le serveur d’envoi 127.0.0.1 refuse l’expéditeur cabinet@exemple.fr : not yours. Vérifiez l’adresse de "
        "l’expéditeur."
    )


def test_a_server_that_hangs_is_a_sentence() -> None:
    with (
        BreakingSmtp("EHLO", "hang") as server,
        channel_to(server.port, 0.3) as channel,
        pytest.raises(ChannelUnavailableError, match="ne peut pas être joint"),
    ):
        channel.check()


def test_without_encryption_only_this_machine_is_written_to() -> None:
    with pytest.raises(ChannelUnavailableError) as refused:
        SmtpChannel(SmtpServer("mail.exemple.fr", 25, "cabinet@exemple.fr", Security.NONE))

    assert str(refused.value) == (
        "Le serveur mail.exemple.fr serait utilisé sans chiffrement. Choisissez STARTTLS ou TLS dans les réglages de "
        "l’expéditeur."
    )


def test_a_server_without_starttls_gets_no_password() -> None:
    seen: list[str] = []
    with BreakingSmtp() as server:
        talk = server._answer
        server._answer = lambda *told: (seen.append(told[1]), talk(*told))[1]  # type: ignore[method-assign] # a spy
        settings = SmtpServer(HOST, server.port, "cabinet@exemple.fr", user="cabinet", password="secret")
        with SmtpChannel(settings) as channel, pytest.raises(ChannelUnavailableError, match="ne propose pas"):
            channel.send(MESSAGE)

    assert set(seen) <= {"EHLO", "QUIT"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of the tests' own for 127.0.0.1: (certificate, key)."""
    import ipaddress  # noqa: PLC0415 - for this fixture alone

    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


def server_tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def own_trust(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate[0]))


@pytest.fixture
def starttls(certificate: tuple[Path, Path]) -> Iterator[int]:
    """The port of a server that asks for STARTTLS and then for a password."""

    def authenticate(_server: object, _session: object, _envelope: object, _kind: str, data: object) -> AuthResult:
        right = isinstance(data, LoginPassword) and data == LoginPassword(b"cabinet", "mot de passe é".encode())
        return AuthResult(success=right, handled=False)

    controller = Controller(
        Sink(),
        hostname=HOST,
        port=free_port(),
        tls_context=server_tls(certificate),
        require_starttls=True,
        auth_required=True,
        authenticator=authenticate,
    )
    controller.start()
    yield controller.port
    controller.stop()


def settings(port: int, password: str, security: Security = Security.STARTTLS) -> SmtpServer:
    return SmtpServer(HOST, port, "cabinet@exemple.fr", security, "cabinet", password, timeout=5)


def test_starttls_and_a_password_open_the_way(starttls: int, certificate: tuple[Path, Path]) -> None:
    with SmtpChannel(settings(starttls, "mot de passe é"), own_trust(certificate)) as channel:
        assert channel.send(MESSAGE).outcome is Outcome.SENT


def test_a_wrong_password_is_a_sentence_without_it(starttls: int, certificate: tuple[Path, Path]) -> None:
    with (
        SmtpChannel(settings(starttls, "faux-secret"), own_trust(certificate)) as channel,
        pytest.raises(ChannelUnavailableError) as refused,
    ):
        channel.send(MESSAGE)

    assert "refuse le nom d’utilisateur ou le mot de passe" in str(refused.value)
    assert refused.value.todo == "Vérifiez-les dans les réglages de l’expéditeur."
    assert "faux-secret" not in str(refused.value)


def test_an_unknown_certificate_is_refused(starttls: int) -> None:
    with (
        SmtpChannel(settings(starttls, "x")) as channel,
        pytest.raises(ChannelUnavailableError, match="certificat qui n’est pas valable"),
    ):
        channel.check()


def test_tls_from_the_first_byte(certificate: tuple[Path, Path]) -> None:
    controller = Controller(Sink(), hostname=HOST, port=free_port(), ssl_context=server_tls(certificate))
    controller.start()
    server = SmtpServer(HOST, controller.port, "cabinet@exemple.fr", Security.TLS, timeout=5)
    try:
        with SmtpChannel(server, own_trust(certificate)) as channel:
            assert channel.send(MESSAGE).outcome is Outcome.SENT
    finally:
        controller.stop()


def test_a_server_that_speaks_no_tls_is_a_sentence() -> None:
    with BreakingSmtp() as server:
        settings = SmtpServer(HOST, server.port, "cabinet@exemple.fr", Security.TLS, timeout=PATIENCE)
        with SmtpChannel(settings) as channel, pytest.raises(ChannelUnavailableError, match="ne parle pas TLS"):
            channel.check()

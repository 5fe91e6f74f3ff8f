"""E-mail by SMTP (RFC 5321): one message per transaction, and the truth about where a broken one broke.

Until the final dot has been written nothing can have been sent; from then on, only the server's answer tells, and a
connection that is lost before it leaves the message `UNKNOWN`. The library's `sendmail` does not tell the two apart,
so the transaction is driven command by command.
"""

import ipaddress
import re
import smtplib
import ssl
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Self

from merge.channels.channel import ChannelUnavailableError, Outcome, Outgoing, Result, quoted

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+", re.ASCII)
"""A dot-string at a domain (RFC 5321 §4.1.2): nothing that could end a command, or name a second recipient."""
_CLOSING = 421
_LINE_BREAK = re.compile(rb"\r\n|\r|\n")


class Security(StrEnum):
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"
    """Only to this machine: a password and patients' names never travel in clear."""


@dataclass(frozen=True)
class SmtpServer:
    """Where and how to reach the mail server."""

    host: str
    port: int
    sender: str
    """The address of MAIL FROM: where bounces go."""
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30
    """Seconds for each answer of the server."""


class _LostError(Exception):
    """The connection broke where nothing can have been sent."""


class SmtpChannel:
    """A mail server. The connection is opened for the first message and opened anew when the server has closed it."""

    def __init__(self, server: SmtpServer, tls: ssl.SSLContext | None = None) -> None:
        """`tls` replaces the system's trust, for a server with a certificate of the cabinet's own."""
        if server.security is Security.NONE and not is_loopback(server.host):
            raise ChannelUnavailableError(
                f"Le serveur {server.host} serait utilisé sans chiffrement.",
                "Choisissez STARTTLS ou TLS dans les réglages de l’expéditeur.",
            )
        self._server = server
        self._tls = tls or ssl.create_default_context()
        self._connection: smtplib.SMTP | None = None
        self._used = False
        """Whether the connection has seen a transaction."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            try:
                self._connection.quit()
            except (OSError, smtplib.SMTPException):
                self._connection.close()
            self._connection = None

    def check(self) -> None:
        """Connect, encrypt, sign in."""
        self._drop()
        self._open()

    def send(self, message: Outgoing) -> Result:
        if not _ADDRESS.fullmatch(message.address):
            return Result(Outcome.PERMANENT, "L’adresse e-mail ne peut pas être utilisée telle quelle.")
        fresh = self._connection is None
        try:
            return self._transaction(message)
        except _LostError:
            self._drop()
        if not fresh:
            # The server closes idle and long connections: nothing was sent, so a new one is no repetition.
            try:
                return self._transaction(message)
            except _LostError:
                self._drop()
        raise self._unavailable("a fermé la connexion", "Réessayez dans quelques minutes.")

    def _transaction(self, message: Outgoing) -> Result:
        smtp = self._connection or self._open()
        code, answer = self._command(lambda: smtp.mail(self._server.sender))
        if code // 100 == 4 and self._used:
            # Servers take some hundred messages a connection, and then say « later » until it is opened anew.
            raise _LostError
        self._used = True
        if code != 250:
            self._reset(smtp, code)
            if code // 100 == 4:
                return Result(Outcome.TRANSIENT, f"Le serveur est occupé : {quoted(answer)}")
            raise self._unavailable(
                f"refuse l’expéditeur {self._server.sender} : {quoted(answer)}", "Vérifiez l’adresse de l’expéditeur."
            )
        code, answer = self._command(lambda: smtp.rcpt(message.address))
        if code not in (250, 251):
            self._reset(smtp, code)
            return _refusal(code, answer)
        code, answer = self._command(lambda: smtp.docmd("DATA"))
        if code != 354:
            self._reset(smtp, code)
            return _refusal(code, answer)
        return self._deliver(smtp, message.body)

    def _deliver(self, smtp: smtplib.SMTP, body: bytes) -> Result:
        """The message itself: from its last bytes on, silence means that nobody knows."""
        try:
            smtp.send(_on_the_wire(body))
            code, answer = smtp.getreply()
        except (OSError, smtplib.SMTPException):
            self._drop()
            return Result(
                Outcome.UNKNOWN,
                "La connexion a été coupée avant la réponse du serveur : le message est peut-être parti.",
            )
        if code == 250:
            return Result(Outcome.SENT, "Remis au serveur d’envoi")
        if code // 100 in (4, 5):
            self._reset(smtp, code)
            return _refusal(code, answer)
        self._drop()
        return Result(Outcome.UNKNOWN, f"Le serveur a répondu de façon incompréhensible : {quoted(answer)}")

    @staticmethod
    def _command(command: Callable[[], tuple[int, bytes]]) -> tuple[int, bytes]:
        try:
            return command()
        except (OSError, smtplib.SMTPException) as error:
            raise _LostError from error

    def _open(self) -> smtplib.SMTP:
        server = self._server
        greeting_name = server.sender.rpartition("@")[2] or "localhost"
        failure: ChannelUnavailableError
        smtp: smtplib.SMTP | None = None
        try:
            if server.security is Security.TLS:
                smtp = smtplib.SMTP_SSL(
                    server.host, server.port, greeting_name, timeout=server.timeout, context=self._tls
                )
            else:
                smtp = smtplib.SMTP(server.host, server.port, greeting_name, timeout=server.timeout)
            smtp.ehlo_or_helo_if_needed()
            if server.security is Security.STARTTLS:
                smtp.starttls(context=self._tls)
                smtp.ehlo()
            if server.user:
                self._sign_in(smtp)
        except smtplib.SMTPAuthenticationError as error:
            failure = self._unavailable(
                f"refuse le nom d’utilisateur ou le mot de passe : {quoted(error.smtp_error)}",
                "Vérifiez-les dans les réglages de l’expéditeur.",
            )
        except smtplib.SMTPNotSupportedError:
            failure = self._unavailable(
                "ne propose pas la connexion demandée", "Choisissez une autre sécurité dans les réglages."
            )
        except ssl.SSLCertVerificationError as error:
            failure = self._unavailable(
                f"présente un certificat qui n’est pas valable ({error.verify_message})",
                "Vérifiez son nom, ou appelez votre fournisseur.",
            )
        except ssl.SSLError:
            failure = self._unavailable(
                "ne parle pas TLS sur ce port", "Essayez STARTTLS sur le port 587, ou TLS sur le port 465."
            )
        except TimeoutError:
            failure = self._unavailable("ne répond pas", "Vérifiez la connexion à internet, puis réessayez.")
        except (OSError, smtplib.SMTPException, UnicodeError):
            failure = self._unavailable(
                "ne peut pas être joint", "Vérifiez son nom, son port et la connexion à internet."
            )
        else:
            self._connection, self._used = smtp, False
            return smtp
        if smtp is not None:
            smtp.close()
        raise failure

    def _sign_in(self, smtp: smtplib.SMTP) -> None:
        """The library signs in with ASCII alone; other passwords go as UTF-8 (RFC 4616)."""
        user, password = self._server.user, self._server.password
        if (user + password).isascii():
            smtp.login(user, password)
            return
        secret = b64encode(f"\0{user}\0{password}".encode()).decode("ascii")
        code, answer = smtp.docmd("AUTH", f"PLAIN {secret}")
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, answer)

    def _reset(self, smtp: smtplib.SMTP, code: int) -> None:
        """Leave the transaction; a server that says 421 has closed."""
        try:
            if code == _CLOSING:
                self._drop()
            else:
                smtp.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _unavailable(self, what: str, todo: str) -> ChannelUnavailableError:
        return ChannelUnavailableError(f"Le serveur d’envoi {self._server.host} {what}.", todo)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _on_the_wire(body: bytes) -> bytes:
    """CRLF line ends, dots doubled, the final dot (RFC 5321 §4.5.2)."""
    lines = _LINE_BREAK.split(body.rstrip(b"\r\n"))
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines) + b".\r\n"


def _refusal(code: int, answer: bytes) -> Result:
    if code // 100 == 4:
        return Result(Outcome.TRANSIENT, f"Refusé pour le moment : {quoted(answer)}")
    return Result(Outcome.PERMANENT, f"Refusé : {quoted(answer)}")

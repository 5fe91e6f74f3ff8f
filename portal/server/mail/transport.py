"""Where e-mails go: a mail server by SMTP, or a folder for the demo. One delivery, one of four outcomes.

What decides between "may be repeated" and "unknown" is whether the server could have taken the message: before its
text is handed over, every failure is harmless; after, only a clear answer says what happened.
"""

import os
import secrets
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit
from urllib.request import url2pathname

from cabinet.errors import WebOrthoError
from portal.server.config import PortalConfig
from portal.server.mail.queue import Envelope

TIMEOUT_SECONDS = 30.0
_TLS = ("implicit", "starttls", "none")


class MailConfigError(WebOrthoError):
    """WEBORTHO_SMTP_URL or its password file cannot be used."""


class Result(StrEnum):
    SENT = "sent"
    LATER = "later"
    """Certainly not sent, worth another try."""
    FAILED = "failed"
    """Certainly not sent, and never will be."""
    UNKNOWN = "unknown"
    """The connection broke while the server had the text: it is never repeated."""


@dataclass(frozen=True)
class Outcome:
    result: Result
    reason: str = ""
    """For the hoster: an SMTP code or the kind of failure, without addresses."""
    is_server_down: bool = False
    """No mail would go out now: the others wait too."""


class Transport(Protocol):
    def deliver(self, envelope: Envelope) -> Outcome: ...


@dataclass(frozen=True)
class FolderTransport:
    """One .eml file each: what a demo or a test reads."""

    folder: Path

    def deliver(self, envelope: Envelope) -> Outcome:
        name = secrets.token_hex(8)
        partial = self.folder / f"{name}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(envelope.message)
            partial.replace(self.folder / f"{name}.eml")
        except OSError as error:
            return Outcome(Result.LATER, type(error).__name__, is_server_down=True)
        return Outcome(Result.SENT)


@dataclass(frozen=True)
class SmtpTransport:
    host: str
    port: int
    tls: str
    """`implicit`, `starttls` or `none` (loopback only)."""
    user: str = ""
    password: str = ""
    timeout: float = TIMEOUT_SECONDS
    trust: ssl.SSLContext | None = None
    """Other certificates than the system's: for tests and private authorities."""

    def deliver(self, envelope: Envelope) -> Outcome:
        try:
            server = self.connected()
        except smtplib.SMTPAuthenticationError as error:
            # The hoster's mistake, not the letter's: it waits for a right password.
            return Outcome(Result.LATER, f"auth {error.smtp_code}", is_server_down=True)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            # UnicodeError: a host, a user or a password that the hoster wrote with signs SMTP does not have.
            return Outcome(Result.LATER, type(error).__name__, is_server_down=True)
        try:
            return _handed_over(server, envelope)
        finally:
            server.close()

    def connected(self) -> smtplib.SMTP:
        """A connection that is encrypted and signed in as configured. Raise what smtplib raises."""
        trust = self.trust or ssl.create_default_context()
        server: smtplib.SMTP
        if self.tls == "implicit":
            server = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=trust)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.tls == "starttls":
                server.starttls(context=trust)
            server.ehlo_or_helo_if_needed()
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def _handed_over(server: smtplib.SMTP, envelope: Envelope) -> Outcome:
    try:
        for code, _ in (server.mail(envelope.sender), server.rcpt(envelope.recipient), server.docmd("DATA")):
            if code >= 400:
                return _refused(code)
    except UnicodeError as error:
        # An address that this server's commands cannot be written with: it will be the same next time.
        return Outcome(Result.FAILED, type(error).__name__)
    except (smtplib.SMTPException, OSError) as error:
        return Outcome(Result.LATER, type(error).__name__)
    try:
        server.send(_dotted(envelope.message))
        code, _ = server.getreply()
    except (smtplib.SMTPException, OSError) as error:
        return Outcome(Result.UNKNOWN, type(error).__name__)
    if code >= 400:
        return _refused(code)
    # The letter has been taken: how the server says goodbye changes nothing.
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    return Outcome(Result.SENT)


def _refused(code: int) -> Outcome:
    """RFC 5321, 4.2.1: 4yz is worth another try, 5yz is not."""
    return Outcome(Result.LATER if code < 500 else Result.FAILED, str(code))


def _dotted(message: bytes) -> bytes:
    """The text as it travels after DATA (RFC 5321, 4.5.2). The message has CRLF line ends already."""
    text = message if message.endswith(b"\r\n") else message + b"\r\n"
    stuffed = text.replace(b"\r\n.", b"\r\n..")
    return (b"." + stuffed if stuffed.startswith(b".") else stuffed) + b".\r\n"


def transport_of(config: PortalConfig) -> SmtpTransport | FolderTransport | None:
    """What WEBORTHO_SMTP_URL says; None when it is not set: e-mails then wait in the queue.

    Raise `MailConfigError` when it cannot be used.
    """
    if not config.smtp_url:
        return None
    no_address = MailConfigError(
        "WEBORTHO_SMTP_URL n’est pas une adresse de serveur de messagerie.",
        "Exemple : smtp://portail@mail.exemple.fr:587/?tls=starttls",
    )
    try:
        url = urlsplit(config.smtp_url)
    except ValueError:
        raise no_address from None
    if url.scheme == "file" and url.path:
        return FolderTransport(Path(url2pathname(unquote(url.path))))
    tls = "implicit" if url.scheme == "smtps" else parse_qs(url.query).get("tls", ["starttls"])[0]
    if url.scheme not in ("smtp", "smtps") or not url.hostname or tls not in _TLS or not _has_port(url):
        raise no_address
    if tls == "none" and url.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise MailConfigError(
            "WEBORTHO_SMTP_URL enverrait des e-mails de patients sans chiffrement.",
            "Utilisez « ?tls=starttls » ou « smtps:// ».",
        )
    default_port = 465 if tls == "implicit" else 587
    user = unquote(url.username or "")
    return SmtpTransport(url.hostname, url.port or default_port, tls, user, _password(config) if user else "")


def _has_port(url: SplitResult) -> bool:
    """Whether the port, if there is one, is a port."""
    try:
        return url.port != 0
    except ValueError:
        return False


def _password(config: PortalConfig) -> str:
    path = Path(config.smtp_password_file)
    try:
        mode = path.stat().st_mode
        password = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise MailConfigError(
            f"Le mot de passe du serveur de messagerie ne se lit pas dans {path}.",
            "Indiquez le fichier dans WEBORTHO_SMTP_PASSWORD_FILE.",
        ) from error
    if os.name == "posix" and mode & 0o077:
        raise MailConfigError(
            f"Le fichier {path} est lisible par d’autres comptes.", f"Lancez «\u00a0chmod 600 {path}\u00a0»."
        )
    return password

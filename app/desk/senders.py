"""How e-mails and SMS leave this computer: channels from its settings and its secret store, and a try of each."""

import datetime as dt
import uuid
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from app.settings import DeskSettings, SmsKind
from cabinet.dossier import Addressee
from cabinet.errors import WebOrthoError
from merge.channels.channel import Channel, Outcome, Outgoing
from merge.channels.file import CsvFileChannel
from merge.channels.http_gateway import GatewayDescription, HttpGatewayChannel
from merge.channels.smtp import SmtpChannel, SmtpServer
from merge.emails.message import EmailComposer, Sender, mailbox
from merge.recipients import ChannelKind, email_of, mobile_of
from merge.record import CabinetFacts
from sync.secret_store import SecretStore


class SenderMissingError(WebOrthoError):
    """No mail server, or no gateway, is set up on this computer."""


class TrialRefusedError(WebOrthoError):
    """The trial message was not taken."""


class Senders:
    """One cabinet's ways out of this computer."""

    def __init__(self, settings: DeskSettings, store: SecretStore, cabinet: str, folder: Path) -> None:
        """`folder`: where relative paths of the settings start from."""
        self._settings = settings
        self._store = store
        self._cabinet = cabinet
        self._folder = folder

    @property
    def pace(self) -> float:
        """Messages a minute that both ways out bear."""
        return min(self._settings.smtp.per_minute, self._settings.sms.per_minute)

    def has(self, channel: ChannelKind) -> bool:
        """Whether a channel is set up; letters always are."""
        if channel is ChannelKind.EMAIL:
            return bool(self._settings.smtp.host and self._settings.smtp.sender_address)
        return channel is ChannelKind.LETTER or self._settings.sms.kind is not SmsKind.NONE

    def email(self) -> SmtpChannel:
        """The mail server. Raise `SenderMissingError`, `ChannelUnavailableError`, `SecretStoreError`."""
        smtp = self._settings.smtp
        if not self.has(ChannelKind.EMAIL):
            raise SenderMissingError(
                "Aucun serveur d’envoi d’e-mails n’est réglé sur ce poste.",
                "Indiquez-le dans Réglages, Expéditeurs.",
            )
        password = self.password(ChannelKind.EMAIL) if smtp.user else ""
        return SmtpChannel(SmtpServer(smtp.host, smtp.port, smtp.sender_address, smtp.security, smtp.user, password))

    def sms(self) -> Channel:
        """The SMS gateway, or its file. Raises as `email`."""
        sms = self._settings.sms
        match sms.kind:
            case SmsKind.HTTP:
                return HttpGatewayChannel(
                    GatewayDescription(
                        url=sms.url,
                        parameters=sms.parameters,
                        accepted=sms.accepted,
                        refused=sms.refused,
                        method=sms.method,
                        headers=sms.headers,
                        number_form=sms.number_form,
                        sender=sms.sender,
                        user=sms.user,
                        password=self.password(ChannelKind.SMS),
                    )
                )
            case SmsKind.FILE:
                return CsvFileChannel(self._folder / (sms.file or "sms.csv"))
            case SmsKind.NONE:
                raise SenderMissingError(
                    "Aucune passerelle SMS n’est réglée sur ce poste.", "Indiquez-la dans Réglages, Expéditeurs."
                )

    def channels(self, wanted: frozenset[ChannelKind]) -> dict[str, Channel]:
        """By the name that drafts carry, those of `wanted` that send."""
        channels: dict[str, Channel] = {}
        if ChannelKind.EMAIL in wanted:
            channels[ChannelKind.EMAIL] = self.email()
        if ChannelKind.SMS in wanted:
            channels[ChannelKind.SMS] = self.sms()
        return channels

    def composer(self, facts: CabinetFacts) -> EmailComposer | None:
        """Makes e-mails; None where this computer sends none. Raise `EmailAddressError` for its own address."""
        smtp = self._settings.smtp
        if not smtp.sender_address:
            return None
        return EmailComposer(Sender(smtp.sender_name or facts.name, smtp.sender_address, facts.reply_email))

    def password(self, channel: ChannelKind) -> str:
        return self._store.get(self._secret_name(channel)) or ""

    def keep_password(self, channel: ChannelKind, password: str) -> None:
        """In the secret store; an empty one is forgotten."""
        if password:
            self._store.put(self._secret_name(channel), password)
        else:
            self._store.delete(self._secret_name(channel))

    def try_email(self, to: str, facts: CabinetFacts) -> str:
        """Send one e-mail to an address that the person gave; what the server said.

        Raise `TrialRefusedError`, or as `email`.
        """
        address = email_of(Addressee(email=to))
        if not address:
            raise TrialRefusedError(f"« {to} » n’est pas une adresse e-mail.", "Exemple : cabinet@exemple.fr")
        smtp = self._settings.smtp
        message = EmailMessage(SMTP)
        message["Date"] = format_datetime(dt.datetime.now(dt.UTC))
        message["From"] = mailbox(smtp.sender_name or facts.name, smtp.sender_address)
        message["To"] = address
        message["Subject"] = "Essai d’envoi de WebOrtho"
        identity = uuid.uuid4().hex
        message["Message-ID"] = f"<{identity}@{smtp.sender_address.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(
            f"Bonjour,\n\nCet e-mail d’essai vient de WebOrtho, au {facts.name}.\nS’il vous parvient, l’envoi "
            "d’e-mails est bien réglé.\n",
            cte="quoted-printable",
        )
        return _tried(self.email(), Outgoing(identity, address, message.as_bytes()))

    def try_sms(self, to: str, facts: CabinetFacts) -> str:
        """Send one SMS to a mobile that the person gave. Raises as `try_email`."""
        number = mobile_of(Addressee(mobile=to))
        if not number:
            raise TrialRefusedError(f"« {to} » n’est pas un numéro de mobile.", "Exemple : 06 39 98 12 34")
        text = f"Essai de WebOrtho ({facts.code}) : l'envoi de SMS est bien regle."
        return _tried(self.sms(), Outgoing(uuid.uuid4().hex, number, text.encode("utf-8")))

    def _secret_name(self, channel: ChannelKind) -> str:
        return f"{self._cabinet}/{channel}"


def _tried(channel: Channel, message: Outgoing) -> str:
    with channel:
        result = channel.send(message)
    if result.outcome is not Outcome.SENT:
        raise TrialRefusedError("Le message d’essai n’est pas parti.", f"Réponse reçue : {result.detail}")
    return result.detail

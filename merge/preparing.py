"""Recipients and texts -> messages ready for the outbox, each with its own codes and links."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from msgspec.structs import replace

from merge.emails.message import EmailAddressError, EmailComposer, EmailTemplate
from merge.fields import SECRETS, Field
from merge.issuing import give_up, handles_of
from merge.merging import RecordBlockedError, Template
from merge.outbox import Draft
from merge.recipients import ChannelKind, Recipient
from merge.record import AccessIssuer, CabinetFacts, IssuedSecret, MergeRecord, SecretFor
from merge.sms.text import compose_sms
from merge.texts import Audience, audience_of

_NOTHING = IssuedSecret(password_words="")


@dataclass(frozen=True)
class Setting:
    """What is the same for every record of a campaign."""

    cabinet: CabinetFacts
    today: dt.date
    confirmed: bool = True
    pattern: str = ""


@dataclass(frozen=True)
class Texts:
    """The compiled texts of a campaign, as far as it uses them."""

    emails: Mapping[Audience, EmailTemplate]
    sms: Template | None = None

    def fields(self, channel: ChannelKind) -> frozenset[Field]:
        """The fields that a channel's texts name."""
        if channel is ChannelKind.EMAIL:
            parts = [part for text in self.emails.values() for part in (text.subject, text.body)]
        else:
            parts = [self.sms] if channel is ChannelKind.SMS and self.sms else []
        return frozenset(field for part in parts for field in part.fields)


@dataclass(frozen=True)
class Prepared:
    drafts: tuple[Draft, ...]
    blocked: tuple[tuple[Recipient, str], ...]
    """Who gets nothing, and the sentence that says why."""


def record_for(recipient: Recipient, setting: Setting, secrets: Mapping[SecretFor, IssuedSecret]) -> MergeRecord:
    """A recipient's record. A patient without a secret has empty ones, which block the fields that need them."""
    own = tuple(secrets.get(wanted, _NOTHING) for wanted in recipient.wanted)
    several = len(own) > 1
    addressee = recipient.addressee
    if recipient.channel is ChannelKind.EMAIL:
        addressee = replace(addressee, email=recipient.address)
    return MergeRecord(
        dossier=recipient.dossiers[0],
        addressee=addressee,
        cabinet=setting.cabinet,
        secret=own[0],
        today=setting.today,
        confirmed=setting.confirmed,
        pattern=setting.pattern,
        children=recipient.dossiers if several else (),
        child_secrets=own if several else (),
    )


@dataclass(frozen=True)
class Preparer:
    """Makes a campaign's e-mails and SMS; letters are printed, not sent."""

    setting: Setting
    texts: Texts
    issuer: AccessIssuer
    composer: EmailComposer | None = None
    """May be missing where nobody gets an e-mail."""

    def prepare(self, campaign: str, recipients: Iterable[Recipient], now: dt.datetime) -> Prepared:
        """The messages of a campaign; `campaign` is a random name, e.g. a UUID.

        Codes and links are staged at the portal for the texts that name them; they become valid message by message,
        as each is sent.
        """
        sent = [recipient for recipient in recipients if recipient.channel is not ChannelKind.LETTER]
        holders = {channel for channel in ChannelKind if self.texts.fields(channel) & SECRETS}
        secrets = self._stage([recipient for recipient in sent if recipient.channel in holders])
        drafts: dict[str, Draft] = {}
        blocked: list[tuple[Recipient, str]] = []
        for recipient in sent:
            identity = delivery_id(campaign, recipient)
            found = secrets[recipient.channel]
            made = tuple(found[wanted] for wanted in recipient.wanted if wanted in found)
            refusal = next((secret.refused for secret in made if secret.refused), "")
            try:
                if refusal:
                    raise RecordBlockedError(refusal)
                body = self._body(identity, recipient, record_for(recipient, self.setting, found), now)
            except (RecordBlockedError, EmailAddressError) as error:
                blocked.append((recipient, str(error)))
                continue
            drafts[identity] = Draft(
                id=identity,
                channel=recipient.channel,
                numbers=recipient.numbers,
                recipient=recipient.name,
                address=recipient.address,
                body=body,
                handles=handles_of(made),
            )
        self._discard_unused(secrets, drafts.values())
        return Prepared(tuple(drafts.values()), tuple(blocked))

    def _stage(self, holders: Iterable[Recipient]) -> Mapping[ChannelKind, Mapping[SecretFor, IssuedSecret]]:
        """What the messages of each channel carry; nothing for channels whose text names no code and no link."""
        wanted: dict[ChannelKind, dict[SecretFor, None]] = defaultdict(dict)
        for recipient in holders:
            wanted[recipient.channel].update(dict.fromkeys(recipient.wanted))
        made = {channel: self.issuer.stage(tuple(ones), channel.medium) for channel, ones in wanted.items()}
        return defaultdict(dict, made)

    def _discard_unused(
        self, secrets: Mapping[ChannelKind, Mapping[SecretFor, IssuedSecret]], drafts: Iterable[Draft]
    ) -> None:
        used = {handle for draft in drafts for handle in draft.handles}
        made = handles_of(secret for channel in secrets.values() for secret in channel.values())
        give_up(self.issuer, tuple(handle for handle in made if handle not in used))

    def _body(self, identity: str, recipient: Recipient, record: MergeRecord, now: dt.datetime) -> bytes:
        if recipient.channel is ChannelKind.SMS:
            if self.texts.sms is None:
                raise RecordBlockedError("Aucun texte de SMS n’est choisi.", "Choisissez-en un dans le modèle.")
            return compose_sms(self.texts.sms, record).text.encode("utf-8")
        template = self.texts.emails.get(audience_of(record))
        if template is None or self.composer is None:
            raise RecordBlockedError("Aucun texte d’e-mail n’est choisi.", "Choisissez-en un dans le modèle.")
        return self.composer.compose(template, record, identity, now).as_bytes()


def delivery_id(campaign: str, recipient: Recipient) -> str:
    """The same for the same message of the same campaign, so that preparing twice sends once; tells nothing of who."""
    what = "\0".join((recipient.channel, recipient.address, *recipient.numbers))
    return blake2b(what.encode("utf-8"), digest_size=16, key=campaign.encode("utf-8")[:64]).hexdigest()

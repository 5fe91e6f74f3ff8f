"""The shapes of what the reception desk asks of the portal: accesses, codes and links, messages, announcements.

`portal.api.shapes` says how they travel. Reception and practitioners may ask all of this, unless said otherwise; the
nightly program's device may not: it needs none of it.

    GET  /api/v1/overview                 -> Overview            what the home page shows, in one small answer
    GET  /api/v1/patients                 -> Accounts            every number that is or was published, or hidden
    POST /api/v1/patients/dossier         Patient -> ShownDossier    what is shown; the patient's trail keeps who asked
    POST /api/v1/patients/reset           Patient -> AccessesClosed
    POST /api/v1/patients/hide            Patient -> (204)       withdrawn at once; stays so whatever the sync brings
    POST /api/v1/patients/show            Patient -> (204)       the next sync publishes it again
    POST /api/v1/patients/erase           Patient -> (204)       practitioner; never comes back

    POST /api/v1/secrets                  StageSecrets -> StagedSecrets
    POST /api/v1/secrets/verify           VerifySecrets -> SecretsVerified    uses nothing up
    POST /api/v1/secrets/activate         Handles -> Activated   what carries them is safely out
    POST /api/v1/secrets/discard          Handles -> (204)       what would have carried them is not

    GET  /api/v1/messages                 -> Messages            newest first
    POST /api/v1/messages/{message}/read  MessageRead -> (204)
    POST /api/v1/messages/{message}/answer  Answer -> MessageAnswered

    POST /api/v1/announcements/claim      Claim -> Claimed       before a campaign sends
    POST /api/v1/announcements/release    Handles of campaigns -> (204)
    POST /api/v1/announcements            Announced -> (204)     who was informed, how and when

    GET  /api/v1/settings/history         -> SettingsHistory
    GET  /api/v1/devices                  -> Devices             practitioner, as the next two
    POST /api/v1/devices/enrolment-codes  NewDevice -> EnrolmentCode
    POST /api/v1/devices/{device}/revoke  (no body) -> (204)
"""

import datetime as dt
from enum import StrEnum
from typing import Annotated

import msgspec

from portal.api.nights import TroubledNights
from portal.api.shapes import Count, HexDigest, Moment, PatientNumber, Role, Shape, Strict

MAX_AT_ONCE = 500
"""Secrets, patients or announcements in one request; a client sends more in several."""

Contact = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
Handle = HexDigest


class Patient(Strict, frozen=True):
    number: PatientNumber


# What the home page shows


class MonthCount(Shape, frozen=True):
    month: Annotated[str, msgspec.Meta(pattern="^[0-9]{4}-[0-9]{2}$")]
    total: Count
    """Accounts that were open at the end of the month (or now, for the month that runs)."""


class Overview(Shape, frozen=True):
    published: Count
    """Patients whose dossier is shown."""
    activated: Count
    """Of them, those with at least one access."""
    activations: tuple[MonthCount, ...]
    """The last twelve months, oldest first."""
    hidden: Count
    unread_messages: Count
    oldest_unread: dt.datetime | None
    never_informed: Count
    """Published patients without an access to whom nothing was announced."""
    settings_version: Count
    as_of: dt.datetime | None
    """When the cabinet's data were last known to be what is shown; None before the first sync."""
    held_withdrawals: Count
    """Of the last commit: they wait for a practitioner."""
    held_reused: Count = 0
    """Of the last commit: numbers that seem to belong to another patient, and wait for the same."""
    trouble: TroubledNights | None = None
    """Nights that failed, hold something or did not come."""


# Patients' accounts


class Medium(StrEnum):
    """By what a patient was informed, and so what a secret travels on."""

    LETTER = "letter"
    CARD = "card"
    EMAIL = "email"
    SMS = "sms"

    @property
    def is_paper(self) -> bool:
        return self in (Medium.LETTER, Medium.CARD)


class Informed(Shape, frozen=True):
    medium: Medium
    at: dt.datetime


class Showing(StrEnum):
    SHOWN = "shown"
    HIDDEN = "hidden"
    """The cabinet said "not on the portal"."""
    ERASED = "erased"
    WITHDRAWN = "withdrawn"
    """No longer in the cabinet's data; its accesses are kept 30 days."""


class Account(Shape, frozen=True, omit_defaults=True):
    """What the portal knows of one patient's accesses. No name, no address, no e-mail."""

    number: PatientNumber
    showing: Showing = Showing.SHOWN
    accesses: Count = 0
    locked: bool = False
    """Too many wrong tries of late: closed for a while."""
    last_visit: dt.datetime | None = None
    informed: Informed | None = None
    """The latest announcement."""


class Accounts(Shape, frozen=True):
    accounts: tuple[Account, ...]


class ShownDossier(Shape, frozen=True):
    """What a patient's pages are made from now. 404 where nothing is shown, 429 where too much was asked for."""

    encoded: bytes
    """`cabinet.dossier.encode` of the dossier."""
    published_at: dt.datetime


class AccessesClosed(Shape, frozen=True):
    closed: Count


# Codes and links: staged when fetched, valid once what carries them is safely out


class SecretWanted(Strict, frozen=True, omit_defaults=True):
    number: PatientNumber
    contact: Contact
    """Names the addressee, the same each time; a newer secret of the same contact and medium replaces the former."""
    email: Annotated[str, msgspec.Meta(max_length=254)] = ""
    """The addressee's address, if known: pre-fills the first visit; the secret dies with one through that address."""


class StageSecrets(Strict, frozen=True):
    medium: Medium
    wanted: Annotated[tuple[SecretWanted, ...], msgspec.Meta(max_length=MAX_AT_ONCE)]


class StagedSecret(Shape, frozen=True, omit_defaults=True):
    """One answer to one `SecretWanted`, in their order: a handle and its secrets, or why there are none."""

    number: PatientNumber
    handle: str = ""
    link: str = ""
    """The full address of the one-time activation link."""
    code: str = ""
    """The personal code as it is printed; only under the `personal_code` policy."""
    refused: str = ""
    """A French sentence."""


class StagedSecrets(Shape, frozen=True):
    secrets: tuple[StagedSecret, ...]


class Handles(Strict, frozen=True):
    handles: Annotated[tuple[Handle, ...], msgspec.Meta(max_length=MAX_AT_ONCE)]


class Activated(Shape, frozen=True):
    unknown: tuple[Handle, ...] = ()
    """Of the handles asked for, those that open nothing: forgotten or replaced meanwhile; all others are valid."""


class MergedSecret(Strict, frozen=True, omit_defaults=True):
    """What stands in a letter, read back from it: is it what would open the dossier?"""

    handle: Handle
    number: PatientNumber
    code: str = ""
    link: str = ""


class VerifySecrets(Strict, frozen=True):
    secrets: Annotated[tuple[MergedSecret, ...], msgspec.Meta(max_length=MAX_AT_ONCE)]


class SecretsVerified(Shape, frozen=True):
    valid: Count
    wrong: tuple[Handle, ...] = ()


# Messages


class MessageState(StrEnum):
    UNREAD = "unread"
    READ = "read"
    ANSWERED = "answered"


class Message(Shape, frozen=True, omit_defaults=True):
    id: HexDigest
    number: PatientNumber
    at: dt.datetime
    state: MessageState
    subject: str = ""
    body: str = ""
    reply_to: str = ""
    """The patient's e-mail, or "": the answer goes by telephone."""
    answer: str = ""
    answered_at: dt.datetime | None = None


class Messages(Shape, frozen=True):
    messages: tuple[Message, ...]


class MessageRead(Strict, frozen=True):
    read: bool = True


class Answer(Strict, frozen=True):
    body: Annotated[str, msgspec.Meta(min_length=1, max_length=10_000)]
    by_email: bool = True
    """False: the cabinet answered otherwise (by telephone) and keeps a note of what was said."""


class MessageAnswered(Shape, frozen=True):
    at: dt.datetime


# Announcements: who was informed, so that every computer of the cabinet knows


class Claim(Strict, frozen=True):
    """This campaign is going to write to these patients; no other device may for a while."""

    campaign: HexDigest
    numbers: Annotated[tuple[PatientNumber, ...], msgspec.Meta(max_length=MAX_AT_ONCE)]


class TakenElsewhere(Shape, frozen=True):
    number: PatientNumber
    device_name: str
    until: dt.datetime


class Claimed(Shape, frozen=True):
    taken: tuple[TakenElsewhere, ...] = ()
    """Of the numbers asked for, those that another device is writing to; all others are this campaign's."""


class Announcement(Strict, frozen=True):
    number: PatientNumber
    medium: Medium
    at: Moment


class Announced(Strict, frozen=True):
    announcements: Annotated[tuple[Announcement, ...], msgspec.Meta(max_length=MAX_AT_ONCE)]


# Settings' history and the cabinet's devices


class PublishedVersion(Shape, frozen=True):
    version: Count
    published_at: dt.datetime
    device_name: str = ""


class SettingsHistory(Shape, frozen=True):
    versions: tuple[PublishedVersion, ...]
    """Newest first."""


class KnownDevice(Shape, frozen=True, omit_defaults=True):
    id: Count
    name: str
    role: Role
    enrolled_at: dt.datetime
    last_seen_at: dt.datetime | None = None
    is_this: bool = False


class Devices(Shape, frozen=True):
    devices: tuple[KnownDevice, ...]


class NewDevice(Strict, frozen=True):
    role: Role


class EnrolmentCode(Shape, frozen=True):
    code: str
    expires_at: dt.datetime

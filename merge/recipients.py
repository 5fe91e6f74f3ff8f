"""Who is written to, and by which channel: filters, household grouping, opt-outs, who is already informed."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cabinet.contacts import parse_email
from cabinet.dossier import Addressee, AppointmentStatus, Dossier
from cabinet.values import Unreadable, fold
from merge.record import Medium, SecretFor

ACTIVE_FOR = dt.timedelta(days=365)
"""A patient is in treatment with an appointment to come, or one within the past year."""


class ChannelKind(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"

    @property
    def medium(self) -> Medium:
        return Medium(self.value)


PROCEDURE_ORDER = (ChannelKind.EMAIL, ChannelKind.SMS, ChannelKind.LETTER)
"""Cheapest first (DESIGN.md §7)."""


@dataclass(frozen=True)
class Filters:
    """Which patients a campaign is for; every filter that is set must let a patient pass."""

    active: bool = False
    never_informed: bool = True
    never_signed_in: bool = False
    """For a reminder: nobody has yet opened the dossier on the portal."""
    with_email: bool = False
    treatment_from: dt.date | None = None
    treatment_until: dt.date | None = None
    """Both ends of the start of treatment, inclusive; a patient without that date does not pass."""
    numbers: frozenset[str] | None = None
    """Patients chosen by hand, or None for all."""


@dataclass(frozen=True)
class OptOuts:
    """Who does not want announcements. Addresses as `reach` gives them: e-mail in small letters, E.164."""

    addresses: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    """Patients to whom nothing is announced by any channel."""


class Reason(StrEnum):
    """Why a patient who passes the filters is not written to."""

    OPTED_OUT = "opted-out"
    ALREADY_INFORMED = "already-informed"
    SIGNED_IN = "signed-in"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class LeftOut:
    dossier: Dossier
    reason: Reason


@dataclass(frozen=True)
class Recipient:
    """One message: an addressee, the dossiers it is about, and how it goes. `address` is "" for a letter."""

    addressee: Addressee
    dossiers: tuple[Dossier, ...]
    channel: ChannelKind
    address: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(dossier.number for dossier in self.dossiers)

    @property
    def name(self) -> str:
        """For lists and journals."""
        addressee = self.addressee
        return " ".join(filter(None, (addressee.first_name, addressee.last_name))) or self.dossiers[0].number

    @property
    def wanted(self) -> tuple[SecretFor, ...]:
        """Whose secrets the message may carry: one for each dossier, in their order."""
        contact = self.address or paper_contact(self.addressee)
        email = self.address if self.channel is ChannelKind.EMAIL else ""
        return tuple(SecretFor(number, contact, email) for number in self.numbers)


@dataclass(frozen=True)
class Selection:
    recipients: tuple[Recipient, ...]
    left_out: tuple[LeftOut, ...]

    def by_channel(self) -> dict[ChannelKind, int]:
        """How many messages go by each channel."""
        counts = dict.fromkeys(ChannelKind, 0)
        for recipient in self.recipients:
            counts[recipient.channel] += 1
        return counts


@dataclass(frozen=True)
class Choice:
    """What a person chose on the recipients' page."""

    filters: Filters = Filters()
    order: tuple[ChannelKind, ...] = PROCEDURE_ORDER
    """Channels in use, the preferred one first."""
    group_households: bool = False
    both_parents: bool = False
    """Whether every addressee of a dossier is written to, or the first alone."""


def select(
    dossiers: Iterable[Dossier],
    choice: Choice,
    today: dt.date,
    opt_outs: OptOuts = OptOuts(),
    informed: frozenset[str] = frozenset(),
    *,
    signed_in: frozenset[str] = frozenset(),
) -> Selection:
    """Who is written to, in the order of the dossiers.

    `informed` are the numbers already announced to, `signed_in` those whose dossier somebody opened on the portal.
    """
    recipients: list[Recipient] = []
    left_out: list[LeftOut] = []
    for dossier in passing(dossiers, choice.filters, today):
        if dossier.number in opt_outs.numbers:
            left_out.append(LeftOut(dossier, Reason.OPTED_OUT))
        elif choice.filters.never_informed and dossier.number in informed:
            left_out.append(LeftOut(dossier, Reason.ALREADY_INFORMED))
        elif choice.filters.never_signed_in and dossier.number in signed_in:
            left_out.append(LeftOut(dossier, Reason.SIGNED_IN))
        else:
            found = [_recipient(dossier, to, choice.order, opt_outs) for to in _addressees(dossier, choice)]
            recipients.extend(one for one in found if isinstance(one, Recipient))
            if not any(isinstance(one, Recipient) for one in found):
                reasons = [one for one in found if isinstance(one, Reason)]
                refused = Reason.OPTED_OUT in reasons
                left_out.append(LeftOut(dossier, Reason.OPTED_OUT if refused else Reason.UNREACHABLE))
    if choice.group_households:
        recipients = _grouped(recipients)
    return Selection(tuple(recipients), tuple(left_out))


def passing(dossiers: Iterable[Dossier], filters: Filters, today: dt.date) -> tuple[Dossier, ...]:
    """The patients that a campaign is for, whether or not anything reaches them."""
    return tuple(dossier for dossier in dossiers if _passes(dossier, filters, today))


def is_active(dossier: Dossier, today: dt.date) -> bool:
    """Whether a patient is in treatment: an appointment to come, or one that took place within the past year."""
    return any(
        appointment.status is not AppointmentStatus.CANCELLED and appointment.start.date() >= today - ACTIVE_FOR
        for appointment in dossier.appointments
    )


def reach(addressee: Addressee, channel: ChannelKind) -> str | None:
    """Where a channel reaches an addressee ("" for a letter), or None where it cannot.

    An e-mail in small letters, a French or foreign mobile in E.164: a fixed line gets no SMS. For a letter, a name and
    a town are enough to be worth checking: what else is missing is shown as a problem, not silently rerouted.
    """
    if channel is ChannelKind.EMAIL:
        return email_of(addressee) or None
    if channel is ChannelKind.SMS:
        return mobile_of(addressee) or None
    return "" if addressee.last_name and (addressee.city or addressee.postcode or addressee.address_1) else None


def email_of(addressee: Addressee) -> str:
    """The addressee's e-mail in small letters, or "" where there is none or it is none."""
    try:
        return parse_email(addressee.email).lower()
    except Unreadable:
        return ""


def mobile_of(addressee: Addressee) -> str:
    """The addressee's mobile in E.164, or "" where it is none or cannot get SMS.

    A number without its country is read as France's, then as the overseas departments' (0692… is +262692…).
    """
    import phonenumbers as phones  # noqa: PLC0415 - slow to import, needed by campaigns alone

    if not addressee.mobile:
        return ""
    try:
        numbers = [phones.parse(addressee.mobile, region) for region in ("FR", *_OVERSEAS)]
    except phones.NumberParseException:
        return ""
    mobile = (phones.PhoneNumberType.MOBILE, phones.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    for number in numbers:
        if phones.number_type(number) in mobile:
            return str(phones.format_number(number, phones.PhoneNumberFormat.E164))
    # A block that the library does not know yet, or that is kept for fiction: the prefix is a mobile's all the same.
    written = str(phones.format_number(numbers[0], phones.PhoneNumberFormat.E164))
    return written if _FRENCH_MOBILE.fullmatch(written) else ""


_OVERSEAS = ("GP", "RE", "YT", "GF", "MQ")
_FRENCH_MOBILE = re.compile(r"\+33[67]\d{8}")


def household(addressee: Addressee) -> tuple[str, ...]:
    """What makes two addressees one: name and address, whatever the spelling."""
    return tuple(
        fold(part)
        for part in (addressee.last_name, addressee.first_name, addressee.address_1, addressee.postcode, addressee.city)
    )


def paper_contact(addressee: Addressee) -> str:
    """Names whom a paper is for, whatever the spelling; a patient of whom nothing else is known is « patient »."""
    return " ".join(filter(None, household(addressee)))[:_MAX_CONTACT] or "patient"


_MAX_CONTACT = 300
"""What the portal takes (`portal.api.desk.Contact`)."""


def _passes(dossier: Dossier, filters: Filters, today: dt.date) -> bool:
    start = dossier.patient.treatment_start
    if filters.numbers is not None and dossier.number not in filters.numbers:
        return False
    if filters.active and not is_active(dossier, today):
        return False
    if filters.with_email and not any(email_of(addressee) for addressee in dossier.addressees):
        return False
    if filters.treatment_from and (start is None or start < filters.treatment_from):
        return False
    return not (filters.treatment_until and (start is None or start > filters.treatment_until))


def _addressees(dossier: Dossier, choice: Choice) -> tuple[Addressee, ...]:
    return dossier.addressees if choice.both_parents else dossier.addressees[:1]


def _recipient(
    dossier: Dossier, addressee: Addressee, order: tuple[ChannelKind, ...], opt_outs: OptOuts
) -> Recipient | Reason:
    """By the first channel that reaches. Who opted out by e-mail is not written to by SMS instead."""
    if opt_outs.addresses and not opt_outs.addresses.isdisjoint((email_of(addressee), mobile_of(addressee))):
        return Reason.OPTED_OUT
    for channel in order:
        address = reach(addressee, channel)
        if address is not None:
            return Recipient(addressee, (dossier,), channel, address)
    return Reason.UNREACHABLE


def _grouped(recipients: list[Recipient]) -> list[Recipient]:
    """One message for each household and channel, at the place of its first dossier. SMS have no room for two."""
    groups: dict[tuple[object, ...], Recipient] = {}
    for place, recipient in enumerate(recipients):
        key: tuple[object, ...] = (recipient.channel, recipient.address, *household(recipient.addressee))
        if recipient.channel is ChannelKind.SMS:
            key = (place,)
        before = groups.get(key)
        dossiers = (before.dossiers if before else ()) + recipient.dossiers
        groups[key] = Recipient(recipient.addressee, dossiers, recipient.channel, recipient.address)
    return list(groups.values())

"""The dossier: everything that is published of one patient, as one immutable document with one identity.

A dossier is read at the cabinet, compared, sent, stored, sealed and shown whole. Its identity is the keyed digest of
its canonical encoding, so two programs that read the same facts agree without exchanging them, and nobody without the
cabinet's key can guess a birth date from a digest.

Money is integer cents (euro). Appointment times are naive local times of the cabinet.
"""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from hashlib import blake2b
from operator import attrgetter, lt
from typing import Annotated, Any, NewType

import msgspec

FORMAT_VERSION = 1
DIGEST_BYTES = 16
"""BLAKE2b-128 (RFC 7693): collisions among a cabinet's dossiers are out of reach, and a manifest stays small."""
MAX_DURATION_MINUTES = 7 * 24 * 60
"""Of an appointment in a document that is decoded: seven times what an export may say (`cabinet.values`)."""

Digest = NewType("Digest", bytes)
"""16 bytes of keyed BLAKE2b over a canonical encoding."""


class DossierFormatError(ValueError):
    """Bytes that are not a dossier of a version this program knows."""


class AppointmentStatus(StrEnum):
    PLANNED = "planned"
    ATTENDED = "attended"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Patient(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Whom the dossier is about. `number` is the practice software's "N° interne" (@ORDRE): text, never an integer."""

    number: str
    civility: str = ""
    last_name: str = ""
    first_name: str = ""
    birth_date: dt.date | None = None
    treatment_start: dt.date | None = None


class Addressee(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Who the letter goes to (the D… fields): a parent, or the patient. `address_1` is the street line."""

    civility: str = ""
    last_name: str = ""
    first_name: str = ""
    address_1: str = ""
    address_2: str = ""
    postcode: str = ""
    city: str = ""
    email: str = ""
    mobile: str = ""


class Appointment(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    start: dt.datetime
    kind: str = ""
    duration_minutes: Annotated[int, msgspec.Meta(ge=0, le=MAX_DURATION_MINUTES)] | None = None
    practitioner: str = ""
    status: AppointmentStatus = AppointmentStatus.PLANNED


class Instalment(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A line of the Échéancier. `settled` is its "Traité" column; None when the export does not say."""

    label: str = ""
    total: int | None = None
    amount: int | None = None
    settled: bool | None = None
    date: dt.date | None = None


class Fee(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A line of the Honoraires. `remaining` is its "Reste" column."""

    label: str = ""
    total: int | None = None
    amount: int | None = None
    remaining: int | None = None
    date: dt.date | None = None


class Balance(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The "Solde restant dû … au …"."""

    amount: int
    as_of: dt.date | None = None


class Dossier(
    msgspec.Struct,
    frozen=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="version",
    tag=FORMAT_VERSION,
):
    """All that is published of one patient. Every part but the patient's number may be missing.

    The first of `addressees` is the one that letters go to; separated parents are two. `photo_digest` names the
    photo in hexadecimal (see `digest_of`); the photo itself travels and is stored apart, by content.
    """

    patient: Patient
    addressees: tuple[Addressee, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    instalments: tuple[Instalment, ...] = ()
    fees: tuple[Fee, ...] = ()
    balance: Balance | None = None
    photo_digest: str = ""

    @property
    def number(self) -> str:
        return self.patient.number


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Dossier)
_VERSION_MARK = b'"version":%d}' % FORMAT_VERSION
"""Ends every encoding: the keys are sorted, and msgspec alone would take a document without a version for this one."""


_START, _DATE = attrgetter("start"), attrgetter("date")


def canonical(dossier: Dossier) -> Dossier:
    """The same facts in canonical order: what the export's row order was is not a fact.

    Appointments go by start, the accounts by date (undated last) and label; addressees keep their order, which says
    who comes first. Sorting is stable and total, so equal contents give equal bytes.
    """
    is_canonical = (
        _is_rising([*map(_START, dossier.appointments)])
        and _is_rising([*map(_DATE, dossier.instalments)])
        and _is_rising([*map(_DATE, dossier.fees)])
    )
    if is_canonical:
        return dossier
    return msgspec.structs.replace(
        dossier,
        appointments=tuple(
            sorted(
                dossier.appointments,
                key=lambda a: (
                    *(a.start, a.kind, a.practitioner, a.duration_minutes or 0, a.status),
                    a.duration_minutes is None,
                ),
            )
        ),
        instalments=tuple(sorted(dossier.instalments, key=_account_order)),
        fees=tuple(sorted(dossier.fees, key=_account_order)),
    )


def _is_rising(days: Sequence[Any]) -> bool:
    """Whether each is later than the one before: the order of most exports, which needs no sorting."""
    try:
        return all(map(lt, days, days[1:]))
    except TypeError:  # one that is not known
        return False


def _account_order(line: Instalment | Fee) -> tuple[dt.date, str, int, int, int, bool, bool, bool, bool]:
    """Nothing goes beside zero, and is told from it last: two lines that differ in that alone have one order, too."""
    last = line.settled if isinstance(line, Instalment) else line.remaining
    facts = (line.date or dt.date.max, line.label, line.total or 0, line.amount or 0, int(last or 0))
    return (*facts, line.date is None, line.total is None, line.amount is None, last is None)


def encode(dossier: Dossier) -> bytes:
    """The canonical, versioned encoding of a canonical dossier: JSON, sorted keys, defaults omitted.

    A new optional field with a default changes no encoding, and so republishes nothing.
    """
    return _encoder.encode(dossier)


def decode(encoded: bytes) -> Dossier:
    """Raise `DossierFormatError` for anything but the encoding of a dossier of this format version."""
    if not encoded.endswith(_VERSION_MARK):
        raise DossierFormatError("no dossier of this format version")
    try:
        return _decoder.decode(encoded)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DossierFormatError(str(error)) from error


def digest_of(content: bytes, key: bytes) -> Digest:
    """BLAKE2b-128 of an encoded dossier or a photo, keyed with the cabinet's 32-byte digest key."""
    return Digest(blake2b(content, digest_size=DIGEST_BYTES, key=key).digest())

"""How each kind of row becomes a record: its fields, what an empty one means, and what it cannot be without."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from cabinet.dossier import Addressee, Appointment, AppointmentStatus, Balance, Fee, Instalment, Patient
from cabinet.values import MAX_MINUTES, Unreadable

T = TypeVar("T")


class EmptyLine(Unreadable):
    """A row that says nothing but whose it is."""

    def __init__(self) -> None:
        super().__init__("empty-line", "est vide")


class Recipe(msgspec.Struct, Generic[T], frozen=True):
    fields: Mapping[str, object]
    """Name of the field -> its value where the cell is empty; in the order of `make`'s parameters."""
    make: Callable[..., T]
    required: frozenset[str] = frozenset()


class KeyedPatient(NamedTuple):
    patient: Patient
    key: str
    """What other tables call the patient by: the number, or the column that the mapping names."""
    family: str
    """What a table of families calls theirs by; empty without one."""


class RankedAddressee(NamedTuple):
    rank: int
    addressee: Addressee


def _patient(*values: Any) -> KeyedPatient:
    *facts, key, family = values
    patient = Patient(*facts)
    return KeyedPatient(patient, key or patient.number, family)


def _addressee(*values: Any) -> RankedAddressee:
    *parts, rank = values
    # A civility alone is no one: exports fill it in for a second parent who is not there.
    if not any(parts[1:]):
        raise EmptyLine
    return RankedAddressee(rank or 0, Addressee(*parts))


def _timed_appointment(*values: Any) -> Appointment:
    *facts, end = values
    appointment = Appointment(*facts)
    if end is None or appointment.duration_minutes is not None:
        return appointment
    minutes = round((end - appointment.start).total_seconds() / 60)
    # An end before the start, or days later, is a mistake that says nothing about the duration.
    return (
        msgspec.structs.replace(appointment, duration_minutes=minutes) if 0 <= minutes <= MAX_MINUTES else appointment
    )


def _instalment(*values: Any) -> Instalment:
    if not any(values):
        raise EmptyLine
    return Instalment(*values)


UNSAID = object()
"""A cell that is not there or cannot be read; an empty one says that nothing was paid."""


def _paid_instalment(*values: Any) -> Instalment:
    label, total, amount, settled, date, paid, day = values
    if settled is None:
        settled = _is_settled(amount, paid, day)
    return _instalment(label, total, amount, settled, date)


def _is_settled(amount: int | None, paid: Any, day: Any) -> bool | None:
    """Cents due and paid before the day of a payment, which may be of a part; None where nothing says it.

    A payment below zero says nothing: some programs write them so, others a cheque that came back.
    """
    if paid is not UNSAID and (paid or 0) >= 0 and amount is not None and amount > 0:
        return (paid or 0) >= amount
    return None if day is UNSAID else day is not None


def _fee(*values: Any) -> Fee:
    if not any(values):
        raise EmptyLine
    return Fee(*values)


PATIENT = Recipe(
    {
        "number": "",
        "civility": "",
        "last_name": "",
        "first_name": "",
        "birth_date": None,
        "treatment_start": None,
        "key": "",
        "family": "",
    },
    _patient,
    frozenset({"number"}),
)
ADDRESSEE = Recipe(
    {
        "civility": "",
        "last_name": "",
        "first_name": "",
        "address_1": "",
        "address_2": "",
        "postcode": "",
        "city": "",
        "email": "",
        "mobile": "",
        "rank": None,
    },
    _addressee,
)
_APPOINTMENT_FIELDS: dict[str, object] = {
    "start": None,
    "kind": "",
    "duration_minutes": None,
    "practitioner": "",
    "status": AppointmentStatus.PLANNED,
}
# An unknown state refuses the row: an appointment called off must not be shown as one to come to.
APPOINTMENT = Recipe(_APPOINTMENT_FIELDS, Appointment, frozenset({"start", "status"}))
TIMED_APPOINTMENT = Recipe({**_APPOINTMENT_FIELDS, "end": None}, _timed_appointment, APPOINTMENT.required)
_INSTALMENT_FIELDS: dict[str, object] = {"label": "", "total": None, "amount": None, "settled": None, "date": None}
INSTALMENT = Recipe(_INSTALMENT_FIELDS, _instalment)
PAID_INSTALMENT = Recipe({**_INSTALMENT_FIELDS, "settled_amount": UNSAID, "settled_on": UNSAID}, _paid_instalment)
FEE = Recipe({"label": "", "total": None, "amount": None, "remaining": None, "date": None}, _fee)
BALANCE = Recipe({"amount": None, "as_of": None}, Balance, frozenset({"amount"}))

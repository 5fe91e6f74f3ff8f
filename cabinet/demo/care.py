"""What a cabinet books and bills over a treatment: invented visits, instalments and fees, as of a day."""

import datetime as dt
from dataclasses import dataclass
from random import Random

from cabinet.dossier import Appointment, AppointmentStatus, Balance, Fee, Instalment

PRACTITIONERS = ("CC", "PB", "ML")
_VISIT_EVERY_DAYS = 38
_ACTIVE_DAYS = 900
_RETENTION_EVERY_DAYS = 150
_SEMESTER_DAYS = 182
_HOURS = {
    0: (12 * 60, 18 * 60 + 30),
    1: (12 * 60, 18 * 60 + 30),
    2: (8 * 60 + 30, 16 * 60 + 30),
    3: (12 * 60, 18 * 60 + 30),
    4: (12 * 60, 18 * 60 + 30),
}
"""Opening hours of the procedure's cabinet: weekday -> first and last minute."""
_HOLIDAYS = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
_MINUTES = {"BILAN": 40, "EMPR": 30, "POSE": 60, "RVC": 20, "RV1A": 40, "RV2C": 40, "CTCT": 20, "URG": 20, "DEPO": 60}
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Care:
    """All that the export says of one patient's visits and accounts."""

    appointments: tuple[Appointment, ...]
    instalments: tuple[Instalment, ...]
    fees: tuple[Fee, ...]
    balance: Balance | None


def care(random: Random, treatment_start: dt.date | None, today: dt.date) -> Care:
    """Before treatment there is a first visit to come and nothing to pay."""
    practitioner = random.choices(PRACTITIONERS, (6, 3, 2))[0]
    if treatment_start is None:
        first = _appointment(random, today + dt.timedelta(days=random.randint(3, 60)), "BILAN", practitioner, today)
        return Care((first,), (), (), None)
    instalments, fees = _accounts(random, treatment_start, today)
    owed = sum(fee.remaining or 0 for fee in fees)
    balance = Balance(owed, today - dt.timedelta(days=1)) if random.random() < 0.95 else None
    return Care(tuple(_visits(random, treatment_start, practitioner, today)), instalments, fees, balance)


def _visits(random: Random, start: dt.date, practitioner: str, today: dt.date) -> list[Appointment]:
    """The treatment's visits up to today, and the next few that are already booked."""
    horizon = today + dt.timedelta(days=random.choice((40, 80, 120, 160)))
    visits = []
    day = start - dt.timedelta(days=random.randint(20, 70))
    step = 0
    while day <= horizon:
        active = (day - start).days < _ACTIVE_DAYS
        kind = _kind(random, step, active=active)
        visits.append(_appointment(random, day, kind, practitioner, today))
        if active and random.random() < 0.04:
            visits.append(_appointment(random, day + 9 * _DAY, "URG", practitioner, today))
        days = _VISIT_EVERY_DAYS if active else _RETENTION_EVERY_DAYS
        day += dt.timedelta(days=days + random.randint(-8, 8))
        step += 1
    return visits


def _kind(random: Random, step: int, *, active: bool) -> str:
    if step < 3:
        return ("BILAN", "EMPR", "POSE")[step]
    return random.choices(("RVC", "RV1A", "RV2C"), (7, 2, 2))[0] if active else "CTCT"


def _appointment(random: Random, day: dt.date, kind: str, practitioner: str, today: dt.date) -> Appointment:
    while day.weekday() not in _HOURS or (day.month, day.day) in _HOLIDAYS:
        day += _DAY
    opens, closes = _HOURS[day.weekday()]
    minutes = _MINUTES[kind]
    minute = random.randrange(opens, closes - minutes + 1, 10)
    start = dt.datetime(day.year, day.month, day.day, minute // 60, minute % 60)  # noqa: DTZ001 - the cabinet's local time
    return Appointment(start, kind, minutes, practitioner, _status(random, past=day < today))


def _status(random: Random, *, past: bool) -> AppointmentStatus:
    draw = random.random()
    if draw < 0.03:
        return AppointmentStatus.CANCELLED
    if not past:
        return AppointmentStatus.PLANNED
    return AppointmentStatus.MISSED if draw < 0.07 else AppointmentStatus.ATTENDED


def _accounts(random: Random, start: dt.date, today: dt.date) -> tuple[tuple[Instalment, ...], tuple[Fee, ...]]:
    """A fee for the first visit, then one a semester, paid in two instalments; some families are late."""
    price = random.choice((58000, 64500, 69000, 72050, 78000))
    late = random.random() < 0.15
    fees = [Fee("Bilan orthodontique", 9650, 9650, 0, start - dt.timedelta(days=20))]
    instalments = []
    for semester in range(1, random.randint(4, 6) + 1):
        day = start + dt.timedelta(days=(semester - 1) * _SEMESTER_DAYS)
        if day > today + dt.timedelta(days=_SEMESTER_DAYS):
            break
        ordinal = "1er" if semester == 1 else f"{semester}e"
        settled_total = 0
        for half, part in enumerate((price // 2, price - price // 2)):
            due = day + dt.timedelta(days=half * _SEMESTER_DAYS // 2)
            overdue_days = (today - due).days
            settled = overdue_days > (120 if late else 0)
            settled_total += part if settled else 0
            label = f"{ordinal} semestre, {half + 1}{'re' if half == 0 else 'e'} échéance"
            instalments.append(Instalment(label, price, part, settled, due))
        if day <= today:
            fees.append(Fee(f"{ordinal} semestre", price, price, price - settled_total, day))
    return tuple(instalments), tuple(fees)

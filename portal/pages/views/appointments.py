"""Mes Rendez-Vous: the next appointment, those to come, the history, and how many were missed.

An appointment is to come until it ends: a parent who is late still finds it at the top. One that was cancelled is no
longer to come and was not attended; it stands in the history, marked, from its day on. A missed one likewise. An
export that says nothing of a past appointment is taken at its word: it took place.
"""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from cabinet.dossier import Appointment, AppointmentStatus, Dossier
from portal.pages import addresses
from portal.pages.context import PageContext
from portal.pages.elements import visible_keys
from portal.pages.formats import Formats
from portal.pages.language import Language
from portal.pages.settings import PortalSettings
from portal.pages.views.tables import Column, ColumnOf, TableView, table_view

WIRE_REACH = 5
"""Brackets on each side of the next one on the wire: a decoration, not a count."""

CALENDAR_START = "%Y%m%dT%H%M"
"""How an appointment's start is written in its calendar address."""

_MARKS = {AppointmentStatus.MISSED: "missed", AppointmentStatus.CANCELLED: "cancelled"}


class NextAppointment(msgspec.Struct, frozen=True):
    """The next appointment in words; a field is "" where its element is hidden or the dossier does not say."""

    date: str
    time: str
    duration: str
    kind: str
    practitioner: str
    calendar: str
    """Address of its calendar entry."""


class AppointmentsView(msgspec.Struct, frozen=True):
    next: NextAppointment | None
    upcoming: TableView
    history: TableView
    missed: str
    """The sentence on missed appointments; "" where none was missed or the line is hidden."""
    wire: tuple[int, int]
    """Brackets before and after the next one."""


class Divided(NamedTuple):
    """The appointments of a dossier as of a moment."""

    upcoming: tuple[Appointment, ...]
    """Soonest first."""
    past: tuple[Appointment, ...]
    """Latest first."""


def divide(appointments: tuple[Appointment, ...], now: dt.datetime) -> Divided:
    """Part what is to come from what is past; an appointment cancelled ahead of its day is in neither."""
    upcoming: list[Appointment] = []
    past: list[Appointment] = []
    for appointment in sorted(appointments, key=lambda each: each.start):
        end = appointment.start + dt.timedelta(minutes=appointment.duration_minutes or 0)
        if appointment.status is AppointmentStatus.ATTENDED or end <= now:
            past.append(appointment)
        elif appointment.status is AppointmentStatus.PLANNED:
            upcoming.append(appointment)
        elif appointment.status is AppointmentStatus.MISSED:
            past.append(appointment)
    return Divided(tuple(upcoming), tuple(reversed(past)))


def appointments_view(
    dossier: Dossier, settings: PortalSettings, context: PageContext, words: Language
) -> AppointmentsView:
    shown = visible_keys(settings.hidden)
    divided = divide(dossier.appointments, context.now)
    missed = sum(each.status is AppointmentStatus.MISSED for each in divided.past)
    attended = sum(each.status not in _MARKS for each in divided.past)
    columns = tuple(_columns(settings, words))
    coming = divided.upcoming
    return AppointmentsView(
        next=_next(coming[0], settings, shown, words) if coming and "appointments.next" in shown else None,
        upcoming=table_view("appointments.upcoming", columns, coming, shown),
        history=table_view("appointments.history", columns, divided.past, shown, mark=_mark),
        missed=_missed(missed, words) if missed and "appointments.missed" in shown else "",
        wire=(min(attended, WIRE_REACH), min(max(len(coming) - 1, 0), WIRE_REACH)),
    )


def _columns(settings: PortalSettings, words: Language) -> Iterator[ColumnOf[Appointment]]:
    _, formats = words.texts.gettext, words.formats
    yield ColumnOf(Column("date", _("Date")), lambda each: formats.date_time(each.start))
    yield ColumnOf(Column("kind", _("Nature")), lambda each: settings.kind_names.get(each.kind, each.kind))
    yield ColumnOf(Column("duration", _("Durée")), lambda each: _duration(each, formats))
    yield ColumnOf(
        Column("practitioner", _("Praticien")),
        lambda each: settings.practitioner_names.get(each.practitioner, each.practitioner),
    )


def _mark(appointment: Appointment) -> str:
    """What did not take place is marked, on the first visible cell, whichever column that is."""
    return _MARKS.get(appointment.status, "")


def _missed(count: int, words: Language) -> str:
    sentence = words.texts.ngettext(
        "Vous avez manqué un rendez-vous. En cas d’empêchement, prévenez-nous\u00a0: nous vous proposerons une autre"
        " date.",
        "Vous avez manqué {count} rendez-vous. En cas d’empêchement, prévenez-nous\u00a0: nous vous proposerons une"
        " autre date.",
        count,
    )
    return sentence.format(count=count)


def _duration(appointment: Appointment, formats: Formats) -> str:
    minutes = appointment.duration_minutes
    return "" if minutes is None else formats.duration(minutes)


def _next(
    appointment: Appointment, settings: PortalSettings, shown: frozenset[str], words: Language
) -> NextAppointment:
    formats = words.formats
    dated = "appointments.next.date" in shown
    code = appointment.practitioner
    practitioner = settings.practitioner_names.get(code, "") or (
        words.texts.gettext("Praticien %(code)s") % {"code": code} if code else ""
    )
    kind = settings.kind_names.get(appointment.kind, appointment.kind)
    calendar = addresses.CALENDAR_ONE.format(start=appointment.start.strftime(CALENDAR_START))
    return NextAppointment(
        date=formats.long_date(appointment.start) if dated else "",
        time=formats.time(appointment.start) if dated else "",
        duration=_duration(appointment, formats) if "appointments.next.duration" in shown else "",
        kind=kind if "appointments.next.kind" in shown else "",
        practitioner=practitioner if "appointments.next.practitioner" in shown else "",
        calendar=calendar if "appointments.next.calendar" in shown else "",
    )

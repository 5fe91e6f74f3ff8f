"""Appointments for the patient's own calendar (iCalendar, RFC 5545): one, or all that are to come.

Times are written in UTC, so every calendar shows the same instant without our time zone's rules. An entry's identity
is stable from sync to sync and tells nothing of the patient: a keyed digest, as the file may end up anywhere.
"""

import datetime as dt
from collections.abc import Iterable
from hashlib import blake2b
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from cabinet.dossier import Appointment, Dossier
from portal.pages.context import PageContext
from portal.pages.elements import is_visible
from portal.pages.language import language
from portal.pages.navigation import page_is_open
from portal.pages.rich_text import plain_lines
from portal.pages.settings import PortalSettings
from portal.pages.views.appointments import CALENDAR_START, divide

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//WebOrtho//Portail patient//FR"


def calendar_of_all(
    dossier: Dossier, settings: PortalSettings, context: PageContext, *, time_zone: str, uid_key: bytes
) -> bytes | None:
    """All appointments to come, or None where the button is hidden: then the address answers 404.

    `time_zone`: IANA name of the cabinet's zone. `uid_key`: at most 64 bytes that only this cabinet has.
    """
    if not page_is_open("appointments.upcoming.calendar", settings):
        return None
    upcoming = divide(dossier.appointments, context.now).upcoming
    return _calendar(upcoming, dossier.number, settings, context, zone=ZoneInfo(time_zone), uid_key=uid_key)


def calendar_of_one(
    dossier: Dossier, settings: PortalSettings, context: PageContext, start: str, *, time_zone: str, uid_key: bytes
) -> bytes | None:
    """What is to come at `start` (as in `addresses.CALENDAR_ONE`); None for none, or where the button is hidden."""
    if not page_is_open("appointments.next.calendar", settings):
        return None
    upcoming = divide(dossier.appointments, context.now).upcoming
    chosen = [each for each in upcoming if each.start.strftime(CALENDAR_START) == start]
    if not chosen:
        return None
    return _calendar(chosen, dossier.number, settings, context, zone=ZoneInfo(time_zone), uid_key=uid_key)


def _calendar(
    appointments: Iterable[Appointment],
    number: str,
    settings: PortalSettings,
    context: PageContext,
    *,
    zone: ZoneInfo,
    uid_key: bytes,
) -> bytes:
    _ = language(context.language).texts.gettext
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    title = _("Rendez-vous chez l’orthodontiste")
    place = ", ".join((context.cabinet_name, *plain_lines(settings.zones.address)))
    for appointment in appointments:
        event = Event()
        event.add("uid", _uid(appointment.start, number, uid_key))
        event.add("dtstamp", _instant(context.as_of or context.now, zone))
        event.add("dtstart", _instant(appointment.start, zone))
        if appointment.duration_minutes:
            event.add("duration", dt.timedelta(minutes=appointment.duration_minutes))
        event.add("summary", title)
        if is_visible("header.address", settings.hidden):
            event.add("location", place)
        if appointment.kind and is_visible("appointments.next.kind", settings.hidden):
            event.add("description", settings.kind_names.get(appointment.kind, appointment.kind))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _instant(local: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return local.replace(tzinfo=zone).astimezone(dt.UTC)


def _uid(start: dt.datetime, number: str, key: bytes) -> str:
    """One entry a start, whatever else changes, so that a second import corrects the first.

    Brothers and sisters at the same hour are two entries of one family calendar, hence the number.
    """
    identity = f"{number}\0{start.isoformat()}".encode()
    return f"{blake2b(identity, digest_size=16, key=key, person=b'webortho-ics').hexdigest()}@webortho"

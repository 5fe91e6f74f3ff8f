"""Dates, times and money as French letters write them.

Figtree has no U+202F, so the no-break space is U+00A0 everywhere (design language).
"""

import datetime as dt

NBSP = "\u00a0"
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def short_date(date: dt.date) -> str:
    """06/10/2009, as on every paper of the cabinet."""
    return f"{date.day:02}/{date.month:02}/{date.year:04}"


def long_date(date: dt.date) -> str:
    """1er janvier 2026: the day stays with its month."""
    day = "1er" if date.day == 1 else str(date.day)
    return f"{day}{NBSP}{MONTHS[date.month - 1]} {date.year}"


def day_and_date(date: dt.date) -> str:
    """mardi 6 octobre 2026."""
    return f"{WEEKDAYS[date.weekday()]} {long_date(date)}"


def time_of_day(moment: dt.datetime) -> str:
    """14h30, 9h05."""
    return f"{moment.hour}h{moment.minute:02}"


def money(cents: int) -> str:
    """Euros with two decimals from integer cents: 1 234,50 €."""
    euros, rest = divmod(abs(cents), 100)
    sign = "−" if cents < 0 else ""
    return f"{sign}{euros:,}".replace(",", NBSP) + f",{rest:02}{NBSP}€"


def enumeration(items: list[str]) -> str:
    """a, b et c."""
    return " et ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


def agree(count: int, singular: str, plural: str) -> str:
    """« 1 lettre », « 1 248 lettres »: the count and its noun; none and one take the singular in French."""
    return f"{count:,}".replace(",", NBSP) + NBSP + (singular if count < 2 else plural)

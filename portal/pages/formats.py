"""Dates, times, durations and money as a reader of one language expects them: written often, so written plainly.

Babel gives the names of days and months once, when the program starts; a table of two hundred cells then costs no
Babel call. French follows the typography of the design language: U+00A0 before €, and between thousands, because
Figtree has no U+202F.
"""

import datetime as dt
from abc import ABC, abstractmethod

from babel import Locale

NBSP = "\u00a0"


class Formats(ABC):
    """How one language writes what the pages show."""

    def __init__(self, locale: str) -> None:
        names = Locale.parse(locale)
        self._days = tuple(names.days["format"]["wide"][day] for day in range(7))
        self._months = tuple(names.months["format"]["wide"][month] for month in range(1, 13))

    @staticmethod
    def date(date: dt.date) -> str:
        """06/10/2009: day first in both languages, as on every paper of the cabinet."""
        return f"{date.day:02}/{date.month:02}/{date.year:04}"

    @staticmethod
    def duration(minutes: int) -> str:
        """20 min, 1 h, 1 h 05."""
        if minutes < 60:
            return f"{minutes}{NBSP}min"
        hours, rest = divmod(minutes, 60)
        return f"{hours}{NBSP}h{NBSP}{rest:02}" if rest else f"{hours}{NBSP}h"

    @abstractmethod
    def long_date(self, date: dt.date) -> str:
        """The date in words, as the next appointment shows it."""

    @abstractmethod
    def time(self, moment: dt.datetime) -> str:
        """The time in running text."""

    @abstractmethod
    def date_time(self, moment: dt.datetime) -> str:
        """Date and time in a table's cell."""

    @abstractmethod
    def money(self, cents: int) -> str:
        """Always with two decimals."""

    def money_short(self, cents: int) -> str:
        """Without decimals where there are no cents, as the Montant and Reste columns of the procedure."""
        full = self.money(cents)
        return full if cents % 100 else full.replace(f"{self._decimal}00", "", 1)

    _decimal: str


class French(Formats):
    _decimal = ","

    def __init__(self) -> None:
        super().__init__("fr")

    def long_date(self, date: dt.date) -> str:
        day = "1er" if date.day == 1 else str(date.day)
        return f"{self._days[date.weekday()]} {day}{NBSP}{self._months[date.month - 1]} {date.year}"

    def time(self, moment: dt.datetime) -> str:
        return f"{moment.hour}h{moment.minute:02}"

    def date_time(self, moment: dt.datetime) -> str:
        return f"{self.date(moment)} à{NBSP}{moment.hour:02}H{moment.minute:02}"

    def money(self, cents: int) -> str:
        euros, rest = divmod(abs(cents), 100)
        sign = "−" if cents < 0 else ""
        return f"{sign}{euros:,}".replace(",", NBSP) + f",{rest:02}{NBSP}€"


class English(Formats):
    _decimal = "."

    def __init__(self) -> None:
        super().__init__("en_GB")

    def long_date(self, date: dt.date) -> str:
        return f"{self._days[date.weekday()]} {date.day}{NBSP}{self._months[date.month - 1]} {date.year}"

    def time(self, moment: dt.datetime) -> str:
        return f"{moment.hour}:{moment.minute:02}"

    def date_time(self, moment: dt.datetime) -> str:
        return f"{self.date(moment)} at{NBSP}{moment.hour:02}:{moment.minute:02}"

    def money(self, cents: int) -> str:
        euros, rest = divmod(abs(cents), 100)
        sign = "−" if cents < 0 else ""
        return f"{sign}€{euros:,}.{rest:02}"

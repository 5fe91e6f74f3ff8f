"""Dates and times as exports write them -> days, and local times of the cabinet."""

import contextlib
import datetime as dt
import re
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from cabinet.values import ReadAs, Unreadable

FIRST_YEAR = 1900
LAST_YEAR = 2100
"""Outside of these years a date is a typing error, not a fact about a patient."""
TO_COME = "day-to-come"
"""The code of a problem that ends by itself, once the day is there."""
MOST_TEXTS = 100_000
"""That a cache keeps: where a column has more, such as days with their seconds, few of them come again."""
WITH_TIME, WITH_ZONE = "avec heure", "avec fuseau horaire"
"""What is shown beside the form of a day."""
_DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
_USUAL = {"//": "jj/mm/aaaa", "--": "jj-mm-aaaa", "..": "jj.mm.aaaa"}
"""Separators -> form, of the days that nearly all exports write, in ten signs."""
_ISO = re.compile(r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{2})(?P=sep)(?P<day>\d{2})", re.ASCII)
_COMPACT_ISO = re.compile(r"(?P<year>(?:19|20|21)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>\d\d)(?!\d)", re.ASCII)
_COMPACT = re.compile(r"(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d{4})(?!\d)", re.ASCII)
_TIME = re.compile(
    r"(?:T|[ \u00a0]*à[ \u00a0]*|,?[ \u00a0]+)(?P<hour>\d{1,2}) ?(?:[hH]|:(?=\d)) ?(?P<minute>\d{2})?"
    r"(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?(?:[ \u00a0\u202f]?(?P<half>[aApP])\.?[mM]\.?)?"
    r" ?(?:(?P<utc>Z)|(?P<sign>[+-])(?P<ahead>\d{2}):?(?P<minutes>\d{2}))?",
    re.ASCII,
)
_UNPARTED_TIME = re.compile(r"[T ]([01]\d|2[0-3])([0-5]\d)(?:([0-5]\d)(?:\d\d)?)?", re.ASCII)
"""As a column of times of its own writes them, hundredths of a second included: "0815", "08150000"."""
_NO_TIME = re.compile(r"[T ](?:00:00(?::00(?:\.0+)?)?|12:00(?::00)? AM)(?=,? \d)| 1899-12-30(?=[T ]\d)", re.ASCII)
"""Beside a column of times: midnight, which types with a day and a time say of a day, and such a type's day zero."""
_NO_DATE = re.compile(r"[\s0/.:T-]*|(?:1899-12-30|30/12/1899|12/30/1899)(?:[T ]00:00(?::00(?:\.0+)?)?)?")
"""Databases print a missing date as zeros, as bare separators ("00/00/0000", "  /  /    "), or as their day zero."""


def is_no_date(text: str) -> bool:
    """Whether it is what stands where a date is missing."""
    return _NO_DATE.fullmatch(text) is not None


class Dates:
    """Reads dates and times, and remembers which forms it met (`seen`), so that they can be shown.

    Accepted: dd/mm/yyyy (also with - or .), ISO 8601 (yyyy-mm-dd, yyyymmdd), ddmmyyyy, each with a time ("02:10",
    "02H10", "à 02H10", "T02:10:00.000", "0210", "2:10 PM"), and with a zone ("Z", "+02:00"), which
    is turned into the cabinet's time.

    Eight digits are never ambiguous within 1900–2100: the first two digits of a year (19, 20, 21) are no month.
    Day and month are never swapped by themselves: `month_first` says that the export writes mm/dd/yyyy.
    A two-digit year is refused unless `last_short_year` is given: it is then the latest year that two digits can
    mean, so 2035 reads "36" as 1936 and "35" as 2035.
    """

    def __init__(self, zone: ZoneInfo, *, month_first: bool = False, last_short_year: int | None = None) -> None:
        self._zone = zone
        self._month_first = month_first
        self._last_short_year = last_short_year
        self._days: dict[str, dt.date] = {}
        self._times: dict[str, dt.time] = {}
        self.seen: set[str] = set()

    @property
    def forms(self) -> tuple[str, ...]:
        """What was met, as shown to a person: forms of a day first."""
        return tuple(sorted(self.seen, key=lambda form: (form in (WITH_TIME, WITH_ZONE), form)))

    def date(self, text: str) -> dt.date | None:
        """The day; a time is left aside, after an instant with a zone was turned into the cabinet's time."""
        if (known := self._usual(text)) is not None:
            return known
        if is_no_date(text):
            return None
        day, rest = self._day(text.strip())
        return self._moment(day, rest).date() if rest else day

    def past(self, text: str) -> dt.date | None:
        """As `date`, of what has happened: a day that the cabinet's calendar has not reached yet is none, and told."""
        day = self.date(text)
        if day is not None and day > dt.datetime.now(self._zone).date():
            raise ReadAs(None, TO_COME, "est un jour à venir")
        return day

    def moment(self, text: str) -> dt.datetime | None:
        """A naive local time of the cabinet, to the second. A day without a time is refused: midnight is a guess."""
        day, time = self._days.get(text[:10]), self._times.get(text[10:])
        if day and time:
            return dt.datetime.combine(day, time)
        if is_no_date(text):
            return None
        day, rest = self._day(text.strip())
        if not rest:
            raise Unreadable("missing-time", "est une date sans heure")
        return self._moment(day, rest)

    def moments(self, texts: Sequence[str]) -> list[dt.datetime] | None:
        """`moment` of each, where all are a day and a time as they stand: an agenda has few of either."""
        try:
            return self._met(texts)
        except KeyError:
            if not all(map(self._meet, texts)):
                return None
        try:
            return self._met(texts)
        except KeyError:
            return None  # they have more times than are kept

    def _meet(self, text: str) -> bool:
        """Whether `_met` can say what it is, now that it was looked at."""
        day, time = text[:10], text[10:]
        if time in self._times and (day in self._days or self._usual(day) is not None):
            return True
        with contextlib.suppress(Unreadable):
            self.moment(text)
        return day in self._days and time in self._times

    def _met(self, texts: Sequence[str]) -> list[dt.datetime]:
        """Those whose day and time were met before. Raise `KeyError` for any other."""
        days, times = self._days, self._times
        found = [days[text[:10]] for text in texts], [times[text[10:]] for text in texts]
        return list(map(dt.datetime.combine, *found))

    def _usual(self, text: str) -> dt.date | None:
        """A day as nearly all exports write it, three times as quick as by `_day`; None says nothing of any other."""
        form = _USUAL.get(text[2:6:3])
        if form is None or len(text) != 10 or self._month_first:
            return None
        try:
            day = dt.date.fromisoformat(f"{text[6:]}-{text[3:5]}-{text[:2]}")
        except ValueError:
            return None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            return None
        self.seen.add(form)
        self._days[text] = day
        return day

    def _day(self, text: str) -> tuple[dt.date, str]:
        found: tuple[str | Any, ...]
        if match := _DAY_FIRST.match(text):
            form, found = self._day_first(match)
        elif match := _ISO.match(text):
            form, found = "aaaa-mm-jj".replace("-", match["sep"]), match.group("year", "month", "day")
        elif match := _COMPACT_ISO.match(text):
            form, found = "aaaammjj", match.group("year", "month", "day")
        elif match := _COMPACT.match(text):
            form, found = "jjmmaaaa", match.group("year", "month", "day")
        else:
            raise Unreadable("unreadable-date", "n’est pas une date reconnue")
        year, month, number = map(int, found)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise Unreadable("unreadable-date", f"n’est pas une date entre {FIRST_YEAR} et {LAST_YEAR}")
        try:
            day = dt.date(year, month, number)
        except ValueError:
            raise Unreadable("unreadable-date", "n’est pas un jour du calendrier") from None
        self.seen.add(form)
        end = match.end()
        if end == 10:
            self._days[text[:10]] = day
        return day, text[end:]

    def _day_first(self, match: re.Match[str]) -> tuple[str, tuple[str, str, str]]:
        first, sep, second, written = match.groups()
        year = written
        if len(year) == 2:
            if self._last_short_year is None:
                raise Unreadable("short-year", "a une année sur deux chiffres")
            last = self._last_short_year
            year = str(last - (last - int(year)) % 100)
        shown = "aaaa" if len(written) == 4 else "aa"
        if self._month_first:
            return f"mm{sep}jj{sep}{shown}", (year, first, second)
        return f"jj{sep}mm{sep}{shown}", (year, second, first)

    def _moment(self, day: dt.date, rest: str) -> dt.datetime:
        if known := self._times.get(rest):
            return dt.datetime.combine(day, known)
        while match := _NO_TIME.match(rest):
            rest = rest[match.end() :]
        if unparted := _UNPARTED_TIME.fullmatch(rest):
            match = _TIME.fullmatch(" " + ":".join(filter(None, unparted.groups())))
        else:
            match = _TIME.fullmatch(rest)
        if match is None:
            raise Unreadable("unreadable-date", "n’a pas une heure reconnue")
        try:
            time = dt.time(_hour(match), int(match["minute"] or 0), int(match["second"] or 0))
        except ValueError:
            raise Unreadable("unreadable-date", "n’a pas une heure possible") from None
        moment = dt.datetime.combine(day, time)
        if match["utc"] or match["sign"]:
            self.seen.add(WITH_ZONE)
            return moment.replace(tzinfo=_offset(match)).astimezone(self._zone).replace(tzinfo=None)
        self.seen.add(WITH_TIME)
        if len(self._times) >= MOST_TEXTS:
            self._times.clear()
        self._times[rest] = time
        return moment


def _hour(match: re.Match[str]) -> int:
    """Of the day: 12 AM is midnight, 12 PM noon. Raise `ValueError` where half a day has no such hour."""
    hour = int(match["hour"])
    if not match["half"]:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if match["half"] in "pP" else 0)


def _offset(match: re.Match[str]) -> dt.timezone:
    if match["utc"]:
        return dt.UTC
    ahead = dt.timedelta(hours=int(match["ahead"]), minutes=int(match["minutes"]))
    try:
        return dt.timezone(ahead if match["sign"] == "+" else -ahead)
    except ValueError:
        raise Unreadable("unreadable-date", "n’a pas un fuseau horaire possible") from None

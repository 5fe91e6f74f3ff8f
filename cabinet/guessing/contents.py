"""What the texts of a column look like: dates and their order, times, money, addresses, civilities, states."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from zoneinfo import ZoneInfo

from cabinet.contacts import parse_email, parse_phone
from cabinet.dates import Dates, is_no_date
from cabinet.fields import Kind
from cabinet.values import (
    Amounts,
    Unreadable,
    parse_boolean,
    parse_civility,
    parse_minutes,
    parse_number,
    parse_rank,
    parse_status,
)

MOSTLY = 0.8
"""The part of a column's texts that must be of a form; the rest are typing errors."""
_FIGURES = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})(?!\d)", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}(?!\d)", re.ASCII)
_TIME = re.compile(
    r"(?:1899-12-30[T ])?(?:[01]?\d|2[0-3]) ?(?:[hH] ?(?:[0-5]\d)?|:[0-5]\d(?::[0-5]\d)?(?: ?[aApP]\.?[mM]\.?)?)",
    re.ASCII,
)
_UNPARTED_TIME = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d\d)?)?", re.ASCII)
_ZONE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)? ?(?:Z|[+-]\d\d:?\d\d)", re.ASCII)
_MIDNIGHT = re.compile(r".*[T ](?:00:00(?::00(?:\.0+)?)?|12:00(?::00)? AM)", re.ASCII)
_POSTCODE = re.compile(
    r"(?:[A-Za-z]{1,2}-)?\d{4,5}(?:-\d{4})?(?:[.,]0+)?|[A-Za-z]{1,2}\d[\dA-Za-z]? ?\d[A-Za-z]{2}", re.ASCII
)
"""Of France, its neighbours, and those who write in English."""
_FREE, _COMMA = Amounts(), Amounts(",")
_LAST_SHORT_YEAR = 2050
"""Only to recognise a date by: what two digits mean is the cabinet's to say."""


class Order(Enum):
    """What the texts prove about dates in figures."""

    NONE = auto()
    """There are none."""
    DAY = auto()
    MONTH = auto()
    UNKNOWN = auto()
    """No day above 12: either order reads them all."""
    MIXED = auto()
    """Some can only be read one way, some only the other."""


@dataclass(frozen=True)
class Content:
    """Parts (0 to 1) of a column's different texts that are of each form; all 0 for an empty column."""

    kinds: dict[Kind, float]
    time: float
    """A time of day alone."""
    figures_time: float
    """Figures that would be one ("0815"), were they not anything else as well."""
    day: float
    """A date, whether or not a time stands beside it; `kinds[Kind.MOMENT]` is with one."""
    decimals: float
    """Money with cents."""
    words: float
    """A letter in it."""
    order: Order
    short_years: bool
    has_zones: bool
    is_empty: bool

    def fits(self, kind: Kind) -> bool:
        return self.is_empty or self.kinds[kind] >= MOSTLY

    @property
    def is_time(self) -> bool:
        return self.time >= MOSTLY

    @property
    def may_be_time(self) -> bool:
        """Where the name of the column says that it is."""
        return self.is_time or self.figures_time >= MOSTLY

    @property
    def is_day(self) -> bool:
        return self.day >= MOSTLY

    @property
    def has_moment(self) -> bool:
        return self.kinds[Kind.MOMENT] >= MOSTLY


def is_null_day(text: str) -> bool:
    """« 00/00/0000 », « / / », « 30/12/1899 »: what nothing but a date can lack."""
    return is_no_date(text) and sum(map(text.count, "/-.")) > 1


def content_of(every: tuple[str, ...]) -> Content:
    texts = tuple(text for text in every if not is_null_day(text))
    kinds = {kind: _part(texts, test) for kind, test in _TESTS.items()}
    return Content(
        kinds=kinds,
        time=_part(texts, lambda text: _TIME.fullmatch(text) is not None),
        figures_time=_part(texts, lambda text: _UNPARTED_TIME.fullmatch(text) is not None),
        day=kinds[Kind.DATE],
        decimals=_part(texts, lambda text: re.search(r"[.,]\d{1,2}\s*(?:€|EUR)?$", text) is not None),
        words=_part(texts, lambda text: any(map(str.isalpha, text))),
        order=order_of(texts),
        short_years=any(_SHORT_YEAR.match(text) for text in texts),
        has_zones=any(_ZONE.search(text) for text in texts),
        is_empty=not texts,
    )


def order_of(texts: tuple[str, ...]) -> Order:
    """What dates in figures prove: a first or second figure above 12 can only be the day."""
    pairs = [(int(found[1]), int(found[2])) for text in texts if (found := _FIGURES.match(text))]
    if len(pairs) < MOSTLY * len(texts) or not pairs:
        return Order.NONE
    day = any(12 < first <= 31 and second <= 12 for first, second in pairs)
    month = any(12 < second <= 31 and first <= 12 for first, second in pairs)
    if day and month:
        return Order.MIXED
    if day or month:
        return Order.DAY if day else Order.MONTH
    return Order.UNKNOWN


def _part(texts: tuple[str, ...], test: Callable[[str], bool]) -> float:
    return sum(map(test, texts)) / len(texts) if texts else 0.0


def _reads(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def test(text: str) -> bool:
        try:
            return parse(text) not in (None, "")
        except Unreadable:
            return False

    return test


@lru_cache(maxsize=1)
def _dates() -> tuple[Dates, Dates]:
    zone = ZoneInfo("Europe/Paris")
    return (
        Dates(zone, last_short_year=_LAST_SHORT_YEAR),
        Dates(zone, month_first=True, last_short_year=_LAST_SHORT_YEAR),
    )


def _is_day(text: str) -> bool:
    return any(_reads(dates.date)(text) for dates in _dates())


def _is_moment(text: str) -> bool:
    return _MIDNIGHT.fullmatch(text) is None and any(_reads(dates.moment)(text) for dates in _dates())


def cents_of(text: str) -> int | None:
    """A sum whose decimal sign, if it is in doubt, is a comma; None for anything else."""
    for amounts in (_FREE, _COMMA):
        with suppress(Unreadable):
            return amounts.cents(text)
    return None


def _is_money(text: str) -> bool:
    return len(text) <= 20 and any(_reads(amounts.cents)(text) for amounts in (_FREE, _COMMA))


def _is_phone(text: str) -> bool:
    return not _is_day(text) and _reads(parse_phone)(text)


def _is_email(text: str) -> bool:
    # The full rules are slow, and no text without the sign needs them.
    return "@" in text and len(text) <= 254 and _reads(parse_email)(text)


_TESTS: dict[Kind, Callable[[str], bool]] = {
    Kind.NUMBER: _reads(parse_number),
    Kind.TEXT: lambda text: len(text) <= 120,
    Kind.CIVILITY: _reads(parse_civility),
    Kind.DATE: _is_day,
    Kind.MOMENT: _is_moment,
    Kind.MONEY: _is_money,
    Kind.MINUTES: _reads(parse_minutes),
    Kind.BOOLEAN: _reads(parse_boolean),
    Kind.STATUS: _reads(parse_status),
    Kind.RANK: _reads(parse_rank),
    Kind.EMAIL: _is_email,
    Kind.PHONE: _is_phone,
    Kind.POSTCODE: lambda text: _POSTCODE.fullmatch(text) is not None,
}

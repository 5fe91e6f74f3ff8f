"""Cells of workbooks and databases -> the text that a CSV export would hold, so that all sources give one dossier."""

import datetime as dt
from decimal import Decimal
from functools import singledispatch


@singledispatch
def as_text(value: object) -> str:
    """A cell as text: ISO dates, numbers with a point and no exponent, whole numbers without decimals.

    What is no text to anybody (a picture beside the patient's name) is empty.
    """
    # A database's own types that are text to a person: a UUID, an enumeration.
    return str(value)


@as_text.register
def _(value: str) -> str:
    return value


@as_text.register
def _(value: None) -> str:  # noqa: ARG001 - an empty cell
    return ""


@as_text.register
def _(value: bool) -> str:
    return "1" if value else "0"


@as_text.register
def _(value: float) -> str:
    return as_text(Decimal(repr(value)))


@as_text.register
def _(value: Decimal) -> str:
    if not value.is_finite():
        return ""
    if value == value.to_integral_value():
        return str(int(value))
    text = f"{value:f}"
    # « 1.234 » could be read as a thousand: a fourth decimal says that it is not.
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text


@as_text.register
def _(value: dt.date) -> str:
    return value.isoformat()


@as_text.register
def _(value: dt.datetime) -> str:
    return value.isoformat(timespec="seconds")


@as_text.register
def _(value: dt.time) -> str:
    return value.isoformat(timespec="minutes")


@as_text.register
def _(value: dt.timedelta) -> str:
    """A time of day or a duration, as MySQL and spreadsheets give them."""
    hours, minutes = divmod(round(value.total_seconds()) // 60, 60)
    return f"{hours:02d}:{minutes:02d}"


@as_text.register(bytes)
@as_text.register(bytearray)
@as_text.register(memoryview)
def _(value: bytes | bytearray | memoryview) -> str:
    """Some drivers give text columns as bytes."""
    try:
        return bytes(value).decode("utf-8")
    except UnicodeDecodeError:
        return ""

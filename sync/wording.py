"""How the sync counts aloud in French, and writes dates and amounts."""

import datetime as dt

NO_BREAK_SPACE = "\u00a0"


def number(value: int) -> str:
    """1234567 -> "1 234 567", with no-break spaces (U+00A0)."""
    return f"{value:,}".replace(",", NO_BREAK_SPACE)


def counted(value: int, singular: str, plural: str = "") -> str:
    """`counted(2, "dossier")` -> "2 dossiers". French takes the plural from 2 on: "0 dossier", "1 dossier"."""
    word = singular if value < 2 else plural or singular + "s"
    return f"{number(value)}{NO_BREAK_SPACE}{word}"


def size(count: int) -> str:
    """Bytes as a person reads them: "512 octets", "1,4 ko", "2,0 Mo" (decimal units)."""
    if count < 1000:
        return counted(count, "octet")
    unit, scale = ("ko", 1000) if count < 1_000_000 else ("Mo", 1_000_000)
    return f"{count / scale:.1f}".replace(".", ",") + NO_BREAK_SPACE + unit


def day(date: dt.date) -> str:
    """« 06/10/2009 »."""
    return f"{date.day:02}/{date.month:02}/{date.year:04}"


def moment(at: dt.datetime) -> str:
    """« 06/10/2009 à 09h20 », with its seconds where there are some."""
    seconds = f"{NO_BREAK_SPACE}min{NO_BREAK_SPACE}{at.second:02}" if at.second else ""
    return f"{day(at)} à {at.hour:02}h{at.minute:02}{seconds}"


def euros(cents: int) -> str:
    """« −1 234,50 € »."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'−' if cents < 0 else ''}{number(whole)},{rest:02}{NO_BREAK_SPACE}€"

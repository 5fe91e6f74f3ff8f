"""How the sync counts aloud in French."""

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

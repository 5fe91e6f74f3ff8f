"""The SMS meter: encoding, segments, offending characters and safe replacements, by 3GPP TS 23.038 and 23.040.

A text of the GSM 7-bit alphabet has 160 septets in one message, 153 in each part of several; any other character turns
the whole text to UCS-2, with 70 and 67 UTF-16 units. A character is never cut: neither an extension character (two
septets) nor a surrogate pair (two units) stands across two parts.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    "\x20!\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""One septet each (23.038 §6.2.1)."""
EXTENSION = frozenset("\f^{}\\[~]|€")
"""Two septets each, by the escape to the extension table (23.038 §6.2.1.1)."""


class Encoding(StrEnum):
    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


_ALONE = {Encoding.GSM7: 160, Encoding.UCS2: 70}
_PART = {Encoding.GSM7: 153, Encoding.UCS2: 67}
"""What fits beside the six octets of the header that joins the parts (23.040 §9.2.3.24.1)."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a text weighs. `units` are septets in GSM-7, UTF-16 units in UCS-2."""

    encoding: Encoding
    units: int
    segments: int
    room: int
    """Units left in the last segment."""
    offending: tuple[str, ...]
    """The characters outside GSM-7, each once, in the order of the text."""


def measure(text: str) -> Measure:
    """The encoding, size and segments of a text; an empty text is no message and has no segment."""
    offending = tuple(dict.fromkeys(sign for sign in text if sign not in BASIC and sign not in EXTENSION))
    encoding = Encoding.UCS2 if offending else Encoding.GSM7
    sizes = [_size(sign, encoding) for sign in text]
    total = sum(sizes)
    if total <= _ALONE[encoding]:
        return Measure(encoding, total, min(1, len(text)), _ALONE[encoding] - total, offending)
    segments, used = 1, 0
    for size in sizes:
        if used + size > _PART[encoding]:
            segments, used = segments + 1, 0
        used += size
    return Measure(encoding, total, segments, _PART[encoding] - used, offending)


def _size(sign: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM7:
        return 2 if sign in EXTENSION else 1
    return 2 if ord(sign) > 0xFFFF else 1


_REPLACEMENTS = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "`": "'",
    "´": "'",
    "“": '"',
    "”": '"',
    "«": '"',
    "»": '"',
    "„": '"',
    "…": "...",
    "–": "-",
    "—": "-",
    "−": "-",
    "\u2010": "-",
    "\u2011": "-",
    "•": "-",
    "·": "-",
    "×": "x",
    "œ": "oe",
    "Œ": "OE",
    "°": "o",
    "º": "o",
    "ª": "a",
    "Ł": "L",
    "ł": "l",
    "Đ": "D",
    "đ": "d",
    "\t": " ",
    "\u00ad": "",
    "\u200b": "",
    "\u200c": "",
    "\u200d": "",
    "\ufeff": "",
}


def replacement(sign: str) -> str | None:
    """What stands for a character in GSM-7 without a change of meaning (ê -> e, ’ -> ', œ -> oe), or None."""
    if sign in BASIC or sign in EXTENSION:
        return sign
    if sign in _REPLACEMENTS:
        return _REPLACEMENTS[sign]
    if sign.isspace():
        return " "
    bare = "".join(c for c in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(c))
    return bare if bare and all(c in BASIC or c in EXTENSION for c in bare) else None


def with_replacements(text: str) -> str:
    """The text with every offending character that has a safe replacement replaced; French quotes lose their spaces."""
    composed = unicodedata.normalize("NFC", text)
    for wide in ("\u00a0", "\u202f"):
        composed = composed.replace(f"«{wide}", "«").replace(f"{wide}»", "»")
    return "".join(sign if (safe := replacement(sign)) is None else safe for sign in composed)

"""Which encoding a file is in: decided by what the bytes allow, never by likelihood."""

import codecs
import re

from cabinet.errors import SourceError

SHOWN = {
    "ascii": "ASCII",
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 avec BOM",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 sans BOM",
    "utf-16-be": "UTF-16 sans BOM",
    "cp1252": "cp1252 (Windows)",
    "iso8859-15": "ISO 8859-15",
    "cp850": "cp850 (DOS)",
    "mac-roman": "Mac Roman",
}
"""Codec -> how it is shown. Those after cp1252 accept any bytes: they are never detected, a mapping names them."""

_UNDEFINED_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"
_DOS_ACCENTS = b"\x82\x87\x88\x8a"
"""é, ç, ê, è of cp850: in cp1252 they are quotation marks and daggers, which stand between no letters."""
_UTF_8_ACCENT = re.compile(rb"\xc3[\xa0-\xbf]")
"""à to ÿ in UTF-8. In cp1252 it is an Ã before a sign that follows no letter."""
_START = 1 << 16
_WINDOW = 1 << 17
_NOT_CP1252 = re.compile(rb"[%b]|[A-Za-z][%b][a-z]" % (_UNDEFINED_IN_CP1252, _DOS_ACCENTS))


def encoding_of(name: str, raw: bytes, fixed: str = "") -> str:
    """The codec of a file: `fixed` where the mapping names one and the bytes agree, else what the bytes allow.

    Raises `SourceError` for bytes that are not in the fixed encoding, or that no encoding of ours explains.
    """
    found = _by_mark(raw)
    if fixed and not (found.startswith(fixed) or fixed.startswith(found or "?")):
        return _checked(name, raw, fixed)
    if found:
        _decode(name, raw, found)
        return found
    if raw.isascii():
        return "ascii"
    if fixed or _is_utf8(raw):
        return _checked(name, raw, fixed or "utf-8")
    if b"\xc3" in raw and _UTF_8_ACCENT.search(raw):
        raise _mixed(name, raw)
    if _holds_any(raw, _UNDEFINED_IN_CP1252 + _DOS_ACCENTS) and (place := _NOT_CP1252.search(raw)):
        raise _unknown(name, raw, place.start())
    return "cp1252"


def _holds_any(raw: bytes, some: bytes) -> bool:
    """A hundred times quicker than a regular expression on the files that hold none, which are nearly all.

    Some of the file after the other: the processor has it at hand for each byte that is looked for.
    """
    windows = ((start, start + _WINDOW) for start in range(0, len(raw), _WINDOW))
    return any(raw.find(byte, *window) >= 0 for window in windows for byte in some)


def _by_mark(raw: bytes) -> str:
    """What a byte order mark, or UTF-16's pattern of zeros in Latin text, says about a file."""
    if raw.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = raw[:400]
    if len(start) >= 8 and start[1::2].count(0) > len(start) * 0.4 and start[::2].count(0) < len(start) * 0.1:
        return "utf-16-le"
    if len(start) >= 8 and start[::2].count(0) > len(start) * 0.4 and start[1::2].count(0) < len(start) * 0.1:
        return "utf-16-be"
    return ""


def _checked(name: str, raw: bytes, fixed: str) -> str:
    _decode(name, raw, fixed)
    if fixed != "utf-8" and not raw.isascii() and _is_utf8(raw):
        raise SourceError(
            f"Le fichier {name} est en UTF-8, alors que le mapping annonce {SHOWN[fixed]}.",
            "Retirez «\u00a0encoding\u00a0» du mapping, ou mettez-y «\u00a0utf-8\u00a0».",
        )
    return fixed


def _is_utf8(raw: bytes) -> bool:
    try:
        # A file in cp1252 is none from its first accents on: no need to decode all of it for that.
        codecs.utf_8_decode(raw[:_START], "strict", len(raw) <= _START)
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode(name: str, raw: bytes, codec: str) -> None:
    try:
        raw.decode(codec)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"Le fichier {name} n’est pas en {SHOWN[codec]}\u00a0: octet 0x{raw[error.start]:02X}, ligne "
            f"{line_at(raw, error.start)}.",
            "Corrigez «\u00a0encoding\u00a0» dans le mapping, ou refaites l’export s’il est tronqué.",
        ) from error


def _unknown(name: str, raw: bytes, place: int) -> SourceError:
    return SourceError(
        f"L’encodage du fichier {name} n’est pas reconnu\u00a0: octet inattendu à la ligne {line_at(raw, place)}.",
        "Indiquez «\u00a0encoding\u00a0» dans le mapping\u00a0: «\u00a0cp850\u00a0» pour un logiciel DOS.",
    )


def _mixed(name: str, raw: bytes) -> SourceError:
    # What UTF-8 cannot say is replaced by a sign of its own: the first of them is where the other encoding begins.
    line = raw.decode("utf-8", "replace").partition("\ufffd")[0].count("\n") + 1
    return SourceError(
        f"Le fichier {name} mélange deux encodages\u00a0: il est en UTF-8, mais pas à la ligne {line}.",
        "Refaites l’export en entier\u00a0; s’il est écrit par plusieurs programmes, réglez-les sur le même encodage.",
    )


def line_at(raw: bytes, place: int) -> int:
    """Line (from 1) of a byte, for every encoding in which a line ends with the byte 0x0A, or 0x0D alone."""
    return (raw.count(b"\n", 0, place) or raw.count(b"\r", 0, place)) + 1

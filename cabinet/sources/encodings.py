"""Which encoding a file is in: decided by what the bytes allow, never by likelihood.

An old program's bytes allow several. Which of them gives French words is proposed, for a person to say so.
"""

import codecs
import re
from collections import Counter

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
    "cp437": "cp437 (DOS)",
    "mac-roman": "Mac Roman",
}
"""Codec -> how it is shown. Those after cp1252 accept any bytes: they are never detected, a mapping names them."""

_UNDEFINED_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"
_OLD_ACCENTS = b"\x82\x83\x87\x88\x8a\x8e"
"""é, â, ç, ê, è of cp850, à and é of Mac Roman. In cp1252 they are quotation marks, daggers and capitals, which stand
between no small letters.
"""
_OLD_ENDS = b"\x82\x8e"
"""é of either, which ends words: what is no letter in cp1252 seldom does, so the other words have to agree."""
OLD = ("cp850", "cp437", "mac-roman")
"""What is proposed. Their small letters are the same in both of DOS."""
_ACCENTED = re.compile(rb"[A-Za-z\x80-\xff'-]*[\x80-\xff][A-Za-z\x80-\xff'-]*")
_MOST_WORDS = 200
_LINES_SHOWN = 3
_CAPITALS, _SMALL = "ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ", "àâäçéèêëîïôöùûüÿœæ"
_NO_LETTER = rf"[^A-Za-z'{_CAPITALS}{_SMALL}°«»’€…–—\u00a0-]"
_NOT_FRENCH = re.compile(rf"{_NO_LETTER}|[a-z{_SMALL}][{_CAPITALS}]|[A-Z][{_SMALL}][A-Z]")
_CLEARLY = 0.9
"""Part of the words that is French in the right encoding: the rest are names of elsewhere."""
_UTF_8_ACCENT = re.compile(rb"\xc3[\xa0-\xbf]")
"""à to ÿ in UTF-8. In cp1252 it is an Ã before a sign that follows no letter."""
_START = 1 << 16
_WINDOW = 1 << 17
_NOT_CP1252 = re.compile(rb"[%b]|[A-Za-z][%b][a-z]" % (_UNDEFINED_IN_CP1252, _OLD_ACCENTS))
_PERHAPS_NOT = re.compile(rb"[a-z][%b]" % _OLD_ENDS)


class UnknownEncoding(SourceError):
    """Of a file that no encoding of ours explains; `likely` is the old one that its words are French in, or empty."""

    def __init__(self, what: str, todo: str, likely: str) -> None:
        super().__init__(what, todo)
        self.likely = likely


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
    if _holds_any(raw, _UNDEFINED_IN_CP1252 + _OLD_ACCENTS):
        if place := _NOT_CP1252.search(raw):
            raise _unknown(name, raw, place.start())
        if (place := _PERHAPS_NOT.search(raw)) and likely_old(raw):
            raise _unknown(name, raw, place.start())
    return "cp1252"


def likely_old(raw: bytes) -> tuple[str, str] | None:
    """(codec of an old program, a word that is French in it), where most words with accents are."""
    words = [word for word, _ in Counter(_ACCENTED.findall(raw)).most_common(_MOST_WORDS)]
    best: tuple[float, str, str] = (0.0, "", "")
    for codec in OLD:
        read = [word.decode(codec) for word in words]
        french = [word for word in read if not _NOT_FRENCH.search(word)]
        if len(french) > best[0] * len(words):
            best = len(french) / len(words), codec, max(french, key=len)
    return best[1:] if best[0] >= _CLEARLY else None


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
    codec, word = likely_old(raw) or ("", "")
    proposed = (
        f"«\u00a0{codec}\u00a0», où «\u00a0{word}\u00a0» se lit bien."
        if codec
        else "«\u00a0cp850\u00a0» ou «\u00a0cp437\u00a0» (DOS), ou «\u00a0mac-roman\u00a0» (Macintosh)."
    )
    return UnknownEncoding(
        f"L’encodage du fichier {name} n’est pas reconnu\u00a0: octet inattendu à la ligne {line_at(raw, place)}.",
        f"Indiquez «\u00a0encoding\u00a0» dans le mapping\u00a0: {proposed}",
        codec,
    )


def _mixed(name: str, raw: bytes) -> SourceError:
    lines = [(at, line) for at, line in enumerate(raw.split(b"\n" if b"\n" in raw else b"\r"), 1) if not line.isascii()]
    in_utf_8 = [at for at, line in lines if _UTF_8_ACCENT.search(line)]
    in_another = [at for at, line in lines if not _is_utf8(line)]
    codec, odd = ("cp1252", in_utf_8) if len(in_utf_8) < len(in_another) else ("utf-8", in_another)
    return SourceError(
        f"Le fichier {name} mélange deux encodages\u00a0: il est en {SHOWN[codec]}, mais pas {_at_lines(odd)}.",
        "Refaites l’export en entier\u00a0; s’il est écrit par plusieurs programmes, réglez-les sur le même encodage.",
    )


def _at_lines(lines: list[int]) -> str:
    """« à la ligne 3 », « aux lignes 3, 5 et 9 », « à 120 lignes, dont 3, 5, 9 »."""
    if len(lines) == 1:
        return f"à la ligne {lines[0]}"
    first = [str(line) for line in lines[:_LINES_SHOWN]]
    if len(lines) > _LINES_SHOWN:
        return f"à {len(lines)} lignes, dont {', '.join(first)}"
    return f"aux lignes {', '.join(first[:-1])} et {first[-1]}"


def line_at(raw: bytes, place: int) -> int:
    """Line (from 1) of a byte, for every encoding in which a line ends with the byte 0x0A, or 0x0D alone."""
    return (raw.count(b"\n", 0, place) or raw.count(b"\r", 0, place)) + 1

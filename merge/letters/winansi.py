"""Characters as WinAnsi codes, written as PDF strings are (ISO 32000-1, 7.3.4.2), with the kerning between them."""

from collections.abc import Callable

_NAME = "cp1252"
_ESCAPED = frozenset(b"()\\")


def byte_of(character: str) -> int:
    """Raise `UnicodeEncodeError` for a character that WinAnsi does not have."""
    return character.encode(_NAME)[0]


class KernedCodes(dict[str, str]):
    """A pair of characters, or the last one alone -> the first one's code, and the way to where the next begins."""

    def __init__(self, step: Callable[[str], float]) -> None:
        """`step` as `merge.letters.fonts.PrintFont.step`."""
        self._step = step

    def __missing__(self, key: str) -> str:
        first = key[0]
        byte = byte_of(first)
        code = f"\\{byte:03o}" if byte > 126 or byte in _ESCAPED else first
        kern = round(self._step(key) - self._step(first))
        found = self[key] = f"{code}){-kern}(" if kern else code
        return found

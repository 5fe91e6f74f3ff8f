"""Words divided for Word as they were for print: an optional hyphen where a line was ended within a word."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec.structs import replace

from merge.letters.typography import Piece
from merge.letters.word_xml import SOFT_HYPHEN


def divided(text: Iterable[Sequence[Piece]], lines: Iterable[str]) -> list[list[Piece]]:
    """`text` (the lines as typed) with optional hyphens where `lines` (as they were set) divide its words."""
    waiting = iter(lines)
    return [_with_hyphens(pieces, _places("".join(piece.text for piece in pieces), waiting)) for pieces in text]


def _places(text: str, lines: Iterable[str]) -> set[int]:
    """Where the lines that take up `text` end within a word; nowhere where they do not say the same."""
    places: set[int] = set()
    place = 0
    for line in lines:
        if text.startswith(line, place):
            place += len(line)
        elif line.endswith("-") and text.startswith(line[:-1], place):
            place += len(line) - 1
            places.add(place)
        else:
            return set()
        place += len(text[place:]) - len(text[place:].lstrip(" "))
        if place >= len(text):
            break
    return places


def _with_hyphens(pieces: Iterable[Piece], places: set[int]) -> list[Piece]:
    made: list[Piece] = []
    start = 0
    for piece in pieces:
        end = start + len(piece.text)
        cuts = [start, *sorted(place for place in places if start < place <= end), end]
        parts = (piece.text[cut - start : after - start] for cut, after in pairwise(cuts))
        made.append(replace(piece, text=SOFT_HYPHEN.join(parts)))
        start = end
    return made

"""Text whose length nobody chose, set smaller where its place is narrow: names, titles, addresses of sites."""

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec.structs import replace

from merge.letters.fonts import MissingGlyph
from merge.letters.geometry import POINTS
from merge.letters.typography import DoesNotFit, Piece, SetLine, Style, Typesetter
from merge.letters.whole_file import OutputError

LEAST = 2 / 3
"""Of the chosen type size: what is smaller still is no longer the same text to its reader."""


def fitted(text: str, style: Style, room: float, typesetter: Typesetter) -> SetLine:
    """One line of at most `room` millimetres. Raise `DoesNotFit` where it would be smaller than two thirds."""
    line = typesetter.one_line((Piece(text, style),))
    if line.width <= room * POINTS:
        return line
    shrunk = room * POINTS / line.width
    if shrunk < LEAST:
        raise DoesNotFit(text)
    return typesetter.one_line((Piece(text, replace(style, size=style.size * shrunk)),))


def fitted_lines(text: str, style: Style, room: float, typesetter: Typesetter) -> tuple[SetLine, ...]:
    """One line as `fitted`, or two of the least size where one does not do. Raise `DoesNotFit`."""
    try:
        return (fitted(text, style, room, typesetter),)
    except DoesNotFit:
        lines = typesetter.lines([Piece(text, replace(style, size=style.size * LEAST))], room * POINTS)
        if len(lines) > 2 or any(line.width > room * POINTS for line in lines):
            raise
        return tuple(lines)


@contextmanager
def cabinet_words(cannot: str) -> Iterator[None]:
    """What the cabinet calls itself stands on every paper: where it cannot be set, none is. Raise `OutputError`.

    `cannot` begins the sentence: « L’affiche ne peut pas ».
    """
    try:
        yield
    except MissingGlyph as missing:
        raise OutputError(
            f"{cannot} imprimer le caractère «\u00a0{missing.character}\u00a0».", "Retirez-le du titre du cabinet."
        ) from missing
    except DoesNotFit as wide:
        raise OutputError(
            f"{cannot} montrer «\u00a0{wide}\u00a0»\u00a0: c’est trop long.",
            "Abrégez-le dans les textes du portail.",
        ) from wide

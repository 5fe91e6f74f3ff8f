"""Styled text set in lines: measured, broken, hyphenated, justified."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

import msgspec
import pyphen
from msgspec.structs import replace

from merge.letters.fonts import Face, FontBook, MissingGlyph
from merge.letters.line_breaking import LOOSEST, Bit, Unbreakable, evenest, fullest
from merge.letters.shaping import Shaper, Stretch

INK = "#14282D"
_BREAKS = re.compile(r"[^ ]+?(?:(?<=[^\W\d_]{2}-)(?=[^\W\d_])|(?= |$))| +")
"""A word, or a part of a compound up to its hyphen (« rendez- », not « e- »), or spaces. A line may end after each."""
_DIVISIBLE = re.compile(r"[«(“\u00a0]*(?:[a-zà-ÿœ]{1,9}’)?(?P<word>[a-zà-ÿœ]{6,})[,.;:!?…)»”\u00a0]*")
"""A word of small letters, with its elided article and its punctuation: no name, code, amount or address is divided."""
_LEAST_BEFORE, _LEAST_AFTER = 3, 3
"""Letters that hyphenation leaves on a line, before and after (Lacroux, « Division des mots »: never two)."""


class DoesNotFit(ValueError):
    """A word that is wider than its column."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Style(msgspec.Struct, frozen=True):
    """How a piece of text is set. `size` is in points, `colour` is #RRGGBB."""

    face: Face = Face.REGULAR
    size: float = 11.0
    colour: str = INK
    underline: bool = False


class Piece(msgspec.Struct, frozen=True):
    """Text in one style."""

    text: str
    style: Style


class SetLine(msgspec.Struct, frozen=True):
    """One line: its pieces, its natural width in points, and what each of its spaces is widened by."""

    pieces: tuple[Piece, ...]
    width: float
    stretch: float = 0.0

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@cache
def _dictionary() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="fr_FR", left=_LEAST_BEFORE, right=_LEAST_AFTER)


def hyphenations(word: str) -> list[int]:
    """Where a French word may be divided. What has a capital (names), a digit or an address is left whole."""
    found = _DIVISIBLE.fullmatch(word)
    if found is None:
        return []
    return [found.start("word") + int(place) for place in _dictionary().positions(found["word"])]


class _Atom(msgspec.Struct, frozen=True):
    """What a line is built of: pieces that stay together, and the space after them, if any."""

    pieces: tuple[Piece, ...]
    space: Piece | None
    divided: bool = False
    """Whether its word goes on in the next atom: a line that ends here ends with a hyphen."""


class Typesetter:
    """Breaks styled text into lines. Widths are in points."""

    def __init__(self, fonts: FontBook) -> None:
        self._fonts = fonts
        self._shaper = Shaper(fonts)

    def width(self, text: str, style: Style) -> float:
        """Raise `MissingGlyph` for a character that no face has."""
        try:
            return self._fonts[style.face].width(text) * style.size / 1000
        except MissingGlyph:
            return self._shaper.width(text, style.face) * style.size / 1000

    def visual(self, line: SetLine) -> list[tuple[Style, Stretch]]:
        """What stands in a line from left to right: right-to-left words are turned round, and shaped."""
        stretches = self._shaper.line([(piece.text, piece.style.face) for piece in line.pieces])
        return [(line.pieces[stretch.part].style, stretch) for stretch in stretches]

    def one_line(self, pieces: Iterable[Piece]) -> SetLine:
        """The pieces on one line, whatever its width."""
        merged = _merged(pieces)
        return SetLine(merged, sum([self.width(piece.text, piece.style) for piece in merged]))

    def lines(
        self, pieces: Iterable[Piece], width: float, *, hyphenate: bool = False, justify: bool = False
    ) -> list[SetLine]:
        """Break `pieces` into lines no wider than `width`: as full as they can be, or as even when justified.

        Words are divided if `hyphenate`, but not the last one: a line of half a word ends no paragraph.
        Raise `DoesNotFit` for a word wider than a line, `MissingGlyph` for a character that cannot be printed.
        """
        pieces = tuple(pieces)
        whole = self.one_line(pieces)
        if whole.width <= width:
            return [whole] if whole.pieces else []
        atoms = list(_atoms(pieces))
        if hyphenate:
            last = atoms[-1]
            kept = [last] if self._width(last.pieces) <= width else _divided(last)
            atoms = [part for atom in atoms[:-1] for part in _divided(atom)] + [*kept]
        bits = [self._bit(atom) for atom in atoms]
        try:
            ends = evenest(bits, width) if justify else fullest(bits, width)
        except Unbreakable as unbreakable:
            raise DoesNotFit("".join(piece.text for piece in atoms[unbreakable.place].pieces)) from unbreakable
        lines = [self._line(atoms[start:end]) for start, end in pairwise((0, *ends))]
        if not justify:
            return lines
        rooms = [sum(bit.space for bit in bits[start : end - 1]) for start, end in pairwise((0, *ends))]
        return [_justified(line, width, room) for line, room in zip(lines[:-1], rooms, strict=False)] + lines[-1:]

    def _bit(self, atom: _Atom) -> Bit:
        width = self._width(atom.pieces)
        space = self._width((atom.space,)) if atom.space else 0.0
        return Bit(width, space, self._width(_hyphenated(atom)) - width if atom.divided else 0.0)

    def _line(self, atoms: list[_Atom]) -> SetLine:
        pieces: list[Piece] = []
        for atom in atoms[:-1]:
            pieces += atom.pieces
            if atom.space:
                pieces.append(atom.space)
        last = atoms[-1]
        return self.one_line((*pieces, *(_hyphenated(last) if last.divided else last.pieces)))

    def _width(self, pieces: Iterable[Piece]) -> float:
        return sum([self.width(piece.text, piece.style) for piece in pieces])


def _justified(line: SetLine, width: float, room: float) -> SetLine:
    """The line at its column's width, unless its spaces (`room` in all) would become holes."""
    missing, spaces = width - line.width, line.text.count(" ")
    if not spaces or missing > (LOOSEST - 1) * room:
        return line
    return replace(line, stretch=missing / spaces)


def _hyphenated(atom: _Atom) -> tuple[Piece, ...]:
    *before, last = atom.pieces
    return (*before, replace(last, text=f"{last.text}-"))


def _divided(atom: _Atom) -> Iterator[_Atom]:
    """The atom in as many as its word has syllables that may stand alone at the end of a line."""
    word = atom.pieces[0]
    places = hyphenations(word.text) if len(atom.pieces) == 1 and word.style.face is not Face.MONO else []
    for start, end in pairwise((0, *places)):
        yield _Atom((replace(word, text=word.text[start:end]),), None, divided=True)
    if places:
        atom = replace(atom, pieces=(replace(word, text=word.text[places[-1] :]),))
    yield atom


def _atoms(pieces: tuple[Piece, ...]) -> Iterator[_Atom]:
    """Cut at spaces and after the hyphens of compounds; a word in two styles stays one atom."""
    word: list[Piece] = []
    for piece in pieces:
        for part in _BREAKS.findall(piece.text):
            if part[0] == " ":
                if word:
                    yield _Atom(tuple(word), replace(piece, text=" "))
                    word = []
                continue
            word.append(replace(piece, text=part))
            if part[-1] == "-" and len(part) > 1 and not piece.text.endswith(part):
                yield _Atom(tuple(word), None)
                word = []
    if word:
        yield _Atom(tuple(word), None)


def _merged(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Neighbours in one style become one piece; empty pieces go."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged and merged[-1].style == piece.style:
            merged[-1] = Piece(merged[-1].text + piece.text, piece.style)
        elif piece.text:
            merged.append(piece)
    return tuple(merged)

"""French typography and line breaking: no-break spaces, apostrophes, hyphenation, justification."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

import pyphen

from merge.letters.fonts import Face, FontBook, MissingGlyph
from merge.letters.shaping import Shaper, Stretch

NBSP = "\u00a0"
INK = "#14282D"
_BEFORE = re.compile(r"[ \u202f\u2009](?=[:;?!%€»])")
_AFTER = re.compile(r"«[ \u202f\u2009]?(?=\S)")
_CLOSING = re.compile(r"(?<=[^\s\u00a0])»")
_NUMBER = re.compile(r"(?<=\d)[ \u202f\u2009](?=\d)")
_NUMERO = re.compile(r"(?<=[Nn]°) (?=\S)")
_BREAKS = re.compile(r"[^ ]+?(?:(?<=[^\W\d_]-)(?=[^\W\d_])|(?= |$))| +")
"""A word, or the part of a compound up to its hyphen (« rendez- »), or spaces. A line may end after each."""
_WORD = re.compile(r"[^\W\d_]{6,}")
_LEAST_BEFORE, _LEAST_AFTER = 3, 3
"""Letters that hyphenation leaves on a line, before and after (Lacroux, « Division des mots »: never two)."""


class DoesNotFit(ValueError):
    """A word that is wider than its column."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, slots=True)
class Style:
    """How a piece of text is set. `size` is in points, `colour` is #RRGGBB."""

    face: Face = Face.REGULAR
    size: float = 11.0
    colour: str = INK
    underline: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Text in one style."""

    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class SetLine:
    """One line: its pieces, its natural width in points, and what each of its spaces is widened by."""

    pieces: tuple[Piece, ...]
    width: float
    stretch: float = 0.0

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def french(text: str) -> str:
    """Text as a French typographer sets it: ’, …, and U+00A0 where a line must not break.

    An existing space is made unbreakable before : ; ? ! % € » and between groups of digits; none is invented before a
    colon, which may belong to an address (https://…) or a time. Figtree has no U+202F (DESIGN-LANGUAGE, Type).
    """
    text = text.replace("'", "’").replace("...", "…")
    text = _AFTER.sub(f"«{NBSP}", _BEFORE.sub(NBSP, text))
    text = _CLOSING.sub(f"{NBSP}»", text)
    return _NUMERO.sub(NBSP, _NUMBER.sub(NBSP, text))


@cache
def _dictionary() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="fr_FR", left=_LEAST_BEFORE, right=_LEAST_AFTER)


def hyphenations(word: str) -> list[int]:
    """Where a French word may be divided, last place first. Words with a capital (names) are left whole."""
    letters = _WORD.search(word)
    if letters is None or word != word.lower():
        return []
    found = [letters.start() + int(place) for place in _dictionary().positions(letters.group())]
    return sorted(found, reverse=True)


@dataclass(frozen=True, slots=True)
class _Atom:
    """What a line is built of: pieces that stay together, and the space after them, if any."""

    pieces: tuple[Piece, ...]
    space: Piece | None


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
        merged = tuple(_merge(pieces))
        return SetLine(merged, sum(self.width(piece.text, piece.style) for piece in merged))

    def lines(
        self, pieces: Iterable[Piece], width: float, *, hyphenate: bool = False, justify: bool = False
    ) -> list[SetLine]:
        """Break `pieces` into lines no wider than `width`, each as full as it can be.

        Raise `DoesNotFit` for a word wider than a line, `MissingGlyph` for a character that cannot be printed.
        """
        pieces = tuple(pieces)
        whole = self.one_line(pieces)
        if whole.width <= width:
            return [whole] if whole.pieces else []
        broken = self._break(list(_atoms(pieces)), width, hyphenate=hyphenate)
        if not justify:
            return broken
        return [self._stretched(line, width) for line in broken[:-1]] + broken[-1:]

    def _break(self, atoms: list[_Atom], width: float, *, hyphenate: bool) -> list[SetLine]:
        lines: list[SetLine] = []
        waiting = atoms[::-1]
        line: list[_Atom] = []
        used = 0.0
        while waiting:
            atom = waiting.pop()
            own = self._width(atom.pieces)
            if used + own <= width:
                line.append(atom)
                used += own + (self._width((atom.space,)) if atom.space else 0.0)
                continue
            parts = self._divide(atom, width - used) if hyphenate else None
            if parts:
                line.append(parts[0])
                waiting.append(parts[1])
            elif line:
                waiting.append(atom)
            else:
                raise DoesNotFit("".join(piece.text for piece in atom.pieces))
            lines.append(self._line(line))
            line, used = [], 0.0
        if line:
            lines.append(self._line(line))
        return lines

    def _line(self, atoms: list[_Atom]) -> SetLine:
        pieces: list[Piece] = []
        for atom in atoms[:-1]:
            pieces += atom.pieces
            if atom.space:
                pieces.append(atom.space)
        return self.one_line((*pieces, *atoms[-1].pieces))

    def _divide(self, atom: _Atom, room: float) -> tuple[_Atom, _Atom] | None:
        if len(atom.pieces) != 1:
            return None
        piece = atom.pieces[0]
        for place in hyphenations(piece.text):
            head = replace(piece, text=piece.text[:place] + "-")
            if self._width((head,)) <= room:
                return _Atom((head,), None), _Atom((replace(piece, text=piece.text[place:]),), atom.space)
        return None

    def _width(self, pieces: Iterable[Piece]) -> float:
        return sum(self.width(piece.text, piece.style) for piece in pieces)

    @staticmethod
    def _stretched(line: SetLine, width: float) -> SetLine:
        spaces = line.text.count(" ")
        return replace(line, stretch=(width - line.width) / spaces) if spaces else line


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


def _merge(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours in one style become one piece; empty pieces go."""
    last: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if last is not None and last.style == piece.style:
            last = Piece(last.text + piece.text, last.style)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last

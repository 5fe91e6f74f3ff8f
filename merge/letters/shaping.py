"""Text that the print face has no letters for: shaped by HarfBuzz in a face that has them, in the order of its script.

A word (what stands between spaces) is set in one face whenever one has all its characters: letters of two designs side
by side look like a fault. Spaces always belong to the print face, so that a line is justified as any other.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec
import uharfbuzz as hb

from merge.letters.bidi import levels, visual_order
from merge.letters.fonts import STAND_INS, Face, FontBook, MissingGlyph

_WORDS = 2048
_JOINERS = "\u200c\u200d"


class Glyph(msgspec.Struct, frozen=True):
    """One glyph of a shaped word. Lengths are in thousandths of an em."""

    number: int
    """In the face."""
    text: str
    """The characters it stands for; "" where another glyph stands for them too."""
    advance: float
    x: float
    y: float
    """Where it is drawn from the place it has come to: accents are moved over their letter."""


class Stretch(msgspec.Struct, frozen=True):
    """Text in one face and direction. Without `glyphs` it is plain: one glyph a character, as `PrintFont` sets it."""

    text: str
    face: Face
    part: int
    """Which of the line's parts it belongs to."""
    width: float
    """Thousandths of an em."""
    glyphs: tuple[Glyph, ...] = ()
    """From left to right."""


class Shaper:
    """Sets what `PrintFont` alone cannot. Raises `MissingGlyph` for what no face can."""

    def __init__(self, fonts: FontBook) -> None:
        self._fonts = fonts
        self._shaped: dict[tuple[str, Face, bool], tuple[Glyph, ...]] = {}

    def width(self, text: str, face: Face) -> float:
        """Thousandths of an em."""
        return sum(stretch.width for stretch in self.line([(text, face)]))

    def line(self, parts: Iterable[tuple[str, Face]]) -> list[Stretch]:
        """A line's parts (text and print face) as stretches from left to right."""
        characters = [
            (index, character, face)
            for index, (text, wanted) in enumerate(parts)
            for character, face in self._faced(printable(text), wanted)
        ]
        text = "".join(character for _, character, _ in characters)
        cut: list[Stretch] = []
        heights: list[int] = []
        by_stretch = groupby(
            zip(characters, levels(text), strict=True),
            key=lambda item: (item[0][0], item[0][2], item[1], item[1] % 2 and item[0][1].isspace()),
        )
        for (part, face, level, spaces), members in by_stretch:
            stretch = "".join(character for (_, character, _), _ in members)
            plain = spaces or (face in STAND_INS and level % 2 == 0)
            cut.append(self._plain(stretch, face, part) if plain else self._set(stretch, face, part, level))
            heights.append(level)
        return visual_order(cut, heights)

    def _plain(self, text: str, face: Face, part: int) -> Stretch:
        return Stretch(text, face, part, self._fonts[face].width(text))

    def _set(self, text: str, face: Face, part: int, level: int) -> Stretch:
        glyphs = self._shape(text, face, backwards=level % 2 == 1)
        return Stretch(text, face, part, sum(glyph.advance for glyph in glyphs), glyphs)

    def _faced(self, text: str, wanted: Face) -> Iterator[tuple[str, Face]]:
        """Each character and its face. Raise `MissingGlyph`."""
        for _, members in groupby(text, key=str.isspace):
            word = "".join(members)
            yield from self._one_face(word, wanted) or self._several_faces(word, wanted)

    def _one_face(self, word: str, wanted: Face) -> list[tuple[str, Face]]:
        for face in (wanted, *STAND_INS[wanted]):
            if not self._lacks(face, word):
                return [(character, face) for character in word]
        return []

    def _several_faces(self, word: str, wanted: Face) -> Iterator[tuple[str, Face]]:
        """Each letter with its accents in the face of the letter before, or else in the first that has them."""
        before = wanted
        for letter in _letters(word):
            faces = (before, wanted, *STAND_INS[wanted])
            found = next((face for face in faces if not self._lacks(face, letter)), None)
            if found is None:
                lacking = self._fonts[STAND_INS[wanted][0]].missing(letter) or letter
                raise MissingGlyph(lacking[0])
            before = found
            yield from ((character, found) for character in letter)

    def _lacks(self, face: Face, text: str) -> bool:
        if face in STAND_INS and any(map(unicodedata.combining, text)):
            return True
        return bool(self._fonts[face].missing(text))

    def _shape(self, text: str, face: Face, *, backwards: bool) -> tuple[Glyph, ...]:
        key = (text, face, backwards)
        glyphs = self._shaped.get(key)
        if glyphs is None:
            if len(self._shaped) >= _WORDS:
                self._shaped.clear()
            glyphs = self._shaped[key] = tuple(self._glyphs(text, face, backwards=backwards))
        return glyphs

    def _glyphs(self, text: str, face: Face, *, backwards: bool) -> Iterator[Glyph]:
        font = self._fonts[face].shaper
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if backwards else "ltr"
        hb.shape(font, buffer, {"kern": True, "liga": False, "clig": False, "calt": False})
        thousandth = 1000 / int(font.face.upem)
        placed = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
        starts = sorted({info.cluster for info, _ in placed})
        ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
        for cluster, members in groupby(placed, key=lambda item: item[0].cluster):
            glyphs = list(members)
            widest = max(range(len(glyphs)), key=lambda place: glyphs[place][1].x_advance)
            for place, (info, position) in enumerate(glyphs):
                yield Glyph(
                    info.codepoint,
                    text[cluster : ends[cluster]] if place == widest else "",
                    position.x_advance * thousandth,
                    position.x_offset * thousandth,
                    position.y_offset * thousandth,
                )


def printable(text: str) -> str:
    """The text in Unicode NFC, Arabic presentation forms as their letters, without invisible controls."""
    text = unicodedata.normalize("NFC", "".join(map(_without_form, text)))
    return "".join(c for c in text if unicodedata.category(c) != "Cf" or c in _JOINERS)


def _without_form(character: str) -> str:
    return unicodedata.normalize("NFKC", character) if "\ufb50" <= character <= "\ufefc" else character


def _letters(word: str) -> Iterator[str]:
    """Each letter with the accents that follow it."""
    letter = ""
    for character in word:
        if letter and not unicodedata.combining(character):
            yield letter
            letter = ""
        letter += character
    if letter:
        yield letter

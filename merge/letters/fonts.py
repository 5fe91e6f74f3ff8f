"""The embedded print faces: advances, pair kerning, and which characters a face lacks."""

from enum import StrEnum
from importlib.resources import files
from io import BytesIO
from operator import add
from unicodedata import combining

import uharfbuzz as hb
from reportlab.pdfbase.ttfonts import TTFont

_SPACES = " \u00a0"
_SHAPING = {"kern": True, "liga": False, "clig": False, "calt": False}
"""One glyph a character, always: text copied or searched in the PDF is then the text that was printed."""

_REMEMBERED = 4096


class Face(StrEnum):
    """A face; the value is the file's name in `resources/fonts`. DESIGN-LANGUAGE names the print faces.

    Noto Sans stands in for them where they have no letter: Latin of all languages, Greek, Cyrillic; Arabic.
    """

    REGULAR = "Figtree_400Regular"
    ITALIC = "Figtree_400Regular_Italic"
    SEMIBOLD = "Figtree_600SemiBold"
    SEMIBOLD_ITALIC = "Figtree_600SemiBold_Italic"
    BOLD = "Figtree_700Bold"
    EXTRABOLD = "Figtree_800ExtraBold"
    MONO = "AtkinsonHyperlegibleMono_700Bold"
    NOTO = "NotoSans_400Regular"
    NOTO_ITALIC = "NotoSans_400Regular_Italic"
    NOTO_SEMIBOLD = "NotoSans_600SemiBold"
    NOTO_SEMIBOLD_ITALIC = "NotoSans_600SemiBold_Italic"
    ARABIC = "NotoSansArabic_400Regular"
    ARABIC_SEMIBOLD = "NotoSansArabic_600SemiBold"

    __hash__ = str.__hash__
    """Looked up for every piece of text: an enumeration's own takes ten times as long."""


STAND_INS = {
    Face.REGULAR: (Face.NOTO, Face.ARABIC),
    Face.ITALIC: (Face.NOTO_ITALIC, Face.ARABIC),
    Face.SEMIBOLD: (Face.NOTO_SEMIBOLD, Face.ARABIC_SEMIBOLD),
    Face.SEMIBOLD_ITALIC: (Face.NOTO_SEMIBOLD_ITALIC, Face.ARABIC_SEMIBOLD),
    Face.BOLD: (Face.NOTO_SEMIBOLD, Face.ARABIC_SEMIBOLD),
    Face.EXTRABOLD: (Face.NOTO_SEMIBOLD, Face.ARABIC_SEMIBOLD),
    Face.MONO: (Face.NOTO_SEMIBOLD, Face.ARABIC_SEMIBOLD),
}
"""What is asked, in this order, for a word that the print face cannot set."""


class MissingGlyph(ValueError):
    """A character that cannot be printed."""

    def __init__(self, character: str) -> None:
        super().__init__(character)
        self.character = character


class _Advances(dict[str, float]):
    """Character -> advance in thousandths of an em; looked up once a character.

    A combining accent counts as missing: it must be placed on its letter (`merge.letters.shaping`).
    """

    def __init__(self, font: TTFont) -> None:
        self._face = font.face

    def __missing__(self, character: str) -> float:
        if ord(character) not in self._face.charToGlyph or combining(character):
            raise MissingGlyph(character)
        advance = self[character] = float(self._face.getCharWidth(ord(character)))
        return advance


class _Kerning(dict[str, int]):
    """Pair of characters -> kerning in thousandths of an em, as HarfBuzz shapes the pair (GPOS).

    Pairs with a space are not kerned: lines are broken and justified at spaces, whose width must be known alone.
    """

    def __init__(self, font: hb.Font) -> None:
        self._font = font
        self._thousandth = 1000 / int(font.face.upem)

    def __missing__(self, pair: str) -> int:
        kerning = 0 if pair[0] in _SPACES or pair[1] in _SPACES else self._shape(pair)
        self[pair] = kerning
        return kerning

    def _shape(self, pair: str) -> int:
        kerned, plain = (self._advance(pair, {**_SHAPING, "kern": kern}) for kern in (True, False))
        return round((kerned - plain) * self._thousandth)

    def _advance(self, pair: str, features: dict[str, bool]) -> int:
        buffer = hb.Buffer()
        buffer.add_str(pair)
        buffer.guess_segment_properties()
        hb.shape(self._font, buffer, features)
        return sum(int(position.x_advance) for position in buffer.glyph_positions)


class PrintFont:
    """One face, ready to measure and to be embedded. Widths are in thousandths of an em."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self.data = files("resources").joinpath("fonts", f"{face.value}.ttf").read_bytes()
        self.truetype = TTFont(face.value, BytesIO(self.data), shapable=False)
        drawn = self.truetype.face
        self.underline = drawn.underlinePosition * 1000 / drawn.unitsPerEm
        """Middle of an underline, above the baseline, in thousandths of an em; a negative number."""
        self.underline_thickness = drawn.underlineThickness * 1000 / drawn.unitsPerEm
        """Thousandths of an em."""
        self._advances = _Advances(self.truetype)
        self.outlines = hb.Face(self.data)
        self.shaper = hb.Font(self.outlines)
        self._kerning = _Kerning(self.shaper)
        self._measured: dict[str, tuple[float, tuple[int, ...]]] = {}

    def width(self, text: str) -> float:
        """The kerned width of `text`, in thousandths of an em. Raise `MissingGlyph` for what cannot be printed."""
        return self._measure(text)[0]

    def kerns(self, text: str) -> tuple[int, ...]:
        """The kerning after each character but the last, in thousandths of an em."""
        return self._measure(text)[1]

    def _measure(self, text: str) -> tuple[float, tuple[int, ...]]:
        """Remembered, since a text is measured before it is shown, and names and greetings come again."""
        measured = self._measured.get(text)
        if measured is None:
            kerns = tuple(map(self._kerning.__getitem__, map(add, text, text[1:])))
            measured = sum(map(self._advances.__getitem__, text)) + sum(kerns), kerns
            if len(self._measured) >= _REMEMBERED:
                self._measured.clear()
            self._measured[text] = measured
        return measured

    def missing(self, text: str) -> str:
        """The characters of `text` that this face cannot print, each once, in order."""
        glyphs = self.truetype.face.charToGlyph
        return "".join(dict.fromkeys(character for character in text if ord(character) not in glyphs))


class FontBook(dict[Face, PrintFont]):
    """The faces, each loaded when it is first used."""

    def __missing__(self, face: Face) -> PrintFont:
        font = self[face] = PrintFont(face)
        return font

    def loaded(self) -> tuple[PrintFont, ...]:
        """The faces used so far, in the order of their first use."""
        return tuple(self.values())

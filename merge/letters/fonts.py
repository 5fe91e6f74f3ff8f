"""The print faces: how wide text is in each, pair kerning, and which characters a face lacks."""

from enum import StrEnum
from importlib.resources import files
from operator import add
from unicodedata import combining

import uharfbuzz as hb

from merge.letters.winansi import KernedCodes

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


class _Steps(dict[str, float]):
    """How far one goes on after a character, in thousandths of an em: its advance, kerned where another follows.

    A key is a pair of characters, or the last one alone; each is looked up once. Pairs are kerned as HarfBuzz shapes
    them (GPOS). Those with a space are not: lines are broken and justified at spaces, whose width must be known alone.
    A combining accent counts as missing: it must be placed on its letter (`merge.letters.shaping`).
    """

    def __init__(self, font: hb.Font) -> None:
        self._font = font
        self._thousandth = 1000 / int(font.face.upem)

    def __missing__(self, key: str) -> float:
        first = key[0]
        glyph = None if combining(first) else self._font.get_nominal_glyph(ord(first))
        if not glyph:
            raise MissingGlyph(first)
        step = float(self._font.get_glyph_h_advance(glyph)) * self._thousandth
        if len(key) == 2 and first not in _SPACES and key[1] not in _SPACES:
            step += self._kerning(key)
        self[key] = step
        return step

    def _kerning(self, pair: str) -> int:
        kerned, plain = (self._shaped(pair, {**_SHAPING, "kern": kern}) for kern in (True, False))
        return round((kerned - plain) * self._thousandth)

    def _shaped(self, pair: str, features: dict[str, bool]) -> int:
        buffer = hb.Buffer()
        buffer.add_str(pair)
        buffer.guess_segment_properties()
        hb.shape(self._font, buffer, features)
        return sum([int(position.x_advance) for position in buffer.glyph_positions])


class PrintFont:
    """One face, ready to measure and to be embedded. Widths are in thousandths of an em."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self.data = files("resources").joinpath("fonts", f"{face.value}.ttf").read_bytes()
        self.outlines = hb.Face(self.data)
        self.shaper = hb.Font(self.outlines)
        self.underline = self.metric(hb.OTMetricsTag.UNDERLINE_OFFSET)
        """Middle of an underline, above the baseline, in thousandths of an em; a negative number."""
        self.underline_thickness = self.metric(hb.OTMetricsTag.UNDERLINE_SIZE)
        """Thousandths of an em."""
        self._steps = _Steps(self.shaper)
        self.kerned_codes = KernedCodes(self.step)
        self._measured: dict[str, float] = {}

    def metric(self, which: hb.OTMetricsTag) -> float:
        """One of the face's measures, in thousandths of an em."""
        return float(self.shaper.get_metric_position(which)) * 1000 / int(self.outlines.upem)

    def glyph(self, character: str) -> int:
        """Its number in the face, 0 where there is none."""
        return int(self.shaper.get_nominal_glyph(ord(character)) or 0)

    def step(self, key: str) -> float:
        """From a character to the next, kerned: `key` is the two of them, or the last one. Raise `MissingGlyph`."""
        return self._steps[key]

    def width(self, text: str) -> float:
        """The kerned width of `text`, in thousandths of an em. Raise `MissingGlyph` for what cannot be printed.

        Remembered, since names and greetings come again.
        """
        width = self._measured.get(text)
        if width is None:
            steps = self._steps
            width = sum(map(steps.__getitem__, map(add, text, text[1:]))) + (steps[text[-1]] if text else 0.0)
            if len(self._measured) >= _REMEMBERED:
                self._measured.clear()
            self._measured[text] = width
        return width

    def missing(self, text: str) -> str:
        """The characters of `text` that this face cannot print, each once, in order."""
        return "".join(dict.fromkeys(character for character in text if not self.glyph(character)))


class FontBook(dict[Face, PrintFont]):
    """The faces, each loaded when it is first used."""

    def __missing__(self, face: Face) -> PrintFont:
        font = self[face] = PrintFont(face)
        return font

    def loaded(self) -> tuple[PrintFont, ...]:
        """The faces used so far, in the order of their first use."""
        return tuple(self.values())

"""Glyphs in a PDF: a composite font (ISO 32000-1, 9.7) with the used glyphs alone, and the text that each is.

A code of the font is a glyph *and* what it stands for, since one drawing may stand for two letters (the Arabic yeh and
alef maksura within a word): what is copied or searched is what was printed.
"""

from collections.abc import Iterable
from itertools import pairwise

from reportlab.pdfbase import pdfdoc

from merge.letters.font_file import SYMBOLIC, FontFile, base_name, name_in, subset, widths
from merge.letters.fonts import PrintFont
from merge.letters.shaping import Glyph


class GlyphFont:
    """One face's glyphs in one document."""

    def __init__(self, font: PrintFont, document: pdfdoc.PDFDocument) -> None:
        self._font = font
        self._codes: dict[tuple[int, str], int] = {}
        self._thousandth = 1000 / int(font.outlines.upem)
        self.name = name_in(document, f"glyphs-{font.face.value}")
        document.delayedFonts.append(self)

    def show(self, glyphs: Iterable[Glyph], size: float) -> str:
        """The operators that show glyphs from left to right."""
        operators = [f"/{self.name} {size:.4g} Tf ["]
        raised = 0.0
        for glyph in glyphs:
            raise_by = glyph.y * size / 1000
            if raise_by != raised:
                operators.append(f"] TJ {raise_by:.4g} Ts [")
                raised = raise_by
            after = round(self._natural(glyph.number) + glyph.x - glyph.advance, 2)
            before = f" {-glyph.x:.5g}" if glyph.x else ""
            operators.append(f"{before}<{self._code(glyph):04X}>{after or ''}")
        operators.append("] TJ 0 Ts" if raised else "] TJ")
        return "".join(operators)

    def show_plain(self, text: str, size: float, stretch: float) -> str:
        """The operators that show text, one glyph a character, each space widened by `stretch` points."""
        font = self._font
        space = stretch * 1000 / size
        return self.show(
            (
                Glyph(font.glyph(key[0]), key[0], font.step(key) + (space if key[0] == " " else 0.0), 0.0, 0.0)
                for key in (*map("".join, pairwise(text)), text[-1])
            ),
            size,
        )

    def _code(self, glyph: Glyph) -> int:
        return self._codes.setdefault((glyph.number, glyph.text), len(self._codes) + 1)

    def _natural(self, number: int) -> float:
        return float(self._font.shaper.get_glyph_h_advance(number)) * self._thousandth

    def addObjects(self, document: pdfdoc.PDFDocument) -> None:  # noqa: N802 - ReportLab's name
        """Add the font to the document, which asks for it when everything is drawn."""
        file = FontFile(self._font, document, self.name)
        codes = self._codes.items()
        outlines, places = subset(self._font, glyphs=(number for number, _ in self._codes))
        base = base_name(outlines, self._font)
        to_glyphs = b"\0\0" + b"".join(places[number].to_bytes(2, "big") for (number, _), _ in codes)
        system = {"Registry": pdfdoc.PDFString("Adobe"), "Ordering": pdfdoc.PDFString("Identity"), "Supplement": 0}
        advances = (self._natural(number) for (number, _), _ in codes)
        descendant = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": base,
                "CIDSystemInfo": pdfdoc.PDFDictionary(system),
                "FontDescriptor": file.descriptor(base, outlines, SYMBOLIC),
                "W": f"[1 {widths(advances)}]",
                "CIDToGIDMap": file.stream("places", to_glyphs),
            }
        )
        file.add_whole(
            {
                "Subtype": "/Type0",
                "BaseFont": base,
                "Encoding": "/Identity-H",
                "DescendantFonts": pdfdoc.PDFArray([file.add("descendant", descendant)]),
                "ToUnicode": file.text_map(((code, text) for (_, text), code in codes), digits=4),
            }
        )

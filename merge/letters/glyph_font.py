"""Shaped glyphs in a PDF: a composite font (ISO 32000-1, 9.7) with the used glyphs alone, and the text that each is.

A code of the font is a glyph *and* what it stands for, since one drawing may stand for two letters (the Arabic yeh and
alef maksura within a word): what is copied or searched is what was printed.
"""

from collections.abc import Iterable

import uharfbuzz as hb
from reportlab.pdfbase import pdfdoc

from merge.letters.fonts import PrintFont
from merge.letters.shaping import Glyph

_MAP_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_MAP_TAIL = """endcmap
CMapName currentdict /CMap defineresource pop
end
end"""
_ENTRIES = 100
"""Most entries that one block of a character map may have."""


class GlyphFont:
    """One face's shaped glyphs in one document."""

    def __init__(self, font: PrintFont, document: pdfdoc.PDFDocument) -> None:
        self._font = font
        self._codes: dict[tuple[int, str], int] = {}
        self._thousandth = 1000 / int(font.outlines.upem)
        name = f"glyphs-{font.face.value}"
        self.name = f"F{len(document.fontMapping) + 1}"
        document.fontMapping[name] = f"/{self.name}"
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
            after = self._natural(glyph.number) + glyph.x - glyph.advance
            before = f"{-glyph.x:.5g}" if glyph.x else ""
            operators.append(f"{before}<{self._code(glyph):04X}>{f'{after:.5g}' if after else ''}")
        operators.append("] TJ 0 Ts" if raised else "] TJ")
        return "".join(operators)

    def _code(self, glyph: Glyph) -> int:
        return self._codes.setdefault((glyph.number, glyph.text), len(self._codes) + 1)

    def _natural(self, number: int) -> float:
        return float(self._font.shaper.get_glyph_h_advance(number)) * self._thousandth

    def addObjects(self, document: pdfdoc.PDFDocument) -> None:  # noqa: N802 - ReportLab's name
        """Add the font to the document, which asks for it when everything is drawn."""
        outlines, places = self._subset()
        face = self._font.truetype.face
        base = pdfdoc.PDFName(f"GLYPHS+{face.name.decode()}")
        codes = self._codes.items()
        described = pdfdoc.PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": base,
                "Flags": 4,
                "FontBBox": pdfdoc.PDFArray(face.bbox),
                "ItalicAngle": face.italicAngle,
                "Ascent": face.ascent,
                "Descent": face.descent,
                "CapHeight": face.capHeight,
                "StemV": face.stemV,
                "FontFile2": self._stream(document, "outlines", outlines),
            }
        )
        to_glyphs = b"\0\0" + b"".join(places[number].to_bytes(2, "big") for (number, _), _ in codes)
        descendant = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": base,
                "CIDSystemInfo": pdfdoc.PDFDictionary(
                    {
                        "Registry": pdfdoc.PDFString("Adobe"),
                        "Ordering": pdfdoc.PDFString("Identity"),
                        "Supplement": 0,
                    }
                ),
                "FontDescriptor": self._reference(document, "descriptor", described),
                "W": pdfdoc.PDFArray(
                    [1, pdfdoc.PDFArray([round(self._natural(number), 2) for (number, _), _ in codes])]
                ),
                "CIDToGIDMap": self._stream(document, "places", to_glyphs),
            }
        )
        whole = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": base,
                "Encoding": "/Identity-H",
                "DescendantFonts": pdfdoc.PDFArray([self._reference(document, "descendant", descendant)]),
                "ToUnicode": self._stream(document, "text", self._text_map().encode()),
            }
        )
        document.idToObject[pdfdoc.BasicFonts].dict[self.name] = self._reference(document, "font", whole)

    def _subset(self) -> tuple[bytes, dict[int, int]]:
        """The used glyphs as a TrueType file, and where each of them is in it."""
        wanted = hb.SubsetInput()
        wanted.glyph_set.update(number for number, _ in self._codes)
        wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
        wanted.drop_table_tag_set.update(
            _tag(table) for table in ("GSUB", "GPOS", "GDEF", "STAT", "cmap", "name", "post")
        )
        plan = hb.SubsetPlan(self._font.outlines, wanted)
        return bytes(plan.execute().blob.data), dict(plan.old_to_new_glyph_mapping)

    def _text_map(self) -> str:
        entries = [
            f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>\n"
            for (_, text), code in self._codes.items()
            if text
        ]
        blocks = [entries[start : start + _ENTRIES] for start in range(0, len(entries), _ENTRIES)]
        written = "".join(f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n" for block in blocks)
        return f"{_MAP_HEAD}{written}{_MAP_TAIL}"

    def _stream(self, document: pdfdoc.PDFDocument, what: str, content: bytes) -> pdfdoc.PDFObjectReference:
        stream = pdfdoc.PDFStream(content=content)
        stream.filters = [pdfdoc.PDFZCompress]
        if what == "outlines":
            stream.dictionary["Length1"] = len(content)
        return self._reference(document, what, stream)

    def _reference(self, document: pdfdoc.PDFDocument, what: str, content: object) -> pdfdoc.PDFObjectReference:
        return document.Reference(content, f"{self.name}-{what}")


def _tag(table: str) -> int:
    return int.from_bytes(table.ljust(4).encode(), "big")

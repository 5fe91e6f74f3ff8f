"""What any of our fonts brings into a PDF: the used outlines of its face, their measures, their text."""

import struct
from collections.abc import Collection, Iterable
from string import ascii_uppercase
from zlib import crc32

import uharfbuzz as hb
from reportlab.pdfbase import pdfdoc

from merge.french import NBSP
from merge.letters.fonts import PrintFont

SYMBOLIC, NONSYMBOLIC = 4, 32
"""Flags of a descriptor (ISO 32000-1, table 123): codes of its own, or those of a standard encoding."""
_FIXED_PITCH, _ITALIC = 1, 64
"""Others of them, which the face itself tells."""
_MAP_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<{first}> <{last}>
endcodespacerange
"""
_MAP_TAIL = """endcmap
CMapName currentdict /CMap defineresource pop
end
end"""
_ENTRIES = 100
"""Most entries that one block of a character map may have."""
_UNUSED = ("GSUB", "GPOS", "GDEF", "STAT", "name", "post")
"""Tables that no reader of a PDF asks for: text is shaped before it is written."""
_BOX = slice(36, 44)
"""Of a `head` table: the smallest rectangle around all glyphs."""
_PITCH = slice(12, 16)
"""Of a `post` table: whether all glyphs are equally wide (OpenType, `isFixedPitch`)."""


class FontFile:
    """A font under way into a document, which knows its parts by the font's name there."""

    def __init__(self, font: PrintFont, document: pdfdoc.PDFDocument, name: str) -> None:
        self._font = font
        self._document = document
        self._name = name

    def descriptor(self, base: pdfdoc.PDFName, outlines: bytes, flags: int) -> pdfdoc.PDFObjectReference:
        """The face's measures and the file of its `outlines`, a TrueType font."""
        measures = _measures(self._font)
        described = {"Type": "/FontDescriptor", "FontName": base, "Flags": flags | _manner(self._font), **measures}
        file = pdfdoc.PDFStream(content=outlines)
        file.dictionary["Length1"] = len(outlines)
        return self.add("descriptor", pdfdoc.PDFDictionary({**described, "FontFile2": self._packed("outlines", file)}))

    def text_map(self, texts: Iterable[tuple[int, str]], digits: int) -> pdfdoc.PDFObjectReference:
        """What each code stands for, so that text is copied, and found as people type it: with plain spaces.

        Codes have so many hexadecimal digits.
        """
        plain = ((code, text.replace(NBSP, " ")) for code, text in texts if text)
        entries = [f"<{code:0{digits}X}> <{text.encode('utf-16-be').hex().upper()}>\n" for code, text in plain]
        blocks = [entries[start : start + _ENTRIES] for start in range(0, len(entries), _ENTRIES)]
        written = "".join(f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n" for block in blocks)
        head = _MAP_HEAD.format(first="0" * digits, last="F" * digits)
        return self.stream("text", f"{head}{written}{_MAP_TAIL}".encode())

    def stream(self, what: str, content: bytes) -> pdfdoc.PDFObjectReference:
        """Add a compressed stream."""
        return self._packed(what, pdfdoc.PDFStream(content=content))

    def add(self, what: str, content: object) -> pdfdoc.PDFObjectReference:
        """Add a part of the font."""
        return self._document.Reference(content, f"{self._name}-{what}")

    def add_whole(self, content: dict[str, object]) -> None:
        """Add the font itself: pages may name it from then on."""
        whole = self.add("font", pdfdoc.PDFDictionary({"Type": "/Font", **content}))
        self._document.idToObject[pdfdoc.BasicFonts].dict[self._name] = whole

    def _packed(self, what: str, stream: pdfdoc.PDFStream) -> pdfdoc.PDFObjectReference:
        stream.filters = [pdfdoc.PDFZCompress]
        return self.add(what, stream)


def name_in(document: pdfdoc.PDFDocument, face: str) -> str:
    """A new font's name in the document."""
    name = f"F{len(document.fontMapping) + 1}"
    document.fontMapping[face] = f"/{name}"
    return name


def base_name(outlines: bytes, font: PrintFont) -> pdfdoc.PDFName:
    """What a face of which only a part is there is called (ISO 32000-1, 9.6.4).

    Its tag, six capitals, is of those outlines: a printer's program that joins our files takes no part for another.
    """
    number = crc32(outlines)
    tag = "".join(ascii_uppercase[number // 26**place % 26] for place in range(6))
    return pdfdoc.PDFName(f"{tag}+{font.outlines.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME)}")


def widths(advances: Iterable[float]) -> str:
    """An array of widths as it is written: there are hundreds, and ReportLab takes each by itself."""
    return f"[{' '.join([f'{advance:.5g}' for advance in advances])}]"


def subset(
    font: PrintFont, *, characters: Collection[str] = (), glyphs: Iterable[int] = ()
) -> tuple[bytes, dict[int, int]]:
    """A TrueType file of these characters and glyphs alone, and the new number of each glyph."""
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, characters))
    wanted.glyph_set.update(glyphs)
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    unused = _UNUSED if characters else (*_UNUSED, "cmap")
    wanted.drop_table_tag_set.update(int.from_bytes(table.ljust(4).encode(), "big") for table in unused)
    plan = hb.SubsetPlan(font.outlines, wanted)
    return bytes(plan.execute().blob.data), dict(plan.old_to_new_glyph_mapping)


def _manner(font: PrintFont) -> int:
    """What a reader takes into account that has no such font, or looks for an italic."""
    fixed = any(bytes(font.outlines.reference_table("post").data)[_PITCH])
    italic = font.shaper.get_style_value(hb.StyleTag.ITALIC) > 0
    return (_FIXED_PITCH if fixed else 0) | (_ITALIC if italic else 0)


def _measures(font: PrintFont) -> dict[str, object]:
    thousandth = 1000 / int(font.outlines.upem)
    box = struct.unpack(">4h", bytes(font.outlines.reference_table("head").data)[_BOX])
    return {
        "FontBBox": pdfdoc.PDFArray([round(edge * thousandth) for edge in box]),
        "ItalicAngle": font.shaper.get_style_value(hb.StyleTag.SLANT_ANGLE),
        "Ascent": font.metric(hb.OTMetricsTag.HORIZONTAL_ASCENDER),
        "Descent": font.metric(hb.OTMetricsTag.HORIZONTAL_DESCENDER),
        "CapHeight": font.metric(hb.OTMetricsTag.CAP_HEIGHT),
        # Nowhere in the file: readers that have no better font draw one of about this weight.
        "StemV": 50 + int((font.shaper.get_style_value(hb.StyleTag.WEIGHT) / 65) ** 2),
    }

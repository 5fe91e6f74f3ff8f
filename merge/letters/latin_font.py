"""French text in a PDF: a face as a simple font of WinAnsi codes (ISO 32000-1, 9.6.6), one byte a character.

What WinAnsi has no code for goes through `merge.letters.glyph_font`, in the same face: « Łukasz ».
"""

from operator import add

from reportlab.pdfbase import pdfdoc

from merge.letters.font_file import NONSYMBOLIC, FontFile, base_name, name_in, subset, widths
from merge.letters.fonts import PrintFont
from merge.letters.winansi import byte_of

_SPACE = " "
"""WinAnsi draws its no-break space as a space: that glyph must be there."""
_REMEMBERED = 1024


class LatinFont:
    """One face's WinAnsi characters in one document."""

    def __init__(self, font: PrintFont, document: pdfdoc.PDFDocument) -> None:
        self._font = font
        self._used: set[str] = set()
        self._shown: dict[tuple[str, float, float], str] = {}
        self.name = name_in(document, f"latin-{font.face.value}")
        document.delayedFonts.append(self)

    def show(self, text: str, size: float, stretch: float) -> str:
        """The operators that show `text`, each space widened by `stretch` points (ISO 32000-1, 9.4.3).

        Raise `UnicodeEncodeError` for text that is not all WinAnsi, `MissingGlyph` for what the face does not have.
        """
        key = (text, size, stretch)
        shown = self._shown.get(key)
        if shown is None:
            shown = self._show(text, size, stretch)
            if len(self._shown) >= _REMEMBERED:
                self._shown.clear()
            self._shown[key] = shown
        return shown

    def _show(self, text: str, size: float, stretch: float) -> str:
        self._font.width(text)
        kerned = self._font.kerned_codes
        codes = "".join([*map(kerned.__getitem__, map(add, text, text[1:])), kerned[text[-1]]])
        if stretch:
            codes = codes.replace(" ", f" ){round(-stretch * 1000 / size, 2)}(")
        self._used.update(text)
        return f"/{self.name} {size:.4g} Tf [({codes})] TJ"

    def addObjects(self, document: pdfdoc.PDFDocument) -> None:  # noqa: N802 - ReportLab's name
        """Add the font to the document, which asks for it when everything is drawn."""
        if not self._used:
            return
        codes = {byte_of(character): character for character in self._used}
        file = FontFile(self._font, document, self.name)
        outlines, _ = subset(self._font, characters=self._used | {_SPACE})
        base = base_name(outlines, self._font)
        first, last = min(codes), max(codes)
        advances = (self._font.width(codes[code]) if code in codes else 0 for code in range(first, last + 1))
        file.add_whole(
            {
                "Subtype": "/TrueType",
                "BaseFont": base,
                "FirstChar": first,
                "LastChar": last,
                "Widths": widths(advances),
                "Encoding": "/WinAnsiEncoding",
                "FontDescriptor": file.descriptor(base, outlines, NONSYMBOLIC),
                "ToUnicode": file.text_map(sorted(codes.items()), digits=2),
            }
        )

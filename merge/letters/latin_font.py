"""French text in a PDF: a face as a simple font of WinAnsi codes (ISO 32000-1, 9.6.6), one byte a character.

What WinAnsi has no code for goes through `merge.letters.glyph_font`, in the same face: « Łukasz ».
"""

from operator import add

from reportlab.pdfbase import pdfdoc

from merge.letters.font_file import NONSYMBOLIC, FontFile, base_name, name_in, subset
from merge.letters.fonts import PrintFont

_CODES = "cp1252"
_ESCAPED = frozenset(b"()\\")
_SPACE = " "
"""WinAnsi draws its no-break space as a space: that glyph must be there."""
_REMEMBERED = 1024


class LatinFont:
    """One face's WinAnsi characters in one document."""

    def __init__(self, font: PrintFont, document: pdfdoc.PDFDocument) -> None:
        self._font = font
        self._steps = _Steps(font)
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
            self._font.width(text)
            text.encode(_CODES)
            steps = self._steps
            codes = "".join([*map(steps.__getitem__, map(add, text, text[1:])), steps[text[-1]]])
            if stretch:
                codes = codes.replace(" ", f" ){-stretch * 1000 / size:.5g}(")
            shown = f"/{self.name} {size:.4g} Tf [({codes})] TJ"
            if len(self._shown) >= _REMEMBERED:
                self._shown.clear()
            self._shown[key] = shown
        return shown

    def addObjects(self, document: pdfdoc.PDFDocument) -> None:  # noqa: N802 - ReportLab's name
        """Add the font to the document, which asks for it when everything is drawn."""
        codes = {key[0].encode(_CODES)[0]: key[0] for key in sorted(self._steps)}
        file = FontFile(self._font, document, self.name)
        base = base_name("WINANS", self._font)
        outlines, _ = subset(self._font, characters="".join((*codes.values(), _SPACE)))
        first, last = min(codes), max(codes)
        widths = [self._font.width(codes[code]) if code in codes else 0 for code in range(first, last + 1)]
        file.add_whole(
            {
                "Subtype": "/TrueType",
                "BaseFont": base,
                "FirstChar": first,
                "LastChar": last,
                "Widths": pdfdoc.PDFArray([round(width, 2) for width in widths]),
                "Encoding": "/WinAnsiEncoding",
                "FontDescriptor": file.descriptor(base, outlines, NONSYMBOLIC),
                "ToUnicode": file.text_map(sorted(codes.items()), digits=2),
            }
        )


class _Steps(dict[str, str]):
    """A pair of characters, or the last one alone -> the first one's code, and the way to where the next begins."""

    def __init__(self, font: PrintFont) -> None:
        self._font = font

    def __missing__(self, key: str) -> str:
        first = key[0]
        [byte] = first.encode(_CODES)
        code = f"\\{byte:03o}" if byte > 126 or byte in _ESCAPED else first
        kern = round(self._font.step(key) - self._font.step(first))
        found = self[key] = f"{code}){-kern}(" if kern else code
        return found

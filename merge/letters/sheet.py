"""Drawing on a canvas in millimetres from the top left corner, with our kerned and embedded faces."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TypeVar

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.pathobject import PDFPathObject

from merge.letters.fonts import Face, FontBook, MissingGlyph
from merge.letters.geometry import PAGE_HEIGHT, POINTS, Box
from merge.letters.glyph_font import GlyphFont
from merge.letters.latin_font import LatinFont
from merge.letters.stream import StreamedCanvas
from merge.letters.typography import Piece, SetLine, Style, Typesetter

_Made = TypeVar("_Made")
_PAGE_TOP = PAGE_HEIGHT * POINTS


class _ByFace(dict[Face, _Made]):
    """Face -> what is made of it when it is first used."""

    def __init__(self, make: Callable[[Face], _Made]) -> None:
        self._make = make

    def __missing__(self, face: Face) -> _Made:
        made = self[face] = self._make(face)
        return made


class Sheet:
    """The pages and forms of a canvas, one at a time; one sheet for each canvas, which embeds the faces.

    Measures are millimetres from the top left corner unless they say points.
    """

    def __init__(self, canvas: StreamedCanvas, fonts: FontBook) -> None:
        self.canvas = canvas
        self.typesetter = Typesetter(fonts)
        self._fonts = fonts
        self._latin = _ByFace(lambda face: LatinFont(fonts[face], canvas.document))
        self._glyphs = _ByFace(lambda face: GlyphFont(fonts[face], canvas.document))

    def line_operators(self, x: float, y: float, line: SetLine) -> str:
        """The operators that show a set line; `x` and `y` are points from the top left corner."""
        operators = [f"BT {x:.2f} {_PAGE_TOP - y:.2f} Td"]
        colour = ""
        try:
            for piece in line.pieces:
                style = piece.style
                if style.colour != colour:
                    colour = style.colour
                    operators.append(fill_operator(colour))
                operators.append(self._plain(piece.text, style.face, style.size, line.stretch))
        except MissingGlyph:
            operators[1:] = self._shaped(line)
        operators.append("ET")
        for piece in line.pieces:
            if piece.style.underline:
                operators += self._underlines(x, y, line)
                break
        return "\n".join(operators)

    def _shaped(self, line: SetLine) -> Iterator[str]:
        """The operators of a line in several scripts, from left to right."""
        for style, stretch in self.typesetter.visual(line):
            yield fill_operator(style.colour)
            if stretch.glyphs:
                yield self._glyphs[stretch.face].show(stretch.glyphs, style.size)
            else:
                yield self._plain(stretch.text, stretch.face, style.size, line.stretch)

    def _plain(self, text: str, face: Face, size: float, stretch: float) -> str:
        """The operators of text that its face alone can set. Raise `MissingGlyph`."""
        try:
            return self._latin[face].show(text, size, stretch)
        except UnicodeEncodeError:
            return self._glyphs[face].show_plain(text, size, stretch)

    def _underlines(self, x: float, y: float, line: SetLine) -> Iterator[str]:
        """A filled bar under each underlined piece, where its face wants it; pieces in a row have one unbroken line."""
        for style, stretch in self.typesetter.visual(line):
            width = stretch.width * style.size / 1000 + line.stretch * stretch.text.count(" ")
            if style.underline:
                font = self._fonts[style.face]
                thick = font.underline_thickness * style.size / 1000
                bottom = _PAGE_TOP - y + font.underline * style.size / 1000 - thick / 2
                yield f"{fill_operator(style.colour)} {x:.2f} {bottom:.2f} {width:.2f} {thick:.2f} re f"
            x += width

    def line(self, x: float, baseline: float, line: SetLine) -> None:
        """Show a set line whose left end and baseline are in millimetres."""
        self.canvas.addLiteral(self.line_operators(x * POINTS, baseline * POINTS, line))

    def text(self, x: float, baseline: float, text: str, style: Style, *, align: float = 0.0) -> float:
        """Show a line and answer its width in millimetres; `align`: 0 begins at x, 0.5 is around x, 1 ends at x."""
        line = self.typesetter.one_line((Piece(text, style),))
        width = line.width / POINTS
        self.line(x - align * width, baseline, line)
        return width

    def box(
        self,
        box: Box,
        *,
        fill: str = "",
        stroke: str = "",
        radius: float = 0.0,
        stroke_points: float = 0.75,
    ) -> None:
        """A rectangle with round corners of `radius` millimetres."""
        self._colours(fill, stroke, stroke_points)
        self.canvas.roundRect(
            box.left * POINTS,
            _PAGE_TOP - box.bottom * POINTS,
            box.width * POINTS,
            box.height * POINTS,
            radius * POINTS,
            stroke=int(bool(stroke)),
            fill=int(bool(fill)),
        )

    def rule(self, start: tuple[float, float], end: tuple[float, float], colour: str, points: float) -> None:
        """A straight line of `points` thickness."""
        self._colours("", colour, points)
        (x1, y1), (x2, y2) = start, end
        self.canvas.line(x1 * POINTS, _PAGE_TOP - y1 * POINTS, x2 * POINTS, _PAGE_TOP - y2 * POINTS)

    def path(
        self, steps: Iterable[tuple[float, ...]], *, fill: str = "", stroke: str = "", points: float = 0.75
    ) -> None:
        """A path: the first step is its start; then (x, y) is a line, (x1, y1, x2, y2, x, y) a Bézier curve."""
        self._colours(fill, stroke, points)
        path: PDFPathObject = self.canvas.beginPath()
        for index, step in enumerate(steps):
            placed = [
                value * POINTS if place % 2 == 0 else _PAGE_TOP - value * POINTS for place, value in enumerate(step)
            ]
            if len(placed) == 6:
                path.curveTo(*placed)
            elif index == 0:
                path.moveTo(*placed)
            else:
                path.lineTo(*placed)
        if fill:
            path.close()
        self.canvas.drawPath(path, stroke=int(bool(stroke)), fill=int(bool(fill)))

    def _colours(self, fill: str, stroke: str, points: float) -> None:
        if fill:
            self.canvas.setFillColor(HexColor(fill))
        if stroke:
            self.canvas.setStrokeColor(HexColor(stroke))
            self.canvas.setLineWidth(points)


@lru_cache(maxsize=32)
def fill_operator(colour: str) -> str:
    """The operator that fills in #RRGGBB."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return f"{red:.4g} {green:.4g} {blue:.4g} rg"

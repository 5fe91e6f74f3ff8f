"""The waiting-room poster: what the portal is, three steps, and a QR code that leads to the cabinet's sign-in page."""

import datetime as dt
from enum import StrEnum
from math import atan2, degrees
from pathlib import Path

from merge.letters.emblem import draw_emblem
from merge.letters.fitting import cabinet_words, fitted, fitted_lines
from merge.letters.fonts import Face, FontBook
from merge.letters.geometry import PAGE_HEIGHT, PAGE_WIDTH, POINTS, Box
from merge.letters.letterhead import first_line
from merge.letters.look import APRICOT, APRICOT_100, BAND, PRIMARY
from merge.letters.qr import qr_operators
from merge.letters.shapes import rounded, turned
from merge.letters.sheet import Sheet
from merge.letters.stream import StreamedCanvas
from merge.letters.text import SOFT_INK
from merge.letters.typography import INK, Piece, Style, Typesetter
from merge.letters.whole_file import whole_file
from merge.record import CabinetFacts

_WHITE, _SKY, _WIRE, _BRACKET = "#FFFFFF", "#DCECEE", "#6FA9B2", "#DCECEE"
_ON_APRICOT, _ON_APRICOT_100 = "#3A1D02", "#7A3D05"
_EDGE, _DIP = 140.0, 33.0
"""Where the dark half ends at the sides, and how far its curve's control point hangs below."""
_WIRE_ABOVE = 4.0
_BRACKETS = (7.5, 23.6, 40.0, 56.4, 72.5, 88.6)
"""Left of the middle; their mirror images stand at the right."""
_FRAME = Box(128.2, 180.0, 192.2, 244.0)
_CODE_SIDE = 49.0
_STEPS = (
    (192.6, "Scannez le code", ("avec l’appareil photo de votre", "téléphone")),
    (221.3, "Saisissez vos codes", ("ceux de votre carte d’accès ou de", "votre lettre")),
    (250.1, "Retrouvez votre dossier", ("rendez-vous, échéancier,", "honoraires, messages")),
)
_MARGIN = 18.0
_BORDER = 5.0
"""Millimetres that most printers leave white."""
_TRACKING = -0.02
"""The headline's letters stand closer, in type sizes."""


class PosterSize(StrEnum):
    """ISO 216; the larger one is the same drawing, enlarged."""

    A4 = "A4"
    A3 = "A3"

    @property
    def millimetres(self) -> tuple[float, float]:
        """Width and height."""
        return (PAGE_WIDTH, PAGE_HEIGHT) if self is PosterSize.A4 else (PAGE_HEIGHT, 2 * PAGE_WIDTH)


def write_poster(
    cabinet: CabinetFacts,
    path: Path,
    *,
    today: dt.date,
    size: PosterSize = PosterSize.A4,
    borderless: bool = False,
) -> None:
    """Write the poster to `path`. Unless the printer is `borderless`, the page is scaled to leave 5 mm white.

    Raise `OutputError` when the disk refuses, or when the cabinet's name cannot be printed.
    """
    fonts = FontBook()
    width, height = size.millimetres
    with whole_file(path) as file:
        paper = (width * POINTS, height * POINTS)
        canvas = StreamedCanvas(file, title="Affiche de la salle d’attente", author=cabinet.name, day=today, size=paper)
        scale = (width - (0 if borderless else 2 * _BORDER)) / PAGE_WIDTH
        canvas.translate((width - scale * PAGE_WIDTH) / 2 * POINTS, (height - scale * PAGE_HEIGHT) / 2 * POINTS)
        canvas.scale(scale, scale)
        with cabinet_words("L’affiche ne peut pas"):
            _draw(Sheet(canvas, fonts), cabinet, Typesetter(fonts))
        canvas.showPage()
        canvas.save()


def _draw(sheet: Sheet, cabinet: CabinetFacts, typesetter: Typesetter) -> None:
    sheet.path([(0, 0), (PAGE_WIDTH, 0), (PAGE_WIDTH, _EDGE), *_sagging(_EDGE, back=True)], fill=BAND)
    draw_emblem(sheet, _MARGIN, 18.0, 20.0)
    title = first_line(cabinet.title) or cabinet.name
    title_lines = fitted_lines(title, Style(Face.BOLD, 17.0, _WHITE), PAGE_WIDTH - _MARGIN - 43.0, typesetter)
    for index, line in enumerate(title_lines):
        sheet.line(43.0, 29.9 + 5.6 * (index - (len(title_lines) - 1) / 2), line)
    for baseline, words, colour in (
        (62.8, "Votre dossier", _WHITE),
        (82.8, "vous suit", _WHITE),
        (103.0, "partout.", APRICOT),
    ):
        _headline(sheet, baseline, words, colour)
    for baseline, words in (
        (117.0, "Rendez-vous, échéances, messages\u00a0:"),
        (126.0, "tout est en ligne, sur votre téléphone."),
    ):
        sheet.text(_MARGIN, baseline, words, Style(Face.REGULAR, 19.0, _SKY))
    _draw_wire(sheet)
    for number, (middle, title, lines) in enumerate(_STEPS, 1):
        _draw_step(sheet, number, middle, title, lines)
    _draw_code(sheet, cabinet, typesetter)
    foot = Box(_MARGIN, 271.6, PAGE_WIDTH - _MARGIN, 285.7)
    sheet.box(foot, fill=APRICOT_100, radius=3.5)
    words = "Pas encore de codes\u00a0? Demandez votre carte d’accès à l’accueil."
    sheet.text(PAGE_WIDTH / 2, 280.4, words, Style(Face.SEMIBOLD, 14.0, _ON_APRICOT_100), align=0.5)


def _sagging(edge: float, *, back: bool = False) -> list[tuple[float, ...]]:
    """The curve from side to side that hangs below `edge`, as one cubic Bézier step; `back` is from right to left."""
    control = edge + _DIP * 2 / 3
    third = PAGE_WIDTH / 3
    return [
        (2 * third, control, third, control, 0, edge)
        if back
        else (third, control, 2 * third, control, PAGE_WIDTH, edge)
    ]


def _headline(sheet: Sheet, baseline: float, words: str, colour: str) -> None:
    style = Style(Face.EXTRABOLD, 54.0, colour)
    sheet.canvas.addLiteral(f"{_TRACKING * style.size:.3f} Tc")
    sheet.text(_MARGIN, baseline, words, style)
    sheet.canvas.addLiteral("0 Tc")


def _draw_wire(sheet: Sheet) -> None:
    edge = _EDGE - _WIRE_ABOVE
    sheet.path([(0, edge), *_sagging(edge)], stroke=_WIRE, points=1.7)
    for left in _BRACKETS:
        for x in (left, PAGE_WIDTH - left):
            _draw_bracket(sheet, x, edge, Box(0.25, -2.2, 2.25, 2.2), _BRACKET)
    _draw_bracket(sheet, PAGE_WIDTH / 2, edge, Box(0.35, -3.0, 3.0, 3.0), APRICOT)


def _draw_bracket(sheet: Sheet, x: float, edge: float, bar: Box, colour: str) -> None:
    """Two bars on the wire at `x`, turned as the wire hangs there (a parabola: y = edge + 2 t (1 - t) dip)."""
    t = x / PAGE_WIDTH
    y = edge + 2 * t * (1 - t) * _DIP
    slope = degrees(atan2(2 * (1 - 2 * t) * _DIP, PAGE_WIDTH))
    for side in (bar, bar._replace(left=-bar.right, right=-bar.left)):
        sheet.path(turned(rounded(side, 0.7), slope, (x, y)), fill=colour)
    sheet.rule((x - bar.right, y), (x + bar.right, y), _WIRE, 0.4)


def _draw_step(sheet: Sheet, number: int, middle: float, title: str, lines: tuple[str, ...]) -> None:
    centre = 25.0
    sheet.box(Box(centre - 7, middle - 7, centre + 7, middle + 7), fill=APRICOT, radius=7.0)
    sheet.text(centre, middle + 2.7, str(number), Style(Face.BOLD, 22.0, _ON_APRICOT), align=0.5)
    sheet.text(37.0, middle - 3.7, title, Style(Face.BOLD, 17.0, INK))
    for index, line in enumerate(lines):
        sheet.text(37.0, middle + 2.8 + 6.1 * index, line, Style(Face.REGULAR, 13.0, SOFT_INK))


def _draw_code(sheet: Sheet, cabinet: CabinetFacts, typesetter: Typesetter) -> None:
    sheet.box(_FRAME, fill=_WHITE, stroke=PRIMARY, radius=6.0, stroke_points=1.5)
    inset = (_FRAME.width - _CODE_SIDE) / 2
    code = qr_operators(cabinet.sign_in_url, _FRAME.left + inset, _FRAME.top + inset, _CODE_SIDE)
    sheet.canvas.addLiteral(code)
    middle = (_FRAME.left + _FRAME.right) / 2
    site = fitted(cabinet.site, Style(Face.BOLD, 17.0, PRIMARY), _FRAME.width, typesetter)
    sheet.line(middle - site.width / POINTS / 2, 253.3, site)
    label = Piece("Cabinet\u00a0: ", Style(Face.REGULAR, 13.0, INK))
    line = typesetter.one_line((label, Piece(cabinet.code, Style(Face.MONO, 13.0, INK))))
    sheet.line(middle - line.width / POINTS / 2, 260.2, line)

"""The logo, le fil: an arch-wire with its brackets, drawn as `resources/images/logo.svg` draws it."""

from merge.letters.geometry import POINTS, Box
from merge.letters.shapes import Step, rounded, turned
from merge.letters.sheet import Sheet

_UNITS = 52.0
"""Side of the drawing's square, in its own units; all measures below are in them."""
_TILE, _BRACKET, _NEXT, _WIRE = "#F1F6F5", "#0B5563", "#F5A65B", "#0A3A44"


def draw_emblem(sheet: Sheet, left: float, top: float, side: float) -> None:
    """Draw the logo in a square of `side` millimetres."""
    unit = side / _UNITS

    def placed(steps: list[Step]) -> list[Step]:
        return [tuple((left, top)[place % 2] + value * unit for place, value in enumerate(step)) for step in steps]

    sheet.box(Box(left, top, left + side, top + side), fill=_TILE, radius=12 * unit)
    for x, y, angle in ((11.5, 27.5, 38.0), (40.5, 27.5, -38.0)):
        for bar in (Box(-5.3, -5.0, -0.7, 5.0), Box(0.7, -5.0, 5.3, 5.0)):
            sheet.path(placed(turned(rounded(bar, 1.6), angle, (x, y))), fill=_BRACKET)
    for bar in (Box(20.2, 26.4, 25.6, 39.4), Box(26.8, 26.4, 32.2, 39.4)):
        sheet.path(placed(rounded(bar, 1.8)), fill=_NEXT)
    wire: list[Step] = [(4.6, 20.2), (9.533, 28.733, 16.667, 33, 26, 33), (35.333, 33, 42.467, 28.733, 47.4, 20.2)]
    sheet.path(placed(wire), stroke=_WIRE, points=2.2 * unit * POINTS)

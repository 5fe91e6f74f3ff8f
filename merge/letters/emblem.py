"""The logo, le fil: an arch-wire with its brackets, drawn as `resources/images/logo.svg` draws it."""

from math import cos, radians, sin
from typing import NamedTuple

from merge.letters.geometry import POINTS, Box
from merge.letters.sheet import Sheet

_UNITS = 52.0
"""Side of the drawing's square, in its own units; all measures below are in them."""
_TILE, _BRACKET, _NEXT, _WIRE = "#F1F6F5", "#0B5563", "#F5A65B", "#0A3A44"
_ROUND = 0.5523
"""A quarter of a circle as one Bézier curve: the distance of its control points, in radii."""


def draw_emblem(sheet: Sheet, left: float, top: float, side: float) -> None:
    """Draw the logo in a square of `side` millimetres."""
    square = _Square(left, top, side / _UNITS)
    unit = square.unit
    sheet.box(Box(left, top, left + side, top + side), fill=_TILE, radius=12 * unit)
    for x, y, angle in ((11.5, 27.5, 38.0), (40.5, 27.5, -38.0)):
        for offset in (-3.0, 3.0):
            bar = Box(offset - 2.3, -5.0, offset + 2.3, 5.0)
            sheet.path([square.turned(step, (x, y), angle) for step in _rounded(bar, 1.6)], fill=_BRACKET)
    for x in (20.2, 26.8):
        sheet.path([square.placed(step) for step in _rounded(Box(x, 26.4, x + 5.4, 39.4), 1.8)], fill=_NEXT)
    wire = ((4.6, 20.2), (9.533, 28.733, 16.667, 33, 26, 33), (35.333, 33, 42.467, 28.733, 47.4, 20.2))
    sheet.path([square.placed(step) for step in wire], stroke=_WIRE, points=2.2 * unit * POINTS)


class _Square(NamedTuple):
    """Where the drawing's square stands: its corner and its unit, in millimetres."""

    left: float
    top: float
    unit: float

    def placed(self, step: tuple[float, ...]) -> tuple[float, ...]:
        """A path's step, from the drawing's units to the page."""
        return tuple((self.left, self.top)[place % 2] + value * self.unit for place, value in enumerate(step))

    def turned(self, step: tuple[float, ...], centre: tuple[float, float], degrees: float) -> tuple[float, ...]:
        """A step drawn around (0, 0), turned and moved to `centre`."""
        c, s = cos(radians(degrees)), sin(radians(degrees))
        points = zip(step[::2], step[1::2], strict=True)
        return self.placed(tuple(v for x, y in points for v in (centre[0] + x * c - y * s, centre[1] + x * s + y * c)))


def _rounded(box: Box, radius: float) -> list[tuple[float, ...]]:
    """A round-cornered rectangle as a path's steps."""
    left, top, right, bottom = box
    r, k = radius, radius * (1 - _ROUND)
    return [
        (left + r, top),
        (right - r, top),
        (right - k, top, right, top + k, right, top + r),
        (right, bottom - r),
        (right, bottom - k, right - k, bottom, right - r, bottom),
        (left + r, bottom),
        (left + k, bottom, left, bottom - k, left, bottom - r),
        (left, top + r),
        (left, top + k, left + k, top, left + r, top),
    ]

"""Paths of round-cornered boxes, straight or turned: the brackets of le fil, in the logo and on the poster."""

from math import cos, radians, sin

from merge.letters.geometry import Box

Step = tuple[float, ...]
"""(x, y) or the three points of a Bézier curve, as `Sheet.path` takes them."""
_ROUND = 0.5523
"""A quarter of a circle as one Bézier curve: how far its control points stand, in radii."""


def rounded(box: Box, radius: float) -> list[Step]:
    """A round-cornered rectangle."""
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


def turned(steps: list[Step], degrees: float, centre: tuple[float, float]) -> list[Step]:
    """Steps around (0, 0), turned clockwise on the page and moved to `centre`."""
    c, s = cos(radians(degrees)), sin(radians(degrees))
    turned_steps = []
    for step in steps:
        points = zip(step[::2], step[1::2], strict=True)
        turned_steps.append(tuple(v for x, y in points for v in (centre[0] + x * c - y * s, centre[1] + x * s + y * c)))
    return turned_steps

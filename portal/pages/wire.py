"""Le fil: the arch-wire with twin brackets, the apricot one being the next. A decoration, silent to screen readers.

The drawings are cut from the middle where there is less room (`slice`), so one drawing serves a computer and a phone.
"""

from functools import cache
from math import atan2, degrees

from markupsafe import Markup


class _Arch:
    """A parabola that hangs between two points of the same height."""

    def __init__(self, width: float, top: float, bottom: float) -> None:
        self.middle = width / 2
        self._bottom = bottom
        self._bend = (bottom - top) / self.middle**2
        self.path = f"M0 {top:g}Q{self.middle:g} {2 * bottom - top:g} {width:g} {top:g}"

    def bracket(self, x: float, size: float, kind: str) -> str:
        """Twin pads at x, turned with the wire; `size` 1 is a pad of 8 × 18."""
        y = self._bottom - self._bend * (x - self.middle) ** 2
        angle = degrees(atan2(-2 * self._bend * (x - self.middle), 1))
        turn = f" rotate({angle:.1f})" if abs(angle) > 0.05 else ""
        width, height, gap = 7.6 * size, 18 * size, 2.4 * size
        pads = "".join(
            f'<rect x="{left:.1f}" y="{-height / 2:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{gap:.1f}"/>'
            for left in (-width - gap / 2, gap / 2)
        )
        return f'<g class="{kind}" transform="translate({x:g} {y:.1f}){turn}">{pads}</g>'


@cache
def wire(before: int, after: int) -> Markup:
    """The wire of the next-appointment card: `before` past visits, the next one, `after` later ones (0 to 5 each)."""
    arch, step = _Arch(800, 19, 44), 74
    drawn = [arch.bracket(arch.middle - step * place, 1, "past") for place in range(before, 0, -1)]
    drawn.append(arch.bracket(arch.middle, 1.3, "next-pad"))
    drawn += [arch.bracket(arch.middle + step * place, 1, "later") for place in range(1, after + 1)]
    return _drawing(800, 80, arch.path, "".join(drawn))


@cache
def sign_in_wire() -> Markup:
    """The lower end of the sign-in band: its curved hem, and the wire that follows it across the page."""
    arch, step = _Arch(1280, 24, 66), 103.6
    hem = '<path class="hem-fill" d="M0 0H1280V46Q640 130 0 46z"/>'
    drawn = [arch.bracket(arch.middle + step * place, 1.4, "past") for place in range(-6, 7) if place]
    drawn.append(arch.bracket(arch.middle, 1.9, "next-pad"))
    return _drawing(1280, 88, arch.path, hem + "".join(drawn))


def _drawing(width: int, height: int, path: str, brackets: str) -> Markup:
    return Markup(  # noqa: S704  # numbers and names of our own
        f'<svg class="wire" viewBox="0 0 {width} {height}" preserveAspectRatio="xMidYMid slice" aria-hidden="true" '
        f'focusable="false">{brackets}<path class="thread" d="{path}"/></svg>'
    )

"""What would show through an envelope's window besides the address: it is read by whoever carries the letter."""

from collections.abc import Iterable, Iterator

from merge.letters.column import Placed
from merge.letters.geometry import POINTS, TOLERANCE, Box
from merge.letters.setting import Code, Image, Mark, SignInForm

_ABOVE, _BELOW = 0.75, 0.25
"""How far type reaches above and below its baseline, in type sizes (Figtree)."""
_SEEN = "se verrait dans la fenêtre de l’enveloppe."
_WORDS = {Code: "le code à scanner", Image: "une image", SignInForm: "l’image de connexion"}


def shown(window: Box, lines: Iterable[Placed], marks: Iterable[tuple[float, Mark]] = ()) -> Iterator[str]:
    """A sentence for each line and mark of a first page that the window may show.

    The folded letter moves in its envelope: what stands within `geometry.TOLERANCE` of the window counts as well.
    """
    left, top = (window.left - TOLERANCE) * POINTS, (window.top - TOLERANCE) * POINTS
    right, bottom = (window.right + TOLERANCE) * POINTS, (window.bottom + TOLERANCE) * POINTS
    for placed in lines:
        size = max((piece.style.size for piece in placed.line.pieces), default=0.0)
        upper, lower = placed.y - _ABOVE * size, placed.y + _BELOW * size
        if size and placed.x < right and placed.x + placed.line.width > left and upper < bottom and lower > top:
            yield f"«\u00a0{placed.line.text}\u00a0» {_SEEN}"
    for place, mark in marks:
        if isinstance(mark, SignInForm):
            if place + mark.top < bottom:
                yield f"{_WORDS[SignInForm]} {_SEEN}"
        elif not isinstance(mark, Code | Image):
            continue
        elif mark.left < right and mark.left + _width(mark) > left and place + mark.top < bottom:
            yield f"{_WORDS[type(mark)]} {_SEEN}"


def _width(mark: Code | Image) -> float:
    return mark.side if isinstance(mark, Code) else mark.width

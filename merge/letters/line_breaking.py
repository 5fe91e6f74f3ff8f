"""Where the lines of a paragraph end: as full as can be (ragged), or as even as can be over all lines (justified).

Measures only: what stands in a line is the typesetter's. Widths are in any one unit.

Even lines are found as Knuth and Plass do (« Breaking paragraphs into lines », Software: Practice and Experience 11,
1981): of all ways to break the paragraph, the one whose lines' spaces differ least from natural ones, loose lines and
divided words counting against it. Lacroux (« Division des mots ») adds: no more than two divided lines in a row.
"""

from collections.abc import Sequence

import msgspec

_STRETCH, _SHRINK = 0.5, 0.2
"""How much of itself a space may gain without being noticed, and how much it may lose at all."""
LOOSEST = 3.0
"""Times its natural width that a space may have; a line that would need more stays ragged."""
_DIVIDED = 50.0
_DIVIDED_AGAIN = 3000.0
_MOST_DIVIDED = 2
_TIGHT = 1e-6


class Bit(msgspec.Struct, frozen=True):
    """What cannot be broken, and what follows it when a line does not end there.

    `space` is 0 within a word; `hyphen` is what a line that ends within a word adds, else 0.
    """

    width: float
    space: float = 0.0
    hyphen: float = 0.0


class Unbreakable(ValueError):
    """A bit (and those that must stay with it) wider than the line."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


def fullest(bits: Sequence[Bit], width: float) -> list[int]:
    """The index after each line's last bit, every line as full as it can be. Raise `Unbreakable`.

    A third line in a row is divided only where a word would not fit otherwise.
    """
    ends: list[int] = []
    divided = 0
    while not ends or ends[-1] < len(bits):
        start = ends[-1] if ends else 0
        used, end, too_often = 0.0, start, start
        for place in range(start, len(bits)):
            bit = bits[place]
            used += bit.width
            if used > width + _TIGHT:
                break
            if used + bit.hyphen <= width + _TIGHT:
                if bit.hyphen and divided >= _MOST_DIVIDED:
                    too_often = place + 1
                else:
                    end = place + 1
            used += bit.space
        end = end if end > start else too_often
        if end == start:
            raise Unbreakable(start)
        divided = divided + 1 if bits[end - 1].hyphen else 0
        ends.append(end)
    return ends


class _Way(msgspec.Struct, frozen=True):
    """A way to set the paragraph up to a break."""

    demerits: float
    ends: tuple[int, ...] = ()


def evenest(bits: Sequence[Bit], width: float) -> list[int]:
    """The index after each line's last bit, the spaces of all lines as even as they can be. Raise `Unbreakable`."""
    ways: list[dict[int, _Way]] = [{} for _ in range(len(bits) + 1)]
    ways[0][0] = _Way(0.0)
    for start, starts in enumerate(ways[:-1]):
        if not starts:
            continue
        used = spaces = 0.0
        for end in range(start + 1, len(bits) + 1):
            bit = bits[end - 1]
            used += bit.width
            if used - _SHRINK * spaces > width + _TIGHT:
                break
            line = used + bit.hyphen
            if line - _SHRINK * spaces <= width + _TIGHT:
                cost = _demerits(width - line, spaces, last=end == len(bits))
                for divided, way in starts.items():
                    _keep_better(ways[end], way, divided, cost, end, hyphen=bit.hyphen)
            used += bit.space
            spaces += bit.space
    if not ways[-1]:
        return fullest(bits, width)
    return list(min(ways[-1].values(), key=lambda way: way.demerits).ends)


def _keep_better(known: dict[int, _Way], way: _Way, divided: int, cost: float, end: int, *, hyphen: float) -> None:
    """Note that `way` may go on with a line to `end`, unless a better way to there is known."""
    now = divided + 1 if hyphen else 0
    if now > _MOST_DIVIDED:
        return
    demerits = way.demerits + cost + (_DIVIDED**2 if hyphen else 0.0) + (_DIVIDED_AGAIN if now > 1 else 0.0)
    if now not in known or demerits < known[now].demerits:
        known[now] = _Way(demerits, (*way.ends, end))


def _demerits(missing: float, spaces: float, *, last: bool) -> float:
    """How much a line's spaces must differ from natural ones, cubed and squared; the last line may be short."""
    if last and missing >= 0:
        return 1.0
    if spaces == 0:
        return 1.0 if abs(missing) <= _TIGHT else 1e9
    ratio = missing / (spaces * (_STRETCH if missing > 0 else _SHRINK))
    return (1 + 100 * abs(ratio) ** 3) ** 2

"""The order in which right-to-left words stand in a left-to-right line (Unicode Standard Annex 9).

Implemented is what letters need: a left-to-right paragraph without explicit controls, which are dropped before. The
rules' names (W1, N0 …) are the annex's.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar
from unicodedata import bidirectional

_NUMBERS = ("EN", "AN")
_STRONG = ("L", "R")
_TURNING = frozenset({"R", "AL", "AN"})
"""Without any of these a line reads from left to right."""
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_Item = TypeVar("_Item")


def levels(text: str) -> list[int]:
    """The level of each character: even ones are read from left to right, odd ones from right to left."""
    kinds = [bidirectional(character) or "L" for character in text]
    if _TURNING.isdisjoint(kinds):
        return [0] * len(text)
    kinds = _weak(kinds)
    _resolve_brackets(text, kinds)
    _resolve_neutrals(kinds)
    return [1 if kind == "R" else 2 if kind in _NUMBERS else 0 for kind in kinds]


def visual_order(items: Sequence[_Item], their_levels: Sequence[int]) -> list[_Item]:
    """The items from left to right: each stretch at or above a level turned round, highest level first (rule L2)."""
    ordered = list(range(len(items)))
    for level in range(max(their_levels, default=0), 0, -1):
        start = 0
        while start < len(ordered):
            end = start
            while end < len(ordered) and their_levels[ordered[end]] >= level:
                end += 1
            ordered[start:end] = reversed(ordered[start:end])
            start = end + 1
    return [items[place] for place in ordered]


def _weak(kinds: list[str]) -> list[str]:
    """Marks follow their letter, numbers what stands before them, separators their numbers (W1 to W7)."""
    last, strong = "L", "L"
    for place, kind in enumerate(kinds):
        if kind == "NSM":
            kind = last  # noqa: PLW2901 - the rule rewrites it
        last = kind
        if kind in ("L", "R", "AL"):
            strong = kind
        kinds[place] = "R" if kind == "AL" else "AN" if kind == "EN" and strong == "AL" else kind
    for place, (before, kind, after) in enumerate(zip(kinds, kinds[1:], kinds[2:], strict=False), 1):
        joins = kind == "CS" or (kind == "ES" and before == "EN")
        if joins and before == after and before in _NUMBERS:
            kinds[place] = before
    for sides in (range(1, len(kinds)), range(len(kinds) - 2, -1, -1)):
        step = -1 if sides.step > 0 else 1
        for place in sides:
            if kinds[place] == "ET" and kinds[place + step] == "EN":
                kinds[place] = "EN"
    strong = "L"
    for place, kind in enumerate(kinds):
        if kind in _STRONG:
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[place] = "L"
    return kinds


def _direction(kind: str) -> str:
    """What a kind counts as for its neighbours; "" for a neutral one."""
    return "R" if kind in _NUMBERS else kind if kind in _STRONG else ""


def _resolve_brackets(text: str, kinds: list[str]) -> None:
    """A pair takes the line's direction if that stands inside, else that of both its inside and what is before (N0)."""
    waiting: list[int] = []
    pairs: list[tuple[int, int]] = []
    for place, character in enumerate(text):
        if character in _CLOSING:
            waiting.append(place)
        elif any(_CLOSING[text[open_]] == character for open_ in waiting):
            while _CLOSING[text[open_ := waiting.pop()]] != character:
                pass
            pairs.append((open_, place))
    for start, end in sorted(pairs):
        inside = {_direction(kind) for kind in kinds[start + 1 : end]} - {""}
        if inside:
            before = next(filter(None, map(_direction, reversed(kinds[:start]))), "L")
            kinds[start] = kinds[end] = "R" if inside == {"R"} and before == "R" else "L"


def _resolve_neutrals(kinds: list[str]) -> None:
    """Neutral characters between two of one direction take it; others take the line's (N1, N2)."""
    known = [(-1, "L"), *((place, _direction(kind)) for place, kind in enumerate(kinds) if _direction(kind))]
    for (start, before), (end, after) in pairwise([*known, (len(kinds), "L")]):
        for place in range(start + 1, end):
            kinds[place] = before if before == after else "L"

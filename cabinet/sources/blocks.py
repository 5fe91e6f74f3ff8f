"""A file as blocks of lines: those that stand as they did are known again without being understood.

A block is some patients' lines, one after the other. What is remembered of it are digests, never the lines.
"""

from collections.abc import Iterator, Sequence

import msgspec
from blake3 import blake3

PRINT_BYTES = 16
BLOCK_BYTES = 8 * 1024
"""Smaller blocks cost a digest each, larger ones are cut anew as a whole where one of their lines changed."""
_REACH = 4
"""How many blocks that follow each other may have changed before the rest of the file counts as changed."""
_NEAR = 16
"""Lines that may have been added or taken out in them."""


class Block(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Runs of lines; a run is one number's. The three fields about runs are one value: a file has tens of thousands."""

    size: int
    """Bytes."""
    digest: bytes
    numbers: str
    """Of each run, one a line."""
    lines: tuple[int, ...]
    """Of each run."""
    prints: bytes
    """The digest of each run, one behind the other."""

    def runs(self) -> Iterator[tuple[str, bytes]]:
        """(number, digest) of each run."""
        for place, number in enumerate(self.numbers.split("\n")):
            yield number, self.prints[place * PRINT_BYTES : (place + 1) * PRINT_BYTES]


class Stretch(msgspec.Struct, frozen=True):
    """Bytes from `start` to `end`, and the blocks that were there; `stands`: they are there still."""

    start: int
    end: int
    before: tuple[Block, ...]
    stands: bool


def print_of(raw: bytes | memoryview, key: bytes) -> bytes:
    """Keyed, with 32 bytes: who has the digest alone cannot try lines.

    BLAKE3, because digests are most of what a night must compute: it is twice as quick as SHA-256 where the processor
    has instructions for that, and many times where it has not, as in most cabinets.
    """
    return blake3(raw, key=key).digest(PRINT_BYTES)


def stretches(raw: bytes, begin: int, before: Sequence[Block], key: bytes) -> Iterator[Stretch]:
    """The file from `begin` on, against the blocks that it was: what stands and what changed, in turn."""
    view = memoryview(raw)
    start = place = begin
    first = done = 0
    while done < len(before):
        block = before[done]
        if print_of(view[place : place + block.size], key) == block.digest:
            place += block.size
            done += 1
            continue
        if place > start:
            yield Stretch(start, place, tuple(before[first:done]), stands=True)
        after, at = _next_standing(raw, place, before[done : done + _REACH], key)
        if at < 0:
            after, at = len(before) - done, len(raw)
        yield Stretch(place, at, tuple(before[done : done + after]), stands=False)
        start = place = at
        first = done = done + after
    if place > start:
        yield Stretch(start, place, tuple(before[first:done]), stands=True)
    if place < len(raw):
        yield Stretch(place, len(raw), (), stands=False)


def _next_standing(raw: bytes, place: int, before: Sequence[Block], key: bytes) -> tuple[int, int]:
    """(how many blocks on, where) of the next block that stands near its place; (0, -1) for none."""
    view = memoryview(raw)
    # Most often lines of the first block changed; then lines may have come before it.
    order = [1, 0, *range(2, len(before))]
    for after in (one for one in order if one < len(before)):
        block = before[after]
        for at in _line_starts(raw, place, place + sum(one.size for one in before[:after])):
            if print_of(view[at : at + block.size], key) == block.digest:
                return after, at
    return 0, -1


def _line_starts(raw: bytes, lowest: int, around: int) -> Iterator[int]:
    """Where lines begin, from `lowest` on, the nearest to `around` first."""
    forward = backward = raw.rfind(b"\n", 0, around) + 1
    if forward >= lowest:
        yield forward
    for _ in range(_NEAR):
        forward = raw.find(b"\n", forward) + 1 if forward >= 0 else -1
        if 0 < forward < len(raw):
            yield forward
        else:
            forward = -1
        if backward > lowest:
            backward = raw.rfind(b"\n", 0, backward - 1) + 1
            if backward >= lowest:
                yield backward

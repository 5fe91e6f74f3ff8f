"""Counts of what an export fills, for the tests of guards on both sides."""

from cabinet.filled import WATCHED


def filled(count: int, **changes: int) -> tuple[int, ...]:
    """Of all fields `count`, but for those in `changes`: birth_date=3."""
    return tuple(changes.get(watched.key.partition(".")[2], count) for watched in WATCHED)

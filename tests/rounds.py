"""How often a long test does its thing, which part of that is asked for, and how far it has come."""

from collections.abc import Callable, Iterator

Rounds = Callable[..., Iterator[int]]
"""`rounds(1_000)` counts a long test's thousand; `rounds(10_000, 100)`, ten thousand by the hundred."""

TOLD_EVERY = 50


def rounds_of(name: str, first: int, times: int | None, tell: Callable[[str], None]) -> Rounds:
    """From `first` on, where an earlier run was stopped, up to `times`, or as often as the test says."""

    def rounds(usual: int, step: int = 1) -> Iterator[int]:
        last = usual if times is None else times
        for begun in range(first, last, step):
            yield begun
            done = min(begun + step, last)
            if done % TOLD_EVERY == 0 or done == last:
                tell(f"{name}: {done} of {last}")

    return rounds

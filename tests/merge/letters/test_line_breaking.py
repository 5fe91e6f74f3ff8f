"""Breaking by measures alone, against every way there is."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merge.letters.line_breaking import Bit, Unbreakable, evenest, fullest

WIDTH = 100.0
WORDS = st.lists(st.builds(Bit, st.floats(5, 45), st.just(10.0)), min_size=1, max_size=8)


def lines_of(bits: Sequence[Bit], ends: Sequence[int]) -> list[Sequence[Bit]]:
    return [bits[start:end] for start, end in pairwise((0, *ends))]


def natural(line: Sequence[Bit]) -> float:
    return sum(bit.width for bit in line) + sum(bit.space for bit in line[:-1])


def looseness(bits: Sequence[Bit], ends: Sequence[int]) -> float:
    """The sum that Knuth and Plass make small, for words and spaces; infinite for what does not fit."""
    total = 0.0
    *full, last = lines_of(bits, ends)
    for line in [*full, last]:
        missing, spaces = WIDTH - natural(line), sum(bit.space for bit in line[:-1])
        if missing < -0.2 * spaces:
            return float("inf")
        if line is last and missing >= 0:
            total += 1
        elif spaces == 0:
            total += 1e9
        else:
            total += (1 + 100 * abs(missing / (spaces * (0.5 if missing > 0 else 0.2))) ** 3) ** 2
    return total


def every_way(count: int) -> Iterator[tuple[int, ...]]:
    for breaks in range(count):
        for chosen in combinations(range(1, count), breaks):
            yield (*chosen, count)


@given(WORDS)
def test_the_evenest_way_is_the_best_of_all(bits: list[Bit]) -> None:
    best = min(looseness(bits, ends) for ends in every_way(len(bits)))
    assert looseness(bits, evenest(bits, WIDTH)) == pytest.approx(best)


@given(WORDS)
def test_the_fullest_lines_could_hold_no_further_word(bits: list[Bit]) -> None:
    lines = lines_of(bits, fullest(bits, WIDTH))
    assert [bit for line in lines for bit in line] == bits
    for line, following in pairwise(lines):
        assert natural(line) <= WIDTH + 1e-6
        assert natural([*line, following[0]]) > WIDTH


@pytest.mark.parametrize("breaking", [fullest, evenest])
def test_what_is_wider_than_a_line_is_told_by_its_place(breaking: type[list[int]]) -> None:
    with pytest.raises(Unbreakable) as unbreakable:
        breaking([Bit(50, 10), Bit(101, 10), Bit(20)], WIDTH)
    assert unbreakable.value.place == 1


def test_a_hyphen_takes_its_room_only_at_the_end_of_a_line() -> None:
    divided = [Bit(60, 10), Bit(28, 0, 4), Bit(30)]
    assert fullest(divided, 102.0) == [2, 3]
    assert fullest(divided, 101.0) == [1, 3]

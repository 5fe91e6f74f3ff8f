"""Where a table begins: programs write its title above the header, « Liste des patients au 12/03/2026 »."""

from collections.abc import Iterable
from itertools import islice

MOST_LINES = 6
"""Of a title, blank ones included."""
_COLUMNS = 3
"""That a header has at least where something stands above it: less would be a title in two cells."""


def header_place(filled: Iterable[int]) -> int:
    """Which of a table's first lines is its header, by how many of its cells each line fills.

    A title fills one cell of its line, or two where a blank line follows (« Édité le 12/03/2026 » at its end). Where
    no line below it is wide enough, the first line is the header.
    """
    lines = list(islice(filled, MOST_LINES + 1))
    for place, cells in enumerate(lines):
        if cells >= _COLUMNS:
            return place
        if cells > 1 and lines[place + 1 : place + 2] != [0]:
            return 0
    return 0

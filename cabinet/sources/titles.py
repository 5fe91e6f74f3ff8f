"""Where a table begins: programs write its title above the header, « Liste des patients au 12/03/2026 »."""

from collections.abc import Iterable

MOST_LINES = 6
"""Of a title, blank ones included."""
_COLUMNS = 3
"""That a header has at least where something stands above it: less would be a title in two cells."""


def header_place(filled: Iterable[int]) -> int:
    """Which of a table's first lines is its header, by how many of its cells each line fills.

    A title fills one cell of its line. Where no line below it is wide enough, the first line is the header.
    """
    for place, cells in enumerate(filled):
        if cells > 1:
            return place if cells >= _COLUMNS else 0
        if place == MOST_LINES:
            break
    return 0

"""« Vouliez-vous dire … ? » for a name that is not there."""

from collections.abc import Iterable

from cabinet.values import fold


def did_you_mean(name: str, known: Iterable[str], *, likeness: float = 0.6) -> str:
    """The French question with the nearest known name, or nothing where none is as like it (0 to 1).

    Accents and case do not count.
    """
    from difflib import get_close_matches  # noqa: PLC0415 - only an error needs it

    by_folded = {fold(candidate): candidate for candidate in known}
    near = get_close_matches(fold(name), by_folded, n=1, cutoff=likeness)
    return f"Vouliez-vous dire «\u00a0{by_folded[near[0]]}\u00a0»\u00a0?" if near else ""

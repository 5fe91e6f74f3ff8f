"""The files of mappings that were written from here: a new one for each that is kept, the last few beside it."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

KEPT = 3
"""Of those with a number, the one in use aside. `mapping.toml` may be a person's own, and stays."""


def new_mapping_file(folder: Path) -> Path:
    """An empty file of a name that no mapping has or had beside the others: numbers go up. Raise `OSError`."""
    place = max((number for number, _ in _numbered(folder)), default=0) + 1
    while True:
        path = folder / ("mapping.toml" if place == 1 else f"mapping-{place}.toml")
        with suppress(FileExistsError):
            path.open("x", encoding="utf-8").close()
            return path
        place += 1


def tidy(folder: Path, in_use: str) -> None:
    """Leave of the numbered mappings the last ones, and the one that the configuration names, relative to `folder`."""
    former = sorted(_numbered(folder))[:-KEPT]
    for _, path in former:
        if path != folder / in_use:
            with suppress(OSError):  # another time
                path.unlink()


def _numbered(folder: Path) -> Iterator[tuple[int, Path]]:
    for path in folder.glob("mapping-*.toml"):
        if found := re.fullmatch(r"mapping-(\d+)\.toml", path.name):
            yield int(found[1]), path

"""A run that begins while the practice software still writes its export waits until that is done.

What changes while it is read is refused by whoever reads (`cabinet.sources.settled`). A program that writes one table
after the other, or pauses, changes nothing for longer than a reading takes.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from cabinet.errors import SourceError, SourceNotReady
from cabinet.mapping import Mapping as ExportMapping
from cabinet.sources.csv_folder import CsvFolder
from cabinet.sources.location import Location

QUIET_SECONDS = 2.0
"""How long nobody wrote to files that are whole."""
PATIENCE_SECONDS = 600.0
A_PERSONS_PATIENCE = 20.0
"""In seconds: somebody who watches is told, and may begin anew."""

_Looks = Mapping[Path, tuple[int, int]]
"""File -> size and time of its last change, in nanoseconds."""


def wait_until_quiet(
    source: Location, mapping: ExportMapping, wait: Callable[[float], object], patience: float = PATIENCE_SECONDS
) -> None:
    """Wait as long as the files that the mapping names were written to a moment ago; a database has none.

    Times in the future count as such: a share may have a clock of its own. Raise `SourceNotReady` once `patience`, in
    seconds, ends.
    """
    until = time.monotonic() + patience
    looks = _looks(source, mapping)
    while looks and max(changed for _, changed in looks.values()) > (time.time() - QUIET_SECONDS) * 1e9:
        if time.monotonic() > until:
            newest = max(looks, key=lambda path: looks[path][1])
            since = "" if patience < PATIENCE_SECONDS else " depuis plus de dix minutes"
            raise SourceNotReady(
                f"Le fichier {newest.name} était en cours d’écriture{since}.",
                "Attendez la fin de l’export, puis recommencez.",
            )
        wait(QUIET_SECONDS)
        before, looks = looks, _looks(source, mapping)
        if looks == before:
            return


def _looks(source: Location, mapping: ExportMapping) -> _Looks:
    """Empty where a file is missing or cannot be looked at: the reading says which, and why."""
    try:
        found = [(path, path.stat()) for _, path in mapped_files(source, mapping)]
    except (OSError, SourceError):
        return {}
    return {path: (stat.st_size, stat.st_mtime_ns) for path, stat in found}


def mapped_files(source: Location, mapping: ExportMapping) -> Iterator[tuple[str, Path]]:
    """(name, path) of each file that is read, the name as the mapping has it; a database has none.

    Raise `SourceError` where a pattern fits nothing.
    """
    path = Path(source.text)
    if source.is_database:
        return
    if not path.is_dir():
        yield path.name, path
        return
    folder = CsvFolder(path)
    for _, part in mapping.tables:
        if part.file:
            yield from ((part.file, path / name) for name in folder.names(part.file))

"""Files of one table that are fewer than they were: of a small one (a year, a site) no count of rows would tell."""

from collections.abc import Mapping

from cabinet.mapping import Mapping as ExportMapping
from cabinet.sources.location import Location
from sync.quiet import mapped_files

Files = Mapping[str, tuple[str, ...]]
"""Pattern of the mapping (« rdv_*.csv ») -> names of the files that it fits, in order."""


def files_of(source: Location, mapping: ExportMapping) -> Files:
    """Of each table that may stand in several files. Raise `SourceError` where a pattern fits nothing any more."""
    found: dict[str, set[str]] = {}
    for pattern, path in mapped_files(source, mapping):
        if "*" in pattern:
            found.setdefault(pattern, set()).add(path.name)
    return {pattern: tuple(sorted(names)) for pattern, names in found.items()}


def gone_files(before: Files, now: Files) -> tuple[str, ...]:
    """Names of those that are gone where others did not take their place, as files do that bear their day."""
    gone: set[str] = set()
    for pattern, names in now.items():
        had = before.get(pattern, ())
        if len(names) < len(had):
            gone.update(set(had).difference(names))
    return tuple(sorted(gone))

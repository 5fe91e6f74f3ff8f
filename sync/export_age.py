"""An export that nobody writes any more: every night it reads as the night before, and would look current for ever."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

from cabinet.errors import SourceError
from cabinet.mapping import Mapping as ExportMapping
from cabinet.problem_groups import STALE_EXPORT
from cabinet.problems import Place, Problem, Severity
from cabinet.sources.location import Location
from sync.quiet import mapped_files
from sync.wording import NO_BREAK_SPACE, day

OLD_AFTER = dt.timedelta(days=8)
"""An export of once a week is in time."""
_CLOCKS_DIFFER = dt.timedelta(days=1)
"""A share's clock may be ahead: what is to come by less was written now."""
_SQLITE = re.compile(r"sqlite:///([^?]+)")


def stale_export(source: Location, mapping: ExportMapping, now: dt.datetime) -> tuple[Problem, ...]:
    """That not one of the files that are read was written of late; `now` has a time zone, in which days are told.

    A database on a server has no files, and what cannot be looked at is the reading's to tell.
    """
    try:
        written = [(_written(path, now), name) for name, path in _files(source, mapping)]
    except (OSError, SourceError):
        return ()
    if not written:
        return ()
    newest, name = max(written)
    if now - newest <= OLD_AFTER:
        return ()
    sentence = (
        f"L’export n’a pas été réécrit depuis le {day(newest.date())}{NO_BREAK_SPACE}: le portail montre les données "
        "de ce jour-là. Vérifiez que le logiciel du cabinet le refait encore, et au même endroit. Si le cabinet est "
        "fermé depuis, il n’y a rien à faire."
    )
    return (Problem(Severity.WARNING, STALE_EXPORT, Place(name), "", sentence),)


def _files(source: Location, mapping: ExportMapping) -> Iterator[tuple[str, Path]]:
    if not source.is_database:
        yield from mapped_files(source, mapping)
        return
    if source.is_address and not (sqlite := _SQLITE.match(source.text)):
        return
    path = Path(sqlite[1] if source.is_address and sqlite else source.text)
    yield path.name, path
    # What was committed last waits beside the file; a reader may leave an empty one there.
    aside = path.with_name(f"{path.name}-wal")
    if aside.exists() and aside.stat().st_size:
        yield path.name, aside


def _written(path: Path, now: dt.datetime) -> dt.datetime:
    """When the file was written, or came there: copies, and what is taken out of an archive, keep their old time.

    A time to come says nothing where there is another. Where there is none, nobody knows, and nothing is said.
    """
    stat = path.stat()
    known = (dt.datetime.fromtimestamp(seconds, now.tzinfo) for seconds in (stat.st_mtime, stat.st_ctime))
    return max((at for at in known if at <= now + _CLOCKS_DIFFER), default=now)

"""The log of runs that nobody watches: a few French lines a night, in files that stay small. No patient is named."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from cabinet.errors import WebOrthoError
from sync.nameless import told_error, told_problems
from sync.report import Launch, RunReport
from sync.telling import outcome, waiting_words

FILE_NAME = "synchronisation.log"
LARGEST = 500_000
"""Bytes: some years of nights. Three older files are kept."""
OLDER_FILES = 3
INTERRUPTED = "Arrêtée au milieu. Rien n’est publié à moitié\u00a0: la synchronisation suivante reprend tout."
_STARTED = {
    Launch.AUTOMATIC: "Synchronisation planifiée.",
    Launch.SCRIPTED: "Synchronisation lancée hors planification.",
    Launch.ASKED: "Synchronisation demandée par un autre poste.",
}


class NightLog:
    """Where one run writes how it went. What cannot be written is no reason not to run: then it is not kept."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def report(self, report: RunReport) -> None:
        self.write(*outcome(report), waiting_words(report), *(one.sentence for one in told_problems(report.problems)))

    def write(self, *sentences: str) -> None:
        """Each on a line of its own, with the local time; empty ones are passed over."""
        if self._file is None:
            return
        now = f"{dt.datetime.now():%d/%m/%Y %Hh%M}"  # noqa: DTZ005 - the clock on the wall
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            for sentence in filter(None, sentences):
                _append(self._file, f"{now}  {sentence}\n".encode(errors="replace"))


@contextlib.contextmanager
def night_log(state_dir: Path, launch: Launch) -> Iterator[NightLog]:
    """The log of one run; how it failed is written too. A run that a person watches writes nothing."""
    log = NightLog(state_dir / FILE_NAME if launch in _STARTED else None)
    log.write(_STARTED.get(launch, ""))
    try:
        yield log
    except WebOrthoError as error:
        log.write(" ".join(filter(None, told_error(error))))
        raise
    except Exception as error:
        log.write(f"Arrêt sur une erreur imprévue ({type(error).__name__}).")
        raise
    except (KeyboardInterrupt, SystemExit):
        log.write(INTERRUPTED)
        raise


def _append(file: Path, line: bytes) -> None:
    """Begin a new file where the line has no room. Python's own log does it too; loading it cost a night a fiftieth."""
    if file.exists() and file.stat().st_size + len(line) > LARGEST:
        for age in range(OLDER_FILES, 0, -1):
            younger = file.with_name(f"{FILE_NAME}.{age - 1}") if age > 1 else file
            if younger.exists():
                younger.replace(file.with_name(f"{FILE_NAME}.{age}"))
    with file.open("ab") as log:
        log.write(line)

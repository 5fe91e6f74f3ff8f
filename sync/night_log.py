"""The log of runs that nobody watches: a few French lines a night, in files that stay small. No patient is named."""

import contextlib
import logging
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

from cabinet.errors import WebOrthoError
from sync.nameless import told_error, told_problems
from sync.report import Launch, RunReport
from sync.telling import outcome, waiting_words

FILE_NAME = "synchronisation.log"
LARGEST = 500_000
"""Bytes: some years of nights. Three older files are kept."""
OLDER_FILES = 3
_STARTED = {
    Launch.AUTOMATIC: "Synchronisation planifiée.",
    Launch.SCRIPTED: "Synchronisation lancée hors planification.",
    Launch.ASKED: "Synchronisation demandée par un autre poste.",
}


class NightLog:
    """Where one run writes how it went."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger

    def report(self, report: RunReport) -> None:
        problems = (problem.sentence for problem in told_problems(report.problems))
        for sentence in filter(None, (*outcome(report), waiting_words(report), *problems)):
            self._logger.info(sentence)


@contextlib.contextmanager
def night_log(state_dir: Path, launch: Launch) -> Iterator[NightLog]:
    """The log of one run; how it failed is written too. A run that a person watches writes nothing.

    A folder that cannot be written is no reason not to run: then nothing is kept.
    """
    logger = logging.Logger("sync.night")  # of its own: nothing else writes here, and it writes nowhere else
    handler = _handler(state_dir) if launch in _STARTED else logging.NullHandler()
    logger.addHandler(handler)
    logger.info(_STARTED.get(launch, ""))
    try:
        yield NightLog(logger)
    except WebOrthoError as error:
        logger.error(" ".join(filter(None, told_error(error))))
        raise
    except Exception as error:
        logger.error("Arrêt sur une erreur imprévue (%s).", type(error).__name__)
        raise
    finally:
        handler.close()


def _handler(state_dir: Path) -> logging.Handler:
    try:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            state_dir / FILE_NAME, maxBytes=LARGEST, backupCount=OLDER_FILES, encoding="utf-8"
        )
    except OSError:
        return logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%d/%m/%Y %Hh%M"))
    return handler

"""The application's own log: a small file with rotation, where errors have their place but never anybody's name."""

import logging
import os
import traceback
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

FILE_NAME = "application.log"
LARGEST = 500_000
"""Bytes; three older files are kept."""
_ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class NamelessFormatter(logging.Formatter):
    """Of an exception: its type and where it was. Its message may hold a patient's name or a file's line."""

    def formatException(self, ei: _ExceptionInfo) -> str:  # noqa: N802 - logging's name
        kind, _, trace = ei
        frames = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        return "\n".join([*frames, f"  {kind.__module__}.{kind.__qualname__}" if kind else ""])


class _PrivateFile(RotatingFileHandler):
    """For its owner alone, as all that the program keeps."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, "a", encoding=self.encoding)


def keep_log(state_dir: Path) -> None:
    """Log to `state_dir`. A folder that cannot be written is no reason not to start: then nothing is kept."""
    logger = logging.getLogger("app")
    if any(isinstance(handler, RotatingFileHandler) for handler in logger.handlers):
        return
    try:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = _PrivateFile(state_dir / FILE_NAME, maxBytes=LARGEST, backupCount=3, encoding="utf-8", delay=True)
    except OSError:
        return
    handler.setFormatter(NamelessFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)

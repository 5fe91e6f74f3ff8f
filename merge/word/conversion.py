"""PDF through LibreOffice, where it is installed: one start for all documents, in a profile of its own, with an end.

LibreOffice is a program like any other: it may be missing, hang, or fail on one document. It is then ended with all
that it started, and a sentence says so. Documents are passed under names that say nothing of anybody.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from cabinet.errors import WebOrthoError

_NAMES = ("soffice", "libreoffice")
_USUAL = (
    Path(os.environ.get("PROGRAMFILES", "C:/Program Files"), "LibreOffice/program/soffice.exe"),
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
)
_AT_LEAST, _A_LETTER = 120.0, 1.0
"""Seconds that a conversion may take: in all, and more for each letter."""
_LOOK = 0.1
_AT_ONCE = 400
"""Documents a start: what a command line of Windows holds."""
_WORD_TODO = "Ouvrez le document Word et imprimez-le, ou enregistrez-le en PDF depuis Word."


class ConversionError(WebOrthoError):
    """No PDF could be made."""

    exit_code = 5


def office() -> Path | None:
    """LibreOffice's program on this computer."""
    for name in _NAMES:
        if found := shutil.which(name):
            return Path(found)
    return next((path for path in _USUAL if path.is_file()), None)


def needed_office() -> Path:
    """Raise `ConversionError` where LibreOffice is not installed: before codes are made for letters."""
    program = office()
    if program is None:
        raise ConversionError(
            "LibreOffice n’est pas installé sur ce poste : le PDF ne peut pas être fait.",
            "Installez LibreOffice (gratuit), ou choisissez le format Word.",
        )
    return program


def convert(
    documents: Sequence[Path],
    *,
    letters: int,
    check: Callable[[], None] = lambda: None,
    limit: float | None = None,
) -> Iterator[Path]:
    """Make a PDF beside each document, and yield them in order, once all are made.

    `letters`: in all documents together, for the time it may take; `limit` sets it in seconds. `check` is called all
    the while, and may raise to stop. Raise `ConversionError`.
    """
    program = needed_office()
    end = time.monotonic() + (limit or _AT_LEAST + _A_LETTER * letters)
    for start in range(0, len(documents), _AT_ONCE):
        _run(program, documents[start : start + _AT_ONCE], end, check)
    for document in documents:
        made = document.with_suffix(".pdf")
        if not _is_whole(made):
            raise ConversionError("LibreOffice n’a pas pu faire le PDF de ce modèle.", _WORD_TODO)
        yield made


def _run(program: Path, documents: Sequence[Path], end: float, check: Callable[[], None]) -> None:
    folder = documents[0].parent
    with tempfile.TemporaryDirectory(prefix="webortho-office-", ignore_cleanup_errors=True) as profile:
        command: list[str | Path] = [
            program,
            f"-env:UserInstallation={Path(profile).as_uri()}",
            *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
            *("--convert-to", "pdf:writer_pdf_Export", "--outdir", "."),
            *(document.name for document in documents),
        ]
        try:
            process = subprocess.Popen(  # noqa: S603 - LibreOffice, on documents that we wrote
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise ConversionError(
                "LibreOffice n’a pas pu démarrer.", "Réinstallez-le, ou choisissez le format Word."
            ) from error
        try:
            _wait(process, end, check)
        finally:
            _end(process)


def _wait(process: subprocess.Popen[bytes], end: float, check: Callable[[], None]) -> None:
    while process.poll() is None:
        check()
        if time.monotonic() > end:
            raise ConversionError("LibreOffice n’a pas répondu à temps : il a été arrêté.", _WORD_TODO)
        time.sleep(_LOOK)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program and those that it started."""
    if os.name == "nt":
        if process.poll() is None:
            subprocess.run(  # noqa: S603 - a program of Windows, and a number
                ["taskkill", "/F", "/T", "/PID", str(process.pid)],  # noqa: S607 - found by Windows itself
                check=False,
                capture_output=True,
            )
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _is_whole(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(5)
        file.seek(max(0, path.stat().st_size - 1024))
        return head == b"%PDF-" and b"%%EOF" in file.read()

"""PDF of Word documents, through LibreOffice where it is installed, else through Word itself.

Both are programs like any other: missing, they are told; one that hangs is ended with all that it started; one that
fails on a document is told with what to do. Documents are passed under names that say nothing of anybody.
"""

import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from cabinet.errors import WebOrthoError
from merge.word import libre_office, word_program
from merge.word.process import Check, TooLateError

_AT_LEAST, _A_LETTER = 120.0, 1.0
"""Seconds that a conversion may take: in all, and more for each letter."""
_LITTLE_ROOM = 20_000_000
"""Bytes of a disk below which a program that failed most likely failed for them."""
_WORD_TODO = "Ouvrez le document Word et imprimez-le, ou enregistrez-le en PDF depuis Word."


class ConversionError(WebOrthoError):
    """No PDF could be made."""

    exit_code = 5


class Converter(Protocol):
    """A program that makes PDFs."""

    @property
    def name(self) -> str:
        """As people know it."""
        ...

    @property
    def counts_by_section(self) -> bool:
        """Whether it begins the numbers of footnotes anew where a section says so."""
        ...

    def run(self, documents: Sequence[Path], end: float, check: Check) -> None:
        """Make a PDF beside each document, all of which are in one folder that holds nothing else.

        `end`: on the clock of `time.monotonic`. What a program leaves undone is for the caller to see. Raise
        `TooLateError`, and `OSError` where the program does not start.
        """
        ...


def needed_converter() -> Converter:
    """The program of this computer. Raise `ConversionError` where there is none: before codes are made for letters."""
    program = libre_office.find() or word_program.find()
    if program is None:
        raise ConversionError(
            "Ni LibreOffice ni Word n’est installé sur ce poste : le PDF ne peut pas être fait.",
            "Installez LibreOffice (gratuit), ou choisissez le format Word.",
        )
    return program


def convert(
    documents: Sequence[Path],
    *,
    letters: int,
    check: Check = lambda: None,
    limit: float | None = None,
) -> Iterator[Path]:
    """Make a PDF beside each document, and yield them in order, once all are made.

    `letters`: in all documents together, for the time it may take; `limit` sets it in seconds. `check` is called all
    the while, and may raise to stop. Raise `ConversionError`.
    """
    program = needed_converter()
    try:
        program.run(documents, time.monotonic() + (limit or _AT_LEAST + _A_LETTER * letters), check)
    except TooLateError as error:
        raise ConversionError(f"{program.name} n’a pas répondu à temps : il a été arrêté.", _WORD_TODO) from error
    except OSError as error:
        raise ConversionError(
            f"{program.name} n’a pas pu démarrer.", "Réinstallez-le, ou choisissez le format Word."
        ) from error
    for document in documents:
        made = document.with_suffix(".pdf")
        if not _is_whole(made):
            if shutil.disk_usage(made.parent).free < _LITTLE_ROOM:
                raise ConversionError(
                    "Le PDF n’a pas pu être fait\u00a0: le disque de ce poste est plein.",
                    "Faites de la place sur le disque du système, et recommencez.",
                )
            raise ConversionError(f"{program.name} n’a pas pu faire le PDF de ce modèle.", _WORD_TODO)
        yield made


def _is_whole(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(5)
        file.seek(max(0, path.stat().st_size - 1024))
        return head == b"%PDF-" and b"%%EOF" in file.read()

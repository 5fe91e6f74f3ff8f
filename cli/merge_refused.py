"""The list of who is missing from a run, which a later run takes again: a number a line, the reason above it."""

from collections.abc import Iterable
from pathlib import Path

from app.desk.texts import read_text
from cabinet.errors import WebOrthoError
from merge.letters.whole_file import whole_file

_REMARK = "# "
"""With its space: a patient's number may begin with a #."""
_HEAD = f"{_REMARK}Ceux qui manquent, et pourquoi. Corrigez, puis recommencez avec --only-from."


class NumbersError(WebOrthoError):
    """A file that names no patient: printing everybody instead would be worse than nothing."""


def read_numbers(path: Path) -> tuple[str, ...]:
    """The patients' numbers, each once. Raise `NumbersError` for a list without any."""
    lines = map(str.strip, read_text(path).splitlines())
    numbers = tuple(dict.fromkeys(line for line in lines if line and not line.startswith(_REMARK)))
    if not numbers:
        raise NumbersError(f"Le fichier «\u00a0{path}\u00a0» ne nomme aucun patient.", "Vérifiez --only-from.")
    return numbers


def write_numbers(path: Path, problems: Iterable[tuple[str, str]]) -> None:
    """Write number and reason of each, in their order. Raise `OutputError`."""
    lines = [_HEAD]
    for number, why in dict.fromkeys(problems):
        lines += [f"{_REMARK}{' '.join(why.split())}", number]
    with whole_file(path) as file:
        file.write("\n".join((*lines, "")).encode("utf-8"))

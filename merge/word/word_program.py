"""Word as a converter, on a Windows without LibreOffice: PowerShell runs a script of ours (`word_program.ps1`).

Nothing of anybody's is in the script or on the command line: it converts the documents of the folder that it is
started in. Word is no child of PowerShell's, so the script writes Word's process numbers down; what is still written
there at the end hangs, and is ended.

Tried with a pretended PowerShell only: no computer with Word was at hand.
"""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from merge.word import process

_SCRIPT = "word_program.ps1"
_NUMBERS = "word.pid"
_ASKING = 30.0
"""Seconds for the question whether Word is installed."""


def find() -> "WordProgram | None":
    """Word on this computer, None where there is none or nobody can ask."""
    powershell = shutil.which("powershell")
    if powershell is None:
        return None
    word = WordProgram(Path(powershell))
    return word if word.is_there() else None


@dataclass(frozen=True)
class WordProgram:
    powershell: Path
    name: str = "Word"
    counts_by_section: bool = True

    def is_there(self) -> bool:
        """Ask without starting Word."""
        with _script() as script:
            try:
                code = process.run(self._command(script, "-Check"), script.parent, time.monotonic() + _ASKING)
            except (OSError, process.TooLateError):
                return False
        return code == 0

    def run(self, documents: Sequence[Path], end: float, check: process.Check) -> None:
        """As `merge.word.conversion.Converter`."""
        folder = documents[0].parent
        with _script() as script:
            try:
                process.run(self._command(script), folder, end, check)
            finally:
                for number in _left(folder / _NUMBERS):
                    process.kill(number)

    def _command(self, script: Path, *options: str) -> tuple[str | Path, ...]:
        how = ("-NoLogo", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File")
        return (self.powershell, *how, script, *options)


@contextmanager
def _script() -> Iterator[Path]:
    with as_file(files("merge.word").joinpath(_SCRIPT)) as path:
        yield path


def _left(numbers: Path) -> list[int]:
    """The processes that were started and did not end."""
    if not numbers.is_file():
        return []
    return [int(line) for line in numbers.read_text(encoding="ascii", errors="replace").split() if line.isdecimal()]

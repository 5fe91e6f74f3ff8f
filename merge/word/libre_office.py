"""LibreOffice as a converter: in a profile of its own, so that neither a window that is open nor its settings count."""

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from merge.word import process

_NAMES = ("soffice", "libreoffice")
_USUAL = (
    Path(os.environ.get("PROGRAMFILES", "C:/Program Files"), "LibreOffice/program/soffice.exe"),
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
)
_AT_ONCE = 400
"""Documents a start: what a command line of Windows holds."""
_OPTIONS = {
    "ExportBookmarksToPDFDestination": {"type": "boolean", "value": "true"},
    "UseTaggedPDF": {"type": "boolean", "value": "false"},
}
"""Of the PDF: places that the text names are named in it, too. Its structure would be lost when its letters are cut."""


def find() -> "LibreOffice | None":
    """LibreOffice on this computer."""
    for name in _NAMES:
        if found := shutil.which(name):
            return LibreOffice(Path(found))
    return next((LibreOffice(path) for path in _USUAL if path.is_file()), None)


@dataclass(frozen=True)
class LibreOffice:
    program: Path
    name: str = "LibreOffice"
    counts_by_section: bool = False

    def run(self, documents: Sequence[Path], end: float, check: process.Check) -> None:
        """As `merge.word.conversion.Converter`."""
        for start in range(0, len(documents), _AT_ONCE):
            self._start(documents[start : start + _AT_ONCE], end, check)

    def _start(self, documents: Sequence[Path], end: float, check: process.Check) -> None:
        with tempfile.TemporaryDirectory(prefix="webortho-office-", ignore_cleanup_errors=True) as profile:
            command: list[str | Path] = [
                self.program,
                f"-env:UserInstallation={Path(profile).as_uri()}",
                *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
                *("--convert-to", f"pdf:writer_pdf_Export:{json.dumps(_OPTIONS)}", "--outdir", "."),
                *(document.name for document in documents),
            ]
            process.run(command, documents[0].parent, end, check)

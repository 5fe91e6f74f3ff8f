"""The cells of an .xls workbook, read by a process of its own.

The format has no checksums, and its reader (calamine) panics on damaged files, or asks for more memory than there is
and ends its process: so that process is not ours. Run as a module, this is it: a workbook comes in, cells go out.
"""

import subprocess
import sys
from io import BytesIO

import msgspec
import python_calamine as calamine

from cabinet.sources.merged_cells import Ranges
from cabinet.sources.typed import as_text

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins every file of that kind, and a newer workbook that is protected by a password."""
_SECONDS = 300
_PROTECTED = 3
"""Exit code."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""What such a container calls a newer workbook that is protected by a password."""

Sheets = dict[str, tuple[list[list[str]], Ranges]]
"""Name -> rows of texts, and which cells are merged; an empty cell is an empty text."""


class Protected(Exception):
    """A password is needed."""


class Damaged(Exception):
    """The reader gave up, or fell."""


def sheets_of(raw: bytes) -> Sheets:
    """Raise `Protected`, `Damaged`."""
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "cabinet.sources.old_workbook"],
            input=raw,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise Damaged from error
    if ended.returncode == _PROTECTED or (ended.returncode and _ENCRYPTED in raw):
        raise Protected
    if ended.returncode:
        raise Damaged
    return msgspec.msgpack.decode(ended.stdout, type=Sheets)


def _main() -> int:
    try:
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
    except calamine.PasswordError:
        return _PROTECTED
    sheets: Sheets = {}
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        rows = [[as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        sheets[name] = rows, list(sheet.merged_cell_ranges or ())
    sys.stdout.buffer.write(msgspec.msgpack.encode(sheets))
    return 0


if __name__ == "__main__":
    sys.exit(_main())

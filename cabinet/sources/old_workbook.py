"""The cells of an .xls workbook, read by a process of its own.

The format has no checksums, and its reader (calamine) panics on damaged files, or asks for more memory than there is
and ends its process: so that process is not ours. A workbook comes in, cells go out. A program in a bundle has no
Python to start: `multiprocessing` starts it anew, which it must allow for (`cli.webortho`).
"""

import os
from io import BytesIO
from typing import TYPE_CHECKING

import msgspec
import python_calamine as calamine

from cabinet.sources.merged_cells import Ranges
from cabinet.sources.typed import as_text

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins every file of that kind, and a newer workbook that is protected by a password."""
_SECONDS = 300
_PROTECTED = b"protected"
"""Said in place of cells."""
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
    from multiprocessing import get_context  # noqa: PLC0415 - newer workbooks need none of it

    spawn = get_context("spawn")
    ours, theirs = spawn.Pipe()
    reader = spawn.Process(target=_read, args=(theirs,), daemon=True)
    with ours:
        with theirs:
            reader.start()
        try:
            ours.send_bytes(raw)
            told = ours.recv_bytes() if ours.poll(_SECONDS) else b""
        except (EOFError, OSError):
            told = b""
    reader.kill()
    reader.join()
    if told == _PROTECTED or (not told and _ENCRYPTED in raw):
        raise Protected
    if not told:
        raise Damaged
    return msgspec.msgpack.decode(told, type=Sheets)


def _read(pipe: "Connection") -> None:
    """In the process of its own. What the reader says of its fall is for nobody."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(pipe.recv_bytes()))
    except calamine.PasswordError:
        pipe.send_bytes(_PROTECTED)
        return
    sheets: Sheets = {}
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        rows = [[as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        sheets[name] = rows, list(sheet.merged_cell_ranges or ())
    pipe.send_bytes(msgspec.msgpack.encode(sheets))

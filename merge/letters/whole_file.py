"""A file that is there whole or not at all: written beside its place under a temporary name, then renamed."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cabinet.errors import WebOrthoError

_WHY = {
    errno.ENOSPC: "le disque est plein",
    errno.ENOENT: "le dossier n’existe pas",
    errno.EACCES: "l’accès est refusé",
    errno.EPERM: "l’accès est refusé",
    errno.EROFS: "le disque est protégé en écriture",
}


class OutputError(WebOrthoError):
    """The output file cannot be written; what was there before is untouched."""

    exit_code = 5


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Yield a binary file that becomes `path` when the block ends well, and disappears when it does not.

    Codes and names are for whoever wrote them: others of this computer may not read it (mode 600).
    Raise `OutputError` when the disk refuses: full, read-only, or the file is open in another program.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.unlink(missing_ok=True)
        with open(part, "xb", opener=_for_its_owner) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        why = _WHY.get(error.errno or 0, "le système le refuse")
        raise OutputError(
            f"Le fichier «\u00a0{path}\u00a0» n’a pas pu être écrit ({why}).",
            "Rien n’a été changé. Vérifiez la place sur le disque, fermez le fichier s’il est ouvert, et recommencez.",
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

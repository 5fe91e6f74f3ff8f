"""A file or a folder that is there whole or not at all: made beside its place under another name, then renamed.

What a program that was killed left unfinished goes when the next one writes into the same folder.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from filelock import BaseFileLock, FileLock, Timeout

from cabinet import system_words
from cabinet.errors import WebOrthoError

_MISSING = frozenset({errno.ENOENT, errno.ENOTDIR})
_NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_UNFINISHED = ".part"
_LOCK = "en-cours.lock"
"""Held in the folder of what is being made, by whoever makes it: the system releases it when that program dies."""


class OutputError(WebOrthoError):
    """The output cannot be written; what was there before is untouched."""

    exit_code = 5


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Yield a binary file that becomes `path` when the block ends well, and disappears when it does not.

    Codes and names are for whoever wrote them (`private_file`).
    Raise `OutputError` when the disk refuses: full, read-only, or the file is open in another program.
    """
    with whole(path) as part, private_file(part) as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Yield a place where the block makes a file that then becomes `path`. Raises as `whole_file`."""
    with _told(path, "Le fichier", "fermez le fichier s’il est ouvert"), _staging(path) as unfinished:
        part = unfinished / "fichier"
        yield part
        part.replace(path)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Yield an empty folder that becomes `path` when the block ends well, and disappears when it does not.

    Only an empty folder is replaced. Raise `OutputError` for one that is not, and when the disk refuses.
    """
    with _told(path, "Le dossier", "fermez ses fichiers s’ils sont ouverts"), _staging(path) as unfinished:
        require_free(path)
        part = unfinished / "dossier"
        part.mkdir(mode=0o700)
        yield part
        for file in part.iterdir():
            _reach_the_disk(file)
        if path.exists():
            path.rmdir()
        part.replace(path)


def require_free(path: Path) -> None:
    """Raise `OutputError` where `path` is a file, or a folder with something in it."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise OutputError(
            f"«\u00a0{path}\u00a0» existe déjà et n’est pas vide.", "Donnez un dossier vide, ou un nom nouveau."
        )


def why(error: OSError) -> str:
    """What the system says, in words that go into a sentence. What is to be made is not missing: its folder is."""
    return "le dossier n’existe pas" if error.errno in _MISSING else system_words.why(error)


@contextmanager
def _told(path: Path, what: str, remedy: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{what} «\u00a0{path}\u00a0» n’a pas pu être écrit ({why(error)}).",
            f"Rien n’a été changé. {_advice(error, path.parent, remedy)}, et recommencez.",
        ) from error


def _advice(error: OSError, folder: Path, remedy: str) -> str:
    if error.errno in _MISSING and not folder.is_dir():
        return f"Créez le dossier «\u00a0{folder}\u00a0», ou branchez le disque où il est"
    if error.errno in _NOT_ALLOWED:
        return f"{remedy[0].upper()}{remedy[1:]}, ou choisissez un dossier où vous pouvez écrire"
    return f"Vérifiez la place sur le disque, {remedy}"


@contextmanager
def _staging(path: Path) -> Iterator[Path]:
    """A folder on the same disk, for its owner alone, that is gone at the end."""
    _remove_unfinished(path.parent)
    folder = Path(tempfile.mkdtemp(_UNFINISHED, f".{path.name[:40]}.", path.parent))
    try:
        lock = FileLock(folder / _LOCK)
        _hold(lock)
        try:
            yield folder
        finally:
            lock.release()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_unfinished(folder: Path) -> None:
    """Of programs that died. What cannot be removed harms nobody."""
    with suppress(OSError):
        for left in folder.glob(f".*{_UNFINISHED}"):
            lock = FileLock(left / _LOCK)
            if Path(lock.lock_file).exists() and _hold(lock):
                lock.release()
                shutil.rmtree(left, ignore_errors=True)


def _hold(lock: BaseFileLock) -> bool:
    """Whether it is ours now; a disk of the network that knows no locks keeps what is left there."""
    try:
        lock.acquire(timeout=0)
    except (Timeout, NotImplementedError):
        return False
    return True


def _reach_the_disk(file: Path) -> None:
    with file.open("rb+") as written:
        os.fsync(written.fileno())


def private_file(path: Path) -> BinaryIO:
    """A new file to write that no other person of this computer may read (mode 600)."""
    return open(path, "x+b", opener=_for_its_owner)


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

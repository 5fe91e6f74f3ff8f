"""Files of an export as they stand while nobody writes to them, and what is said of those that cannot be read."""

import errno
import time
from pathlib import Path

from cabinet.endless import EndlessFile, look_at
from cabinet.errors import SourceError, SourceNotReady
from cabinet.system_words import why

MAX_BYTES = 500_000_000
"""Of all files of an export. Those of a practice of 50,000 patients have a third of it: what is larger is something
else, and would not fit into the memory.
"""
_MEGABYTE = 1_000_000
TRIES, PAUSE_SECONDS = 5, 1.0
"""A program that saves, or one that looks for viruses, lets a file go again within seconds."""
_LOCKED = frozenset({32, 33})
"""Windows' ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION."""
_LOST = frozenset({errno.ESTALE, errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.EIO})
_LOST |= {errno.ENOTCONN, errno.ETIMEDOUT, errno.ECONNRESET, errno.ECONNABORTED, errno.ENODEV, errno.ENXIO}
_LOST_WINDOWS = frozenset({51, 53, 55, 59, 64, 65, 67, 121, 1167, 1231})
"""Windows' numbers for a share, or a drive, that does not answer any more."""
_UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload")
"""Programs that write beside a file and rename it at the end add such a name to its own."""


class SettledFiles:
    """Reads files whole, and remembers how each of them looked."""

    def __init__(self) -> None:
        self._looks: dict[Path, tuple[int, int]] = {}
        """File -> size and time of change."""

    def read(self, path: Path) -> bytes:
        """The bytes of a file that nobody wrote to meanwhile.

        Raise `SourceError` for one that is being written, or locked for long, or too large; `OSError` for all else.
        """
        before = _look_at(path)
        self._require_moderate(path, before[0])
        raw = _unlocked(path)
        self._looks[path] = before
        if len(raw) != before[0] or _look_at(path) != before or _is_replaced(path, before):
            raise _being_written(path)
        return raw

    def _require_moderate(self, path: Path, size: int) -> None:
        """Raise `SourceError` before anything is read that would not fit into the memory."""
        others = sum(size for other, (size, _) in self._looks.items() if other != path)
        if size + others > MAX_BYTES:
            beside = f", en plus de {in_megabytes(others)} d’autres fichiers" if others >= _MEGABYTE else ""
            raise SourceError(
                f"Le fichier {path.name} occupe {in_megabytes(size)}{beside}\u00a0: WebOrtho lit au plus "
                f"{in_megabytes(MAX_BYTES)} par export.",
                "Vérifiez que c’est bien l’export du cabinet\u00a0: celui d’un très grand cabinet en occupe 150.",
            )

    def require_settled(self) -> None:
        """Raise `SourceError` where a file that was read is another one now: half an export is no export."""
        for path, looks in self._looks.items():
            try:
                now = _look_at(path)
            except OSError as error:
                raise unreadable(path, error) from error
            if now != looks:
                raise _being_written(path)


def in_megabytes(size: int) -> str:
    """« 2 147 Mo », as file managers count."""
    return f"{size // _MEGABYTE:,}\u00a0Mo".replace(",", "\u00a0")


def unreadable(path: Path, error: OSError) -> SourceError:
    """What a person can do about a file or folder that cannot be read."""
    if error.errno in _LOST or getattr(error, "winerror", None) in _LOST_WINDOWS or not path.parent.exists():
        return SourceNotReady(
            f"Le dossier {path.parent} ne répond plus\u00a0: la lecture de {path.name} s’est interrompue.",
            "Vérifiez le réseau et l’ordinateur qui partage ce dossier, puis recommencez. Rien n’a été publié.",
        )
    if _is_locked(error):
        return SourceNotReady(
            f"Le fichier {path.name} est utilisé par un autre programme.",
            "Fermez-le dans le logiciel du cabinet ou le tableur, puis recommencez.",
        )
    if isinstance(error, EndlessFile):
        return SourceError(
            f"{path.name}, dans le dossier {path.parent}, ne peut pas être lu\u00a0: {why(error)}, et non un fichier.",
            "Remettez à sa place le fichier du logiciel du cabinet, ou refaites l’export.",
        )
    if isinstance(error, IsADirectoryError):
        return SourceError(
            f"{path.name} est un dossier, et non un fichier de l’export.",
            "Refaites l’export, ou corrigez le nom du fichier dans le mapping.",
        )
    if isinstance(error, PermissionError):
        return SourceNotReady(
            f"Le compte qui lance WebOrtho n’a pas le droit de lire {path.name}, dans le dossier {path.parent}.",
            "Faites-lui donner ce droit, fermez le programme qui l’utilise, puis recommencez.",
        )
    return SourceNotReady(
        f"Le fichier {path.name} ne peut pas être lu ({why(error)}).",
        "Fermez le programme qui l’utilise, vérifiez vos droits, puis recommencez.",
    )


def absent(path: Path, what: str, todo: str) -> SourceError:
    """`what` of a source that is not there: the path may be wrong, unless what it leads through is gone too."""
    return (SourceError if path.parent.exists() else SourceNotReady)(what, todo)


def _look_at(path: Path) -> tuple[int, int]:
    found = look_at(path)
    return found.st_size, found.st_mtime_ns


def _unlocked(path: Path) -> bytes:
    """The bytes, waited for as long as another program keeps them to itself for a moment."""
    for _ in range(TRIES - 1):
        try:
            return path.read_bytes()
        except PermissionError as error:
            if not _is_locked(error):
                raise
            time.sleep(PAUSE_SECONDS)
    return path.read_bytes()


def _is_locked(error: OSError) -> bool:
    return getattr(error, "winerror", None) in _LOCKED


def _is_replaced(path: Path, looks: tuple[int, int]) -> bool:
    """Whether a newer version of it is being written beside it; an older one was left there by a fault."""
    for suffix in _UNFINISHED:
        try:
            if _look_at(path.with_name(path.name + suffix))[1] > looks[1]:
                return True
        except OSError:
            continue
    return False


def _being_written(path: Path) -> SourceNotReady:
    return SourceNotReady(
        f"Le fichier {path.name} était en cours d’écriture.", "Attendez la fin de l’export, puis recommencez."
    )

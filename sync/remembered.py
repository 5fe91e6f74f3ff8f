"""What the last reading of a source found, kept beside the journal so that the next one reads only what changed.

A hint and no more: a file that is damaged, of another version, key, mapping or source is passed over in silence. It
holds numbers, digests and the sentences of problems, as the journal does, and is readable by its account alone.
"""

import contextlib
import datetime as dt
import sys
from functools import partial
from hashlib import blake2b
from hmac import compare_digest
from pathlib import Path

import msgspec
from blake3 import blake3

from cabinet.mapping import Mapping
from cabinet.photo_book import KnownPhoto
from cabinet.problem_groups import Kind, ProblemGroup
from cabinet.problems import Problem, Severity
from cabinet.sources.location import Location
from cabinet.sources.patient_lines import KnownLines
from cabinet.version import VERSION
from portal.api.shapes import TableCounts
from sync.aside import Aside, at_once
from sync.plan import Fingerprint
from sync.replaced_file import replace_file

_FORMAT = 8
_PROGRAM = Path(__file__).parent.with_name("cabinet")
"""Whose modules read."""
_SEAL_BYTES = 32
_YEARS = range(2000, 2050)
"""Whose summer times are asked for: an instant with a zone is read in the cabinet's time."""


class KnownPatient(Fingerprint, frozen=True, array_like=True, gc=False):
    """A dossier that was read, and how many rows it has."""

    appointments: int = 0
    instalments: int = 0
    fees: int = 0


class KnownProblems(msgspec.Struct, frozen=True, array_like=True):
    """The problems of one kind that stand in patients' rows: an export can have one in each of its rows."""

    severity: Severity
    code: str
    file: str
    column: str
    rows: dict[str, tuple[int, ...]]
    """Number -> in which of this number's rows of the file, from 0."""

    @property
    def kind(self) -> Kind:
        return self.severity, self.code, self.file, self.column


class Remembered(msgspec.Struct, frozen=True):
    """One reading of a source."""

    files: dict[str, bytes]
    """Name -> digest of its content, where the files could not be cut."""
    lines: tuple[KnownLines, ...]
    """Each file as it was cut; empty where they could not be."""
    patients: dict[str, KnownPatient]
    """Number -> what is known of it, in order."""
    row_problems: tuple[KnownProblems, ...]
    careful: frozenset[str]
    """Numbers with a problem that is no row's: they are read every time, so that it is told every time."""
    refused: frozenset[str]
    """Numbers of the patients' table whose rows are not published."""
    open_ended: frozenset[str]
    """Files whose last line has no end."""
    counts: TableCounts
    rows: int
    problems: tuple[ProblemGroup, ...]
    photos: dict[str, KnownPhoto]
    photo_problems: tuple[Problem, ...]


def memory_file(state_dir: Path, portal: str, cabinet: str) -> Path:
    """Where this cabinet's source is remembered; the folder is there once a run has begun."""
    name = blake2b(f"{cabinet}@{portal}".encode(), digest_size=8).hexdigest()
    return state_dir / f"reading-{name}.bin"


class Memory:
    """The file of one cabinet's source."""

    def __init__(
        self, path: Path, source: Location, mapping: Mapping, digest_key: bytes, aside: Aside = at_once
    ) -> None:
        """`aside` does what is written."""
        self._path = path
        self._aside = aside
        self._stamp = _stamp(source, mapping)
        self._key = digest_key

    def recall(self) -> Remembered | None:
        try:
            content = self._path.read_bytes()
        except OSError:
            return None
        body = memoryview(content)[_SEAL_BYTES:]
        if not compare_digest(content[:_SEAL_BYTES], self._seal(body)):
            return None
        try:
            return msgspec.msgpack.decode(body, type=Remembered)
        except msgspec.DecodeError:
            return None

    def keep(self, found: Remembered) -> None:
        """Replace the file in one step. One that cannot be written costs the next run some seconds, nothing else."""
        self._aside(partial(self._write, found))

    def _write(self, found: Remembered) -> None:
        with contextlib.suppress(OSError, MemoryError):
            body = msgspec.msgpack.encode(found)
            # What runs left that were killed while they wrote; one that still writes loses no more than this hint.
            for left in self._path.parent.glob(f".{self._path.name}-*"):
                left.unlink(missing_ok=True)
            replace_file(self._path, (self._seal(body), body))

    def _seal(self, body: bytes | memoryview) -> bytes:
        return blake3(self._stamp, key=self._key).update(body).digest()


def _stamp(source: Location, mapping: Mapping) -> bytes:
    """Digest of all that a reading depends on besides the files: it changes, and the file is another version's."""
    state = blake2b(digest_size=_SEAL_BYTES)
    zone = [str(mapping.zone.utcoffset(dt.datetime(y, month, 1))) for y in _YEARS for month in (1, 7)]  # noqa: DTZ001 - local times
    for part in (_FORMAT, VERSION, sys.version, zone, source.text):
        state.update(repr(part).encode() + b"\n")
    state.update(msgspec.json.encode(mapping))
    # A checkout that moves on keeps its version number. A bundle has no such files, and nobody changes it.
    for file in sorted((*_PROGRAM.glob("*.py"), *_PROGRAM.glob("sources/*.py"))):
        state.update(file.name.encode() + b"\n" + file.read_bytes())
    return state.digest()

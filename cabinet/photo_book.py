"""Which photo is whose: each patient's is digested, or known by size and time of change since an earlier reading."""

import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import msgspec

from cabinet import sentences
from cabinet.dossier import digest_of
from cabinet.mapping import Mapping as ExportMapping
from cabinet.photos import PhotoFinder, PhotoRefused, read_photo
from cabinet.problems import Place, Problem
from cabinet.sources.location import Location
from cabinet.system_words import why

SETTLED_NS = 2_000_000_000
"""A file that changed so shortly before it was read may change again within the same tick of its clock."""


class KnownPhoto(msgspec.Struct, frozen=True, array_like=True):
    """What a file looked like when its content was digested; the digest is hexadecimal."""

    size: int
    changed_ns: int
    digest: str


class PhotoBook:
    """Looks each patient's photo up once; `files` and `problems` say what was found so far."""

    def __init__(
        self, folder: Path | None, patterns: Sequence[str], key: bytes, known: Mapping[str, KnownPhoto] | None = None
    ) -> None:
        """`folder` None: there are no photos. `known`: path below the folder -> what an earlier reading found."""
        self._folder = folder
        self._patterns = patterns
        self._key = key
        self._known = known or {}
        self._digests: dict[str, str] = {}
        self._problems: dict[str, Problem] = {}
        self.files: dict[str, Path] = {}
        """Hexadecimal digest of a photo's bytes -> its file."""
        self.known: dict[str, KnownPhoto] = {}
        """What a later reading may trust."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """In order of the patients' numbers."""
        return tuple(problem for _, problem in sorted(self._problems.items()))

    def others(self, digests: Mapping[str, str]) -> frozenset[str]:
        """Of these numbers (-> digest of the photo, or nothing), those whose photo is another now."""
        if self._finder is None:
            return frozenset(number for number, digest in digests.items() if digest)
        return frozenset(number for number, digest in digests.items() if self.digest(number) != digest)

    def digest(self, number: str) -> str:
        """Of this patient's photo; empty without one that can be published."""
        if self._finder is None:
            return ""
        if number not in self._digests:
            self._digests[number] = self._looked_up(number, self._finder)
        return self._digests[number]

    @cached_property
    def _finder(self) -> PhotoFinder | None:
        """None where no number need be looked up: there are no photos, as in most cabinets."""
        finder = PhotoFinder(self._folder, self._patterns) if self._folder else None
        return None if finder is None or finder.finds_nothing else finder

    def _looked_up(self, number: str, finder: PhotoFinder) -> str:
        path = finder.find(number)
        if path is None:
            return ""
        name = path.relative_to(finder.folder).as_posix()
        try:
            digest = self._digest_of(path, name)
        except PhotoRefused as refusal:
            self._problems[number] = sentences.unusable_photo(Place(name), refusal.reason)
            return ""
        self.files[digest] = path
        return digest

    def _digest_of(self, path: Path, name: str) -> str:
        now = time.time_ns()
        try:
            found = path.stat()
        except OSError as error:
            raise PhotoRefused(f"ne peut pas être lue ({why(error)})") from error
        before = self._known.get(name)
        if before is not None and (before.size, before.changed_ns) == (found.st_size, found.st_mtime_ns):
            self.known[name] = before
            return before.digest
        digest = digest_of(read_photo(path), self._key).hex()
        if now - found.st_mtime_ns > SETTLED_NS:
            self.known[name] = KnownPhoto(found.st_size, found.st_mtime_ns, digest)
        return digest


def photo_book(
    location: Location, mapping: ExportMapping, digest_key: bytes, known: Mapping[str, KnownPhoto] | None = None
) -> PhotoBook:
    """The photos that a mapping means. They stand beside the export where it names no folder."""
    if mapping.photos is None:
        return PhotoBook(None, (), digest_key)
    folder = Path(mapping.photos.folder) if mapping.photos.folder else location.photo_folder
    return PhotoBook(folder, mapping.photos.files, digest_key, known)

"""What a run needs of a reading: fingerprints to compare, encodings to send, photos by content."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from cabinet.binding import Forms
from cabinet.cutting import UNUSABLE_PHOTO, in_order
from cabinet.dossier import Dossier, digest_of, encode
from cabinet.filled import counted, mask_of
from cabinet.identity import prints_of
from cabinet.mapping import Mapping as ExportMapping
from cabinet.photo_book import PhotoBook
from cabinet.problem_groups import ProblemGroup, group
from cabinet.problems import Problem
from cabinet.reading import read_source
from cabinet.sources import Source
from portal.api.shapes import MAX_BATCH_BYTES, Batch, BatchEntry, TableCounts
from sync.fewer_files import Files
from sync.packed import Packed
from sync.plan import Fingerprint
from sync.remembered import KnownPatient


class Gathered(msgspec.Struct, frozen=True):
    """The whole source, read. Keys are patient numbers."""

    fingerprints: Mapping[str, Fingerprint]
    encoded: Mapping[str, bytes]
    counts: TableCounts
    photos: Mapping[str, Path]
    """Hexadecimal digest of a photo -> its file."""
    problems: tuple[ProblemGroup, ...] = ()
    rows: int = 0
    """Of the patients' table, refused ones included."""
    refused: frozenset[str] = frozenset()
    """Numbers of the patients' table whose rows are not published: they are not gone."""
    open_ended: frozenset[str] = frozenset()
    """Tables whose last line has no end."""
    columns: Mapping[str, tuple[str, ...]] = {}
    """Table -> its header, of those that were read now; empty where all are known to be those of the last reading."""
    files: Files = {}
    """Those of each table that may stand in several."""

    def __repr__(self) -> str:
        return f"Gathered({self.counts})"


class Outlet(Protocol):
    """Where dossiers may go as soon as they are read."""

    def begin(self) -> None:
        """A reading begins, or begins anew: what was taken so far counts for nothing."""

    def take(self, entry: BatchEntry) -> bool:
        """One dossier; whether its encoding need not be kept. Raise what keeps it from going on."""


class Fresh(msgspec.Struct, frozen=True):
    """What was read now."""

    gathered: Gathered
    patients: dict[str, KnownPatient]
    """What the next reading may know of each dossier."""
    problems: tuple[Problem, ...]


def read_fresh(
    source: Source,
    mapping: ExportMapping,
    photos: PhotoBook,
    digest_key: bytes,
    *,
    outlet: Outlet | None = None,
    forms: Forms | None = None,
) -> Fresh:
    """Read a source, and encode and digest each dossier as it comes. Raise `SourceError`, and what `outlet` raises.

    `forms`: see `cabinet.reading.read_source`.
    """
    encoded: dict[str, bytes] = {}
    patients: dict[str, KnownPatient] = {}

    def take(dossier: Dossier) -> None:
        number, encoding = dossier.number, encode(dossier)
        digest = digest_of(encoding, digest_key)
        if outlet is None or not outlet.take(BatchEntry(number, digest, encoding)):
            encoded[number] = encoding
        patients[number] = KnownPatient(
            digest,
            dossier.photo_digest,
            mask_of(dossier),
            prints_of(dossier, digest_key),
            appointments=len(dossier.appointments),
            instalments=len(dossier.instalments),
            fees=len(dossier.fees),
        )

    now = read_source(source, mapping, photos, take, forms)
    found = Gathered(
        fingerprints=patients,
        encoded=encoded,
        counts=total(patients),
        photos=now.photos,
        problems=group(now.problems),
        rows=now.formats[0].rows,
        refused=now.refused,
        columns={form.file: form.columns for form in now.formats},
        open_ended=frozenset(form.file for form in now.formats if not form.is_ended),
    )
    return Fresh(found, patients, now.problems)


def joined(portions: Iterable[Fresh], photos: PhotoBook) -> Fresh:
    """What was read of some patients after the others, as if of all at once; `photos` had a part in each."""
    encoded = Packed()
    patients: dict[str, KnownPatient] = {}
    refused: set[str] = set()
    problems: list[Problem] = []
    rows = 0
    for portion in portions:
        now = portion.gathered
        encoded.take_in(now.encoded)
        patients |= portion.patients
        refused |= now.refused
        problems += (problem for problem in portion.problems if problem.code != UNUSABLE_PHOTO)
        rows += now.rows
        columns, open_ended = now.columns, now.open_ended
        del portion, now  # before the next ones are read
    patients = dict(sorted(patients.items()))
    told = (*in_order(problems), *photos.problems)
    found = Gathered(
        fingerprints=patients,
        encoded=encoded,
        counts=total(patients),
        photos=photos.files,
        problems=group(told),
        rows=rows,
        refused=frozenset(refused),
        columns=columns,
        open_ended=open_ended,
    )
    return Fresh(found, patients, told)


def total(patients: Mapping[str, KnownPatient]) -> TableCounts:
    """Of all these patients."""
    return TableCounts(
        patients=len(patients),
        appointments=sum(known.appointments for known in patients.values()),
        instalments=sum(known.instalments for known in patients.values()),
        fees=sum(known.fees for known in patients.values()),
        filled=counted(known.filled for known in patients.values()),
    )


def batches(gathered: Gathered, numbers: Sequence[str]) -> Iterator[Batch]:
    """The dossiers of these numbers in batches of at most 2 MiB of encodings; one larger dossier travels alone."""
    entries: list[BatchEntry] = []
    size = 0
    for number in numbers:
        encoded = gathered.encoded[number]
        if entries and size + len(encoded) > MAX_BATCH_BYTES:
            yield Batch(tuple(entries))
            entries, size = [], 0
        entries.append(BatchEntry(number, gathered.fingerprints[number].digest, encoded))
        size += len(encoded)
    if entries:
        yield Batch(tuple(entries))

"""What a run needs of a reading: fingerprints to compare, encodings to send, photos by content."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cabinet.dossier import digest_of, encode
from cabinet.filled import counted, mask_of
from cabinet.identity import identity_of
from cabinet.problem_groups import ProblemGroup, group
from cabinet.reading import Counts, Reading
from portal.api.shapes import MAX_BATCH_BYTES, Batch, BatchEntry, TableCounts
from sync.plan import Fingerprint


@dataclass(frozen=True)
class Gathered:
    """The whole source, read. Keys are patient numbers."""

    fingerprints: Mapping[str, Fingerprint]
    encoded: Mapping[str, bytes] = field(repr=False)
    counts: TableCounts
    photos: Mapping[str, Path]
    """Hexadecimal digest of a photo -> its file."""
    problems: tuple[ProblemGroup, ...] = ()
    rows: int = 0
    """Of the patients' table, refused ones included."""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Table -> its header, of those that were read now; empty where all are known to be those of the last reading."""


def gathered(now: Reading, digest_key: bytes) -> Gathered:
    """A reading, encoded and digested."""
    encoded = {dossier.number: encode(dossier) for dossier in now.dossiers}
    fingerprints = {
        dossier.number: Fingerprint(
            digest_of(encoded[dossier.number], digest_key),
            dossier.photo_digest,
            mask_of(dossier),
            identity_of(dossier.patient, digest_key),
        )
        for dossier in now.dossiers
    }
    return Gathered(
        fingerprints=fingerprints,
        encoded=encoded,
        counts=counts_of(now.counts, fingerprints),
        photos=now.photos,
        problems=group(now.problems),
        rows=now.formats[0].rows,
        columns={form.file: form.columns for form in now.formats},
    )


def counts_of(counts: Counts, fingerprints: Mapping[str, Fingerprint]) -> TableCounts:
    return TableCounts(
        patients=counts.patients,
        appointments=counts.appointments,
        instalments=counts.instalments,
        fees=counts.fees,
        filled=counted(print_.filled for print_ in fingerprints.values()),
    )


def batches(gathered: Gathered, numbers: Sequence[str]) -> Iterator[Batch]:
    """The dossiers of these numbers in batches of at most 1 MiB of encodings; one larger dossier travels alone."""
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

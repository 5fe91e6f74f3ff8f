"""What a run needs of a reading: fingerprints to compare, encodings to send, photos by content."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cabinet.problems import Problem
from portal.api.shapes import MAX_BATCH_BYTES, Batch, BatchEntry, TableCounts
from sync.plan import Fingerprint


@dataclass(frozen=True)
class PhotoFile:
    name: str
    """As the cabinet knows the file."""
    content: bytes = field(repr=False)
    content_type: str


@dataclass(frozen=True)
class Gathered:
    """The whole source, read. Keys are patient numbers."""

    fingerprints: Mapping[str, Fingerprint]
    encoded: Mapping[str, bytes] = field(repr=False)
    counts: TableCounts
    photo: Callable[[str], PhotoFile]
    """Hexadecimal digest -> photo, read when it is sent."""
    problems: Sequence[Problem] = ()


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

"""What a cabinet's published state is, in one digest: both sides compute the same root and compare one value."""

from collections.abc import Iterable
from hashlib import blake2b
from operator import attrgetter

from cabinet.dossier import DIGEST_BYTES, Digest
from portal.api.shapes import Manifest, ManifestEntry

_number = attrgetter("number")


def root_of(entries: Iterable[ManifestEntry]) -> Digest:
    """See `root_of_digests`."""
    return root_of_digests((entry.number, entry.digest) for entry in entries)


def root_of_digests(digests: Iterable[tuple[str, bytes]]) -> Digest:
    """BLAKE2b-128 over (number, digest) in order of number. Numbers are framed, so no two states share a byte string.

    The digests are keyed per cabinet (`digest_of`), which makes the root so too.
    """
    framed = [len(text := number.encode()).to_bytes(4, "big") + text + digest for number, digest in sorted(digests)]
    return Digest(blake2b(b"".join(framed), digest_size=DIGEST_BYTES, person=b"webortho-root").digest())


def manifest_of(entries: Iterable[ManifestEntry], kept: Iterable[ManifestEntry] = ()) -> Manifest:
    ordered = tuple(sorted(entries, key=_number))
    return Manifest(root=root_of(ordered), entries=ordered, kept=tuple(sorted(kept, key=_number)))


def tag_of(root: bytes, kept: Iterable[ManifestEntry]) -> str:
    """The ETag of a manifest, hexadecimal: its root, with the accounts that are kept besides."""
    state = blake2b(root, digest_size=DIGEST_BYTES, person=b"webortho-tag")
    for entry in kept:
        number = entry.number.encode()
        state.update(len(number).to_bytes(4, "big") + number + entry.identity)
    return state.hexdigest()

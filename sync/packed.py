"""Encoded dossiers in a fifth of their memory: those of a very large practice would take a quarter of a gigabyte."""

from collections.abc import Iterator, Mapping

import zstandard

_LEVEL = 1


class Packed(Mapping[str, bytes]):
    """Number -> encoding, compressed each for itself until it is asked for."""

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}
        self._compressor = zstandard.ZstdCompressor(_LEVEL)
        self._decompressor = zstandard.ZstdDecompressor()

    def take_in(self, encoded: Mapping[str, bytes]) -> None:
        for number, encoding in encoded.items():
            # Copied: what the library returns keeps the room that the worst case would have taken.
            self._packed[number] = bytes(memoryview(self._compressor.compress(encoding)))

    def __getitem__(self, number: str) -> bytes:
        return self._decompressor.decompress(self._packed[number])

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)

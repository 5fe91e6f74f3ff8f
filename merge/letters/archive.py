"""Entries of the ZIP archives that Word documents are, with nothing of the clock: the same letters, the same bytes."""

import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest date that an entry may have."""


def dateless(name: str, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    """An entry to write."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = compression
    return entry

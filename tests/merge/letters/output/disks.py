"""Disks that are nearly full: real ones, which only root may make."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SIZE = 40 * 1024
"""Less than any output of many letters needs."""


@contextmanager
def small_disk(place: Path, size: int = SIZE) -> Iterator[Path]:
    """A disk of so many bytes at `place`, for the time of the block."""
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root may make a disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)

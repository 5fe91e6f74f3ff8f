"""A file replaced in one step, by one that no other account can read."""

import os
from collections.abc import Iterable
from pathlib import Path


def replace_file(path: Path, pieces: Iterable[bytes | memoryview], *, is_durable: bool = False) -> None:
    """Write `pieces` to the file, or make it; `is_durable`: it is on the disk once this returns.

    Raise `OSError`: then the former file stands as it did. `tempfile` would do; loading it costs a night a hundredth.
    """
    new = path.with_name(f".{path.name}-{os.urandom(8).hex()}")
    try:
        with open(new, "xb", opener=_for_this_account) as file:
            file.writelines(pieces)
            if is_durable:
                file.flush()
                os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def _for_this_account(name: str, flags: int) -> int:
    """Never readable by others, not even for a moment."""
    return os.open(name, flags, 0o600)

"""What stands where a file is expected, and whose reading might never end: a pipe, a socket, a device."""

import errno
import os
import stat
from pathlib import Path


class EndlessFile(OSError):
    """Nothing was read of it."""

    def __init__(self) -> None:
        super().__init__(errno.EINVAL, "c’est un tube, une prise ou un périphérique du système")


def look_at(path: Path) -> os.stat_result:
    """`path.stat()` of what can be read to its end, or is a folder. Raise `EndlessFile` for anything else."""
    found = path.stat()
    if stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode):
        return found
    raise EndlessFile

"""Runs a program that may hang: in a group of its own, for a limited time, and ends it with all that it started."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

Check = Callable[[], None]
_LOOK = 0.1
"""Seconds between two looks whether it is done."""


class TooLateError(Exception):
    """The program did not end in time, and was ended."""


def run(command: Sequence[str | Path], folder: Path, end: float, check: Check = lambda: None) -> int:
    """Run a program in `folder` until `end` on the clock of `time.monotonic`, and answer its exit code.

    `check` is called all the while, and may raise to stop. Raise `TooLateError`, and `OSError` where it does not start.
    """
    process = subprocess.Popen(  # noqa: S603 - programs of this package, on documents that we wrote
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    try:
        while process.poll() is None:
            check()
            if time.monotonic() > end:
                raise TooLateError
            time.sleep(_LOOK)
    finally:
        _end_group(process)
    return process.returncode


def kill(process: int) -> None:
    """End the program of this number, and on Windows those that it started."""
    if os.name == "nt":
        subprocess.run(  # noqa: S603 - a program of Windows, and a number
            ["taskkill", "/F", "/T", "/PID", str(process)],  # noqa: S607 - found by Windows itself
            check=False,
            capture_output=True,
        )
    else:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    if os.name == "nt":
        if process.poll() is None:
            kill(process.pid)
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()

"""Runs a command for exactly as long as whoever started it lives: `python -m cli.keeper COMMAND…`.

Its standard input is a pipe that the starter holds open. When the starter ends in any way, even killed, the pipe
closes, and the command and all its children are stopped. Works alike on Linux, macOS and Windows.
"""

import os
import signal
import subprocess
import sys
import threading

STOP_WITHIN = 15
"""Seconds that the command has to end by itself."""


def keep(arguments: list[str]) -> int:
    """Run until the command or standard input ends; the command's exit code."""
    child = subprocess.Popen(arguments, stdin=subprocess.DEVNULL)  # noqa: S603 - our own arguments, no shell
    threading.Thread(target=_stop_at_end_of_input, args=(child,), daemon=True).start()
    return child.wait()


def _stop_at_end_of_input(child: subprocess.Popen[bytes]) -> None:
    # The bare descriptor: a buffered reader would be locked by this thread when the command ends first.
    while os.read(0, 1024):
        pass
    child.terminate()
    try:
        child.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        if os.name == "posix" and os.getpgid(0) == os.getpid():
            os.killpg(0, signal.SIGKILL)  # the starter gave this process a group: workers included
        child.kill()


if __name__ == "__main__":
    sys.exit(keep(sys.argv[1:]))

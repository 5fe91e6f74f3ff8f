"""Runs a command to its end and tells what it took, from a small process: `weigher.py REPORT COMMAND …` (Linux).

The system counts a program's largest size from before it replaces the process that started it: whoever starts it from a
large one measures that one's size. Run it with `-I -S`, which loads next to nothing.
"""

import os
import signal
import sys
import time


def main() -> None:
    """Write the report, a figure a line: the status as waitpid(2) tells it, wall and CPU seconds, the peak in kB."""
    _, report, *command = sys.argv
    start = time.perf_counter()
    # Python ignores these two, and what is measured is no program of Python's.
    process = os.posix_spawnp(command[0], command, os.environ, setsigdef=[signal.SIGPIPE, signal.SIGXFSZ])
    _, status, used = os.wait4(process, 0)
    wall = time.perf_counter() - start
    told = (status, wall, used.ru_utime + used.ru_stime, used.ru_maxrss)
    with open(report, "w", encoding="ascii") as file:  # noqa: PTH123 - pathlib would double this process
        file.writelines(f"{value}\n" for value in told)


if __name__ == "__main__":
    main()

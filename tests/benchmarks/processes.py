"""Programs as a benchmark sees them: run to their end or as servers, and measured from outside (Linux)."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
STARTS_WITHIN_SECONDS = 60
ENDS_WITHIN_SECONDS = 20
_WEIGHER = Path(__file__).with_name("weigher.py")


class BenchmarkFailed(Exception):
    """A program under measurement failed: there is no figure, and none is invented."""


@dataclass(frozen=True)
class Usage:
    """What a program took: wall and CPU seconds, and the largest resident set in MB (of its largest process)."""

    wall: float
    cpu: float
    peak_mb: float
    output: str = ""


def measure(
    command: Sequence[str | Path],
    *,
    servers: Sequence[int] = (),
    stdin: Path | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Usage:
    """Run a command to its end. Its CPU is its own, its children's, and that of the process trees `servers` meanwhile.

    Neither its figures nor its peak hold anything of this process (`weigher.py`). Raise `BenchmarkFailed` with what it
    printed when it fails.
    """
    before = sum(map(tree_cpu, servers))
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
        tempfile.NamedTemporaryFile() as report,
        Path(stdin or os.devnull).open("rb") as given,
    ):
        weigher: list[str | Path] = [sys.executable, "-I", "-S", _WEIGHER, report.name, *command]
        process = subprocess.Popen(
            weigher, stdin=given, stdout=out, stderr=err, env=_with(env), cwd=cwd, start_new_session=True
        )
        try:
            process.wait()
        except KeyboardInterrupt:
            # It may have ended since: `wait` gives it a moment.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        told = report.read().split()
        printed, complained = (_read(stream.fileno()) for stream in (out, err))
    code = os.waitstatus_to_exitcode(int(told[0])) if told else process.returncode
    if code != 0:
        raise BenchmarkFailed(f"{Path(command[0]).name} ended with {code}: {(complained or printed)[-2000:]}")
    wall, cpu, kilobytes = map(float, told[1:])
    return Usage(wall, cpu + sum(map(tree_cpu, servers)) - before, kilobytes / 1000, printed)


@contextlib.contextmanager
def serving(
    command: Sequence[str | Path], port: int, *, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Iterator[int]:
    """Run a server until the block ends; give its process number once it accepts connections on 127.0.0.1:`port`."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=_with(env), cwd=cwd, start_new_session=True
        )
        try:
            _wait_until_open(port, process, said.fileno())
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(ENDS_WITHIN_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tree_cpu(pid: int) -> float:
    """CPU seconds of a process, of its living descendants, and of those that have ended and were waited for."""
    while True:
        try:
            fields = [_stat(one) for one in _tree(pid)]
        except (FileNotFoundError, ProcessLookupError):
            # A descendant ended meanwhile, and its seconds are its parent's now: read anew.
            if not Path(f"/proc/{pid}").exists():
                raise
        else:
            return sum(int(ticks) for stat in fields for ticks in stat[11:15]) / TICKS_PER_SECOND


def tree_peak_mb(pid: int) -> float:
    """The largest resident set that any process of a tree has had, in MB."""
    return max(_peak_kb(one) for one in _tree(pid)) / 1000


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name (proc(5)): index 0 is the state, 11 to 14 are the CPU ticks."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _tree(int(child))


def _peak_kb(pid: int) -> int:
    """0 for one that has ended and waits to be waited for."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def _with(env: Mapping[str, str] | None) -> dict[str, str]:
    # An installed program's modules are compiled once; this shell may forbid it.
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **(env or {})}


def _read(descriptor: int) -> str:
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0).decode(errors="replace")


def _wait_until_open(port: int, process: "subprocess.Popen[bytes]", said: int) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise BenchmarkFailed(f"the server does not answer on port {port}: {_read(said)[-2000:]}")

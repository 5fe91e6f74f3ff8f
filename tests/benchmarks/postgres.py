"""A PostgreSQL of our own for one benchmark: a new cluster on loopback, without fsync, gone afterwards."""

import contextlib
import functools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.processes import BenchmarkFailed, Usage, free_port, measure

DEBIAN = Path("/usr/lib/postgresql")
SERVICE_ACCOUNT = "postgres"
"""PostgreSQL refuses to run as root; Debian's package brings this account."""


@dataclass(frozen=True)
class Cluster:
    url: str
    pid: int
    bin: Path


@functools.cache
def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`: Debian's newest version, or that of PATH.

    None without PostgreSQL, and where its account cannot start it (a system whose root folder is closed to others).
    """
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    initdb = str(found[-1]) if found else shutil.which("initdb")
    if initdb is None:
        return None
    try:
        _as(_account(), initdb, "--version")
    except (BenchmarkFailed, KeyError):
        return None
    return Path(initdb).parent


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """A running cluster with one empty database. Raise `BenchmarkFailed` when it does not start."""
    folder = programs()
    if folder is None:
        raise BenchmarkFailed("PostgreSQL is not installed, or its account cannot start it")
    account = _account()
    with tempfile.TemporaryDirectory(prefix="webortho-pg-") as root:
        data = Path(root, "data")
        if os.geteuid() == 0:
            shutil.chown(root, account)
        port = free_port()
        _as(account, folder / "initdb", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8", "-D", data)
        options = f"-p {port} -k {root} -c listen_addresses=127.0.0.1 -c fsync=off"
        control = folder / "pg_ctl"
        _as(account, control, "-w", "-D", data, "-l", Path(root, "log"), "-o", options, "start")
        try:
            pid = int((data / "postmaster.pid").read_text().splitlines()[0])
            # The password is for clients that insist on one: the cluster trusts every account of this machine.
            yield Cluster(f"postgresql://{account}:trusted@127.0.0.1:{port}/postgres", pid, folder)
        finally:
            _as(account, control, "-w", "-m", "fast", "-D", data, "stop")


def psql(postgres: Cluster, script: str) -> Usage:
    """Run a script. Raise `BenchmarkFailed` with what it said at the first statement that fails."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as file:
        file.write(script)
        file.flush()
        command: list[str | Path] = [
            postgres.bin / "psql",
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            postgres.url,
            "-f",
            file.name,
        ]
        return measure(command, servers=[postgres.pid])


def _account() -> str:
    """Who may run PostgreSQL. Raise `KeyError` as root without its service account."""
    return pwd.getpwnam(SERVICE_ACCOUNT).pw_name if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def _as(account: str, *command: str | Path) -> None:
    prefix = ["runuser", "-u", account, "--"] if os.geteuid() == 0 else []
    # pg_ctl leaves the server behind, which would hold a pipe open: its output goes to a file or nowhere.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run([*prefix, *command], stdout=said, stderr=said, cwd="/", check=False)
        if done.returncode != 0:
            said.seek(0)
            raise BenchmarkFailed(f"{Path(command[0]).name}: {said.read().decode(errors='replace')[-1000:]}")

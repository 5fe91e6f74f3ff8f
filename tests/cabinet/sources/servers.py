"""Real database servers for the tests, each in a folder of its own on loopback."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

POSTGRESQL = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
WITHIN = 60


def can_run_as(account: str) -> bool:
    """Neither server runs as root: as root, its own account must be there, and reach its programs."""
    if os.geteuid() != 0:
        return True
    try:
        pwd.getpwnam(account)
        return subprocess.run(["true"], user=account, check=False).returncode == 0
    except (KeyError, PermissionError):
        return False


def has_postgresql() -> bool:
    return POSTGRESQL is not None and can_run_as("postgres")


def has_mariadb() -> bool:
    return all(map(shutil.which, ("mariadbd", "mariadb-install-db"))) and can_run_as("mysql")


def has_odbc(driver: str) -> bool:
    """Whether pyodbc is there, and the driver is known to this machine."""
    try:
        import pyodbc  # noqa: PLC0415 - an extra
    except ImportError:
        return False
    return driver in pyodbc.drivers()


def odbc_address(driver: str, url: str) -> str:
    """The same server by its ODBC driver."""
    found = urlsplit(url)
    place = f"Server={found.hostname};Port={found.port};Database={found.path[1:]};UID={found.username}"
    return f"odbc://Driver={{{driver}}};{place};BoolsAsChar=0"


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """Its address; the account may do everything."""
    assert POSTGRESQL is not None
    with _folder("postgres") as (folder, owner):
        port = _free_port()

        def run(program: str, *arguments: str) -> None:
            command = [str(POSTGRESQL / program), "-D", str(folder / "data"), *arguments]
            subprocess.run(command, user=owner, check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=WITHIN)

        run("initdb", "-A", "trust", "-U", "lecture", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://lecture@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")


@contextlib.contextmanager
def mariadb() -> Iterator[str]:
    """Its address; the account `lecture` may do everything on the database `cabinet`."""
    with _folder("mysql") as (folder, owner):
        port = _free_port()
        data = folder / "data"
        plain = ["--no-defaults", f"--datadir={data}"]
        install = ["mariadb-install-db", *plain, "--auth-root-authentication-method=normal", "--skip-test-db"]
        subprocess.run(install, user=owner, check=True, cwd=folder, capture_output=True, timeout=WITHIN)
        start = folder / "start.sql"
        start.write_text(
            "CREATE DATABASE cabinet CHARACTER SET utf8mb4;\n"
            "CREATE USER lecture@'127.0.0.1';\n"
            "GRANT ALL ON cabinet.* TO lecture@'127.0.0.1';\n"
        )
        start.chmod(0o644)
        options = [f"--socket={folder / 'sock'}", f"--port={port}", "--bind-address=127.0.0.1", f"--init-file={start}"]
        options += [
            "--innodb-flush-log-at-trx-commit=0",
            "--skip-log-bin",
            "--skip-name-resolve",
            f"--pid-file={folder / 'pid'}",
        ]
        server = subprocess.Popen(
            ["mariadbd", *plain, *options], user=owner, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            _wait_for(port, server)
            yield f"mysql+pymysql://lecture@127.0.0.1:{port}/cabinet"
        finally:
            server.terminate()
            server.wait(WITHIN)


@contextlib.contextmanager
def _folder(account: str) -> Iterator[tuple[Path, str | None]]:
    owner = account if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix=f"webortho-{account}-"))
    if owner:
        shutil.chown(folder, owner)
    try:
        yield folder, owner
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError("the database server did not start")

"""The same tests on a real PostgreSQL, started for the purpose: what holds on SQLite holds in production."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BINARIES = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
SUITES = (
    "test_accounts_sign_in.py",
    "test_sessions.py",
    "test_publishing.py",
    "test_publishing_states.py",
    "test_portal_api.py",
    "test_settings_store.py",
    "test_access_matrix.py",
    "test_scoping.py",
    "test_sealing.py",
    "test_housekeeping.py",
    "test_nights.py",
    "test_run_requests.py",
    "test_documents.py",
    "test_desk_patients.py",
    "test_desk_secrets.py",
    "test_desk_messages.py",
    "test_desk_announcements.py",
    "test_desk_devices.py",
    "test_migrations.py",
)
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(BINARIES is None, reason="PostgreSQL is not installed"),
]


def _owner() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    try:
        owner = pwd.getpwnam("postgres").pw_name
        subprocess.run(["true"], user=owner, check=True)
    except (KeyError, PermissionError):
        pytest.skip("as root, a user named postgres is needed, who reaches the system's programs")
    return owner


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    """A new cluster in a temporary folder, on a free port of loopback."""
    assert BINARIES is not None
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="webortho-postgres-"))
    if owner:
        shutil.chown(folder, owner)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(program: str, *arguments: str) -> None:
        command = [str(BINARIES / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, user=owner, check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=120)

    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    run("initdb", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def run_python(database_url: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"DATABASE_URL": database_url, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | more
    return subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )


@pytest.mark.early
def test_the_backends_suites_pass_on_postgresql(database_url: str) -> None:
    suites = [str(Path(__file__).parent / name) for name in SUITES]
    done = run_python(database_url, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--show-capture=no", *suites)
    assert done.returncode == 0, done.stdout[-4000:]


def test_a_backup_of_postgresql_is_restored_into_an_empty_database(database_url: str, tmp_path: Path) -> None:
    here = {"WEBORTHO_PORTAL_DIR": str(tmp_path / "portal")}
    for arguments in (["migrate"], ["create-cabinet", "sourire", "Sourire"], ["backup", str(tmp_path / "saved")]):
        done = run_python(database_url, "-m", "cli", "portal", *arguments, **here)
        assert done.returncode == 0, done.stdout + done.stderr
    assert BINARIES is not None
    subprocess.run([BINARIES / "createdb", f"--maintenance-db={database_url}", "second"], check=True)
    second = database_url.rpartition("/")[0] + "/second"
    elsewhere = {"WEBORTHO_PORTAL_DIR": str(tmp_path / "elsewhere")}
    restored = run_python(second, "-m", "cli", "portal", "restore", str(tmp_path / "saved"), **elsewhere)
    assert restored.returncode == 0, restored.stdout + restored.stderr
    devices = run_python(second, "-m", "cli", "portal", "devices", "sourire", **elsewhere)
    assert devices.stdout == "Ce cabinet n’a pas encore de poste.\n"

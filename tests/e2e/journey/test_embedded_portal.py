"""The embedded portal: what it says when it cannot start, and that it never outlives whoever started it."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cli.embedded_portal import PortalDidNotStart, embedded_portal


def test_a_port_in_use_is_told_in_the_portal_s_own_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortalDidNotStart) as refused, embedded_portal(tmp_path, port):
            pass
    assert (
        f"L’adresse 127.0.0.1, port {port}, ne peut pas être ouverte (un autre programme l’occupe)"
        in refused.value.what
    )
    assert refused.value.todo == f"Le détail est dans {tmp_path / 'portal.log'}."


def test_a_command_that_fails_is_told_in_its_own_words(tmp_path: Path) -> None:
    (tmp_path / "portal.sqlite3").touch()
    with pytest.raises(PortalDidNotStart) as refused, embedded_portal(tmp_path):
        pass
    assert refused.value.what.startswith("La commande «\u00a0webortho portal migrate\u00a0» a échoué. La base ")


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such modes")
def test_what_the_embedded_portal_creates_is_for_this_account_alone(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with embedded_portal(folder):
        modes = {path.name: path.stat().st_mode & 0o077 for path in (folder, *folder.rglob("*"))}
    assert len(modes) >= 5
    assert {name for name, others in modes.items() if others} == set()


@pytest.mark.parametrize("code", [0, 3])
def test_a_kept_command_that_ends_by_itself_ends_its_keeper_quietly(code: int) -> None:
    command = [sys.executable, "-m", "cli.keeper", sys.executable, "-c", f"raise SystemExit({code})"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as keeper:
        assert keeper.stderr is not None
        told = keeper.stderr.read()
        assert keeper.wait(30) == code
    assert told == ""


def test_a_command_ends_with_the_pipe_of_whoever_started_it() -> None:
    command = [sys.executable, "-m", "cli.keeper", sys.executable, "-c", "import time; time.sleep(600)"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as keeper:
        assert keeper.stdin is not None
        keeper.stdin.close()
        assert keeper.wait(30) != 0

"""Of a cabinet, one run at a time on a computer, whatever becomes of the program that runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from sync.errors import AlreadyRunning, JournalError
from sync.only_run import only_run

PORTAL = "https://portail.exemple.fr"
HOLDS = """
import sys
from pathlib import Path
from sync.only_run import only_run
with only_run(Path(sys.argv[1]), sys.argv[2], "parc"):
    print("holds", flush=True)
    sys.stdin.read()
"""


def test_another_programs_run_is_noticed_until_it_ends_even_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDS, str(tmp_path), PORTAL]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "holds\n"
        for _ in range(2):  # whoever was refused takes nothing away from who holds it
            with pytest.raises(AlreadyRunning), only_run(tmp_path, PORTAL, "parc"):
                pytest.fail("two at once")
        with only_run(tmp_path, PORTAL, "gare"), only_run(tmp_path, "https://autre.exemple.fr", "parc"):
            other.kill()
    with only_run(tmp_path, PORTAL, "parc"):
        pass


def _fails(state_dir: Path) -> None:
    with only_run(state_dir, PORTAL, "parc"):
        with pytest.raises(AlreadyRunning), only_run(state_dir, PORTAL, "parc"):
            pytest.fail("two at once")
        raise ZeroDivisionError


def test_a_run_within_the_same_program_is_noticed_and_freed_by_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        _fails(tmp_path)
    with only_run(tmp_path, PORTAL, "parc"):
        assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("")
    with pytest.raises(JournalError, match="ne peut pas être écrit"), only_run(tmp_path / "fichier", PORTAL, "parc"):
        pytest.fail("no lock")

"""The virtual environment `.venv`: made from a hashed lock file once, recognised as made from then on.

`.venv` carries a stamp per lock file, a digest of all that it was made from, so that a second start only compares
digests and needs no network. A marker stands in it while it is being made: found at the start, it says that the last
set-up was interrupted, and `.venv` is made again. Two set-ups at once wait for one another.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from set_up.sentences import say, stop

WAIT_SECONDS = 1800


@dataclass(frozen=True)
class Environment:
    """The virtual environment of the checkout at `root`."""

    root: Path

    @property
    def folder(self) -> Path:
        return self.root / ".venv"

    @property
    def unfinished(self) -> Path:
        return self.folder / "set-up-unfinished"

    def program(self, name: str) -> Path:
        """Where a program of the environment stands, `python` among them."""
        return self.folder / "Scripts" / f"{name}.exe" if os.name == "nt" else self.folder / "bin" / name

    def lock_file(self, lock: str) -> Path:
        return self.root / "packaging" / f"lock-{lock}.txt"

    def is_ready(self, locks: Sequence[str]) -> bool:
        """Whether the environment was made from one of these lock files as they stand."""
        finished = self.program("python").exists() and not self.unfinished.exists()
        return finished and any(self._stamp(lock).is_file() for lock in locks)

    def make(self, lock: str) -> None:
        """Make the environment, or bring it up to the lock file; every distribution is checked against its hash."""
        if not self._can_be_added_to():
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir()
            self.unfinished.touch()
            subprocess.run([base_python(), "-m", "venv", "--without-pip", os.fspath(self.folder)], check=True)
        self.unfinished.touch()
        count = sum(line[0].isalnum() for line in self.lock_file(lock).read_text(encoding="utf-8").splitlines())
        say(f"Environnement Python .venv : installation de {count} bibliothèques, empreintes vérifiées…")
        self._pip("--require-hashes", "--only-binary", ":all:", "--requirement", os.fspath(self.lock_file(lock)))
        # The checkout itself, by the build back end that the lock file has just brought: nothing is downloaded.
        self._pip("--no-deps", "--no-build-isolation", "--no-index", "--editable", ".")
        for old in self.folder.glob(f"set-up-{lock}-*"):
            old.unlink()
        self._stamp(lock).touch()
        self.unfinished.unlink()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One set-up of this checkout at a time. An SQLite lock: of every system, and gone with its process."""
        folder = self.root / ".setup"
        folder.mkdir(exist_ok=True)
        with closing(sqlite3.connect(folder / "lock.sqlite3", timeout=WAIT_SECONDS, isolation_level=None)) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            yield

    def _stamp(self, lock: str) -> Path:
        """Its name is a digest of what the set-up depends on; its being there says that the set-up was finished."""
        digest = hashlib.sha256(repr((sys.version_info[:2], os.fspath(self.root))).encode())
        for path in (self.lock_file(lock), self.root / "pyproject.toml"):
            digest.update(path.read_bytes())
        return self.folder / f"set-up-{lock}-{digest.hexdigest()[:16]}"

    def _can_be_added_to(self) -> bool:
        """Whether the last set-up was finished, and the interpreter starts and is of this version."""
        if self.unfinished.exists() or not self.program("python").exists():
            return False
        same = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])!r})"
        return subprocess.run([self.program("python"), "-c", same], capture_output=True, check=False).returncode == 0

    def _pip(self, *arguments: str) -> None:
        # pip of the system works on the environment from outside: no pip, so no python3-venv, is needed inside.
        pip = [base_python(), "-m", "pip", "--python", os.fspath(self.program("python")), "install"]
        quietly = ["--quiet", "--quiet", "--disable-pip-version-check", "--no-input"]
        if subprocess.run([*pip, *quietly, *arguments], cwd=self.root, check=False).returncode != 0:
            stop(
                "L’installation des bibliothèques Python a échoué : lisez le message de pip ci-dessus. "
                "Vérifiez l’accès au réseau, puis relancez la même commande : elle reprendra."
            )


def base_python() -> str:
    """The interpreter to set up with: the system's, even when run.py was started from inside an environment."""
    return getattr(sys, "_base_executable", "") or sys.executable


def has_pip() -> bool:
    return subprocess.run([base_python(), "-c", "import pip"], capture_output=True, check=False).returncode == 0

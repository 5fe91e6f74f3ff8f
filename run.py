#!/usr/bin/env python3
"""`python3 run.py demo | test | bench | pictures | lock`: sets up all that the command needs, then runs it.

Standard library only, because it runs before anything is installed: on a fresh Debian 12 with python3 and pip alone
(no python3-venv), and on Windows and macOS with an installed Python. Set-up is two things, each done once:

    system programs        missing Debian packages, by apt-get, as root or through sudo; nothing elsewhere
    .venv                  the hashed lock file of the command, then this checkout, editable

`.venv` carries a stamp per lock file, a digest of what it was made from, so that a second start only compares digests
and needs no network. A marker stands in `.venv` while it is being made: found at the start, it means that the last
set-up was interrupted, and `.venv` is made again.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
UNFINISHED = VENV / "set-up-unfinished"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
OLDEST_PYTHON = (3, 11)


class Program(NamedTuple):
    """A Debian package and what the command wants it for."""

    package: str
    purpose: str


CHROMIUM = Program("chromium", "voir les pages du portail dans un vrai navigateur")
FONTS = Program("fonts-dejavu-core", "donner une police de secours au navigateur")
POSTGRESQL = Program("postgresql", "travailler avec une vraie base PostgreSQL")
RSYNC = Program("rsync", "comparer la synchronisation à une copie de fichiers")
WRK = Program("wrk", "charger le portail de requêtes")
PIP = Program("python3-pip", "installer les bibliothèques Python")


class Command(NamedTuple):
    """One word of the command line. `locks`: the lock files that suffice, the one to install first."""

    help: str
    locks: tuple[str, ...]
    programs: tuple[Program, ...] = ()


COMMANDS = {
    "demo": Command("joue tout le parcours sur un cabinet de démonstration", ("demo", "dev")),
    "test": Command("passe toutes les vérifications et tous les essais", ("dev",), (CHROMIUM, FONTS, POSTGRESQL)),
    "bench": Command("mesure, à côté des autres solutions", ("dev",), (POSTGRESQL, RSYNC, WRK)),
    "pictures": Command("photographie chaque page du portail", ("dev",), (CHROMIUM, FONTS)),
    "lock": Command("refait les fichiers de verrouillage de packaging/", ("dev",)),
}


def say(sentence: str) -> None:
    print(sentence, flush=True)


def stop(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr, flush=True)
    sys.exit(1)


# System programs


def missing_packages(wanted: tuple[Program, ...]) -> list[Program]:
    """Of the Debian packages wanted, those that are not installed."""
    if not wanted:
        return []
    names = [program.package for program in wanted]
    # dpkg-query fails when it knows nothing of a name; what it prints of the others still counts.
    answer = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *names],
        capture_output=True,
        text=True,
        check=False,
    )
    installed = {line.split()[0] for line in answer.stdout.splitlines() if line.endswith(" installed")}
    return [program for program in wanted if program.package not in installed]


def apt_prefix() -> list[str] | None:
    """What an apt-get command must start with here, or None without the right to install."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    # With a terminal sudo may ask for the password; without one only a password-free sudo helps.
    if sys.stdin.isatty() or subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo"]
    return None


def install_programs(wanted: tuple[Program, ...]) -> None:
    """Install the missing Debian packages; elsewhere say what the command will do without."""
    if not wanted:
        return
    if shutil.which("apt-get") is None or shutil.which("dpkg-query") is None:
        names = ", ".join(program.package for program in wanted)
        say(
            f"Sans apt-get, run.py n’installe aucun programme du système. Ce qui demande {names} est sauté s’il manque."
        )
        return
    missing = missing_packages(wanted)
    if not missing:
        return
    say("Programmes du système à installer :")
    for program in missing:
        say(f"  {program.package:<20} pour {program.purpose}")
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *(program.package for program in missing)]
    by_hand = f"  apt-get update && {shlex.join(install)}"
    prefix = apt_prefix()
    if prefix is None:
        stop(
            "Ce compte n’a pas le droit d’installer des programmes. "
            f"Demandez à l’administrateur de lancer cette commande, puis recommencez :\n{by_hand}"
        )
    quietly = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive"]
    # Without a network the update fails, and what apt already holds may still do: only the installation decides.
    subprocess.run([*quietly, "apt-get", "update", "--quiet=2"], check=False)
    if subprocess.run([*quietly, *install, "--quiet=2"], check=False).returncode != 0:
        stop(
            "L’installation des programmes du système a échoué : lisez le message d’apt-get ci-dessus. "
            f"Une fois la cause levée, recommencez, ou lancez vous-même en tant qu’administrateur :\n{by_hand}"
        )


# The virtual environment


def lock_file(lock: str) -> Path:
    return ROOT / "packaging" / f"lock-{lock}.txt"


def stamp(lock: str) -> tuple[Path, str]:
    """Where the stamp of a lock file stands, and what it must say: the digest of all that the set-up depends on."""
    digest = hashlib.sha256(repr((sys.version_info[:2], os.fspath(ROOT))).encode())
    for path in (lock_file(lock), ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return VENV / f"set-up-{lock}", digest.hexdigest()


def is_ready(lock: str) -> bool:
    path, digest = stamp(lock)
    return not UNFINISHED.exists() and PYTHON.exists() and path.is_file() and path.read_text() == digest


def is_sound() -> bool:
    """Whether `.venv` can be added to: it was finished, and its interpreter starts and is of this version."""
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    code = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])!r})"
    return subprocess.run([PYTHON, "-c", code], capture_output=True, check=False).returncode == 0


def base_python() -> str:
    """The interpreter to set up with: of the system, even when run.py was started inside an environment."""
    return getattr(sys, "_base_executable", "") or sys.executable


def has_pip() -> bool:
    return subprocess.run([base_python(), "-c", "import pip"], capture_output=True, check=False).returncode == 0


def pip_install(*arguments: str) -> None:
    # pip of the system works on the environment from outside: no pip, and so no python3-venv, is needed inside.
    quietly = ["--quiet", "--quiet", "--disable-pip-version-check", "--no-input"]
    pip = [base_python(), "-m", "pip", "--python", os.fspath(PYTHON), "install", *quietly]
    if subprocess.run([*pip, *arguments], cwd=ROOT, check=False).returncode != 0:
        stop(
            "L’installation des bibliothèques Python a échoué : lisez le message de pip ci-dessus. "
            "Vérifiez l’accès au réseau, puis relancez la même commande : elle reprendra."
        )


def make_environment(lock: str) -> None:
    """Make `.venv`, or bring it up to the lock file. Every distribution is checked against its hash."""
    if not is_sound():
        shutil.rmtree(VENV, ignore_errors=True)
        VENV.mkdir()
        UNFINISHED.touch()
        subprocess.run([base_python(), "-m", "venv", "--without-pip", os.fspath(VENV)], check=True)
    UNFINISHED.touch()
    count = sum("==" in line for line in lock_file(lock).read_text(encoding="utf-8").splitlines())
    say(f"Environnement Python .venv : installation de {count} bibliothèques, empreintes vérifiées…")
    pip_install("--require-hashes", "--requirement", os.fspath(lock_file(lock)))
    # The checkout itself, by the build back end that the lock file has just brought: no download, no isolation.
    pip_install("--no-deps", "--no-build-isolation", "--no-index", "--editable", ".")
    path, digest = stamp(lock)
    path.write_text(digest)
    UNFINISHED.unlink()


def set_up(command: Command) -> None:
    ready = any(is_ready(lock) for lock in command.locks)
    needs_pip = not ready and not has_pip()
    install_programs((*command.programs, PIP) if needs_pip else command.programs)
    if not ready:
        if not has_pip():
            stop(f"pip manque à {base_python()}. Installez-le, puis recommencez.")
        make_environment(command.locks[0])


# The commands


class Check(NamedTuple):
    """One check: its name and its command, a program of `.venv`."""

    name: str
    command: tuple[str, ...]


CHECKS = (
    Check("Mise en forme (ruff format)", ("ruff", "format", "--check", ".")),
    Check("Écriture (ruff check)", ("ruff", "check", ".")),
    Check("Types (mypy)", ("mypy",)),
    Check("Sens des importations (import-linter)", ("lint-imports",)),
    Check("Règles de la maison", ("python", "-m", "tests.house.check_house")),
    Check("Fichiers de verrouillage", ("python", "-m", "tests.house.check_locks")),
)


def passes(check: Check) -> bool:
    """Run one check, say its name and how it went, and show what it printed only if it failed."""
    print(f"{check.name:<42}", end="", flush=True)
    start = time.monotonic()
    program, *arguments = check.command
    done = subprocess.run([SCRIPTS / program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    good = done.returncode == 0
    say(f"{'bien' if good else 'ÉCHEC'} ({time.monotonic() - start:.1f} s)")
    if not good:
        say(f"{done.stdout}{done.stderr}")
    return good


def run_tests(arguments: list[str]) -> int:
    """All checks, then pytest; with pytest arguments (other than --long), pytest alone with them."""
    whole = arguments in ([], ["--long"])
    failed = [check.name for check in CHECKS if not passes(check)] if whole else []
    spread = ["-n", str(min(4, os.cpu_count() or 1))] if whole else []
    code = subprocess.call([PYTHON, "-m", "pytest", *spread, *arguments], cwd=ROOT)
    if failed:
        say(f"Vérifications en échec : {', '.join(failed)}.")
    return code or bool(failed)


def run(name: str, arguments: list[str]) -> int:
    """Run the command in the environment and give its exit code."""
    if name == "test":
        return run_tests(arguments)
    if name == "demo":  # where the person stands: --workspace is relative to it
        return subprocess.call([SCRIPTS / "webortho", "demo", *arguments])
    program = {
        "bench": ("-m", "tests.benchmarks"),
        "pictures": ("-m", "tests.e2e.pictures"),
        "lock": ("packaging/lock.py",),
    }[name]
    return subprocess.call([PYTHON, *program, *arguments], cwd=ROOT)


def usage() -> str:
    lines = [f"  python3 run.py {name:<10}{command.help}" for name, command in COMMANDS.items()]
    return "\n".join(["Commandes :", *lines])


def main() -> int:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    if sys.version_info < OLDEST_PYTHON:
        stop(f"Il faut Python 3.11 ou plus récent ; celui-ci est {sys.version.split()[0]}.")
    name, *arguments = sys.argv[1:] or ["--help"]
    if name in ("-h", "--help"):
        say(usage())
        return 0
    if name not in COMMANDS:
        stop(f"« {name} » n’est pas une commande de run.py.\n{usage()}")
    set_up(COMMANDS[name])
    return run(name, arguments)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)

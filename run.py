#!/usr/bin/env python3
"""`python3 run.py demo | test | bench | pictures | lock`: sets up all that the command needs, then runs it.

It works on a fresh Debian 12 with python3 and pip alone (no python3-venv), and on Windows and macOS with an installed
Python. Set-up is two things, each done once: missing system programs (packaging/set_up/system.py), and `.venv`, made
from the hashed lock file of the command (packaging/set_up/environment.py). Standard library only, all three.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
OLDEST_PYTHON = (3, 11)

if sys.version_info < OLDEST_PYTHON:
    sys.exit("Il faut Python 3.11 ou plus récent ; celui-ci est {}.{}.".format(*sys.version_info))

sys.path.insert(0, str(ROOT / "packaging"))

from set_up.environment import Environment, base_python, has_pip  # noqa: E402 - after the check of the version
from set_up.sentences import say, stop  # noqa: E402 - after the check of the version
from set_up.system import Program, install  # noqa: E402 - after the check of the version

ENVIRONMENT = Environment(ROOT)

CHROMIUM = Program("chromium", "voir les pages du portail dans un vrai navigateur")
LIBATOMIC = Program("libatomic1", "piloter ce navigateur depuis les essais")
FONTS = Program("fonts-dejavu-core", "donner une police de secours au navigateur")
POSTGRESQL = Program("postgresql", "travailler avec une vraie base PostgreSQL")
POPPLER = Program("poppler-utils", "lire et voir les lettres imprimées")
QPDF = Program("qpdf", "contrôler les fichiers à imprimer")
LIBREOFFICE = Program("libreoffice-writer-nogui", "ouvrir les lettres comme un traitement de texte")
MAIL_MERGE = tuple(
    Program(package, "mesurer aussi le publipostage de LibreOffice")
    for package in ("libreoffice-base-drivers", "libreoffice-base-nogui", "python3-uno")
)
CALC = Program("libreoffice-calc-nogui", "écrire des classeurs comme un tableur")
MARIADB = Program("mariadb-server", "lire une vraie base MariaDB", unless="virtual-mysql-server")
ODBC = tuple(
    Program(package, "lire une vraie base par ODBC")
    for package in ("libodbc2", "libsqliteodbc", "odbc-postgresql", "odbcinst")
)
RSYNC = Program("rsync", "comparer la synchronisation à une copie de fichiers")
WRK = Program("wrk", "charger le portail de requêtes")
KANNEL = Program("kannel", "envoyer des SMS à une vraie passerelle")
OPENSMTPD = Program("opensmtpd", "remettre des e-mails à un vrai serveur", unless="mail-transport-agent")
PIP = Program("python3-pip", "installer les bibliothèques Python")
QT = tuple(
    Program(package, "ouvrir l’application de bureau")
    for package in (
        "libasound2",
        "libcups2",
        "libdbus-1-3",
        "libegl1",
        "libfontconfig1",
        "libgbm1",
        "libgl1",
        "libglib2.0-0",
        "libgssapi-krb5-2",
        "libnss3",
        "libxcomposite1",
        "libxdamage1",
        "libxkbcommon0",
        "libxkbfile1",
        "libxrandr2",
        "libxtst6",
    )
)
"""What PySide6's wheels link to, and a bare Debian lacks."""
QT_ON_A_SCREEN = tuple(
    Program(package, "montrer l’application à l’écran")
    for package in (
        "libx11-xcb1",
        "libxcb-cursor0",
        "libxcb-icccm4",
        "libxcb-image0",
        "libxcb-keysyms1",
        "libxcb-randr0",
        "libxcb-render-util0",
        "libxcb-shape0",
        "libxcb-xkb1",
        "libxkbcommon-x11-0",
    )
)


class Command(NamedTuple):
    """One word of the command line. `locks`: the lock files that suffice, the one to install first."""

    help: str
    locks: tuple[str, ...]
    programs: tuple[Program, ...] = ()


COMMANDS = {
    "demo": Command("joue tout le parcours sur un cabinet de démonstration", ("demo", "dev")),
    "test": Command(
        "passe toutes les vérifications et tous les essais",
        ("dev",),
        (
            CALC,
            CHROMIUM,
            FONTS,
            KANNEL,
            LIBATOMIC,
            LIBREOFFICE,
            MARIADB,
            *ODBC,
            OPENSMTPD,
            POPPLER,
            POSTGRESQL,
            QPDF,
            *QT,
        ),
    ),
    "bench": Command(
        "mesure, à côté des autres solutions",
        ("dev",),
        (LIBREOFFICE, POPPLER, POSTGRESQL, RSYNC, WRK, *QT),
    ),
    "pictures": Command(
        "photographie chaque page du portail et chaque écran de l’application",
        ("dev",),
        (CHROMIUM, FONTS, LIBATOMIC, *QT),
    ),
    "lock": Command("refait les fichiers de verrouillage de packaging/", ("dev",)),
}
DEMO_ON_A_SCREEN = Command(COMMANDS["demo"].help, ("demo-desktop", "dev"), (FONTS, *QT, *QT_ON_A_SCREEN))
"""The demo where it opens the application at the end."""


def command_for(name: str, arguments: list[str]) -> Command:
    """The command, with what it needs on this machine."""
    if name == "bench" and "--install-peers" in arguments:
        bench = COMMANDS[name]
        return bench._replace(programs=(*bench.programs, *MAIL_MERGE))
    opens_window = name == "demo" and not {"--once", "--no-desktop", "--help", "-h"} & set(arguments)
    return DEMO_ON_A_SCREEN if opens_window and has_screen() else COMMANDS[name]


def has_screen() -> bool:
    """Whether a window can be opened here."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def set_up(command: Command) -> None:
    """Everything that the command needs; nothing, and in no time, if it is there."""
    needs_pip = not ENVIRONMENT.is_ready(command.locks) and not has_pip()
    install((*command.programs, PIP) if needs_pip else command.programs)
    if ENVIRONMENT.is_ready(command.locks):
        return
    if not has_pip():
        stop(f"pip manque à {base_python()}. Installez-le, puis recommencez.")
    with ENVIRONMENT.alone():
        if not ENVIRONMENT.is_ready(command.locks):  # a set-up that this one waited for may have made it
            ENVIRONMENT.make(command.locks[0])


class Check(NamedTuple):
    """One check: its name and its command, a program of the environment."""

    name: str
    command: tuple[str, ...]


# The longest first: they run side by side.
CHECKS = (
    Check("Types (mypy)", ("mypy", "--num-workers=2")),
    Check("Mise en forme (ruff format)", ("ruff", "format", "--check", ".")),
    Check("Écriture (ruff check)", ("ruff", "check", ".")),
    Check("Sens des importations (import-linter)", ("lint-imports",)),
    Check("Règles de la maison", ("python", "-m", "tests.house.check_house")),
    Check("Fichiers de verrouillage", ("python", "-m", "tests.house.check_locks")),
)


def passes(check: Check) -> bool:
    """Run one check, say its name and how it went, and show what it printed only if it failed."""
    start = time.monotonic()
    program, *arguments = check.command
    done = subprocess.run(
        [ENVIRONMENT.program(program), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONUTF8": "1"},
        check=False,
    )
    good = done.returncode == 0
    said = f"{check.name:<42}{'bien' if good else 'ÉCHEC'} ({time.monotonic() - start:.1f} s)\n"
    sys.stdout.write(said if good else f"{said}{done.stdout}\n")  # in one piece: checks end side by side
    sys.stdout.flush()
    return good


def run_tests(arguments: list[str]) -> int:
    """All checks, then pytest, whose closing line is the last; with pytest's own arguments, pytest alone."""
    whole = arguments in ([], ["--long"])
    cores = min(4, os.cpu_count() or 1)
    checks = CHECKS if whole else ()
    with ThreadPoolExecutor(cores) as side_by_side:
        passed = zip(checks, side_by_side.map(passes, checks), strict=True)
        failed = [check.name for check, good in passed if not good]
    spread = ["-n", str(cores)] if whole else []
    # Where Python may not keep what it compiled, each of the tests' hundreds of processes compiles the checkout anew.
    keeping = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    pytest: list[str | Path] = [ENVIRONMENT.program("python"), "-m", "pytest", *spread, *arguments]
    code = subprocess.call(pytest, cwd=ROOT, env=keeping)
    if failed:
        say(f"Vérifications en échec : {', '.join(failed)}.")
    return code or bool(failed)


def run(name: str, arguments: list[str]) -> int:
    """Run the command in the environment and give its exit code."""
    if name == "test":
        return run_tests(arguments)
    if name == "demo":  # where the person stands: --workspace is relative to it
        return subprocess.call([ENVIRONMENT.program("webortho"), "demo", *arguments])
    if name == "pictures":
        return take_pictures(arguments)
    program = {"bench": ("-m", "tests.benchmarks"), "lock": ("packaging/lock.py",)}[name]
    return subprocess.call([ENVIRONMENT.program("python"), *program, *arguments], cwd=ROOT)


def take_pictures(arguments: list[str]) -> int:
    """The portal's pages, then the application's screens, in one folder."""
    folder = arguments[0] if arguments else "build/pictures"
    python = ENVIRONMENT.program("python")
    modules = ("tests.e2e.pictures", "tests.e2e.app_screens")
    return max([subprocess.call([python, "-m", module, folder], cwd=ROOT) for module in modules])


def usage() -> str:
    return "Commandes :" + "".join(f"\n  python3 run.py {name:<10}{command.help}" for name, command in COMMANDS.items())


def main() -> int:
    for stream in (sys.stdout, sys.stderr):
        # A redirected stream on Windows is cp1252: a French sentence must never be what crashes the program.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    name, *arguments = sys.argv[1:] or ["--help"]
    if name in ("-h", "--help"):
        say(usage())
        return 0
    if name not in COMMANDS:
        stop(f"« {name} » n’est pas une commande de run.py.\n{usage()}")
    set_up(command_for(name, arguments))
    return run(name, arguments)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)

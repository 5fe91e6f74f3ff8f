"""System programs: installs the Debian packages that a command lacks, or prints the command that would."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from typing import NamedTuple

from set_up.sentences import say, stop


class Program(NamedTuple):
    """A Debian package and what it is wanted for."""

    package: str
    purpose: str
    unless: str = ""
    """A virtual package: where another one that provides it is installed, this one would replace it, and stays out."""


def missing(wanted: Sequence[Program]) -> list[Program]:
    """Of the packages wanted, those that dpkg does not know as installed."""
    provided = _provided() if any(program.unless for program in wanted) else frozenset()
    # dpkg-query fails when it has never heard of a name; what it prints of the others still counts.
    answer = _dpkg_query("${Package} ${db:Status-Status}\n", *(program.package for program in wanted))
    installed = {line.split()[0] for line in answer.splitlines() if line.endswith(" installed")}
    return [program for program in wanted if program.package not in installed and program.unless not in provided]


def _provided() -> frozenset[str]:
    """The virtual packages that what is installed provides."""
    lines = _dpkg_query("${db:Status-Status} ${Provides}\n").splitlines()
    lists = [line.removeprefix("installed ") for line in lines if line.startswith("installed ")]
    return frozenset(name.strip().partition(" ")[0] for names in lists for name in names.split(",") if name.strip())


def _dpkg_query(form: str, *packages: str) -> str:
    command = ["dpkg-query", "--show", "--showformat", form, *packages]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def apt_prefix() -> list[str] | None:
    """What an apt-get command must start with here, or None without the right to install."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    # With a terminal sudo may ask for the password; without one only a sudo that asks for none helps.
    if sys.stdin.isatty() or subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo"]
    return None


def install(wanted: Sequence[Program]) -> None:
    """Install what is missing. Where there is no apt-get, say what the command will do without."""
    if not wanted:
        return
    if shutil.which("apt-get") is None or shutil.which("dpkg-query") is None:
        names = ", ".join(program.package for program in wanted)
        say(
            f"Sans apt-get, run.py n’installe aucun programme du système. Ce qui demande {names} est sauté s’il manque."
        )
        return
    lacking = missing(wanted)
    if not lacking:
        return
    say("Programmes du système à installer :")
    for program in lacking:
        say(f"  {program.package:<25} pour {program.purpose}")
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *(program.package for program in lacking)]
    by_hand = f"  apt-get update && {shlex.join(command)}"
    prefix = apt_prefix()
    if prefix is None:
        stop(
            "Ce compte n’a pas le droit d’installer des programmes. "
            f"Demandez à l’administrateur de lancer cette commande, puis recommencez :\n{by_hand}"
        )
    say("Installation par apt-get…")
    quietly = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive"]
    # Without a network the update fails, and what apt already holds may still do: only the installation decides.
    subprocess.run([*quietly, "apt-get", "update", "--quiet=2"], capture_output=True, check=False)
    done = subprocess.run([*quietly, *command, "--quiet=2"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        stop(
            f"{done.stdout}{done.stderr}\n"
            "L’installation des programmes du système a échoué : apt-get dit pourquoi ci-dessus. "
            f"Une fois la cause levée, recommencez, ou lancez vous-même en tant qu’administrateur :\n{by_hand}"
        )

"""Backup and restoration: the database as one consistent copy, and the keys as a file of their own.

SQLite is copied by its online backup, while the portal runs; PostgreSQL by its own `pg_dump` and `pg_restore`. The
connection's password travels in the environment, never in a process's arguments.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cabinet.errors import WebOrthoError
from cabinet.system_words import why
from portal.server.config import PortalConfig
from portal.server.installation import sqlite_file
from portal.server.sealing import read_ring, write_ring

SQLITE_NAME = "portal.sqlite3"
POSTGRES_NAME = "portal.pgdump"
KEYS_NAME = "keys.json"


class BackupError(WebOrthoError):
    """Nothing was saved, or nothing was restored."""


def save(config: PortalConfig, target: Path) -> tuple[Path, Path]:
    """Write a copy of the database and of the keys into the new folder `target`; their two paths.

    Raise `BackupError` when the folder exists, or when the copy fails or is not sound.
    """
    keys = read_ring(config.keys_file)
    try:
        target.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise BackupError(f"Le dossier {target} existe déjà.", "Donnez le nom d’un dossier à créer.") from None
    except OSError as error:
        raise BackupError(
            f"Le dossier {target} ne peut pas être créé ({why(error)}).", "Choisissez un autre endroit."
        ) from error
    source = sqlite_file(config)
    if source is None:
        database = target / POSTGRES_NAME
        _run_postgres(config, "pg_dump", "--format=custom", f"--file={database}")
    else:
        database = target / SQLITE_NAME
        _copy_sqlite(source, database)
    write_ring(keys, target / KEYS_NAME)
    return database, target / KEYS_NAME


def restore(config: PortalConfig, source: Path) -> None:
    """Put a backup in the place of nothing: an installation that has a database or other keys is left alone.

    Raise `BackupError` when there is something in the way, when parts are missing, or when the copy is not sound.
    """
    keys = read_ring(source / KEYS_NAME)
    if config.keys_file.exists() and read_ring(config.keys_file) != keys:
        raise BackupError(
            f"Le fichier de clés {config.keys_file} n’est pas celui de cette sauvegarde.",
            "Restaurez dans un dossier vide, ou mettez d’abord ce fichier à l’abri ailleurs.",
        )
    target = sqlite_file(config)
    if target is None:
        dump = source / POSTGRES_NAME
        _require_file(dump)
        _run_postgres(config, "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(dump))
    else:
        saved = source / SQLITE_NAME
        _require_file(saved)
        if target.exists():
            raise BackupError(
                f"La base {target} existe déjà. Rien n’a été restauré.",
                "Arrêtez le portail et mettez cette base à l’abri ailleurs, puis recommencez.",
            )
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _copy_sqlite(saved, target)
    write_ring(keys, config.keys_file)


def _require_file(path: Path) -> None:
    if not path.is_file():
        raise BackupError(
            f"La sauvegarde ne contient pas {path.name}.",
            "Indiquez le dossier d’une sauvegarde faite pour la même sorte de base de données.",
        )


def _copy_sqlite(source: Path, target: Path) -> None:
    """A consistent copy of a database that may be in use, checked, readable by this account alone."""
    if not source.is_file():
        raise BackupError(f"La base {source} n’existe pas.", "Lancez d’abord «\u00a0webortho portal migrate\u00a0».")
    unfinished = target.with_suffix(".part")
    try:
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(unfinished)) as copy:
            original.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, not three
            [(verdict,)] = copy.execute("PRAGMA integrity_check(1)").fetchall()
    except (sqlite3.Error, OSError) as error:
        unfinished.unlink(missing_ok=True)
        raise BackupError(
            f"La base {source} n’a pas pu être copiée.", "Vérifiez la place sur le disque, puis recommencez."
        ) from error
    if verdict != "ok":
        unfinished.unlink()
        raise BackupError(f"La base {source} est endommagée.", "Restaurez une sauvegarde plus ancienne.")
    unfinished.replace(target)


def _run_postgres(config: PortalConfig, program: str, *arguments: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise BackupError(
            f"Le programme {program} n’est pas installé sur cet ordinateur.",
            "Installez les outils de PostgreSQL (paquet postgresql-client), puis recommencez.",
        )
    url = urlsplit(config.database_url)
    name = unquote(url.path.lstrip("/"))
    environment = os.environ | {
        "PGHOST": url.hostname or "localhost",
        "PGPORT": str(url.port or 5432),
        "PGUSER": unquote(url.username or ""),
        "PGPASSWORD": unquote(url.password or ""),
    }
    command = [path, f"--dbname={name}", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603 - a program of PostgreSQL, found in PATH
    if done.returncode:
        raise BackupError(
            f"{program} a échoué (code {done.returncode}).",
            "Vérifiez que la base de données répond («\u00a0webortho portal check\u00a0»), puis recommencez.",
        )

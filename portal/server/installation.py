"""The installation's folder on the hoster's machine: its keys, its database file. No Django until it is whole."""

import os
from pathlib import Path

from cabinet.errors import WebOrthoError
from cabinet.system_words import why
from portal.server.config import PortalConfig
from portal.server.sealing import create_ring, write_ring


class InstallationError(WebOrthoError):
    """The installation is incomplete, or its parts do not belong together."""


def prepare_folder(config: PortalConfig) -> bool:
    """Make the data folder and the key file where there is none; whether the keys are new.

    Raise `InstallationError` rather than put new keys beside a database that only the former ones open.
    """
    database = sqlite_file(config)
    if not config.keys_file.exists() and database is not None and database.exists():
        raise InstallationError(
            f"La base {database} existe, mais le fichier de clés {config.keys_file} manque.",
            "Reprenez le fichier de clés de votre sauvegarde\u00a0: sans lui, rien de cette base ne s’ouvre.",
        )
    try:
        config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if config.keys_file.exists():
            return False
        write_ring(create_ring(), config.keys_file)
    except OSError as error:
        raise InstallationError(
            f"Le dossier {config.data_dir} ne peut pas être préparé ({why(error)}).",
            "Donnez à WEBORTHO_PORTAL_DIR un dossier où ce compte peut écrire.",
        ) from error
    return True


def sqlite_file(config: PortalConfig) -> Path | None:
    """The database file; None when the database is a server."""
    scheme, _, path = config.database_url.partition(":///")
    return Path(path) if scheme == "sqlite" else None


def set_up_django() -> PortalConfig:
    """The installation's configuration, with Django ready. Raise `SealingError` before `migrate` was run."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.server.settings")
    import django  # noqa: PLC0415 - `migrate` makes the keys first, which the settings read
    from django.conf import settings  # noqa: PLC0415 - as above

    django.setup()
    config: PortalConfig = settings.CONFIG
    return config

"""`webortho sync source-password`: keep the password of the cabinet's database, or forget it."""

from pathlib import Path

import click

from cabinet.sources.location import Location
from cli.output import errors_told
from cli.paths import FILE
from cli.typed_secret import typed_or_piped
from sync.config import default_config_file, keep_source_password, read_config
from sync.errors import ConfigError


@click.command("source-password")
@click.option("--config", "config_file", type=FILE, help="Fichier de configuration, s’il n’est pas à sa place.")
def command(*, config_file: Path | None) -> None:
    """Garde le mot de passe de la base du cabinet dans le trousseau de ce poste, ou l’oublie s’il est vide.

    Il est demandé à l’écran, ou lu sur l’entrée standard. Il n’est jamais un argument.
    """
    with errors_told(as_json=False):
        path = config_file or default_config_file()
        config = read_config(path)
        if not Location(config.source).is_database:
            raise ConfigError(
                "La source de ce poste n’est pas une base de données\u00a0: elle n’a pas de mot de passe.",
                "Indiquez d’abord l’adresse de la base dans la configuration.",
            )
        password = typed_or_piped("Mot de passe de la base (vide\u00a0: l’oublier)")
        keep_source_password(config, path.parent, password)
        click.echo("Le mot de passe est gardé." if password else "Le mot de passe est oublié.")

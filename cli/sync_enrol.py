"""`webortho sync enrol`: make this computer a device of its portal."""

import platform
from pathlib import Path

import click
import msgspec

from cabinet.sources.location import Location
from cli.output import errors_told, print_json
from cli.paths import FILE
from cli.source import HELP, SourceType
from cli.sync_run import overridden
from cli.typed_secret import typed_or_piped
from portal.api.transport import checked_address
from sync.config import SyncConfig, default_config_file, read_config
from sync.enrolment import enrol
from sync.errors import ConfigError
from sync.report import Outcome
from sync.wording import NO_BREAK_SPACE


class EnrolDocument(msgspec.Struct, frozen=True):
    """What `--json` prints of an enrolment: nothing of it is secret."""

    status: str
    cabinet: str
    cabinet_name: str
    role: str
    portal: str
    config: str
    exit_code: int = 0


@click.command()
@click.option("--portal", required=True, help="Adresse du portail, reçue de l’hébergeur.")
@click.option("--config", "config_file", type=FILE, help="Fichier de configuration à écrire.")
@click.option("--source", type=SourceType(), help=HELP)
@click.option("--mapping", type=FILE, help="Fichier de mapping.")
@click.option("--secrets-file", type=FILE, help="Fichier de secrets d’un service sans trousseau de clés.")
@click.option("--name", default=platform.node, help="Nom de ce poste, tel que le portail le montrera.")
@click.option("--json", "as_json", is_flag=True, help="Écrit un seul objet JSON sur la sortie standard.")
def command(
    *,
    portal: str,
    config_file: Path | None,
    source: Location | None,
    mapping: Path | None,
    secrets_file: Path | None,
    name: str,
    as_json: bool,
) -> None:
    """Enrôle ce poste : échange un code à usage unique contre son accès au portail.

    Le code est demandé à l’écran, ou lu sur l’entrée standard. Il n’est jamais un argument.
    """
    with errors_told(as_json=as_json):
        path = config_file or default_config_file()
        known = read_config(path) if path.exists() else SyncConfig(portal="", cabinet="")
        config = overridden(
            known,
            portal=checked_address(portal),
            cabinet=None,
            source=source,
            mapping=mapping,
            secrets_file=secrets_file,
        )
        enrolled = enrol(config, path, _asked_code, name or "poste")
        if as_json:
            print_json(
                EnrolDocument(
                    status=Outcome.DONE,
                    cabinet=enrolled.cabinet_code,
                    cabinet_name=enrolled.cabinet_name,
                    role=enrolled.role,
                    portal=config.portal,
                    config=str(path),
                )
            )
        else:
            click.echo(f"Ce poste est enrôlé pour le cabinet {enrolled.cabinet_name} ({enrolled.cabinet_code}).")
            click.echo(f"Configuration{NO_BREAK_SPACE}: {path}")


def _asked_code() -> str:
    code = typed_or_piped("Code d’enrôlement").strip()
    if not code:
        raise ConfigError(
            "Aucun code d’enrôlement n’a été donné.",
            "Tapez-le à l’écran, ou envoyez-le sur l’entrée standard de la commande.",
        )
    return code

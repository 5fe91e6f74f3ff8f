"""`webortho portal`: everything the hoster does with an installation, as sentences or as JSON.

Exit codes: 0 done, 1 `check` found something to put right, 4 refused (the sentence says why). Django is set up only
by the commands that need it, after the environment is complete.
"""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click
import msgspec

from cli.output import errors_told, print_json
from cli.paths import FILE
from portal.api.shapes import Role
from portal.server import backup as backups
from portal.server.config import PortalConfig, read_config
from portal.server.installation import prepare_folder, set_up_django

SOMETHING_WRONG = 1
_as_json = click.option("--json", "as_json", is_flag=True, help="Écrit un seul objet JSON.")
_code = click.argument("code", metavar="CABINET")


class NewCabinet(msgspec.Struct, frozen=True):
    code: str
    name: str
    time_zone: str


class NewCode(msgspec.Struct, frozen=True):
    code: str
    cabinet: str
    role: Role


class DeviceLine(msgspec.Struct, frozen=True):
    id: int
    name: str
    role: str
    enrolled_at: str
    last_seen_at: str | None
    is_revoked: bool


class FindingLine(msgspec.Struct, frozen=True):
    name: str
    is_well: bool
    sentence: str


class Rotated(msgspec.Struct, frozen=True):
    rows: int
    broken: int
    is_finished: bool


class BackedUp(msgspec.Struct, frozen=True):
    database: str
    keys: str


def _ready() -> PortalConfig:
    """The same, of an installation that is known to work. Raise `InstallationError` with what is missing."""
    config = set_up_django()
    from portal.server import health  # noqa: PLC0415 - needs Django set up

    health.require_ready()
    return config


@click.group("portal", help="Installe et fait tourner le portail hébergé.")
def command() -> None:
    # Whatever these commands and their children create is for this account alone: SQLite makes its files by this mask.
    os.umask(0o077)


@command.command(help="Prépare le dossier, les clés et la base de données, ou les met à jour.")
@_as_json
def migrate(as_json: bool) -> None:
    with errors_told(as_json=as_json):
        config = read_config()
        keys_are_new = prepare_folder(config)
        set_up_django()
        from portal.server import health  # noqa: PLC0415 - needs Django set up

        health.migrate()
        if as_json:
            print_json({"data_dir": str(config.data_dir), "keys_are_new": keys_are_new})
            return
        click.echo(f"Le portail est prêt dans {config.data_dir}.")
        if keys_are_new:
            click.echo(f"Ses clés sont dans {config.keys_file}.")
            click.echo("Gardez-en une copie ailleurs\u00a0: sans elles, rien de la base ne s’ouvre.")


@command.command(help="Fait tourner le portail jusqu’à Ctrl+C.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Adresse d’écoute.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port d’écoute.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Nombre de processus.")
def serve(host: str, port: int, workers: int) -> None:
    with errors_told(as_json=False):
        shown_host = f"[{host}]" if ":" in host else host
        address = f"http://{shown_host}:{port}"
        # Without a public address the portal is for trying out here, and its links must lead here.
        os.environ.setdefault("WEBORTHO_ORIGIN", address)
        config = _ready()
        from portal.server.health import require_usable_mail  # noqa: PLC0415 - needs Django set up
        from portal.server.serving import serve as run  # noqa: PLC0415 - granian, for this command alone

        require_usable_mail()

        if not config.is_loopback and urlsplit(config.origin).scheme != "https":
            click.echo(f"Attention\u00a0: l’adresse {config.origin} n’est pas sécurisée (https://).", err=True)
        run(host, port, workers, lambda: click.echo(f"Le portail écoute sur {address} (Ctrl+C l’arrête)."))
        click.echo("Le portail est arrêté.")


@command.command("create-cabinet", help="Crée un cabinet\u00a0: son identifiant, que les patients tapent, et son nom.")
@_code
@click.argument("name", metavar="NOM")
@click.option("--time-zone", default="Europe/Paris", show_default=True, help="Fuseau horaire des rendez-vous.")
@_as_json
def create_cabinet(code: str, name: str, time_zone: str, as_json: bool) -> None:
    with errors_told(as_json=as_json):
        _ready()
        from portal.server.cabinets import registry  # noqa: PLC0415 - needs Django set up

        cabinet = registry.create_cabinet(code, name, time_zone)
        if as_json:
            print_json(NewCabinet(cabinet.code, cabinet.name, cabinet.time_zone))
            return
        click.echo(
            f"Le cabinet «\u00a0{cabinet.name}\u00a0» est créé. "
            f"Ses patients tapent l’identifiant «\u00a0{cabinet.code}\u00a0»."
        )
        click.echo(f"Donnez l’accès à ses postes avec «\u00a0webortho portal enrol {cabinet.code} --role …\u00a0».")


@command.command(help="Donne un code d’enrôlement, à taper une fois sur un poste du cabinet.")
@_code
@click.option("--role", required=True, type=click.Choice([r.value for r in Role]), help="Ce que le poste pourra faire.")
@_as_json
def enrol(code: str, role: str, as_json: bool) -> None:
    with errors_told(as_json=as_json):
        _ready()
        from portal.server.cabinets import registry  # noqa: PLC0415 - needs Django set up

        cabinet = registry.find_cabinet(code)
        one_time_code = registry.issue_code(cabinet, Role(role))
        if as_json:
            print_json(NewCode(one_time_code, cabinet.code, Role(role)))
            return
        click.echo(one_time_code)
        click.echo("À taper sur le poste du cabinet. Ce code sert une seule fois, pendant 48 heures.", err=True)


@command.command(help="Montre les postes d’un cabinet.")
@_code
@_as_json
def devices(code: str, as_json: bool) -> None:
    with errors_told(as_json=as_json):
        _ready()
        from portal.server.cabinets import registry  # noqa: PLC0415 - needs Django set up

        lines = [
            DeviceLine(
                d.pk,
                d.name,
                d.role,
                d.enrolled_at.isoformat(timespec="seconds"),
                d.last_seen_at.isoformat(timespec="seconds") if d.last_seen_at else None,
                d.revoked_at is not None,
            )
            for d in registry.devices_of(registry.find_cabinet(code))
        ]
        if as_json:
            print_json({"devices": lines})
            return
        if not lines:
            click.echo("Ce cabinet n’a pas encore de poste.")
        for line in lines:
            state = "accès retiré" if line.is_revoked else f"vu le {line.last_seen_at or 'jamais'}"
            click.echo(f"{line.id}\t{line.role}\t{line.name}\t{state}")


@command.command(help="Retire l’accès d’un poste, dès sa prochaine demande.")
@_code
@click.argument("device", metavar="POSTE", type=int)
@_as_json
def revoke(code: str, device: int, as_json: bool) -> None:
    with errors_told(as_json=as_json):
        _ready()
        from portal.server.cabinets import registry  # noqa: PLC0415 - needs Django set up

        revoked = registry.revoke(registry.find_cabinet(code), device)
        if as_json:
            print_json({"id": revoked.pk, "is_revoked": True})
            return
        click.echo(f"Le poste «\u00a0{revoked.name}\u00a0» n’a plus accès au portail.")


@command.command("rotate-keys", help="Scelle tout avec une nouvelle clé. Peut être interrompu et repris.")
@click.option("--finish", is_flag=True, help="Une heure plus tard\u00a0: oublie les anciennes clés.")
@_as_json
def rotate_keys(finish: bool, as_json: bool) -> None:
    with errors_told(as_json=as_json):
        config = _ready()
        from portal.server import rotation  # noqa: PLC0415 - needs Django set up

        if finish:
            done = rotation.finish(config.keys_file)
        else:
            rotation.begin(config.keys_file)
            done = rotation.reseal(lambda table: click.echo(f"{table}…", err=True))
        if as_json:
            print_json(Rotated(done.rows, done.broken, finish))
        elif finish:
            click.echo("Les anciennes clés sont oubliées. Faites une nouvelle sauvegarde.")
        else:
            click.echo(f"Valeurs scellées avec la nouvelle clé\u00a0: {done.rows}. Faites une nouvelle sauvegarde.")
            click.echo("Dans une heure, terminez avec «\u00a0webortho portal rotate-keys --finish\u00a0».")
        if done.broken:
            click.echo(f"Valeurs qui ne s’ouvrent avec aucune clé\u00a0: {done.broken}.", err=True)
            sys.exit(SOMETHING_WRONG)


@command.command(help="Copie la base de données et les clés dans un nouveau dossier.")
@click.argument("folder", metavar="DOSSIER", type=FILE)
@_as_json
def backup(folder: Path, as_json: bool) -> None:
    with errors_told(as_json=as_json):
        database, keys = backups.save(read_config(), folder)
        if as_json:
            print_json(BackedUp(str(database), str(keys)))
            return
        click.echo(f"Base de données\u00a0: {database}")
        click.echo(f"Clés\u00a0: {keys}")
        click.echo(
            "Gardez les clés ailleurs que la base\u00a0: qui a les deux lit tout, "
            "et sans les clés la base ne s’ouvre pas."
        )


@command.command(help="Reprend une sauvegarde dans une installation vide.")
@click.argument("folder", metavar="DOSSIER", type=click.Path(path_type=Path, exists=True, file_okay=False))
@_as_json
def restore(folder: Path, as_json: bool) -> None:
    with errors_told(as_json=as_json):
        config = read_config()
        backups.restore(config, folder)
        set_up_django()
        from portal.server import health  # noqa: PLC0415 - needs Django set up

        health.migrate()
        if as_json:
            print_json({"data_dir": str(config.data_dir)})
            return
        click.echo(f"La sauvegarde est restaurée dans {config.data_dir}. Ses clés ouvrent sa base de données.")


@command.command(help="Dit si l’installation va bien.")
@_as_json
def check(as_json: bool) -> None:
    with errors_told(as_json=as_json):
        set_up_django()
        from portal.server import health  # noqa: PLC0415 - needs Django set up

        findings = health.findings()
        if as_json:
            print_json({"findings": [FindingLine(f.name, f.is_well, f.sentence) for f in findings]})
        for finding in () if as_json else findings:
            click.echo(f"{'Bien' if finding.is_well else 'À voir'}\u00a0: {finding.sentence}")
        if not all(finding.is_well for finding in findings):
            sys.exit(SOMETHING_WRONG)

"""`webortho sync schedule install | remove | status`: the nightly task of this computer."""

import datetime as dt
from pathlib import Path

import click

from cabinet.errors import WebOrthoError
from cabinet.sources.location import Location
from cli.output import errors_told
from cli.paths import FILE
from sync.config import SecretKind, SyncConfig, default_config_file, read_config
from sync.errors import ConfigError
from sync.schedule.installing import scheduler
from sync.schedule.task import next_run, nightly_task
from sync.told import tell_plan

CONFIG = click.option(
    "--config",
    "config_file",
    type=FILE,
    help="Fichier de configuration, s’il n’est pas à sa place.",
)


@click.group("schedule")
def command() -> None:
    """Planifie la synchronisation de chaque soir sur ce poste."""


@command.command()
@CONFIG
@click.option(
    "--at", "at", type=click.DateTime(["%H:%M"]), help="Heure de chaque soir (défaut\u00a0: celle du cabinet)."
)
def install(*, config_file: Path | None, at: dt.datetime | None) -> None:
    """Installe la tâche de chaque soir, ou la remplace. Une soirée manquée est rattrapée au démarrage du poste.

    Le portail écrit au cabinet quand une soirée n’est pas venue. Un jour de la semaine où le poste reste éteint, comme
    le samedi, n’est plus attendu après deux semaines.
    """
    with errors_told(as_json=False):
        path = config_file or default_config_file()
        config = read_config(path)
        if not config.source:
            raise ConfigError(
                "La configuration ne dit pas où est l’export du cabinet\u00a0: rien ne serait publié.",
                "Indiquez-le dans les Réglages de l’application, ou avec «\u00a0source\u00a0» dans le fichier.",
            )
        if not Location(config.source).is_address and not (path.parent / config.source).exists():
            click.echo(f"Attention\u00a0: {path.parent / config.source} n’existe pas pour l’instant.", err=True)
        unattended = config.secrets is SecretKind.FILE
        task = nightly_task(config.cabinet, path, at.time() if at else None, unattended=unattended)
        here = scheduler()
        here.install(task)
        _tell_portal(config, path.parent, task.at)
        click.echo(f"Chaque soir à {_clock(task.at)}, ce poste lancera\u00a0: {' '.join(task.nightly)}")
        if not unattended:
            click.echo(
                "Ce poste garde ses secrets dans le trousseau de votre session\u00a0: laissez-la ouverte le soir."
            )
        click.echo(f"Planificateur\u00a0: {here.name}. Prochaine synchronisation\u00a0: {_next(task.at)}.")


@command.command()
@CONFIG
def remove(*, config_file: Path | None) -> None:
    """Retire la tâche de chaque soir."""
    with errors_told(as_json=False):
        path = config_file or default_config_file()
        config = read_config(path)
        gone = scheduler().remove(config.cabinet)
        _tell_portal(config, path.parent, None)
        click.echo("La tâche de chaque soir est retirée." if gone else "Aucune tâche n’était installée.")


@command.command()
@CONFIG
def status(*, config_file: Path | None) -> None:
    """Dit si la tâche de chaque soir est installée, et quand elle passera."""
    with errors_told(as_json=False):
        config = read_config(config_file or default_config_file())
        found = scheduler().installed(config.cabinet)
        if found.at is None:
            click.echo(f"Aucune tâche n’est installée ({found.scheduler}).")
        else:
            click.echo(f"Chaque soir à {_clock(found.at)} ({found.scheduler}). Prochaine\u00a0: {_next(found.at)}.")


def _tell_portal(config: SyncConfig, base: Path, at: dt.time | None) -> None:
    """So that it writes to the cabinet when an evening does not come; the task itself does not depend on it."""
    try:
        tell_plan(config, base, at)
    except WebOrthoError as error:
        click.echo(f"Attention\u00a0: le portail n’en est pas prévenu. {error.what}", err=True)


def _clock(at: dt.time) -> str:
    return f"{at:%Hh%M}"


def _next(at: dt.time) -> str:
    # The computer's own clock: its scheduler goes by it.
    return f"{next_run(at, dt.datetime.now()):%d/%m/%Y à %Hh%M}"  # noqa: DTZ005 - as above

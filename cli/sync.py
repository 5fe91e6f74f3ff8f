"""`webortho sync` as a person writes it: every option that a run knows. `cli.sync_run` does it."""

import sys
from typing import Any

import click

from cabinet.errors import WebOrthoError
from cli.lazy import LazyGroup
from cli.paths import FILE, NAME
from cli.source import SourceType
from cli.sync_run import SyncOptions, carry_out

LATER = {"enrol": "cli.sync_enrol", "schedule": "cli.sync_schedule", "source-password": "cli.sync_password"}
"""Subcommands that no night needs."""


@click.group(cls=LazyGroup, later=LATER, invoke_without_command=True)
@click.option("--config", "config_file", type=FILE, help="Fichier de configuration de ce poste.")
@click.option("--source", type=SourceType(), help="Dossier de l’export, à la place de celui de la configuration.")
@click.option("--mapping", type=FILE, help="Fichier de mapping, à la place de celui de la configuration.")
@click.option("--portal", type=NAME, help="Adresse du portail, à la place de celle de la configuration.")
@click.option("--cabinet", type=NAME, help="Identifiant de cabinet, à la place de celui de la configuration.")
@click.option("--secrets-file", type=FILE, help="Fichier de secrets d’un service sans trousseau de clés.")
@click.option("--state-dir", type=FILE, help="Dossier du journal de ce poste.")
@click.option("--dry-run", is_flag=True, help="Montre ce qui serait publié, sans rien changer.")
@click.option(
    "--explain",
    type=NAME,
    metavar="NUMÉRO",
    help="Dit pourquoi un patient est ou n’est pas publié, sans rien changer.",
)
@click.option("--confirm-withdrawals", is_flag=True, help="Confirme le retrait de nombreux patients (praticien).")
@click.option(
    "--confirm-losses", is_flag=True, help="Publie cette fois un export qui a beaucoup perdu ou changé (praticien)."
)
@click.option(
    "--confirm-reused",
    type=NAME,
    multiple=True,
    metavar="NUMÉROS",
    help="Confirme que ces numéros, séparés par des virgules, sont ceux de nouveaux patients (praticien).",
)
@click.option("--if-due", is_flag=True, help="Ne fait rien si une synchronisation a réussi depuis moins de 20 heures.")
@click.option(
    "--if-asked",
    is_flag=True,
    help="Ne fait rien, sauf si un autre poste du cabinet l’a demandé ou si le dernier soir est à retenter.",
)
@click.option("--planned", is_flag=True, help="Dit que le planificateur de ce poste lance cette synchronisation.")
@click.option("--json", "as_json", is_flag=True, help="Écrit un seul objet JSON sur la sortie standard.")
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:
    """Lit l’export du cabinet et publie sur le portail ce qui a changé.

    Codes de sortie : 0 terminé ; 1 refusé ou retenu par une protection ; 2 export illisible ; 3 portail injoignable
    ou refus du portail ; 4 autre ; 130 interrompu.
    """
    if context.invoked_subcommand is None:
        sys.exit(carry_out(SyncOptions(**options)))
    _require_none(context, context.invoked_subcommand)


def _require_none(context: click.Context, subcommand: str) -> None:
    """Raise `WebOrthoError` for an option before a subcommand, which would take another configuration than that."""
    for option in context.command.params:
        if context.get_parameter_source(option.name or "") is click.core.ParameterSource.COMMANDLINE:
            raise WebOrthoError(
                f"L’option {option.opts[0]} est placée avant «\u00a0{subcommand}\u00a0», qui n’en tient pas compte.",
                f"Écrivez-la après, comme le dit «\u00a0webortho sync {subcommand} --help\u00a0».",
            )

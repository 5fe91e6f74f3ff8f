"""`webortho`: finds the subcommand, runs it, and turns what a person can act on into sentences and an exit code."""

import gc
import sys
from importlib import import_module

import click

from cli.french_help import speak_french
from cli.output import Stopped, errors_told, make_ready
from cli.usage import usage_error

COMMANDS = {
    "check": "Lit un export et dit ce qu’il contient, problèmes compris.",
    "demo": "Joue tout le parcours sur un cabinet de démonstration.",
    "mapping": "Reconnaît les colonnes d’un export, et en écrit un premier mapping.",
    "merge": "Fusionne lettres, cartes, étiquettes, e-mails et SMS dans des fichiers.",
    "portal": "Installe et fait tourner le portail hébergé.",
    "sync": "Publie sur le portail ce qui a changé.",
}
"""Name of the module in this package and of its `command` -> the line of help, shown without importing it."""


class LazyCommands(click.Group):
    """Imports a subcommand's module only when it is called: `webortho check` starts without Django or HTTP."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        # Modules are no garbage: looking for some while they load, and ever after, costs a start a sixth of its time.
        gc.disable()
        command = import_module(f"cli.{cmd_name}").command
        gc.freeze()
        gc.enable()
        assert isinstance(command, click.Command)  # noqa: S101 - a house rule, not input
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commandes"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(cls=LazyCommands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def webortho(ctx: click.Context) -> int | None:
    """WebOrtho : les patients d’un cabinet d’orthodontie consultent leur dossier en ligne.

    Sans commande, ouvre l’application.
    """
    if ctx.invoked_subcommand is not None:
        return None
    code = import_module("cli.desktop").start()
    assert isinstance(code, int)  # noqa: S101 - a house rule, not input
    return code


def main() -> None:
    """Exit codes: 0 done, 4 a wrong command line, 130 stopped by Ctrl+C; the others are each subcommand's own."""
    if getattr(sys, "frozen", False):
        # A bundle has no Python to start: its program is started anew for what must not fall with it (.xls workbooks).
        from multiprocessing.spawn import freeze_support  # noqa: PLC0415 - no other start needs it

        freeze_support()
    make_ready()
    speak_french()
    as_json = "--json" in sys.argv
    with errors_told(as_json=as_json):
        try:
            exit_code = webortho(prog_name="webortho", standalone_mode=False)
        except click.Abort:
            raise Stopped from None
        except click.ClickException as error:
            raise usage_error(error) from error
    sys.exit(exit_code)

"""What is wrong with a command line, as French sentences: click's own are English."""

import sys
from collections.abc import Iterator
from itertools import takewhile

import click

from cabinet.errors import WebOrthoError
from cli.paths import EMPTY

QUOTED = "«\u00a0{}\u00a0»"
_MOMENTS = {
    "%H:%M": "une heure de 00:00 à 23:59, comme 20:15",
    "%Y-%m-%d": "un jour, comme 2026-11-24",
}
"""Forms of moments that options take -> what a person has to write."""


def usage_error(error: click.ClickException) -> WebOrthoError:
    """The same error as a person reads it, with the help to look at."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else " ".join(("webortho", *_commands()))
    return WebOrthoError(_what(error), f"Voyez {QUOTED.format(f'{path} --help')}.")


def _commands() -> Iterator[str]:
    """Those that are called, where click does not say in which of them it stumbled."""
    return takewhile(lambda word: not word.startswith("-"), sys.argv[1:])


def _what(error: click.ClickException) -> str:
    match error:
        case click.exceptions.NoArgsIsHelpError():
            return "Il manque la commande à lancer."
        case click.NoSuchOption():
            return f"L’option {error.option_name} n’existe pas.{_suggestion(error.possibilities)}"
        case click.MissingParameter(param=click.Parameter() as missing):
            return f"Il manque {_named(missing)}."
        case click.BadParameter(param=click.Parameter() as wrong):
            why = "est vide" if error.message == EMPTY else f"ne convient pas{_wanted(wrong.type)}"
            return f"La valeur donnée pour {_named(wrong)} {why}."
        case click.BadOptionUsage():
            return f"L’option {error.option_name} n’est pas employée comme il faut."
        case _:
            return "Cette commande n’existe pas, ou contient quelque chose de trop."


def _named(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        return f"l’option {parameter.opts[0]}"
    return f"l’argument {parameter.human_readable_name}"


def _wanted(kind: object) -> str:
    if not isinstance(kind, click.DateTime):
        return ""
    return f"\u00a0: il faut {' ou '.join(map(_MOMENTS.__getitem__, kind.formats))}"


def _suggestion(possibilities: list[str] | None) -> str:
    return f" Vouliez-vous dire {possibilities[0]}\u00a0?" if possibilities else ""

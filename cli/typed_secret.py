"""What the subcommands of `webortho sync` have in common."""

import sys

import click


def asked(prompt: str) -> str:
    """A secret: typed unseen, or read from standard input. It is never an argument."""
    if sys.stdin.isatty():
        return str(click.prompt(prompt, default="", show_default=False, hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")

"""How a command line is told a secret: typed unseen, or piped. It is never an argument, which others could read."""

import sys

import click


def typed_unseen(prompt: str) -> str:
    """What a person types on the terminal; empty where they type nothing, or there is none to type on."""
    if sys.stdin is None or not sys.stdin.isatty():
        return ""
    return str(click.prompt(prompt, default="", show_default=False, hide_input=True, err=True))


def typed_or_piped(prompt: str) -> str:
    """What a person types on the terminal; elsewhere the first line of standard input."""
    if sys.stdin is None or sys.stdin.isatty():
        return typed_unseen(prompt)
    return sys.stdin.readline().rstrip("\r\n")

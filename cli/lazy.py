"""A group of subcommands, some of which are imported only when they are called."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    def __init__(self, *args: Any, later: Mapping[str, str], **options: Any) -> None:
        """`later`: name -> module that has it as `command`."""
        super().__init__(*args, **options)
        self._later = later

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self._later})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._later:
            return super().get_command(ctx, cmd_name)
        command = import_module(self._later[cmd_name]).command
        assert isinstance(command, click.Command)  # noqa: S101 - a house rule, not input
        return command

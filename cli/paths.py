"""A path as a command line names it: an empty one, of a variable that a script forgot to set, names nothing."""

from os import PathLike
from pathlib import Path

import click

EMPTY = "empty"
"""`cli.usage` says it in French."""


class _NamedPath(click.Path[Path]):
    def convert(self, value: str | PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Left alone, "" would be the working folder."""
        if not str(value):
            self.fail(EMPTY, param, ctx)
        return super().convert(value, param, ctx)


FILE = _NamedPath(path_type=Path)

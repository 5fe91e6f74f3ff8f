"""What a command line names: an empty path or name, of a variable that a script forgot to set, names nothing."""

from os import PathLike
from pathlib import Path

import click

EMPTY = "empty"
"""`cli.usage` says it in French."""


class _Name(click.ParamType[str]):
    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Left alone, "" would be what is configured."""
        if not value.strip():
            self.fail(EMPTY, param, ctx)
        return value


class _NamedPath(click.Path[Path]):
    def convert(self, value: str | PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Left alone, "" would be the working folder."""
        if not str(value):
            self.fail(EMPTY, param, ctx)
        return super().convert(value, param, ctx)


FILE = _NamedPath(path_type=Path)
NAME = _Name()

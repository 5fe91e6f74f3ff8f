"""What the subcommands of `webortho sync` have in common."""

import sys
from pathlib import Path

import click
import msgspec

from cabinet.sources.location import Location
from sync.config import SecretKind, SyncConfig

FILE = click.Path(path_type=Path)


def overridden(
    config: SyncConfig,
    *,
    portal: str | None,
    cabinet: str | None,
    source: Location | None,
    mapping: Path | None,
    secrets_file: Path | None,
) -> SyncConfig:
    """The configuration with what the command line says instead; its paths start from the working folder."""
    return msgspec.structs.replace(
        config,
        portal=portal or config.portal,
        cabinet=cabinet or config.cabinet,
        source=source.text if source else config.source,
        mapping=str(mapping.absolute()) if mapping else config.mapping,
        secrets=SecretKind.FILE if secrets_file else config.secrets,
        secrets_file=str(secrets_file.absolute()) if secrets_file else config.secrets_file,
    )


def asked(prompt: str) -> str:
    """A secret: typed unseen, or read from standard input. It is never an argument."""
    if sys.stdin.isatty():
        return str(click.prompt(prompt, default="", show_default=False, hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")

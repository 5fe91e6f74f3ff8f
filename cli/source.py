"""`--source`: a folder, a workbook or a database's address, whose password is asked and never an argument."""

import os
from pathlib import Path

import click

from cabinet.sources.location import Location
from cli.paths import EMPTY
from cli.typed_secret import typed_unseen

PASSWORD_VARIABLE = "WEBORTHO_SOURCE_PASSWORD"  # noqa: S105 - a name
HELP = "Dossier de l’export, classeur, ou adresse d’une base (postgresql://lecture@serveur/base)."


class SourceType(click.ParamType[Location]):
    """A path is made absolute from the working folder; an address is kept as it is."""

    name = "source"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Location:
        if isinstance(value, Location):
            return value
        if not value:
            self.fail(EMPTY, param, ctx)
        location = Location(str(value))
        return location if location.is_address else Location(str(Path(location.text).absolute()))


def with_password(location: Location) -> Location:
    """The same source with its password: from the environment, or asked on a terminal."""
    if not location.is_database or location.password:
        return location
    password = os.environ.get(PASSWORD_VARIABLE) or typed_unseen("Mot de passe de la base (Entrée\u00a0: aucun)")
    return Location(location.text, password)

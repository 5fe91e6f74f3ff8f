"""What all databases have in common: a mapping's query, and how long one waits for its answer."""

import re
from collections.abc import Sequence

from cabinet.errors import MappingError

CONNECT_SECONDS = 15
ANSWER_SECONDS = 120
"""A server that hangs longer on one query is reported instead of waited for."""
ROWS_AT_ONCE = 5000
_READS = re.compile(r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*(?:select|with)\b", re.IGNORECASE | re.DOTALL)


def query_of(name: str, query: str) -> str:
    """A mapping's query for the table that it calls `name`, without its end sign. Raise `MappingError`.

    Only one statement: what follows a SELECT could write.
    """
    if query and not _READS.match(query):
        raise MappingError(
            f"La requête de «\u00a0{name}\u00a0» ne commence ni par SELECT ni par WITH.",
            "WebOrtho lit la base et n’y écrit jamais\u00a0: corrigez la requête dans le mapping.",
        )
    statement = query.strip().rstrip(";").rstrip()
    if ";" in statement:
        raise MappingError(
            f"La requête de «\u00a0{name}\u00a0» contient un point-virgule\u00a0: elle ferait plusieurs choses.",
            "Écrivez une seule requête. Pour un point-virgule dans un texte, employez CHR(59) ou CHAR(59).",
        )
    return statement


def named_once(file: str) -> Sequence[str]:
    """The one table that a mapping's `file` means in a database. Raise `MappingError` for a pattern."""
    if "*" in file:
        raise MappingError(
            f"Le mapping donne «\u00a0{file}\u00a0» pour une base de données, où une table a un seul nom.",
            "Écrivez le nom de la table, ou réunissez plusieurs tables dans une requête («\u00a0query\u00a0»).",
        )
    return (file,)

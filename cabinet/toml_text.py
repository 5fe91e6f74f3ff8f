"""TOML that people write: read, or refused with its place."""

import re
import tomllib
from typing import Any


class NotToml(ValueError):
    """`where` is « , ligne 3, colonne 5 », or "" where the fault has no place: at the end, or everywhere."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


def read_toml(text: str) -> dict[str, Any]:
    """Raise `NotToml`."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits, and lists in lists in lists
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        raise NotToml(f", ligne {place[1]}, colonne {place[2]}" if place else "") from error

"""`webortho sync` that says no more than a schedule does: known without the library that reads command lines.

Loading that library takes as long as reading a hundred patients, and a computer that answers the cabinet's others looks
every few minutes whether it is asked. All else, and whatever is wrong, is `cli.sync`'s to understand.
"""

from pathlib import Path
from typing import Any

_VALUES = {"--config": "config_file", "--secrets-file": "secrets_file", "--state-dir": "state_dir"}
_FLAGS = {"--if-asked": "if_asked", "--if-due": "if_due", "--json": "as_json", "--planned": "planned"}
"""Option -> field of `cli.sync_run.SyncOptions`."""


def plain_options(arguments: list[str]) -> dict[str, Any] | None:
    """Fields of `cli.sync_run.SyncOptions` that the program's arguments set; None where they are not of these few."""
    if arguments[:1] != ["sync"]:
        return None
    options: dict[str, Any] = {}
    words = iter(arguments[1:])
    for word in words:
        if word in _FLAGS:
            options[_FLAGS[word]] = True
        elif word in _VALUES and (value := next(words, "")) and not value.startswith("-"):
            options[_VALUES[word]] = Path(value)
        else:
            return None
    return options

"""Where a cabinet's data are, as a configuration says it; nothing is opened here."""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Location:
    """A source, not yet opened. Its password, if any, shows in no `repr`."""

    text: str
    """A path, or a database's address without its password."""
    password: str = ""

    def __repr__(self) -> str:
        return f"Location({self.text!r})"

    @property
    def is_database(self) -> bool:
        """Whether it is an address like `postgresql://…` and no path."""
        return re.match(r"[a-z][a-z0-9]*(?:\+[a-z0-9]+)?://", self.text) is not None

    @property
    def photo_folder(self) -> Path | None:
        """Where photos are looked for unless the mapping names a folder; a database has none."""
        if self.is_database:
            return None
        path = Path(self.text)
        return path if path.is_dir() else path.parent

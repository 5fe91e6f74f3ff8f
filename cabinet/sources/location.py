"""Where a cabinet's data are, as a configuration says it; nothing is opened here."""

import re
from pathlib import Path, PurePath

import msgspec

ACCESS_FILES = frozenset({".mdb", ".accdb"})


class Location(msgspec.Struct, frozen=True):
    """A source, not yet opened. Its password, if any, shows in no `repr`."""

    text: str
    """A path, or a database's address without its password."""
    password: str = ""

    def __repr__(self) -> str:
        return f"Location({self.text!r})"

    @property
    def is_address(self) -> bool:
        """Whether it is a database's address like `postgresql://…` and no path."""
        return re.match(r"[a-z][a-z0-9]*(?:\+[a-z0-9]+)?://", self.text) is not None

    @property
    def is_database(self) -> bool:
        """Whether it may need a password: an address, or the file of an Access database."""
        return self.is_address or PurePath(self.text).suffix.casefold() in ACCESS_FILES

    @property
    def photo_folder(self) -> Path | None:
        """Where photos are looked for unless the mapping names a folder; a database has none."""
        if self.is_address:
            return None
        path = Path(self.text)
        return path if path.is_dir() else path.parent

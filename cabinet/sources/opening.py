"""Where a cabinet's data are -> the source that reads them: a folder, a workbook, or a database's address."""

from dataclasses import dataclass
from pathlib import Path

from cabinet.errors import SourceError
from cabinet.sources import Source
from cabinet.sources.csv_folder import CsvFolder


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
        return "://" in self.text

    @property
    def photo_folder(self) -> Path | None:
        """Where photos are looked for unless the mapping names a folder; a database has none."""
        if self.is_database:
            return None
        path = Path(self.text)
        return path if path.is_dir() else path.parent


def open_source(location: Location) -> Source:
    """Raise `SourceError` where nothing can be read there."""
    # Each form's library is imported where it is met: most cabinets have one, and it starts quicker without the others.
    if location.is_database:
        from cabinet.sources.database import Database  # noqa: PLC0415

        return Database(location.text, location.password)
    path = Path(location.text)
    from cabinet.sources.workbook import SUFFIXES, Workbook  # noqa: PLC0415

    if path.suffix.casefold() in SUFFIXES and not path.is_dir():
        return Workbook(path)
    if path.is_file():
        raise SourceError(
            f"La source {path} est un fichier, et ce n’est pas un classeur.",
            "Donnez le dossier qui contient les fichiers CSV, ou un classeur .xlsx, .xls ou .ods.",
        )
    return CsvFolder(path)

"""Where a cabinet's data are -> the source that reads them: a folder, a workbook, or a database's address."""

from pathlib import Path

from cabinet.errors import SourceError
from cabinet.sources import Source
from cabinet.sources.csv_folder import CsvFolder
from cabinet.sources.location import Location
from cabinet.sources.settled import absent

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})


def open_source(location: Location) -> Source:
    """Raise `SourceError` where nothing can be read there."""
    path = Path(location.text)
    if location.is_database and (not location.is_address or location.text.startswith("odbc://")):
        from cabinet.sources.odbc import ACCESS, SCHEME, OdbcDatabase  # noqa: PLC0415 - most cabinets have none

        if not location.is_address and not path.is_file():
            what = f"La base {path} n’existe pas."
            raise absent(path, what, "Vérifiez le chemin, et que le partage est accessible.")
        return OdbcDatabase(location.text if location.is_address else f"{SCHEME}{ACCESS}{path}", location.password)
    if location.is_database:
        from cabinet.sources.database import Database  # noqa: PLC0415 - most cabinets have none

        return Database(location.text, location.password)
    if path.suffix.casefold() in WORKBOOKS and not path.is_dir():
        from cabinet.sources.workbook import Workbook  # noqa: PLC0415 - most cabinets have none

        return Workbook(path)
    if path.is_file():
        raise SourceError(
            f"La source {path} est un fichier, et ce n’est pas un classeur.",
            "Donnez le dossier qui contient les fichiers CSV, ou un classeur .xlsx, .xls ou .ods.",
        )
    return CsvFolder(path)

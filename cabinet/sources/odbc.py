"""A database that only an ODBC driver reads (Access, HyperFile, SQL Anywhere): one connection, one query a table.

The address is `odbc://` and a data source's name (`odbc://Cabinet`), or a whole connection string
(`odbc://Driver={Microsoft Access Driver (*.mdb, *.accdb)};DBQ=C:\\Cabinet\\base.accdb`).
"""

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import TYPE_CHECKING

from cabinet.errors import SourceError
from cabinet.sources.queries import ANSWER_SECONDS, CONNECT_SECONDS, ROWS_AT_ONCE, named_once, query_of
from cabinet.sources.typed import as_text
from cabinet.sources.unreachable import unreachable

if TYPE_CHECKING:
    import pyodbc

SCHEME = "odbc://"
ACCESS = "Driver={Microsoft Access Driver (*.mdb, *.accdb)};DBQ="
"""Windows has it with Office, or with Microsoft's « Access Database Engine »."""
_PASSWORD = re.compile(r"(?:^|;)\s*(?:pwd|password)\s*=", re.IGNORECASE)
_NO_DRIVER = ("IM002", "IM003", "01000")
"""ODBC's states (ISO/IEC 9075-3): no such data source or driver, a driver that cannot be loaded."""
_ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
"""Standard SQL (ISO/IEC 9075-2); a database that does not know it reads all the same."""
_SYSTEM_SCHEMAS = frozenset({"information_schema", "pg_catalog", "sys", "mysql", "performance_schema"})


class OdbcDatabase:
    """Implements `cabinet.sources.Source`: a table's rows are its query's, or all of the table of its name."""

    is_typed = True

    def __init__(self, address: str, password: str = "") -> None:
        """`password` stands in no file: it comes from the secret store. Raise `SourceError`."""
        text = address.removeprefix(SCHEME)
        if _PASSWORD.search(text):
            raise SourceError(
                "L’adresse de la base de données contient un mot de passe.",
                "Retirez-le\u00a0: WebOrtho le garde dans le trousseau de ce poste.",
            )
        try:
            import pyodbc  # noqa: PLC0415 - few cabinets have it
        except ImportError as error:
            raise SourceError(
                "Cette base de données se lit par ODBC, et ce poste n’a pas encore ce qu’il faut.",
                "Faites installer «\u00a0webortho[odbc]\u00a0» et le pilote ODBC de la base par votre informaticien.",
            ) from error
        self._odbc = pyodbc
        self._shown = f"{SCHEME}{text}"
        self._open: OdbcTable | None = None
        try:
            self._connection = _connected(pyodbc, text, password)
        except pyodbc.Error as error:
            raise self._unreachable(error) from None

    def tables(self) -> Sequence[str]:
        self._give_up()
        try:
            with contextlib.closing(self._connection.cursor()) as cursor:
                found = [
                    str(name)
                    for _, schema, name, kind, *_ in cursor.tables()
                    if (kind or "").upper() in ("TABLE", "VIEW") and (schema or "").casefold() not in _SYSTEM_SCHEMAS
                ]
        except self._odbc.Error as error:
            raise self._unreachable(error) from None
        return sorted(set(found))

    def names(self, file: str) -> Sequence[str]:
        return named_once(file)

    def table(self, name: str, *, query: str = "", encoding: str = "", delimiter: str = "") -> "OdbcTable":  # noqa: ARG002 - Protocol
        name = name.removesuffix(".csv")
        statement = query_of(name, query) or f"SELECT * FROM {self._quoted(name)}"  # noqa: S608 - the mapping's own name, quoted
        self._give_up()
        cursor = self._connection.cursor()
        try:
            cursor.execute(statement)
        except self._odbc.Error as error:
            cursor.close()
            raise SourceError(
                f"La base de données refuse la requête de «\u00a0{name}\u00a0» ({_said(error)}).",
                "Corrigez-la dans le mapping, ou donnez à ce compte le droit de lire ces tables.",
            ) from None
        self._open = OdbcTable(name, cursor, self._odbc.Error, self._unreachable)
        return self._open

    def require_settled(self) -> None:
        """A database shows one moment, or each of its tables as it stands."""

    def close(self) -> None:
        self._give_up()
        with contextlib.suppress(self._odbc.Error):
            if not self._connection.autocommit:
                self._connection.rollback()
            self._connection.close()

    def _give_up(self) -> None:
        """Some drivers answer nothing else before an answer was read or given up."""
        if self._open:
            self._open.close()
            self._open = None

    def _quoted(self, name: str) -> str:
        sign = self._connection.getinfo(self._odbc.SQL_IDENTIFIER_QUOTE_CHAR).strip()
        if not sign:
            return name
        return ".".join(f"{sign}{part.replace(sign, sign * 2)}{sign}" for part in name.split("."))

    def _unreachable(self, error: Exception) -> SourceError:
        if error.args and error.args[0] in _NO_DRIVER:
            return SourceError(
                f"Le pilote ou la source ODBC de {self._shown} n’est pas installé sur ce poste.",
                "Vérifiez le nom dans «\u00a0Sources de données ODBC (64 bits)\u00a0», ou faites installer le pilote.",
            )
        return unreachable(self._shown, error, _said(error))


class OdbcTable:
    """Implements `cabinet.sources.Table` over the answer to one query, read as it comes."""

    encoding = ""
    delimiter = ""
    is_ended = True

    def __init__(
        self,
        name: str,
        cursor: "pyodbc.Cursor",
        broken: type[Exception],
        broken_off: Callable[[Exception], SourceError],
    ) -> None:
        self.name = name
        # SQLite's driver counts the end of a name as one of its letters.
        self.header = tuple(str(column[0]).rstrip("\0").strip() for column in cursor.description)
        self._cursor = cursor
        self._broken = broken
        self._broken_off = broken_off
        self._line = 1

    def rows(self) -> Iterator[list[str]]:
        try:
            while part := self._cursor.fetchmany(ROWS_AT_ONCE):
                for row in part:
                    self._line += 1
                    yield [as_text(cell) for cell in row]
        except self._broken as error:
            raise self._broken_off(error) from None

    def close(self) -> None:
        """What was not read is given up."""
        with contextlib.suppress(self._broken):
            self._cursor.close()

    def line_of(self, row: Sequence[str]) -> int:  # noqa: ARG002 - Protocol
        """As if the answer were a file with a header: the first row is line 2."""
        return self._line


def _connected(odbc: ModuleType, text: str, password: str) -> "pyodbc.Connection":
    """A connection that only reads, and that sees one moment where the driver knows transactions."""
    string = text if "=" in text else f"DSN={text}"
    if password:
        string = f"{string.rstrip(';')};PWD={{{password.replace('}', '}}')}}}"
    connection: pyodbc.Connection = odbc.connect(string, autocommit=True, readonly=True, timeout=CONNECT_SECONDS)
    with contextlib.suppress(odbc.Error):
        connection.timeout = ANSWER_SECONDS
    with contextlib.suppress(odbc.Error):
        # Never committed: nothing is written even by a driver that takes no notice of `readonly`.
        connection.autocommit = connection.getinfo(odbc.SQL_TXN_CAPABLE) == 0
    if not connection.autocommit:
        try:
            connection.execute(_ONE_MOMENT)
        except odbc.Error:
            connection.rollback()
    return connection


def _said(error: Exception) -> str:
    """What the driver itself said, in one line."""
    return str(error.args[-1] if error.args else error).strip().partition("\n")[0][:200]

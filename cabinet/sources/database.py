"""A database as a source, read only: one query a table, all of them at one moment where the database can do that."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import sqlalchemy
from sqlalchemy.engine import URL, Connection, CursorResult, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from cabinet.endless import EndlessFile, look_at
from cabinet.errors import SourceError
from cabinet.sources.queries import ANSWER_SECONDS, CONNECT_SECONDS, ROWS_AT_ONCE, named_once, query_of
from cabinet.sources.settled import unreadable
from cabinet.sources.typed import as_text
from cabinet.sources.unreachable import unreachable

_PASSWORDS = frozenset({"password", "passwd", "pwd", "sslpassword"})
_DRIVERS = {
    "mariadb": "mariadb+pymysql",
    "mysql": "mysql+pymysql",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
}
"""The drivers that WebOrtho installs; another one is named in the address (`mssql+pyodbc://…`)."""


class Database:
    """Implements `cabinet.sources.Source`: a table's rows are its query's, or all of the table or view of its name."""

    is_typed = True

    def __init__(self, address: str, password: str = "") -> None:
        """`password` stands in no file: it comes from the secret store. Raise `SourceError`.

        Errors show the address as it was given: it has no password, and names no driver that nobody chose.
        """
        url = _url(address, password)
        self._shown = address
        self._open: QueryTable | None = None
        try:
            self._engine = sqlalchemy.create_engine(url, connect_args=_connect_arguments(url), poolclass=NullPool)
            self._connection = self._opened()
        except (NoSuchModuleError, ModuleNotFoundError) as error:
            raise SourceError(
                f"Le pilote de la base de données {self._shown} n’est pas installé.",
                "Faites installer ce pilote par votre informaticien, ou vérifiez le début de l’adresse.",
            ) from error
        except SQLAlchemyError as error:
            raise self._unreachable(error) from None

    def tables(self) -> Sequence[str]:
        try:
            inspector = sqlalchemy.inspect(self._connection)
            return sorted({*inspector.get_table_names(), *inspector.get_view_names()})
        except SQLAlchemyError as error:
            raise self._unreachable(error) from None

    def names(self, file: str) -> Sequence[str]:
        return named_once(file)

    def table(self, name: str, *, query: str = "", encoding: str = "", delimiter: str = "") -> "QueryTable":  # noqa: ARG002 - Protocol
        name = name.removesuffix(".csv")
        if self._open:
            # Some servers answer nothing else before an answer was read or given up.
            self._open.close()
        statement = query_of(name, query) or f"SELECT * FROM {self._quoted(name)}"  # noqa: S608 - the mapping's own name, quoted
        try:
            # exec_driver_sql takes the text as it is: a colon or a percent sign in it stands for itself.
            escaped = statement.replace("%", "%%") if self._engine.dialect.paramstyle in ("format", "pyformat") else ""
            result = self._connection.execution_options(stream_results=True).exec_driver_sql(escaped or statement)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise self._unreachable(error) from None
            raise SourceError(
                f"La base de données refuse la requête de «\u00a0{name}\u00a0» ({_first_line(error)}).",
                "Corrigez-la dans le mapping, ou donnez à ce compte le droit de lire ces tables.",
            ) from None
        self._open = QueryTable(name, result, self._unreachable)
        return self._open

    def require_settled(self) -> None:
        """A database shows one moment, or each of its tables as it stands."""

    def close(self) -> None:
        if self._open:
            self._open.close()
        self._connection.close()
        self._engine.dispose()

    def _opened(self) -> Connection:
        """A connection that only reads and that sees one moment, as far as the database knows such things."""
        dialect = self._engine.dialect.name
        connection = self._engine.connect()
        if dialect == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{ANSWER_SECONDS}s'")
        elif dialect in ("mysql", "mariadb"):
            connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
            connection.commit()
            connection.exec_driver_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
        elif dialect == "sqlite":
            connection.exec_driver_sql("PRAGMA query_only = ON")
            connection.exec_driver_sql("BEGIN")
        return connection

    def _quoted(self, name: str) -> str:
        quote = self._engine.dialect.identifier_preparer.quote
        return ".".join(quote(part) for part in name.split("."))

    def _unreachable(self, error: SQLAlchemyError) -> SourceError:
        own = error.orig if isinstance(error, DBAPIError) else None
        return unreachable(self._shown, own, _first_line(error))


class QueryTable:
    """Implements `cabinet.sources.Table` over the answer to one query, read as it comes."""

    encoding = ""
    delimiter = ""
    is_ended = True

    def __init__(
        self, name: str, result: CursorResult[Any], broken_off: Callable[[SQLAlchemyError], SourceError]
    ) -> None:
        self.name = name
        self.header = tuple(str(column).strip() for column in result.keys())  # noqa: SIM118 - no dict
        self._result = result
        self._broken_off = broken_off
        self._line = 1

    def rows(self) -> Iterator[list[str]]:
        try:
            for part in self._result.partitions(ROWS_AT_ONCE):
                for row in part:
                    self._line += 1
                    yield [as_text(cell) for cell in row]
        except SQLAlchemyError as error:
            raise self._broken_off(error) from None

    def close(self) -> None:
        """What was not read is given up."""
        with suppress(SQLAlchemyError):
            self._result.close()

    def line_of(self, row: Sequence[str]) -> int:  # noqa: ARG002 - Protocol
        """As if the answer were a file with a header: the first row is line 2."""
        return self._line


def _url(address: str, password: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise SourceError(
            "L’adresse de la base de données n’est pas reconnue.",
            "Exemple\u00a0: postgresql://lecture@serveur:5432/cabinet",
        ) from error
    if url.password or _names_password(url):
        raise SourceError(
            "L’adresse de la base de données contient un mot de passe.",
            "Retirez-le\u00a0: WebOrtho le garde dans le trousseau de ce poste.",
        )
    if url.drivername == "sqlite" and url.database:
        _refuse_endless(Path(url.database))
        # Read only from the first byte: SQLite would make a file that is not there.
        url = url.set(database=f"file:{url.database}", query={"mode": "ro", "uri": "true"})
    return url.set(drivername=_DRIVERS.get(url.drivername, url.drivername), password=password or None)


def _refuse_endless(path: Path) -> None:
    """Raise `SourceError` for what SQLite would wait for; whatever else is wrong with a file, it says itself."""
    try:
        look_at(path)
    except EndlessFile as error:
        raise unreadable(path, error) from error
    except OSError:
        return


def _names_password(url: URL) -> bool:
    """Drivers also take one at the end of the address, or within ODBC's own text."""
    odbc = unquote_plus("".join(url.normalized_query.get("odbc_connect", ())))
    names = (*url.query, *(part.partition("=")[0] for part in odbc.split(";")))
    return any(name.strip().lower() in _PASSWORDS for name in names)


def _connect_arguments(url: URL) -> dict[str, Any]:
    if "pymysql" in url.drivername:
        return {"connect_timeout": CONNECT_SECONDS, "read_timeout": ANSWER_SECONDS}
    if "psycopg" in url.drivername:
        return {"connect_timeout": CONNECT_SECONDS}
    return {"timeout": CONNECT_SECONDS}


def _first_line(error: SQLAlchemyError) -> str:
    """What the database itself said, without SQL and without parameters."""
    said = str(error.orig) if isinstance(error, DBAPIError) and error.orig else type(error).__name__
    return said.strip().partition("\n")[0][:200]

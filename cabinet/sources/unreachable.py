"""A database that cannot be read: whether another try helps, or what stands in the settings has to change."""

import re

from cabinet.errors import SourceError, SourceNotReady

_AWAY = re.compile(r"08|53|57|HYT")
"""Beginnings of SQLSTATEs (ISO/IEC 9075-2; PostgreSQL, appendix A; ODBC): no connection, no room, stopped, too late."""
_FULL = frozenset({1040, 1053, 1203})
"""MariaDB's and MySQL's own numbers: too many connections, the server is being stopped, too many of this account."""
_LINE_LOST = range(2000, 3000)
"""Theirs for what the program finds out by itself, without a word of the server's."""
_BUSY_FILE = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR")
_TURNED_AWAY = ("FATAL:", "fe_sendauth:")
"""PostgreSQL's words, in all its languages that are near, where it answers and lets nobody in: its drivers tell no
SQLSTATE of their own before there is a connection.
"""
_NOT_NOW = re.compile(
    "FATAL: +(?:the database system is |le syst.{1,2}me de bases? de donn.{1,2}es |sorry, too many clients |"
    "d.{1,2}sol.{1,2}, trop de clients |(?:too many connections|trop de connexions) (?:for|pour) |"
    "remaining connection slots |les emplacements de connexions restants )"
)
"""Of those words, in English and in French, the ones of a server that starts, stops or is full (57P03, 53300). An
accent may come in an encoding that the driver does not know.
"""


def unreachable(shown: str, error: BaseException | None, said: str) -> SourceError:
    """What to tell. `shown`: its address without a password; `error`: its driver's own; `said`: what that says."""
    if error is not None and is_away(error):
        return SourceNotReady(
            f"La base de données du cabinet {shown} ne répond pas ({said}).",
            "Vérifiez que son serveur est allumé et que l’adresse est juste, puis réessayez.",
        )
    return SourceError(
        f"La base de données du cabinet {shown} ne peut pas être lue ({said}).",
        "Vérifiez l’adresse, le compte et le mot de passe, puis réessayez.",
    )


def is_away(error: BaseException) -> bool:
    """Whether the same settings may do another time: nobody answered, or there was no room."""
    if name := getattr(error, "sqlite_errorname", ""):
        return name.startswith(_BUSY_FILE)
    first = error.args[0] if error.args else ""
    if isinstance(first, int):
        return first in _FULL or first in _LINE_LOST
    if _NOT_NOW.search(str(error)):
        return True
    if any(word in str(error) for word in _TURNED_AWAY):
        return False
    if hasattr(error, "sqlstate"):
        # psycopg's; none at all where there was no connection.
        return error.sqlstate is None or _AWAY.match(error.sqlstate) is not None
    return _AWAY.match(str(first)) is not None

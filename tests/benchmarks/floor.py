"""The floor for our page: one open row read by a cookie, and our renderer. No session, access, audit or decryption.

Served from the folder that FLOOR_FOLDER names; `make` writes the row.
"""

import datetime as dt
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from cabinet.dossier import Dossier, decode, encode
from portal.pages.context import PageContext
from portal.pages.render import appointments_page
from portal.pages.settings import demo_settings

TOKEN = "of-a-benchmark"
_local = threading.local()
_settings = demo_settings()


def make(folder: Path, dossier: Dossier) -> None:
    with sqlite3.connect(folder / "floor.sqlite3") as database:
        database.execute("CREATE TABLE dossier (token TEXT PRIMARY KEY, document BLOB)")
        database.execute("INSERT INTO dossier VALUES (?, ?)", (TOKEN, encode(dossier)))
    database.close()


def application(environ: dict[str, str], start_response: Callable[..., object]) -> Iterable[bytes]:
    """WSGI: the page of the dossier whose token the cookie holds."""
    if not hasattr(_local, "database"):
        _local.database = sqlite3.connect(Path(os.environ["FLOOR_FOLDER"], "floor.sqlite3"))
    token = environ.get("HTTP_COOKIE", "").partition("=")[2]
    (document,) = _local.database.execute("SELECT document FROM dossier WHERE token = ?", (token,)).fetchone()
    now = dt.datetime.now()  # noqa: DTZ005 - the cabinet's local time
    html = appointments_page(
        decode(document), _settings, PageContext("banc", _settings.zones.title, now, as_of=now)
    ).encode()
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(html)))])
    return [html]

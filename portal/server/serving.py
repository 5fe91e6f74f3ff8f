"""Runs the hosted backend: granian with Django behind it, and the background process beside it."""

import socket
from collections.abc import Callable

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from cabinet.errors import WebOrthoError
from cabinet.system_words import why
from portal.server.background import Background

BACKLOG = 1024
HEADERS_WITHIN = 15
"""Seconds."""


class AddressTaken(WebOrthoError):
    """Another program listens there."""


def serve(host: str, port: int, workers: int, ready: Callable[[], object]) -> None:
    """Serve until SIGTERM or Ctrl+C. `ready` is called once the address is ours. Raise `AddressTaken`."""
    _require_free(host, port)
    server = Granian(
        "portal.server.rsgi:application",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=workers,
        backlog=BACKLOG,
        # HTTP/2 is the proxy's affair, and its frames have no deadline here.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN * 1000),
        websockets=False,
        respawn_failed_workers=True,
        log_level=LogLevels.error,
    )
    background = Background()
    background.start()
    server.on_startup(ready)
    try:
        server.serve()
    finally:
        background.stop()


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise AddressTaken(
                f"L’adresse {host}, port {port}, ne peut pas être ouverte ({why(error)}).",
                "Arrêtez le programme qui s’en sert, ou choisissez un autre port avec --port.",
            ) from error

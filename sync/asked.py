"""A run that another computer of the cabinet asked for: taken, told while it goes on, stopped when it is given up."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from portal.api.connections import Connections
from portal.api.errors import PortalError
from portal.api.nights import AskedState, RunProgress
from portal.api.nights_client import NightsClient
from portal.api.transport import checked_address
from sync.cancel import CancelToken
from sync.config import SyncConfig, open_store, read_credentials
from sync.run import Progress
from sync.told import TO_TELL

LOOK_EVERY = 1.0
"""Seconds between two looks at how far the run is: what changed is told."""
TELL_EVERY = 30.0
"""Seconds after which it is told even so: a request whose computer is silent for minutes is given up."""


def claimed(config: SyncConfig, base: Path) -> str | None:
    """The request that is now this computer's to answer, by one small question; None: nothing is asked for.

    `base` is the folder of the configuration. Raise `SecretStoreError`, `PortalError`.
    """
    with Connections() as connections:
        return _line(config, base, connections).claim()


@contextlib.contextmanager
def followed(
    config: SyncConfig, base: Path, request: str | None, cancel: CancelToken
) -> Iterator[Callable[[Progress], None]]:
    """While it is entered, what its value is told of a run is told to the portal, by a thread of its own.

    `cancel` is set when nobody wants the run any more. Without a request nobody is told anything.
    """
    if request is None:
        yield lambda _: None
        return
    follower = _Follower(config, base, request, cancel)
    follower.start()
    try:
        yield follower.show
    finally:
        follower.end()


class _Follower:
    def __init__(self, config: SyncConfig, base: Path, request: str, cancel: CancelToken) -> None:
        self._config = config
        self._base = base
        self._request = request
        self._cancel = cancel
        self._now: RunProgress | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def show(self, progress: Progress) -> None:
        self._now = RunProgress(progress.phase, progress.done, progress.total)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _follow(self) -> None:
        told, told_at = None, 0.0
        with Connections() as connections:
            line = _line(self._config, self._base, connections)
            while not self._ended.wait(LOOK_EVERY):
                now = self._now
                if now is None or (now == told and time.monotonic() - told_at < TELL_EVERY):
                    continue
                try:
                    asked = line.progress(self._request, now)
                except PortalError:
                    continue  # the run itself will say what is wrong with the line
                told, told_at = now, time.monotonic()
                if asked.state is AskedState.CANCELLED:
                    self._cancel.cancel()


def _line(config: SyncConfig, base: Path, connections: Connections) -> NightsClient:
    portal = checked_address(config.portal)
    credentials = read_credentials(open_store(config, base), portal, config.cabinet)
    return NightsClient(portal, credentials.token, connections, patience=TO_TELL)

"""Makes a device of this computer: everything that could go wrong here is tried before the one-time code is spent."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from cabinet.errors import WebOrthoError
from portal.api.client import PortalClient
from portal.api.connections import Connections
from portal.api.shapes import Enrolled
from portal.api.transport import checked_address
from sync.config import SyncConfig, keep_credentials, open_store, require_writable, write_config
from sync.schedule.installing import scheduler
from sync.told import tell_plan


def enrol(config: SyncConfig, path: Path, code: Callable[[], str], device_name: str) -> Enrolled:
    """Exchange a one-time code for this computer's access, keep it, and write `config` for its cabinet to `path`.

    `code()` gives what a person types: it is asked once all else is well.

    Raise `InsecureAddress`, `SecretStoreError`, `ConfigError` before anything is sent; `PortalUnreachable` and
    `PortalRefused` (a code that is wrong, spent or too old) by the portal.
    """
    portal = checked_address(config.portal)
    store = open_store(config, path.parent)
    store.put("probe", "")
    store.delete("probe")
    require_writable(path)
    with Connections() as connections:
        enrolled = PortalClient(portal, "", connections).enrol(code(), device_name)
    keep_credentials(store, portal, enrolled)
    config = msgspec.structs.replace(config, portal=portal, cabinet=enrolled.cabinet_code)
    write_config(config, path)
    _tell_of_evenings(config, path.parent)
    return enrolled


def _tell_of_evenings(config: SyncConfig, base: Path) -> None:
    """A task that is installed stays so where a computer is enrolled anew: the portal has to expect it of this one."""
    with contextlib.suppress(WebOrthoError):  # the task does not depend on it
        if at := scheduler().installed(config.cabinet).at:
            tell_plan(config, base, at)

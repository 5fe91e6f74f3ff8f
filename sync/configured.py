"""A run from a configuration: opens the secrets, the mapping and the line, then runs. For programs, wired here once."""

from collections.abc import Callable
from pathlib import Path

import requests

from cabinet.mapping import default_mapping, load_mapping
from portal.api.client import PortalClient
from portal.api.transport import Exchange, checked_address
from sync.cancel import CancelToken
from sync.config import SyncConfig, open_store, read_credentials, source_of
from sync.errors import ConfigError
from sync.gathered import Gathered
from sync.plan import Plan
from sync.remembered import memory_file
from sync.report import Launch, RunReport
from sync.rereading import gather
from sync.run import Progress, SyncTask, run_sync


def run_configured(
    config: SyncConfig,
    base: Path,
    state_dir: Path,
    *,
    dry_run: bool = False,
    confirm_withdrawals: bool = False,
    launch: Launch = Launch.UNKNOWN,
    cancel: CancelToken | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
    planned: Callable[[Plan], None] = lambda _: None,
    observe: Callable[[Exchange], None] | None = None,
) -> RunReport:
    """Run once as `config` says; `base` is the folder that its relative paths start from.

    Raise `WebOrthoError`: what `run_sync` raises, and `ConfigError`, `MappingError`, `SecretStoreError` before
    anything is read.
    """
    portal = checked_address(config.portal)
    if not config.source:
        raise ConfigError(
            "La configuration ne dit pas où est l’export du cabinet.",
            "Ajoutez «\u00a0source\u00a0» au fichier de configuration, ou donnez --source DOSSIER.",
        )
    mapping = load_mapping(base / config.mapping) if config.mapping else default_mapping()
    source = source_of(config, base)
    credentials = read_credentials(open_store(config, base), portal, config.cabinet)
    cancel = cancel or CancelToken()

    def read() -> Gathered:
        return gather(source, mapping, credentials.digest_key, memory_file(state_dir, portal, config.cabinet))

    with requests.Session() as session:
        client = PortalClient(portal, credentials.token, session, wait=cancel.wait, observe=observe)
        task = SyncTask(config.cabinet, confirm_withdrawals=confirm_withdrawals, dry_run=dry_run, launch=launch)
        return run_sync(task, read, client, state_dir, cancel=cancel, progress=progress, planned=planned)

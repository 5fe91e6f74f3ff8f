"""A run from a configuration: opens the secrets, the mapping and the line, then runs. For programs, wired here once."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import msgspec

from cabinet.errors import SourceError, WebOrthoError
from cabinet.mapping import Mapping, load_mapping
from cabinet.problem_groups import group
from portal.api.client import PortalClient
from portal.api.connections import Connections
from portal.api.documents_client import DocumentsClient
from portal.api.nights_client import NightsClient
from portal.api.transport import Exchange, checked_address
from sync.aside import Meanwhile
from sync.cancel import CancelToken
from sync.config import SyncConfig, open_store, read_credentials, source_of
from sync.errors import ConfigError, OwnFault
from sync.export_age import stale_export
from sync.gathered import Gathered, Outlet
from sync.plan import Plan
from sync.portal_mapping import PortalMapping
from sync.quiet import A_PERSONS_PATIENCE, PATIENCE_SECONDS, wait_until_quiet
from sync.remembered import memory_file
from sync.report import Launch, RunReport
from sync.rereading import gather
from sync.run import Progress, SyncTask, run_sync
from sync.told import TO_TELL, Teller

NO_SOURCE_HERE = "Ce poste ne lit pas l’export du cabinet."

_PATIENCE = {
    Launch.AUTOMATIC: PATIENCE_SECONDS,
    Launch.ASKED: PATIENCE_SECONDS,
    Launch.MANUAL: A_PERSONS_PATIENCE,
}
"""With an export that is being written; a script is begun once its own is."""


def run_configured(
    config: SyncConfig,
    base: Path,
    state_dir: Path,
    *,
    dry_run: bool = False,
    is_journalled: bool = True,
    confirm_withdrawals: bool = False,
    confirm_losses: bool = False,
    confirm_reused: frozenset[str] = frozenset(),
    launch: Launch = Launch.UNKNOWN,
    request: str | None = None,
    cancel: CancelToken | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
    planned: Callable[[Plan], None] = lambda _: None,
    observe: Callable[[Exchange], None] | None = None,
    seen: Callable[[Gathered, Mapping], None] = lambda _, __: None,
) -> RunReport:
    """Run once as `config` says; `base` is the folder that its relative paths start from.

    `request`: the one that this run answers (`sync.asked`). `seen` is told what was read, and with which mapping.

    The portal is told how it ended, if it can be reached. Raise `WebOrthoError`: what `run_sync` raises, and
    `ConfigError`, `MappingError`, `SecretStoreError` before anything is read.
    """
    portal = checked_address(config.portal)
    credentials = read_credentials(open_store(config, base), portal, config.cabinet)
    cancel = cancel or CancelToken()

    def run(connections: Connections, teller: Teller, meanwhile: Meanwhile) -> RunReport:
        if not config.reads_source:
            raise ConfigError(NO_SOURCE_HERE, "Lancez la synchronisation sur le poste qui le lit.")
        if not config.source:
            raise ConfigError(
                "La configuration ne dit pas où est l’export du cabinet.",
                "Ajoutez «\u00a0source\u00a0» au fichier de configuration, ou donnez --source DOSSIER.",
            )
        own = load_mapping(base / config.mapping) if config.mapping else None
        documents = DocumentsClient(portal, credentials.token, connections, wait=cancel.wait, observe=observe)
        shared = PortalMapping(documents, state_dir, portal, config.cabinet)
        source = source_of(config, base)
        client = PortalClient(portal, credentials.token, connections, wait=cancel.wait, observe=observe)
        task = SyncTask(
            config.cabinet,
            confirm_withdrawals=confirm_withdrawals,
            confirm_losses=confirm_losses,
            confirm_reused=confirm_reused,
            dry_run=dry_run,
            is_journalled=is_journalled,
            launch=launch,
            notice=teller.notice,
            mapping_has_moved=shared.has_moved if own is None else lambda _: False,
        )

        def read_with(mapping: Mapping, outlet: Outlet | None) -> Gathered:
            if launch in _PATIENCE:
                wait_until_quiet(source, mapping, cancel.wait, _PATIENCE[launch])
            teller.reads_with(mapping)
            memory = memory_file(state_dir, portal, config.cabinet)
            now = gather(source, mapping, credentials.digest_key, memory, outlet, aside=meanwhile.do)
            told = group(stale_export(source, mapping, dt.datetime.now().astimezone()))
            now = msgspec.structs.replace(now, problems=(*now.problems, *told))
            seen(now, mapping)
            return now

        def read(outlet: Outlet | None) -> Gathered:
            if own is not None:
                return read_with(own, outlet)
            try:
                return read_with(shared.mapping(), outlet)
            except SourceError:
                if outlet:
                    outlet.begin()  # nothing is on the line any more
                # It may have been put right at another computer.
                if not shared.renew():
                    raise
                return read_with(shared.mapping(), outlet)

        return run_sync(task, read, client, state_dir, cancel=cancel, progress=progress, planned=planned)

    with Connections() as connections, Meanwhile() as meanwhile:
        line = NightsClient(portal, credentials.token, connections, patience=TO_TELL, observe=observe)
        teller = Teller(line, launch, request=request)
        try:
            report = run(connections, teller, meanwhile)
        except WebOrthoError as error:
            if not dry_run:
                teller.failed(error)
            raise
        except Exception as error:
            if not dry_run:
                teller.failed(OwnFault(error, state_dir))
            raise
        teller.ended(report)
        return report

"""The cabinet as this computer reaches it: its configuration, its secrets, its source, and its portal.

What reads, and what speaks to the portal, is imported by whoever first asks for it, in a worker's thread: together they
take longer to load than the first window takes to open.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import msgspec

from sync.cancel import CancelToken
from sync.config import default_state_dir, open_store, read_config, read_credentials, source_of
from sync.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cabinet.mapping import Mapping
    from cabinet.reading import Reading
    from cabinet.sources.location import Location
    from portal.api.client import PortalClient
    from portal.api.desk_client import DeskClient
    from portal.api.documents_client import DocumentsClient
    from portal.api.nights_client import NightsClient
    from sync.config import Credentials, SyncConfig
    from sync.secret_store import SecretStore


class Portal(msgspec.Struct, frozen=True):
    """One conversation with the portal, by this computer's device. For one thread."""

    publishing: PortalClient
    desk: DeskClient
    nights: NightsClient
    documents: DocumentsClient


class Desk:
    """Everything here is slow (disk, keyring, network) but `config`: call it off the interface's thread."""

    def __init__(self, config_file: Path, state_dir: Path | None = None) -> None:
        """Raise `ConfigError` where the configuration is missing or wrong."""
        self.config_file = config_file
        self.config: SyncConfig = read_config(config_file)
        self.state_dir = state_dir or default_state_dir()
        """Journal, drafts, outbox: what this computer remembers of this cabinet."""

    @property
    def base(self) -> Path:
        """The folder that the configuration's relative paths start from."""
        return self.config_file.parent

    @property
    def settings_file(self) -> Path:
        """Where `app.settings` keeps what a person chose on this computer."""
        return self.base / "poste.toml"

    @property
    def source(self) -> Path:
        """Raise `ConfigError` where none is chosen, or where this computer is not to read any."""
        if not self.config.reads_source:
            raise ConfigError(
                "Ce poste ne lit pas l’export du cabinet.",
                "Faites-le sur le poste qui le lit, ou indiquez l’export dans les Réglages, Source.",
            )
        if not self.config.source:
            raise ConfigError(
                "L’export du cabinet n’est pas encore choisi.",
                "Ouvrez les Réglages, puis indiquez son dossier.",
            )
        return self.base / self.config.source

    def sees_source(self) -> bool:
        """Whether the export is within this computer's reach; a database is taken to be."""
        from cabinet.sources.location import Location  # noqa: PLC0415 - see the module

        if not self.config.reads_source or not self.config.source:
            return False
        return Location(self.config.source).is_database or self.source.exists()

    def location(self) -> Location:
        """The source with what opens it. Raise `ConfigError` where none is chosen, `SecretStoreError`."""
        _ = self.source
        return source_of(self.config, self.base)

    def store(self) -> SecretStore:
        """Raise `SecretStoreError` where this computer has no safe place."""
        return open_store(self.config, self.base)

    def credentials(self) -> Credentials:
        """Raise `SecretStoreError` where this computer is not enrolled."""
        from portal.api.transport import checked_address  # noqa: PLC0415 - see the module

        return read_credentials(self.store(), checked_address(self.config.portal), self.config.cabinet)

    def mapping(self) -> Mapping:
        """Raise `MappingError`."""
        from cabinet.mapping import default_mapping, load_mapping  # noqa: PLC0415 - see the module

        return load_mapping(self.base / self.config.mapping) if self.config.mapping else default_mapping()

    def read_source(self) -> Reading:
        """Every dossier of the cabinet's export, read anew. Raise `SourceError`, `SecretStoreError`, `ConfigError`."""
        from cabinet.reading import read  # noqa: PLC0415 - see the module

        return read(self.location(), self.mapping(), self.credentials().digest_key)

    @contextlib.contextmanager
    def portal(self, cancel: CancelToken | None = None) -> Iterator[Portal]:
        """A conversation; `cancel` ends the waits between its tries. Raise `InsecureAddress`, `SecretStoreError`."""
        from portal.api.client import PortalClient  # noqa: PLC0415 - see the module
        from portal.api.connections import Connections  # noqa: PLC0415 - see the module
        from portal.api.desk_client import DeskClient  # noqa: PLC0415 - see the module
        from portal.api.documents_client import DocumentsClient  # noqa: PLC0415 - see the module
        from portal.api.nights_client import NightsClient  # noqa: PLC0415 - see the module
        from portal.api.transport import checked_address  # noqa: PLC0415 - see the module

        address = checked_address(self.config.portal)
        token = self.credentials().token
        wait = (cancel or CancelToken()).wait
        with Connections() as connections:
            yield Portal(
                PortalClient(address, token, connections, wait=wait),
                DeskClient(address, token, connections, wait=wait),
                NightsClient(address, token, connections, wait=wait),
                DocumentsClient(address, token, connections, wait=wait),
            )

"""A cabinet's computer beside a real portal: its folders, its devices, and `webortho sync` as a process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cabinet.mapping import load_mapping
from cli.embedded_portal import EmbeddedPortal
from portal.api.client import PortalClient
from portal.api.connections import Connections
from portal.api.shapes import Manifest
from sync.config import (
    Credentials,
    SecretKind,
    SyncConfig,
    keep_credentials,
    open_store,
    read_config,
    read_credentials,
    write_config,
)
from sync.configured import run_configured
from sync.gathered import Gathered
from sync.report import RunReport
from sync.rereading import gather
from tests.e2e.journey.small_export import SmallExport

HELD_BACK = "Rien n’a été publié, le portail reste comme il était."


@dataclass(frozen=True)
class Ended:
    """How a command ended. `document` is its one JSON object."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def document(self) -> dict[str, Any]:
        (line,) = self.stdout.splitlines()
        document = json.loads(line)
        assert isinstance(document, dict)
        return document


@dataclass(frozen=True)
class Device:
    """One computer of the cabinet: configuration, secrets and journal in a folder of its own."""

    folder: Path
    portal: EmbeddedPortal
    source: Path
    mapping: Path

    @property
    def config(self) -> Path:
        return self.folder / "sync.toml"

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets.json"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def enrol(self, code: str) -> Ended:
        return self.run(
            *("enrol", "--portal", self.portal.address, "--config", str(self.config), "--source", str(self.source)),
            *("--mapping", str(self.mapping), "--secrets-file", str(self.secrets), "--json"),
            typed=code,
        )

    def sync(self, *arguments: str) -> Ended:
        return self.run(*self.sync_arguments(*arguments))

    def nights_held_back(self) -> Iterator[dict[str, Any]]:
        """What two nights tell that wait for a person; the second knows the export by its memory alone."""
        for _ in range(2):
            ended = self.sync()
            assert ended.exit_code == 1
            yield ended.document

    def sync_arguments(self, *arguments: str) -> tuple[str, ...]:
        return ("--config", str(self.config), "--state-dir", str(self.state), "--json", *arguments)

    def run(self, *arguments: str, typed: str = "") -> Ended:
        ended = subprocess.run(
            self.command(*arguments),
            input=typed + "\n",
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=self.environment,
            check=False,
            timeout=120,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "cli", "sync", *arguments]

    @property
    def environment(self) -> dict[str, str]:
        return {
            **{key: value for key, value in os.environ.items() if not key.startswith("WEBORTHO_")},
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "HOME": str(self.folder),
        }

    @cached_property
    def credentials(self) -> Credentials:
        config = read_config(self.config)
        return read_credentials(open_store(config, self.folder), config.portal, config.cabinet)

    def client(self, connections: Connections, **options: Any) -> PortalClient:
        return PortalClient(self.portal.address, self.credentials.token, connections, **options)

    def read(self) -> Gathered:
        return gather(self.source, load_mapping(self.mapping), self.credentials.digest_key)

    def run_here(self, **options: Any) -> RunReport:
        """A run in this process, so that it can be watched and broken."""
        return run_configured(read_config(self.config), self.folder, self.state, **options)

    def shown(self) -> Manifest:
        """What the portal shows now."""
        with Connections() as connections:
            return self.client(connections).manifest()

    def expected(self) -> dict[str, bytes]:
        """What the portal should show: number -> digest of all that the export holds."""
        return {number: print_.digest for number, print_ in self.read().fingerprints.items()}


@dataclass(frozen=True)
class Clinic:
    """A cabinet with its nightly computer and its practitioner's."""

    code: str
    portal: EmbeddedPortal
    export: SmallExport
    nightly: Device
    practitioner: Device


def hide(portal: EmbeddedPortal, cabinet: str, number: str, reason: str = "HIDDEN") -> None:
    """What the application's "not on the portal" does, done on the portal itself; or its « Effacer » (`ERASED`)."""
    on_the_portal(
        portal,
        "from portal.server.publishing.exclusion import exclude; from portal.server.publishing.models import Reason;"
        "exclude(find_cabinet(sys.argv[1]), sys.argv[2], Reason[sys.argv[3]])",
        cabinet,
        number,
        reason,
    )


def on_the_portal(portal: EmbeddedPortal, script: str, *arguments: str) -> str:
    """Run lines of Python inside the portal's installation; what they printed."""
    opening = "import django, sys\ndjango.setup()\nfrom portal.server.cabinets.registry import *\n"
    environment = {**portal.environment, "DJANGO_SETTINGS_MODULE": "portal.server.settings"}
    command = [sys.executable, "-c", opening + script, *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def enrolled_device(folder: Path, portal: EmbeddedPortal, export: SmallExport, code: str) -> Device:
    """A device that went through the enrolment, without a process for it."""
    folder.mkdir()
    device = Device(folder, portal, export.folder, export.mapping)
    with Connections() as connections:
        enrolled = PortalClient(portal.address, "", connections).enrol(code, folder.name)
    config = SyncConfig(
        portal=portal.address,
        cabinet=enrolled.cabinet_code,
        source=str(export.folder),
        mapping=str(export.mapping),
        secrets=SecretKind.FILE,
    )
    write_config(config, device.config)
    keep_credentials(open_store(config, folder), portal.address, enrolled)
    return device


def shown_as(manifest: Manifest) -> dict[str, bytes]:
    return {entry.number: entry.digest for entry in manifest.entries}

"""kill -9 of the sync or of the portal at random moments: the next sync converges to exactly what the export says."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest
import requests

from cli.embedded_portal import EmbeddedPortal, embedded_portal
from portal.api.shapes import API_ROOT, Role
from sync.journal import Journal
from sync.report import Outcome
from tests.e2e.journey.clinic import Device, enrolled_device, shown_as
from tests.e2e.journey.small_export import SmallExport

PATIENTS = 60
WITHIN = 60
"""Seconds until a portal answers."""
LONGEST_LIFE = 0.25
"""Seconds from a run's first step to the kill: about as long as a run takes."""
MORE_CYCLES = 40

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills whole groups of processes")


class MortalPortal:
    """A portal that is killed with all of its processes, and started again on what they left."""

    def __init__(self, made: EmbeddedPortal) -> None:
        self._made = made
        self._serving: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        address = urlsplit(self._made.address)
        command = [sys.executable, "-m", "cli", "portal", "serve", "--host", "127.0.0.1", "--port", str(address.port)]
        with self._made.log.open("ab") as log:
            self._serving = subprocess.Popen(
                command, env=dict(self._made.environment), stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + WITHIN
        while time.monotonic() < deadline:
            with suppress(requests.RequestException):
                if requests.get(f"{self._made.address}{API_ROOT}/health", timeout=5).status_code == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(self._made.log.read_text())

    def kill(self) -> None:
        if self._serving is not None:
            os.killpg(self._serving.pid, signal.SIGKILL)
            self._serving.wait()
            self._serving = None


class Scene:
    """One cabinet, its computer and its export, which changes before every run."""

    def __init__(self, folder: Path, portal: MortalPortal, device: Device, export: SmallExport, seed: int) -> None:
        self.folder = folder
        self.portal = portal
        self.device = device
        self.export = export
        self.random = Random(seed)  # noqa: S311 - repeatable, not secret

    def change(self) -> None:
        """Names change, a patient comes, a patient goes: nothing that a guard would hold."""
        for number in self.random.sample(sorted(self.export.names), 20):
            self.export.names[number] = f"NOM-{self.random.randrange(10_000)}"
        del self.export.names[self.random.choice(sorted(self.export.names))]
        self.export.names[f"{self.random.randrange(1000, 9999)}"] = "NOUVEAU"
        self.export.write()

    def start(self) -> subprocess.Popen[bytes]:
        """A sync that has begun some random moment ago."""
        running = subprocess.Popen(
            self.device.command(*self.device.sync_arguments()),
            env=self.device.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        assert running.stderr
        assert running.stderr.readline().startswith(b"Lecture")
        # Early moments more often than late ones: a fast machine ends a run long before.
        time.sleep(LONGEST_LIFE * self.random.random() ** 2)
        return running

    def kill_the_client(self) -> None:
        running = self.start()
        running.kill()
        running.communicate()

    def kill_the_portal(self) -> None:
        """The sync tries again meanwhile: it ends well, or leaves its work to the next one."""
        running = self.start()
        self.portal.kill()
        self.portal.start()
        running.communicate(timeout=WITHIN * 2)

    def statuses(self) -> set[Outcome]:
        """How the runs so far ended."""
        journal = Journal(self.device.state, self.device.portal.address, "sourire")
        return {entry.status for entry in journal.entries(10_000)}

    def require_convergence(self) -> None:
        self.device.run_here()
        assert shown_as(self.device.shown()) == self.device.expected()
        assert self.device.run_here().status is Outcome.CURRENT


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with embedded_portal(tmp_path / "portal") as made:
        made.create_cabinet("sourire", "Cabinet du Sourire")
        code = made.enrolment_code("sourire", Role.SYNC)
        export = SmallExport(tmp_path / "export")
        export.fill(PATIENTS)
        device = enrolled_device(tmp_path / "nightly", made, export, code)
    portal = MortalPortal(made)
    portal.start()
    try:
        yield Scene(tmp_path, portal, device, export, seed=20261006)
    finally:
        portal.kill()


def live_through(scene: Scene, cycles: int) -> None:
    """So many kills, and on a fast machine as many more as it takes until one has hit a run under way."""
    for cycle in range(cycles + MORE_CYCLES):
        scene.change()
        if cycle % 2:
            scene.kill_the_portal()
        else:
            scene.kill_the_client()
        scene.require_convergence()
        statuses = scene.statuses()
        assert Outcome.RUNNING not in statuses
        if cycle + 1 >= cycles and Outcome.INTERRUPTED in statuses:
            return
    raise AssertionError("no kill hit a run under way")


def test_kills_of_the_sync_and_of_the_portal_converge(scene: Scene) -> None:
    live_through(scene, 6)


@pytest.mark.long
def test_a_thousand_kills_converge(scene: Scene) -> None:
    live_through(scene, 1_000)

"""kill -9 of the sync or of the portal at random moments: the next sync converges to exactly what the export says."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from cli.embedded_portal import embedded_portal
from portal.api.shapes import Role
from sync.journal import Journal
from sync.report import Outcome
from tests.e2e.journey.clinic import Device, enrolled_device, shown_as
from tests.e2e.journey.mortal import MortalPortal, MortalRun
from tests.e2e.journey.small_export import SmallExport
from tests.rounds import Rounds

PATIENTS = 200
STEPS = 5
"""A run's: it reads, compares, sends (twice told), commits."""
LONGEST_STEP = 0.03
"""Seconds: about as long as a step takes."""
MORE_CYCLES = 40
SEED = 20261006

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills whole groups of processes")


class Scene:
    """One cabinet, its computer and its export, which changes before every run."""

    def __init__(self, portal: MortalPortal, device: Device, export: SmallExport) -> None:
        self.portal = portal
        self.device = device
        self.export = export
        self.random = Random()  # noqa: S311 - repeatable, not secret
        self.expected: dict[str, bytes] = {}
        """What the portal should show once the export of now is published."""

    def change(self, cycle: int) -> None:
        """Names change, a patient comes, a patient goes: nothing that a guard would hold."""
        self.random.seed(f"{SEED}/{cycle}")
        for number in self.random.sample(sorted(self.export.names), 15):
            self.export.names[number] = f"NOM-{self.random.randrange(10_000)}"
        del self.export.names[self.random.choice(sorted(self.export.names))]
        self.export.names[f"{self.random.randrange(100_000, 999_999)}"] = "NOUVEAU"
        self.export.write()
        self.expected = self.device.expected()

    def start(self) -> MortalRun:
        """A sync that is at some random moment."""
        running = MortalRun(self.device)
        running.await_step(self.random.randint(1, STEPS))
        time.sleep(self.random.uniform(0, LONGEST_STEP))
        return running

    def kill_the_client(self) -> None:
        """The portal may still carry out what it was asked last; until then it shows one state, whole."""
        states = [shown_as(self.device.shown()), self.expected]
        self.start().kill()
        assert shown_as(self.device.shown()) in states

    def kill_the_portal(self) -> None:
        """The sync tries again meanwhile: it ends well, or leaves its work to the next one."""
        states = [shown_as(self.device.shown()), self.expected]
        running = self.start()
        self.portal.kill()
        self.portal.start()
        assert shown_as(self.device.shown()) in states
        running.end()

    def outcomes(self) -> Counter[Outcome]:
        """How the runs so far ended."""
        journal = Journal(self.device.state, self.device.portal.address, "sourire")
        return Counter(entry.status for entry in journal.entries(10_000))

    def require_convergence(self) -> None:
        self.device.run_here()
        assert shown_as(self.device.shown()) == self.expected
        assert self.device.run_here().status is Outcome.CURRENT


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with embedded_portal(tmp_path / "portal") as made:
        made.create_cabinet("sourire", "Cabinet du Sourire")
        code = made.enrolment_code("sourire", Role.SYNC)
        export = SmallExport(tmp_path / "export", visits=5)
        export.fill(PATIENTS)
        device = enrolled_device(tmp_path / "nightly", made, export, code)
    portal = MortalPortal(made)
    portal.start()
    try:
        yield Scene(portal, device, export)
    finally:
        portal.kill()


def live_through(scene: Scene, cycle: int) -> None:
    """A kill, one in four of the portal; and the next sync puts everything right."""
    scene.change(cycle)
    if cycle % 4 == 1:
        scene.kill_the_portal()
    else:
        scene.kill_the_client()
    scene.require_convergence()


def has_hit(scene: Scene, tell: Callable[[str], None] = print) -> bool:
    """Whether a kill has met a run under way, and no run is taken for one that goes on."""
    outcomes = scene.outcomes()
    assert not outcomes[Outcome.RUNNING]
    tell(f"how {outcomes.total()} runs ended: {dict(outcomes)}")
    return outcomes[Outcome.INTERRUPTED] > 0


@pytest.mark.early
def test_kills_of_the_sync_and_of_the_portal_converge(scene: Scene) -> None:
    """A dozen; on a fast machine more, until one has hit."""
    for cycle in range(12 + MORE_CYCLES):
        live_through(scene, cycle)
        if cycle >= 11 and has_hit(scene):
            return
    raise AssertionError("no kill hit a run under way")


@pytest.mark.long
def test_a_thousand_kills_converge(scene: Scene, rounds: Rounds, tell: Callable[[str], None]) -> None:
    for cycle in rounds(1_000):
        live_through(scene, cycle)
    assert has_hit(scene, tell)

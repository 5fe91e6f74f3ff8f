"""More than 200 exports that went wrong in some way, against a real portal: nobody is withdrawn or emptied by them.

A night that follows a good one reads each of them: half of them with what the last reading remembered, half without.
It is refused with a sentence, or publishes what the export still says and tells each problem with its place.
"""

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files as resources
from pathlib import Path
from random import Random

import pytest

from cabinet.demo.export import write_export
from cabinet.dossier import Dossier, decode
from cabinet.errors import WebOrthoError
from cabinet.filled import mask_of
from cli.embedded_portal import EmbeddedPortal
from sync.plan import Plan
from sync.report import RunReport
from tests.e2e.journey.clinic import Device
from tests.e2e.journey.conftest import NewCabinet
from tests.e2e.journey.mutations import MUTATIONS, Files

SEEDS = 5
PATIENTS = 250
TODAY = dt.date(2026, 10, 6)


@dataclass(frozen=True)
class Cabinet:
    """A cabinet whose export was published yesterday."""

    device: Device
    files: Files
    yesterday: Path
    """What this computer remembers of that night."""
    dossiers: dict[str, Dossier]

    def write(self, changed: Files) -> None:
        folder = self.device.source
        for path in folder.iterdir():
            path.unlink()
        for name, content in changed.items():
            (folder / name).write_bytes(content)

    def tonight(self, *, with_memory: bool) -> tuple[RunReport, Plan] | WebOrthoError:
        """What a run would do, as a dry run tells it: it goes through every guard, and leaves the portal as it was."""
        shutil.rmtree(self.device.state)
        shutil.copytree(self.yesterday, self.device.state)
        if not with_memory:
            for reading in self.device.state.glob("reading-*"):
                reading.unlink()
        plans: list[Plan] = []
        try:
            report = self.device.run_here(dry_run=True, planned=plans.append)
        except WebOrthoError as refusal:
            return refusal
        return report, plans[-1]

    def read(self) -> dict[str, Dossier]:
        now = self.device.read()
        return {number: decode(now.encoded[number]) for number in now.fingerprints}


@pytest.fixture(scope="module")
def cabinet(
    portal: EmbeddedPortal, cabinets: Iterator[NewCabinet], tmp_path_factory: pytest.TempPathFactory
) -> Cabinet:
    folder = tmp_path_factory.mktemp("mutated")
    write_export(folder / "export", reference=TODAY, patients=PATIENTS, photos=False)
    mapping = folder / "mapping.toml"
    mapping.write_text(resources("resources").joinpath("demo", "mapping.toml").read_text("utf-8"), "utf-8")
    device = Device(folder, portal, folder / "export", mapping)
    assert device.enrol(next(cabinets).nightly_code).exit_code == 0
    assert device.run_here().added == PATIENTS
    shutil.copytree(device.state, folder / "yesterday")
    now = device.read()
    dossiers = {number: decode(now.encoded[number]) for number in now.fingerprints}
    files = {path.name: path.read_bytes() for path in device.source.iterdir()}
    return Cabinet(device, files, folder / "yesterday", dossiers)


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("name", MUTATIONS)
def test_an_export_that_went_wrong_withdraws_and_empties_nobody(cabinet: Cabinet, name: str, seed: int) -> None:
    changed = dict(cabinet.files)
    MUTATIONS[name](changed, Random(f"{name}/{seed}"))  # noqa: S311 - a test's
    assert changed != cabinet.files
    cabinet.write(changed)
    night = cabinet.tonight(with_memory=seed % 2 == 0)
    if isinstance(night, WebOrthoError):
        assert night.exit_code in (1, 2)
        assert night.what.endswith(".")
        assert night.todo.endswith((".", "?"))
        return
    report, plan = night
    assert plan.withdrawn == ()
    assert all(group.places and group.first.file and group.sentence for group in report.problems)
    now = cabinet.read() if plan.published else {}
    emptied = [n for n in plan.changed if mask_of(cabinet.dossiers[n]) & ~mask_of(now[n])]
    lost = [n for n in plan.changed if lines_of(now[n]) < lines_of(cabinet.dossiers[n])]
    # What one patient lost is told: a row that is refused, a value that is left out.
    told = sum(group.count for group in report.problems)
    assert told >= max(len(emptied), len(lost))


def lines_of(dossier: Dossier) -> int:
    return len(dossier.appointments) + len(dossier.instalments) + len(dossier.fees) + len(dossier.addressees)


def test_the_mutations_are_more_than_two_hundred() -> None:
    assert len(MUTATIONS) * SEEDS >= 200


def test_the_sound_export_is_published_after_all_of_them(cabinet: Cabinet) -> None:
    """The net would be of no use if it held everything."""
    cabinet.write(cabinet.files)
    night = cabinet.tonight(with_memory=True)
    assert not isinstance(night, WebOrthoError)
    report, _ = night
    assert (report.unchanged, report.added, report.changed, report.withdrawn) == (PATIENTS, 0, 0, 0)

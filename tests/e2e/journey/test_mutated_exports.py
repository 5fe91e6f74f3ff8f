"""More than 200 exports that went wrong in some way, against a real portal: nobody is withdrawn or emptied by them.

A night that follows a good one reads each of them: half of them with what the last reading remembered, half without.
It is refused with a sentence, or publishes what the export still says and tells each problem with its place.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files as resources
from random import Random

import pytest

from cabinet.demo.export import write_export
from cabinet.errors import WebOrthoError
from cli.embedded_portal import EmbeddedPortal
from tests.e2e.journey.clinic import Device
from tests.e2e.journey.column_mutations import COLUMN_MUTATIONS
from tests.e2e.journey.conftest import NewCabinet
from tests.e2e.journey.good_night import Cabinet, published, require_harmless
from tests.e2e.journey.mutations import MUTATIONS, Files

ALL = {**MUTATIONS, **COLUMN_MUTATIONS}
SEEDS = 5
PATIENTS = 250
TODAY = dt.date(2026, 10, 6)


@dataclass(frozen=True)
class Folder:
    """A cabinet whose export of CSV files was published yesterday."""

    cabinet: Cabinet
    files: Files

    def write(self, changed: Files) -> None:
        folder = self.cabinet.device.source
        for path in folder.iterdir():
            path.unlink()
        for name, content in changed.items():
            (folder / name).write_bytes(content)


@pytest.fixture(scope="module")
def folder(portal: EmbeddedPortal, cabinets: Iterator[NewCabinet], tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = tmp_path_factory.mktemp("mutated")
    write_export(folder / "export", reference=TODAY, patients=PATIENTS, photos=False)
    mapping = folder / "mapping.toml"
    mapping.write_text(resources("resources").joinpath("demo", "mapping.toml").read_text("utf-8"), "utf-8")
    device = Device(folder, portal, folder / "export", mapping)
    assert device.enrol(next(cabinets).nightly_code).exit_code == 0
    return Folder(published(device, PATIENTS), {path.name: path.read_bytes() for path in device.source.iterdir()})


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("name", ALL)
def test_an_export_that_went_wrong_withdraws_and_empties_nobody(folder: Folder, name: str, seed: int) -> None:
    changed = dict(folder.files)
    ALL[name](changed, Random(f"{name}/{seed}"))  # noqa: S311 - a test's
    assert changed != folder.files
    folder.write(changed)
    require_harmless(folder.cabinet, folder.cabinet.tonight(with_memory=seed % 2 == 0))


def test_the_mutations_are_more_than_two_hundred() -> None:
    assert len(ALL) * SEEDS >= 200


def test_the_sound_export_is_published_after_all_of_them(folder: Folder) -> None:
    """The net would be of no use if it held everything."""
    folder.write(folder.files)
    night = folder.cabinet.tonight(with_memory=True)
    assert not isinstance(night, WebOrthoError)
    report, _ = night
    assert (report.unchanged, report.added, report.changed, report.withdrawn) == (PATIENTS, 0, 0, 0)

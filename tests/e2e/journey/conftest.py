"""A real portal in processes of its own, and a fresh cabinet on it for each test."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.embedded_portal import EmbeddedPortal, embedded_portal
from tests.e2e.journey.clinic import Clinic, enrolled_device, on_the_portal
from tests.e2e.journey.small_export import SmallExport

CABINETS_AT_ONCE = 20
_MAKE_CABINETS = """
from portal.api.shapes import Role
start = int(sys.argv[1])
for n in range(start, start + int(sys.argv[2])):
    cabinet = create_cabinet(f"cabinet-{n}", f"Cabinet {n}")
    print(cabinet.code, issue_code(cabinet, Role.SYNC), issue_code(cabinet, Role.PRACTITIONER))
"""


@dataclass(frozen=True)
class NewCabinet:
    code: str
    nightly_code: str
    practitioner_code: str


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPortal]:
    with embedded_portal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture(scope="session")
def cabinets(portal: EmbeddedPortal) -> Iterator[NewCabinet]:
    """Cabinets without end. They are made twenty at a time: each process of the portal's takes a second to start."""

    def made() -> Iterator[NewCabinet]:
        start = 1
        while True:
            printed = on_the_portal(portal, _MAKE_CABINETS, str(start), str(CABINETS_AT_ONCE))
            yield from (NewCabinet(*line.split()) for line in printed.splitlines())
            start += CABINETS_AT_ONCE

    return made()


@pytest.fixture
def clinic(portal: EmbeddedPortal, cabinets: Iterator[NewCabinet], tmp_path: Path) -> Clinic:
    """A cabinet of 60 patients that has published nothing yet."""
    new = next(cabinets)
    export = SmallExport(tmp_path / "export")
    export.fill(60)
    return Clinic(
        new.code,
        portal,
        export,
        enrolled_device(tmp_path / "nightly", portal, export, new.nightly_code),
        enrolled_device(tmp_path / "practitioner", portal, export, new.practitioner_code),
    )


@pytest.fixture
def published(clinic: Clinic) -> Clinic:
    """A cabinet whose 60 patients are on the portal."""
    clinic.nightly.run_here()
    return clinic

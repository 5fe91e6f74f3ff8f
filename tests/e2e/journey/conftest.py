"""A real portal in processes of its own, and a fresh cabinet on it for each test."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from cli.embedded_portal import EmbeddedPortal, embedded_portal
from portal.api.shapes import Role
from tests.e2e.journey.clinic import Clinic, new_device
from tests.e2e.journey.small_export import SmallExport

_codes = (f"cabinet-{n}" for n in count(1))


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPortal]:
    with embedded_portal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture
def clinic(portal: EmbeddedPortal, tmp_path: Path) -> Clinic:
    """A cabinet of 60 patients that has published nothing yet."""
    code = next(_codes)
    portal.create_cabinet(code, "Cabinet Essai")
    export = SmallExport(tmp_path / "export")
    export.fill(60)
    return Clinic(
        code,
        portal,
        export,
        new_device(tmp_path / "nightly", portal, export, code, Role.SYNC),
        new_device(tmp_path / "practitioner", portal, export, code, Role.PRACTITIONER),
    )

"""Two cabinets, devices of every role, and a few published dossiers: what the hosted backend's tests stand on.

Models can be imported once Django is set up, which is after this file is read: hence the imports within fixtures.
"""

# ruff: noqa: PLC0415 - see above
from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.benchmarks.postgres import Cluster, cluster
from tests.portal.server.hosting import Hoster, migrate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cabinet.dossier import Dossier
    from portal.server.cabinets.models import Cabinet
    from tests.portal.server.support import Publisher


@pytest.fixture(autouse=True)
def quick_hashing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password takes milliseconds where its cost is not the subject: argon2id with the least memory it takes."""
    from portal.server.accounts.passwords import OwaspArgon2Hasher

    if "hashing_as_in_production" not in request.fixturenames:
        monkeypatch.setattr(OwaspArgon2Hasher, "memory_cost", 8)
        monkeypatch.setattr(OwaspArgon2Hasher, "time_cost", 1)


@pytest.fixture
def hashing_as_in_production() -> None:
    """This test's passwords cost what they cost an attacker."""


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a portal with one cabinet, `sourire`, to be copied: making one takes seconds."""
    hoster = Hoster(tmp_path_factory.mktemp("installation") / "portal")
    hoster.run("migrate")
    hoster.run("create-cabinet", "sourire", "Cabinet du Sourire")
    return hoster.folder


@pytest.fixture(scope="session")
def model_cluster() -> Iterator[Cluster]:
    """A PostgreSQL for all tests of this process; its first database has the portal's tables."""
    with cluster() as postgres:
        migrate(postgres.url)
        yield postgres


@pytest.fixture
def postgres_url(model_cluster: Cluster, tmp_path: Path) -> str:
    """A database of this test's own, with the portal's tables: a copy takes a moment, migrations seconds."""
    name = f"test_{tmp_path.name}".replace("-", "_")[-60:]
    create = [model_cluster.bin / "createdb", f"--maintenance-db={model_cluster.url}", "--template=postgres", name]
    subprocess.run(create, check=True)
    return model_cluster.url.rpartition("/")[0] + f"/{name}"


@pytest.fixture(scope="session")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file of SQLite with the portal's tables."""
    file = tmp_path_factory.mktemp("model") / "portal.sqlite3"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(model_file: Path, tmp_path: Path) -> str:
    """A database of this test's own, with the portal's tables."""
    return f"sqlite:///{shutil.copy(model_file, tmp_path / 'portal.sqlite3')}"


@pytest.fixture
def cabinet(db: None) -> Cabinet:
    from portal.server.cabinets import registry

    return registry.create_cabinet("sourire", "Cabinet du Sourire")


@pytest.fixture
def other_cabinet(db: None) -> Cabinet:
    from portal.server.cabinets import registry

    return registry.create_cabinet("canines", "Cabinet des Canines")


@pytest.fixture
def publisher(cabinet: Cabinet) -> Publisher:
    from tests.portal.server.support import Publisher, enrolled

    return Publisher(cabinet, enrolled(cabinet))


@pytest.fixture
def other_publisher(other_cabinet: Cabinet) -> Publisher:
    from tests.portal.server.support import Publisher, enrolled

    return Publisher(other_cabinet, enrolled(other_cabinet))


@pytest.fixture
def demo_dossiers() -> tuple[Dossier, ...]:
    """Three patients: a full file, one without any e-mail, and one of whom only the number is known."""
    from cabinet.dossier import Dossier, Patient
    from tests.portal.server.support import make_dossier

    return (make_dossier("5312"), make_dossier("0042", email=""), Dossier(Patient("A-7")))


@pytest.fixture
def published(publisher: Publisher, demo_dossiers: tuple[Dossier, ...]) -> Cabinet:
    """The first cabinet, with the demo dossiers shown."""
    publisher.publish(*demo_dossiers)
    publisher.cabinet.refresh_from_db()
    return publisher.cabinet

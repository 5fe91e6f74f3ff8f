"""A computer whose configuration names no mapping reads the export with the one that the cabinet shares."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from cabinet.errors import SourceError
from portal.api.connections import Connections
from portal.api.documents import DocumentName
from portal.api.documents_client import DocumentsClient
from portal.api.transport import Exchange
from sync.config import read_config, write_config
from sync.journal import Journal
from sync.report import Outcome
from tests.e2e.journey.clinic import Clinic
from tests.e2e.journey.small_export import MAPPING


@pytest.fixture
def shared(clinic: Clinic) -> Iterator[DocumentsClient]:
    """The practitioner's computer, that shares; the nightly one has no mapping of its own."""
    config = msgspec.structs.replace(read_config(clinic.nightly.config), mapping="")
    write_config(config, clinic.nightly.config)
    clinic.export.mapping.unlink()
    with Connections() as connections:
        yield DocumentsClient(clinic.portal.address, clinic.practitioner.credentials.token, connections)


def save(shared: DocumentsClient, text: str) -> None:
    known = shared.document(DocumentName.MAPPING)
    shared.save(DocumentName.MAPPING, text.encode(), known.saved.version)


def paths(exchanges: list[Exchange]) -> list[str]:
    return [f"{e.method} {e.path.removeprefix('/api/v1')}" for e in exchanges]


def test_a_night_reads_with_the_portals_mapping_and_asks_for_it_once(clinic: Clinic, shared: DocumentsClient) -> None:
    save(shared, MAPPING)
    first: list[Exchange] = []
    assert clinic.nightly.run_here(observe=first.append).added == 60
    assert "GET /documents/mapping" in paths(first)
    second: list[Exchange] = []
    assert clinic.nightly.run_here(observe=second.append).status is Outcome.CURRENT
    assert paths(second) == ["POST /sync/runs"]


def test_a_mapping_that_was_changed_elsewhere_is_read_with_in_the_same_night(
    clinic: Clinic, shared: DocumentsClient
) -> None:
    save(shared, MAPPING)
    clinic.nightly.run_here()
    save(shared, MAPPING.replace('"Nature"', '"Debut"'))
    report = clinic.nightly.run_here()
    assert (report.status, report.changed) == (Outcome.DONE, 60)
    assert clinic.nightly.run_here().status is Outcome.CURRENT


def test_an_export_that_the_known_mapping_does_not_fit_is_read_with_a_newer_one(
    clinic: Clinic, shared: DocumentsClient
) -> None:
    save(shared, MAPPING)
    clinic.nightly.run_here()
    patients = clinic.export.folder / "patients.csv"
    patients.write_text(patients.read_text().replace("N;Nom;", "N;Patronyme;", 1))
    with pytest.raises(SourceError):
        clinic.nightly.run_here()
    save(shared, MAPPING.replace('"Nom"', '"Patronyme"'))
    assert clinic.nightly.run_here().status is Outcome.CURRENT


def test_a_mapping_of_its_own_goes_before_the_portals(clinic: Clinic, shared: DocumentsClient, tmp_path: Path) -> None:
    save(shared, "rien de lisible")
    with pytest.raises(SourceError, match="Le mapping du portail n’est pas un fichier TOML valable"):
        clinic.nightly.run_here()
    (tmp_path / "own.toml").write_text(MAPPING)
    config = msgspec.structs.replace(read_config(clinic.nightly.config), mapping=str(tmp_path / "own.toml"))
    write_config(config, clinic.nightly.config)
    assert clinic.nightly.run_here().added == 60


def test_a_newer_mapping_that_does_not_fit_publishes_nothing_and_is_told(
    clinic: Clinic, shared: DocumentsClient
) -> None:
    save(shared, MAPPING)
    clinic.nightly.run_here()
    before = clinic.nightly.shown()
    save(shared, MAPPING.replace('"Nom"', '"Absent"'))
    with pytest.raises(SourceError, match="La colonne"):
        clinic.nightly.run_here()
    assert clinic.nightly.shown() == before
    entries = Journal(clinic.nightly.state, clinic.portal.address, clinic.code).entries()
    assert [entry.status for entry in entries] == [Outcome.FAILED, Outcome.DONE]

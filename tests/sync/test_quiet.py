"""A night waits for an export that is still being written, and for nothing else."""

import os
import time
from pathlib import Path
from unittest import mock

import pytest

from cabinet.errors import SourceNotReady
from cabinet.mapping import default_mapping
from cabinet.sources.location import Location
from sync import quiet
from sync.quiet import A_PERSONS_PATIENCE, PATIENCE_SECONDS, wait_until_quiet

FILES = ("patients.csv", "destinataires.csv", "rendez_vous.csv", "echeances.csv", "honoraires.csv", "soldes.csv")


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Written an hour ago."""
    monkeypatch.setattr(quiet, "QUIET_SECONDS", 2.0)
    for name in FILES:
        written(tmp_path / name, "a;b\n", ago=3600)
    return tmp_path


def written(path: Path, text: str, *, ago: float = 0) -> None:
    with path.open("a") as file:
        file.write(text)
    at = time.time() - ago
    os.utime(path, (at, at))


def waits(source: Path, then: list[str], patience: float = PATIENCE_SECONDS) -> int:
    """How often it waits where each wait sees more lines of `rendez_vous.csv`, until there are no more."""
    waited = 0

    def wait(seconds: float) -> None:
        nonlocal waited
        assert seconds == quiet.QUIET_SECONDS
        waited += 1
        if then:
            written(source / "rendez_vous.csv", then.pop())

    wait_until_quiet(Location(str(source)), default_mapping(), wait, patience)
    assert then == []
    return waited


def test_an_export_that_is_whole_is_read_at_once(export: Path) -> None:
    assert waits(export, []) == 0


def test_one_that_has_just_ended_is_looked_at_once_more(export: Path) -> None:
    written(export / "soldes.csv", "1;2\n")
    assert waits(export, []) == 1


def test_one_that_is_being_written_is_waited_for(export: Path) -> None:
    written(export / "patients.csv", "1;2\n")
    assert waits(export, ["3;4\n", "5;6\n", "7;8\n"]) == 4


def test_a_share_whose_clock_is_ahead_costs_one_look(export: Path) -> None:
    written(export / "soldes.csv", "1;2\n", ago=-300)
    assert waits(export, []) == 1


def test_what_the_mapping_does_not_name_may_be_written_to(export: Path) -> None:
    written(export / "journal.log", "encore\n")
    assert waits(export, []) == 0


def test_what_cannot_be_looked_at_is_the_reading_s_to_tell(export: Path) -> None:
    written(export / "patients.csv", "1;2\n")
    (export / "soldes.csv").unlink()
    assert waits(export, []) == 0
    assert waits(export / "nowhere", []) == 0


def test_a_database_has_no_files() -> None:
    wait_until_quiet(Location("postgresql://somewhere/cabinet"), default_mapping(), lambda _: pytest.fail("waited"))


@pytest.mark.parametrize(
    ("patience", "told"),
    [
        (PATIENCE_SECONDS, "rendez_vous.csv était en cours d’écriture depuis plus de dix minutes."),
        (A_PERSONS_PATIENCE, "rendez_vous.csv était en cours d’écriture."),
    ],
)
def test_patience_ends(export: Path, patience: float, told: str) -> None:
    clock = [0.0, patience - 1, patience + 1]
    written(export / "rendez_vous.csv", "1;2\n")
    with mock.patch("sync.quiet.time.monotonic", side_effect=clock), pytest.raises(SourceNotReady) as refused:
        waits(export, ["3;4\n"], patience)
    assert refused.value.what == f"Le fichier {told}"

"""Which column says at what time a visit is, and which says how long it takes."""

from pathlib import Path

import pytest

from cabinet.guess import Guess
from tests.cabinet.guessing.exports import PATIENTS, day, fields, guessed, part_of, people, read_through, table, write


def agenda(folder: Path, header: str, *cells: str) -> Guess:
    rows = [(f"{100 + i}", day(i), *cells) for i in PATIENTS]
    return guessed(write(folder, {"PAT.csv": people(), "RDV.csv": table(f"NUMPAT DATE {header}", rows)}))


def test_a_duration_that_is_written_like_a_time_is_none(tmp_path: Path) -> None:
    """All visits would be published as at twenty past midnight."""
    found = agenda(tmp_path, "DUREE MOTIF", "0:20", "RVC")
    assert part_of(found, "appointments").is_held
    assert fields(found, "appointments") == {"patient": "NUMPAT", "kind": "MOTIF", "duration_minutes": "DUREE"}
    assert read_through(found, tmp_path).counts.appointments == 0


def test_the_time_is_read_beside_such_a_duration(tmp_path: Path) -> None:
    found = agenda(tmp_path, "DUREE HEURE", "0:20", "14:10")
    assert fields(found, "appointments")["start"] == "DATE+HEURE"


@pytest.mark.parametrize("header", ["ARRIVEE HEURE", "DE A"])
def test_two_times_of_which_neither_is_an_end_are_asked_about(header: str, tmp_path: Path) -> None:
    found = agenda(tmp_path, header, "14:07", "14:30")
    first, second = header.split()
    assert f"«\u00a0{first}\u00a0» et «\u00a0{second}\u00a0» sont toutes deux des heures" in found.text


@pytest.mark.parametrize("time", ["2:10 PM", "2:10:00 p.m."])
def test_a_time_of_half_a_day_is_one(time: str, tmp_path: Path) -> None:
    found = agenda(tmp_path, "TIME MOTIF", time, "RVC")
    assert fields(found, "appointments")["start"] == "DATE+TIME"
    starts = {visit.start.hour for dossier in read_through(found, tmp_path).dossiers for visit in dossier.appointments}
    assert starts == {14}


def test_a_time_and_its_end_are_not_asked_about(tmp_path: Path) -> None:
    assert "toutes deux" not in agenda(tmp_path, "DEBUT FIN", "14:10", "14:30").text


@pytest.mark.parametrize(("units", "is_read"), [("2", False), ("20", True), ("900", False)])
def test_a_duration_in_quarters_of_an_hour_or_in_seconds_is_not_read_as_minutes(
    units: str, is_read: bool, tmp_path: Path
) -> None:
    found = agenda(tmp_path, "HEURE DUREE", "14:10", units)
    assert ("duration_minutes" in fields(found, "appointments")) is is_read

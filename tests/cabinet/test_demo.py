"""The demo cabinet: the same every time, as varied as a real one, and nobody in it can be reached."""

import csv
import datetime as dt
import re
from collections import Counter
from pathlib import Path

import pytest

from cabinet.demo import write_export
from cabinet.dossier import AppointmentStatus, Balance, Dossier
from cabinet.mapping import default_mapping
from cabinet.reading import Reading, read
from tests.cabinet.conftest import KEY

TODAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write_export(folder, reference=TODAY, photos=False)
    return folder


@pytest.fixture(scope="module")
def reading(folder: Path) -> Reading:
    return read(folder, default_mapping(), KEY)


def test_the_demo_export_is_read_without_a_problem(reading: Reading) -> None:
    assert reading.problems == ()
    assert len(reading.dossiers) == 250


def test_the_same_seed_and_day_write_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_export(tmp_path / "again", reference=TODAY, photos=False)
    write_export(tmp_path / "other", seed=22, reference=TODAY, photos=False)
    for path in folder.glob("*.csv"):
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()
        assert (tmp_path / "other" / path.name).read_bytes() != path.read_bytes()


def test_a_larger_cabinet_begins_with_the_smaller_ones_families(folder: Path, tmp_path: Path) -> None:
    write_export(tmp_path, reference=TODAY, patients=300, photos=False)
    small = (folder / "patients.csv").read_bytes().splitlines()[:240]
    assert (tmp_path / "patients.csv").read_bytes().splitlines()[:240] == small


def test_the_export_is_written_as_french_practice_software_does(folder: Path) -> None:
    raw = (folder / "patients.csv").read_bytes()
    assert raw.startswith("N° interne;Civilité;Nom;Prénom;Date de naissance".encode("cp1252"))
    assert b"\r\n" in raw
    assert re.search(rb";\d+,\d\d;", (folder / "honoraires.csv").read_bytes())


def test_the_procedures_own_patient_is_exactly_as_on_its_screens(reading: Reading) -> None:
    [dossier] = [dossier for dossier in reading.dossiers if dossier.number == "5312"]
    patient = dossier.patient
    assert (patient.civility, patient.last_name, patient.first_name) == ("Monsieur", "AAESSAI", "TEST")
    assert (patient.birth_date, patient.treatment_start) == (dt.date(1985, 4, 15), dt.date(1994, 9, 13))
    assert [
        (f"{visit.start:%d/%m/%Y %HH%M}", visit.kind, visit.duration_minutes, visit.practitioner, visit.status.value)
        for visit in dossier.appointments
    ] == [
        ("30/04/2009 17H00", "CTCT", 20, "CC", "attended"),
        ("01/06/2009 13H20", "RV1A", 40, "CC", "attended"),
        ("29/06/2009 19H00", "RV2C", 40, "CC", "attended"),
        ("29/06/2009 20H20", "RV2C", 40, "CC", "attended"),
        ("04/09/2009 16H20", "RVC", 20, "CC", "attended"),
        ("08/10/2020 02H10", "CONT", 0, "CC", "planned"),
    ]
    assert [(due.label, due.total, due.amount, due.settled, f"{due.date:%d/%m/%Y}") for due in dossier.instalments] == [
        ("1er SEMESTRE", 22867, 22800, True, "13/03/1995"),
        ("2em SEMESTRE", 45735, 45700, True, "10/09/1995"),
        ("SURVEILLANCE", 2150, 2100, True, "12/03/1996"),
        ("3em SEMESTRE", 53357, 53300, True, "20/05/1998"),
        ("4em SEMESTRE", 53357, 53300, True, "20/11/1998"),
    ]
    assert [(fee.label, fee.total, fee.amount, fee.remaining, f"{fee.date:%d/%m/%Y}") for fee in dossier.fees] == [
        ("1er sem. chir.", 39000, 39000, 0, "02/04/2020")
    ]
    assert dossier.balance == Balance(39000, dt.date(2009, 4, 2))
    [addressee] = dossier.addressees
    assert (addressee.email, addressee.city) == ("test@exemple.fr", "DIJON")


def test_nobody_in_the_demo_can_be_written_to_or_called(reading: Reading) -> None:
    addressees = [addressee for dossier in reading.dossiers for addressee in dossier.addressees]
    domains = {addressee.email.rpartition("@")[2] for addressee in addressees if addressee.email}
    assert domains <= {"exemple.fr", "example.com", "example.org", "example.net"}
    assert all(addressee.mobile.startswith("06 39 98 ") for addressee in addressees if addressee.mobile)


def has_siblings(dossiers: tuple[Dossier, ...]) -> bool:
    shared = Counter(dossier.addressees for dossier in dossiers)
    return max(shared.values()) > 1


def test_the_demo_has_every_kind_of_family_and_account(reading: Reading) -> None:
    dossiers = reading.dossiers
    first = [dossier.addressees[0] for dossier in dossiers]
    assert has_siblings(dossiers)
    assert any(len(dossier.addressees) == 2 for dossier in dossiers), "separated parents"
    assert any(dossier.patient.first_name == to.first_name for dossier, to in zip(dossiers, first, strict=True)), (
        "adults"
    )
    assert any(not to.email for to in first)
    assert any(not to.mobile for to in first)
    assert any(not to.email and not to.mobile for to in first)
    assert any(to.postcode.startswith("0") for to in first)
    assert any("," in to.city for to in first), "abroad"
    assert any(len(to.address_2) > 38 for to in first), "longer than a line of an envelope"
    names = " ".join(dossier.patient.last_name + dossier.patient.first_name for dossier in dossiers)
    assert all(sign in names for sign in "'-ÉéœŒ"[:4])
    assert any(dossier.number.startswith("0") for dossier in dossiers)


def test_the_demo_has_every_kind_of_appointment_and_instalment(reading: Reading) -> None:
    now = dt.datetime.combine(TODAY, dt.time())
    visits = [visit for dossier in reading.dossiers for visit in dossier.appointments]
    kinds = Counter((visit.status, visit.start > now) for visit in visits)
    assert set(kinds) >= {
        (AppointmentStatus.ATTENDED, False),
        (AppointmentStatus.MISSED, False),
        (AppointmentStatus.CANCELLED, False),
        (AppointmentStatus.PLANNED, True),
        (AppointmentStatus.CANCELLED, True),
    }
    assert (AppointmentStatus.ATTENDED, True) not in kinds
    dues = [due for dossier in reading.dossiers for due in dossier.instalments]
    assert {(due.settled, due.date is not None and due.date < TODAY) for due in dues} == {
        (True, True),
        (False, True),
        (False, False),
    }
    assert not any(visit.start.weekday() == 6 for visit in visits), "closed on Sundays"


def test_photos_are_drawn_each_different(tmp_path: Path) -> None:
    write_export(tmp_path, reference=TODAY, patients=12)
    reading = read(tmp_path, default_mapping(), KEY)
    drawn = list((tmp_path / "photos").iterdir())
    assert 6 < len(drawn) <= 12
    assert len(reading.photos) == len(drawn), "two alike would have one digest"
    assert reading.problems == ()
    assert any(path.stem == "5312" for path in drawn)


def test_numbers_are_unique(folder: Path) -> None:
    with (folder / "patients.csv").open(encoding="cp1252", newline="") as file:
        numbers = [row[0] for row in csv.reader(file, delimiter=";")]
    assert len(set(numbers)) == len(numbers) == 251

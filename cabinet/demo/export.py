"""Writes the demo cabinet's export as practice software does: CSV in cp1252, `;`, dd/mm/yyyy, decimal comma."""

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from random import Random

from cabinet.demo.care import Care, care
from cabinet.demo.families import Person, family
from cabinet.demo.portraits import draw_portrait
from cabinet.demo.procedure_patient import NUMBER, procedure_care, procedure_patient
from cabinet.demo.words import words
from cabinet.dossier import AppointmentStatus

FIRST_NUMBER = 4801
OLD_NUMBER = "00042"
"""The first patient still has the number of the paper files: a leading zero that must survive."""
_PHOTO_SHARE = 0.85
_HEADERS = {
    "patients.csv": ("N° interne", "Civilité", "Nom", "Prénom", "Date de naissance", "Début de traitement"),
    "destinataires.csv": (
        "N° interne",
        "Rang",
        "Civilité",
        "Nom",
        "Prénom",
        "Adresse 1",
        "Adresse 2",
        "Code postal",
        "Ville",
        "E-mail",
        "Mobile",
    ),
    "rendez_vous.csv": ("N° interne", "Date et heure", "Nature", "Durée", "Praticien", "État"),
    "echeances.csv": ("N° interne", "Libellé", "Total", "Montant", "Traité", "Date"),
    "honoraires.csv": ("N° interne", "Libellé", "Total", "Montant", "Reste", "Date"),
    "soldes.csv": ("N° interne", "Solde", "Date"),
}
_STATES = {
    AppointmentStatus.PLANNED: "prévu",
    AppointmentStatus.ATTENDED: "honoré",
    AppointmentStatus.MISSED: "absent",
    AppointmentStatus.CANCELLED: "annulé",
}

Row = tuple[str | int, ...]


def write_export(folder: Path, *, seed: int = 21, reference: dt.date, patients: int = 250, photos: bool = True) -> None:
    """Write an export of `patients` patients, the procedure's own among them, as of the day `reference`.

    The same arguments write the same bytes (photos: with the same Pillow). A family depends on the seed, its place
    and the day alone, so a larger cabinet begins with the smaller one's families.
    """
    folder.mkdir(parents=True, exist_ok=True)
    people = list(_people(seed, reference, patients))
    tables: dict[str, list[Row]] = {name: [] for name in _HEADERS}
    for person, cared in people:
        _add_rows(tables, person, cared)
    for name, rows in tables.items():
        with (folder / name).open("w", encoding="cp1252", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
            writer.writerow(_HEADERS[name])
            writer.writerows(rows)
    if photos:
        (folder / "photos").mkdir(exist_ok=True)
        for person, _ in people:
            _write_photo(folder / "photos", person, seed, reference)


def _people(seed: int, reference: dt.date, patients: int) -> Iterator[tuple[Person, Care]]:
    numbers = _numbers(patients - 1)
    place = 0
    while batch := numbers[place : place + 3]:
        random = Random(f"{seed}/{place}")  # noqa: S311 - an invented cabinet, no secret
        size = random.choices((1, 2, 3), (62, 30, 8))[0]
        for person in family(random, words(), batch[:size], reference):
            yield person, care(random, person.patient.treatment_start, reference)
        place += size
    yield procedure_patient(), procedure_care()


def _numbers(count: int) -> list[str]:
    following = [str(n) for n in range(FIRST_NUMBER, FIRST_NUMBER + count + 1) if str(n) != NUMBER]
    return [OLD_NUMBER, *following][:count]


def _add_rows(tables: dict[str, list[Row]], person: Person, cared: Care) -> None:
    patient = person.patient
    number = patient.number
    tables["patients.csv"].append(
        (
            number,
            patient.civility,
            patient.last_name,
            patient.first_name,
            _day(patient.birth_date),
            _day(patient.treatment_start),
        )
    )
    tables["destinataires.csv"].extend(
        (
            number,
            rank,
            to.civility,
            to.last_name,
            to.first_name,
            to.address_1,
            to.address_2,
            to.postcode,
            to.city,
            to.email,
            to.mobile,
        )
        for rank, to in enumerate(person.addressees, start=1)
    )
    tables["rendez_vous.csv"].extend(
        (
            number,
            f"{visit.start:%d/%m/%Y %H:%M}",
            visit.kind,
            visit.duration_minutes or 0,
            visit.practitioner,
            _STATES[visit.status],
        )
        for visit in cared.appointments
    )
    tables["echeances.csv"].extend(
        (number, due.label, _euros(due.total), _euros(due.amount), "oui" if due.settled else "non", _day(due.date))
        for due in cared.instalments
    )
    tables["honoraires.csv"].extend(
        (number, fee.label, _euros(fee.total), _euros(fee.amount), _euros(fee.remaining), _day(fee.date))
        for fee in cared.fees
    )
    if cared.balance:
        tables["soldes.csv"].append((number, _euros(cared.balance.amount), _day(cared.balance.as_of)))


def _write_photo(folder: Path, person: Person, seed: int, reference: dt.date) -> None:
    patient = person.patient
    random = Random(f"{seed}/photo/{patient.number}")  # noqa: S311 - an invented cabinet, no secret
    if patient.number != NUMBER and random.random() > _PHOTO_SHARE:
        return
    age = (reference - (patient.birth_date or reference)).days // 365
    portrait = draw_portrait(random, feminine=patient.civility != "Monsieur", adult=age >= 18)
    portrait.save(folder / f"{patient.number}.jpg", "JPEG", quality=86)


def _day(day: dt.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _euros(cents: int | None) -> str:
    return "" if cents is None else f"{cents // 100},{cents % 100:02}"

"""A large cabinet's export, of exact sizes and the same bytes each time; and the next evening's, 1 % of it changed.

    python3 -m tests.benchmarks.export write FOLDER [PATIENTS]
    python3 -m tests.benchmarks.export change FOLDER NIGHT

10,000 patients, 250,000 appointments, 60,000 instalments, 60,000 fees, with addressees and balances, as a practice
program writes them: cp1252, `;`, dd/mm/yyyy, decimal comma, in the files and columns of the default mapping. A program
of its own, so that its memory is not that of the benchmark.
"""

import csv
import datetime as dt
import sys
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from random import Random

PATIENTS = 10_000
"""Unless the command says another number."""
APPOINTMENTS_EACH = 25
LINES_EACH = 6
CHANGED_EACH_NIGHT = 0.01
"""Of the patients."""

HEADERS = {
    "patients.csv": ("N° interne", "Civilité", "Nom", "Prénom", "Date de naissance", "Début de traitement"),
    "destinataires.csv": (
        *("N° interne", "Rang", "Civilité", "Nom", "Prénom"),
        *("Adresse 1", "Adresse 2", "Code postal", "Ville", "E-mail", "Mobile"),
    ),
    "rendez_vous.csv": (
        *("N° interne", "Date et heure", "Nature", "Durée", "Praticien", "État"),
        *("N° RDV", "Fauteuil", "Saisi le"),  # what a practice program also writes, and nobody publishes
    ),
    "echeances.csv": ("N° interne", "Libellé", "Total", "Montant", "Traité", "Date"),
    "honoraires.csv": ("N° interne", "Libellé", "Total", "Montant", "Reste", "Date"),
    "soldes.csv": ("N° interne", "Solde", "Date"),
}
TODAY = dt.date(2025, 3, 14)
KINDS = ("RVC", "RV1A", "RV2C", "POSE", "DEPO", "URG", "CTCT")
PRACTITIONERS = ("CC", "PB", "ML")

Row = Sequence[str]


def write_export(folder: Path, patients: int = PATIENTS) -> None:
    """Write the six files. The last of a patient's appointments are still to come."""
    folder.mkdir(parents=True, exist_ok=True)
    random = Random(20250314)
    tables: dict[str, list[Row]] = {name: [] for name in HEADERS}
    last_names, boys, streets, cities = map(_words, ("last_names", "first_names_boys", "streets", "cities"))
    for index in range(patients):
        number = f"{1000 + index:05d}"
        name, first, start = random.choice(last_names), random.choice(boys), _day(random, 2000)
        place = random.choice(cities[1:]).split(";")
        birth = start - dt.timedelta(days=random.randint(2600, 5000))
        tables["patients.csv"].append((number, "Enfant", name, first, _date(birth), _date(start)))
        email, mobile = f"parent{number}@exemple.fr", f"06 39 98 {index // 100 % 100:02d} {index % 100:02d}"
        street = f"{random.randint(1, 90)} {random.choice(streets)}"
        tables["destinataires.csv"].append(
            (number, "1", "Mme", name, "Hélène", street, "", place[1], place[2], email, mobile)
        )
        tables["rendez_vous.csv"] += _appointments(random, number, start)
        tables["echeances.csv"] += _lines(random, number, start, ("O", "N"))
        tables["honoraires.csv"] += _lines(random, number, start, ("0,00", "362,50"))
        tables["soldes.csv"].append((number, random.choice(("0,00", "362,50", "1 087,50")), _date(TODAY)))
    for file, rows in tables.items():
        _write(folder / file, HEADERS[file], rows)


def change_export(folder: Path, night: int) -> None:
    """What a day does to 1 % of the patients: a visit honoured, the next one booked, an instalment settled."""
    random = Random(night)
    _, *patients = _read(folder / "patients.csv")
    chosen = random.sample(range(len(patients)), round(len(patients) * CHANGED_EACH_NIGHT))
    numbers = {patients[index][0] for index in chosen}
    header, *visits = _read(folder / "rendez_vous.csv")
    after: list[Row] = []
    for row, following in zip(visits, [*visits[1:], ("",)], strict=True):
        if row[0] not in numbers:
            after.append(row)
            continue
        after.append((*row[:5], "honoré", *row[6:]) if row[5] == "prévu" else row)
        if following[0] != row[0]:
            booked = TODAY + dt.timedelta(days=40 + night)
            after.append((row[0], f"{_date(booked)} 17:15", "RVC", "20", row[4], "prévu", *_entry(random, TODAY)))
    _write(folder / "rendez_vous.csv", header, after)
    header, *lines = _read(folder / "echeances.csv")
    settled = [(*row[:4], "O", row[5]) if row[0] in numbers else row for row in lines]
    _write(folder / "echeances.csv", header, settled)


def _appointments(random: Random, number: str, start: dt.date) -> Iterator[Row]:
    practitioner = random.choice(PRACTITIONERS)
    first = min(start, TODAY - dt.timedelta(days=38 * (APPOINTMENTS_EACH - 2)))
    for visit in range(APPOINTMENTS_EACH):
        day = first + dt.timedelta(days=38 * visit + random.randint(0, 9))
        moment = f"{_date(day)} {random.randint(8, 18):02d}:{random.choice((0, 15, 30, 45)):02d}"
        status = "prévu" if day > TODAY else random.choices(("honoré", "absent", "annulé"), (90, 5, 5))[0]
        what = (number, moment, random.choice(KINDS), random.choice(("20", "40", "60")), practitioner, status)
        yield *what, *_entry(random, day - dt.timedelta(days=38))


def _entry(random: Random, day: dt.date) -> Row:
    moment = f"{_date(day)} {random.randint(8, 18):02d}:{random.randint(0, 59):02d}"
    return str(random.randint(100_000, 999_999)), f"Fauteuil {random.randint(1, 4)}", moment


def _lines(random: Random, number: str, start: dt.date, last: tuple[str, str]) -> Iterator[Row]:
    for semester in range(LINES_EACH):
        day = start + dt.timedelta(days=182 * semester)
        label = f"Traitement d'orthopédie dento-faciale, semestre {semester + 1}"
        yield number, label, "725,00", "362,50", last[0 if day < TODAY else 1], _date(day)


def _day(random: Random, within: int) -> dt.date:
    return TODAY - dt.timedelta(days=random.randint(30, within))


def _date(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"


def _words(name: str) -> list[str]:
    folder = files("resources").joinpath("demo")
    path = next(path for path in folder.iterdir() if path.name.rpartition(".")[0] == name)
    return path.read_text(encoding="utf-8").splitlines()


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="cp1252", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def _write(path: Path, header: Row, rows: Sequence[Row]) -> None:
    with path.open("w", encoding="cp1252", newline="", errors="replace") as file:
        csv.writer(file, delimiter=";").writerows([header, *rows])


def main() -> None:
    command, folder, *rest = sys.argv[1:]
    if command == "write":
        write_export(Path(folder), *map(int, rest))
    else:
        change_export(Path(folder), int(rest[0]))


if __name__ == "__main__":
    main()

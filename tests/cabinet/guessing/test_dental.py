"""What dental programs and hand-made sheets write that a person reads at once, and that nobody should have to mend."""

import datetime as dt
from pathlib import Path

import pytest

from cabinet.dossier import AppointmentStatus
from cabinet.guess import Guess
from cabinet.reading import Reading
from tests.cabinet.guessing.exports import (
    NAMES,
    PATIENTS,
    called,
    day,
    fields,
    guessed,
    part_of,
    people,
    read_through,
    table,
    who,
    write,
)

PLANNED, ATTENDED = AppointmentStatus.PLANNED, AppointmentStatus.ATTENDED
MISSED, CANCELLED = AppointmentStatus.MISSED, AppointmentStatus.CANCELLED


@pytest.mark.parametrize("number", ["NUPAT", "NOPAT", "N_PAT", "NUM_PAT", "CODEPAT", "NPAT", "NUDOS", "NIP"])
def test_a_number_in_a_few_letters_is_the_patients_and_says_whose_a_row_is(number: str, tmp_path: Path) -> None:
    fees = [(f"{i}", f"{100 + i % 5}", day(i), "65,00") for i in PATIENTS]
    folder = write(
        tmp_path,
        {
            "FICHES.csv": people(f"{number} NOM PRENOM DATENAISS"),
            "HONO.csv": table(f"LIGNE {number} DATE MONTANT", fees),
        },
    )
    found = guessed(folder)
    assert (fields(found, "patients")["number"], fields(found, "fees")["patient"]) == (number, number)
    reading = read_through(found, folder)
    assert (reading.problems, reading.counts.fees) == ((), len(PATIENTS))


def visits(folder: Path, header: str, *cells: tuple[str, ...]) -> tuple[Guess, Path]:
    """Each patient's visit at 14:10; the cells of `header` in turn."""
    rows = [(f"{100 + i}", day(i), "14:10", *cells[i % len(cells)]) for i in PATIENTS]
    export = write(folder, {"patients.csv": people(), "rdv.csv": table(f"NUMPAT DATE_RDV HEURE {header}", rows)})
    return guessed(export), export


def states(reading: Reading) -> list[AppointmentStatus]:
    return [one.appointments[0].status for one in reading.dossiers]


@pytest.mark.parametrize(
    ("column", "yes", "no", "state"),
    [
        ("RDV_ANNULE", "O", "N", CANCELLED),
        ("Annulé", "X", "", CANCELLED),
        ("RDVManque", "1", "0", MISSED),
        ("Absent", "oui", "non", MISSED),
    ],
)
def test_a_visit_that_was_called_off_or_missed_is_not_to_come(
    column: str, yes: str, no: str, state: AppointmentStatus, tmp_path: Path
) -> None:
    found, export = visits(tmp_path, column, (yes,), (no,))
    assert fields(found, "appointments")["status"] == column
    reading = read_through(found, export)
    assert reading.problems == ()
    assert states(reading) == [state, PLANNED] * 4
    assert f"«\u00a0{column}\u00a0» ne dit qu’un état\u00a0: tous les autres rendez-vous seraient" in found.text


def test_of_two_such_columns_the_one_that_is_worst_to_overlook_is_read(tmp_path: Path) -> None:
    found, _ = visits(tmp_path, "ABSENT ANNULE", ("O", "N"), ("N", "O"))
    assert fields(found, "appointments")["status"] == "ANNULE"


def test_who_has_not_come_is_asked_about_for_they_may_come_yet(tmp_path: Path) -> None:
    found, _ = visits(tmp_path, "Venu", ("oui",), ("non",))
    match = part_of(found, "appointments").match("status")
    assert match is not None
    assert (match.values, match.undecided) == ({"oui": "attended"}, ("non",))


def test_a_column_of_states_goes_before_one_of_yes_and_no(tmp_path: Path) -> None:
    found, _ = visits(tmp_path, "ANNULE ETAT", ("N", "honoré"), ("O", "annulé"))
    assert fields(found, "appointments")["status"] == "ETAT"


def test_why_somebody_was_absent_or_who_called_off_changes_nothing(tmp_path: Path) -> None:
    said = ("Absent non excusé", "Annulé par le patient", "Absente, prévenu", "Vu")
    found, export = visits(tmp_path, "STATUT", *((text,) for text in said))
    reading = read_through(found, export)
    assert reading.problems == ()
    assert states(reading) == [MISSED, CANCELLED, MISSED, ATTENDED] * 2


@pytest.mark.parametrize("written", ["0815", "081500", "08150000"])
def test_a_time_in_figures_alone_is_read_where_its_column_says_so(written: str, tmp_path: Path) -> None:
    rows = [(f"{100 + i}", f"202610{13 + i}", written, "30") for i in PATIENTS]
    folder = write(tmp_path, {"p.csv": people(), "rdv.csv": table("NUMPAT RdvDate RdvHeure RdvDuree", rows)})
    found = guessed(folder)
    assert fields(found, "appointments")["start"] == "RdvDate+RdvHeure"
    reading = read_through(found, folder)
    assert reading.dossiers[0].appointments[0].start == dt.datetime.fromisoformat("2026-10-13 08:15")


def test_figures_that_no_name_calls_a_time_are_none(tmp_path: Path) -> None:
    rows = [(f"{100 + i}", f"202610{13 + i}", "0815") for i in PATIENTS]
    found = guessed(write(tmp_path, {"p.csv": people(), "rdv.csv": table("NUMPAT RdvDate Fauteuil", rows)}))
    assert part_of(found, "appointments").is_held, "it still has no time"


def test_a_column_called_patient_is_the_last_name_beside_the_first(tmp_path: Path) -> None:
    folder = write(tmp_path, {"fiches.csv": people("Dossier Patient Prénom Naissance")})
    found = guessed(folder)
    assert fields(found, "patients") == {
        "number": "Dossier",
        "last_name": "Patient",
        "first_name": "Prénom",
        "birth_date": "Naissance",
    }


@pytest.mark.parametrize("header", ["NOM_Prénom", "Nom_et_prénom", "Prénom_NOM"])
def test_a_whole_name_in_one_cell_is_no_first_name(header: str, tmp_path: Path) -> None:
    rows = [(f"{100 + i}", " ".join(called(i)), who(i)[2]) for i in PATIENTS]
    folder = write(tmp_path, {"suivi.csv": table(f"N° {header} Naissance", rows)})
    found = guessed(folder)
    assert fields(found, "patients")["last_name"] == header
    reading = read_through(found, folder)
    assert reading.problems == ()
    assert NAMES[0] in reading.dossiers[0].patient.last_name


def test_semesters_are_fees_and_calls_for_funds_are_instalments(tmp_path: Path) -> None:
    fees = [(f"{100 + i}", "Semestre 1", day(i), "650,00", "435,00", "215,00") for i in PATIENTS]
    calls = [(f"{100 + i}", day(i), "180,00", "À échoir" if i % 2 else "Réglée") for i in PATIENTS]
    found = guessed(
        export := write(
            tmp_path,
            {
                "PATIENTS.csv": people(),
                "SEMESTRES.csv": table("NUMPAT Semestre Date Honoraires_semestre Perçu Reste_à_percevoir", fees),
                "APPELS_DE_FONDS.csv": table("NUMPAT Date_appel Montant_appelé Etat", calls),
            },
        )
    )
    assert fields(found, "fees") == {
        "patient": "NUMPAT",
        "label": "Semestre",
        "amount": "Honoraires_semestre",
        "remaining": "Reste_à_percevoir",
        "date": "Date",
    }
    reading = read_through(found, export)
    assert reading.problems == ()
    assert (reading.dossiers[0].fees[0].amount, reading.dossiers[0].fees[0].remaining) == (65000, 21500)
    assert [one.instalments[0].settled for one in reading.dossiers[:2]] == [True, False]
    assert reading.dossiers[0].instalments[0].amount == 18000


def test_the_day_of_a_balance_stands_beside_it(tmp_path: Path) -> None:
    rows = [(f"{100 + i}", *who(i), f"{i},50", "20/11/2026") for i in PATIENTS]
    folder = write(tmp_path, {"base.csv": table("NUMPAT NOM PRENOM DATENAISS SoldeCompte DateSolde", rows)})
    assert fields(guessed(folder), "balances") == {"amount": "SoldeCompte", "as_of": "DateSolde"}

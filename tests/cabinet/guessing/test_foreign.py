"""Exports of programs from elsewhere: other people and things beside the patients, other words, other habits."""

from pathlib import Path

import pytest

from cabinet.guess import findings_of
from cabinet.guessing import choices
from cabinet.guessing.model import Level, Topic
from cabinet.guessing.words import shared_ends
from tests.cabinet.guessing.exports import (
    PATIENTS,
    TOWNS,
    born,
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


def practitioners(count: int = 8) -> str:
    return table("ID_Medecin Nom Prénom", [(f"{2000 + i}", *called(i)) for i in range(count)])


def topics(part_questions: object) -> set[Topic]:
    return {question.topic for question in part_questions}  # type: ignore[attr-defined]


def test_patients_whose_numbers_are_sometimes_double_are_not_taken_for_their_practitioners(tmp_path: Path) -> None:
    rows = [(f"{100 + i}", *who(i)) for i in PATIENTS]
    rows += [(f"{200 + i}", *who(i)) for i in range(4)]
    rows += [("100", "DOUBLE", "Un", born(1))]
    folder = write(
        tmp_path,
        {
            "medecins.csv": practitioners(),
            "patients.csv": table("ID_Patient Nom Prénom Naissance", rows),
            "rdv.csv": table("ID_Patient DATE HEURE", [(f"{100 + i}", day(i), "09:30") for i in PATIENTS]),
        },
        "utf-8",
    )
    found = guessed(folder)
    assert part_of(found, "patients").table == "patients.csv"
    number = part_of(found, "patients").match("number")
    assert number is not None
    assert (number.columns, number.level) == (("ID_Patient",), Level.LIKELY)
    assert fields(found, "appointments")["patient"] == "ID_Patient"
    reading = read_through(found, folder)
    assert (reading.counts.patients, reading.refused) == (11, frozenset({"100"}))


@pytest.mark.parametrize(
    ("name", "header"),
    [("medecins.csv", "ID NOM PRENOM"), ("produits.csv", "ID NomProduit Prix"), ("temps.csv", "ID nom_avocat Heures")],
)
def test_other_people_and_things_are_no_patients(name: str, header: str, tmp_path: Path) -> None:
    rows = [(f"{i}", *called(i)) for i in PATIENTS]
    found = guessed(write(tmp_path, {name: table(header, rows)}))
    assert found.findings.missing


def test_where_a_person_says_that_a_table_is_the_patients_it_is(tmp_path: Path) -> None:
    found = guessed(write(tmp_path, {"medecins.csv": practitioners()}, "utf-8"))
    assert found.findings.missing
    chosen = findings_of(found.samples, patients_file="medecins.csv")
    assert not chosen.missing
    assert chosen.parts[0].table == "medecins.csv"


def test_people_who_are_patients_by_neither_name_nor_birth_date_are_asked_about(tmp_path: Path) -> None:
    rows = [(f"{i}", *called(i)) for i in PATIENTS]
    found = guessed(write(tmp_path, {"contacts.csv": table("REF NOM PRENOM", rows)}))
    assert topics(part_of(found, "patients").questions) == {Topic.PATIENTS}
    assert "Vérifiez que ce ne sont pas des correspondants" in found.text
    named = guessed(write(tmp_path / "named", {"clients.csv": table("REF NOM PRENOM", rows)}))
    assert part_of(named, "patients").questions == ()


def test_a_beginning_that_most_columns_share_says_nothing(tmp_path: Path) -> None:
    header = "ev_eid ev_pid ev_eventDate ev_startTime ev_endTime ev_duration ev_apptstatus"
    rows = [(f"{i}", f"{100 + i}", f"2026-01-{13 + i}", "09:30:00", "09:45:00", "900", "-") for i in PATIENTS]
    rows += [("9", "100", "2026-02-01", "10:00:00", "10:15:00", "900", "x")]
    folder = write(
        tmp_path,
        {
            "people.csv": table("pid LName FName DOB", [(f"{100 + i}", *called(i), f"1990-01-1{i}") for i in PATIENTS]),
            "postcalendar_events.csv": table(header, rows),
        },
        "utf-8",
    )
    found = guessed(folder)
    assert fields(found, "patients") == {
        "number": "pid",
        "last_name": "LName",
        "first_name": "FName",
        "birth_date": "DOB",
    }
    visits = fields(found, "appointments")
    assert visits["patient"] == "ev_pid"
    assert visits["start"] == "ev_eventDate+ev_startTime"
    assert visits["end"] == "ev_eventDate+ev_endTime"
    assert visits["status"] == "ev_apptstatus"
    assert "duration_minutes" not in visits, "900 are seconds"
    status = part_of(found, "appointments").match("status")
    assert status is not None
    assert status.undecided == ("-", "x")


def test_an_ending_that_most_columns_share_says_nothing(tmp_path: Path) -> None:
    header = "id_zz titre_zz nom_zz prenom_zz ddn_zz adresse_zz adresse2_zz cp_zz ville_zz gsm_zz email_zz"
    rows = [
        (
            *(f"{100 + i}", "Mme", *called(i), f"1990-01-1{i}", "1 rue X", "Bât. A", "21000", TOWNS[i]),
            *(f"063998000{i}", f"a{i}@exemple.fr"),
        )
        for i in PATIENTS
    ]
    payments = [(f"{i}", f"{100 + i % 5}", "60,00", f"2026-01-1{i}") for i in PATIENTS]
    folder = write(
        tmp_path,
        {
            "membres.csv": table(header, rows),
            "cotisations.csv": table("id_cotis id_zz montant_cotis date_cotis", payments),
        },
        "utf-8",
    )
    found = guessed(folder)
    assert fields(found, "patients") == {
        "number": "id_zz",
        "civility": "titre_zz",
        "last_name": "nom_zz",
        "first_name": "prenom_zz",
        "birth_date": "ddn_zz",
    }
    assert set(fields(found, "addressees")) == {
        *("civility", "last_name", "first_name", "address_1", "address_2", "postcode", "city", "email", "mobile")
    }
    assert fields(found, "fees") == {"patient": "id_zz", "amount": "montant_cotis", "date": "date_cotis"}
    reading = read_through(found, folder)
    assert (reading.problems, reading.counts.fees) == ((), len(PATIENTS))


@pytest.mark.parametrize(
    ("names", "ends"),
    [
        (("pc_eid", "pc_pid", "pc_title"), ("pc_", "")),
        (("zz.a", "zz.b", "zz.c", "d"), ("zz.", "")),
        (("id_zz", "nom_zz", "prenom_zz", "mail"), ("", "_zz")),
        (("yy_id_zz", "yy_nom_zz", "yy_cp_zz"), ("yy_", "_zz")),
        (("pat_num", "pat_nom", "pat_prenom"), ("", "")),
        (("num_pat", "nom_pat", "prenom_pat"), ("", "")),
        (("a_1", "b_1", "c_1"), ("", "")),
        (("zz_a", "zz_b"), ("", "")),
        (("zz_a", "zz_b", "zz_c", "d", "e", "f"), ("", "")),
        ((), ("", "")),
    ],
)
def test_the_ends_of_names_are_of_most_columns_and_mean_nothing(names: tuple[str, ...], ends: tuple[str, str]) -> None:
    assert shared_ends(names) == ends


def test_a_state_of_figures_is_asked_about_and_no_appointment_is_shown_as_planned_meanwhile(tmp_path: Path) -> None:
    rows = [(f"{i}", f"{100 + i}", f"{1 + i % 3}", f"2026-01-{13 + i} 09:30:00", "D0120, D1110") for i in PATIENTS]
    folder = write(
        tmp_path,
        {
            "patient.csv": table(
                "PatNum LName FName Birthdate WkPhone",
                [(f"{100 + i}", *called(i), f"1990-01-1{i}", "") for i in PATIENTS],
            ),
            "appointment.csv": table("AptNum PatNum AptStatus AptDateTime ProcDescript", rows),
        },
        "utf-8",
    )
    found = guessed(folder)
    assert fields(found, "appointments") == {
        "patient": "PatNum",
        "start": "AptDateTime",
        "kind": "ProcDescript",
        "status": "AptStatus",
    }
    assert "«\u00a01\u00a0», «\u00a02\u00a0», «\u00a03\u00a0»\u00a0: dites ce que cela veut dire" in found.text
    assert 'values = { "1" = "?", "2" = "?", "3" = "?" } }\n' in found.text
    assert "mobile" not in fields(found, "addressees"), "an empty telephone may be any"
    assert read_through(found, folder).counts.appointments == 0


def test_german_words(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            "Patienten.csv": table(
                "PatientenNr Anrede Nachname Vorname Geburtsdatum Strasse PLZ Ort Handy",
                [
                    (
                        *(f"{100 + i}", "Mme", *called(i), f"{14 + i}.03.2012"),
                        *("Ring 1", "67000", TOWNS[i], f"063998000{i}"),
                    )
                    for i in PATIENTS
                ],
            ),
            "Termine.csv": table(
                "TerminID PatientenNr Datum Uhrzeit Dauer Behandler Grund Status",
                [(f"{i}", f"{100 + i}", f"{14 + i}.03.2026", "09:30", "20", "CC", "RVC", "abgesagt") for i in PATIENTS],
            ),
            "Rechnungen.csv": table(
                "RechnungNr PatientenNr Datum Betrag",
                [(f"R{i}", f"{100 + i}", f"{14 + i}.03.2026", "65,00") for i in PATIENTS],
            ),
        },
    )
    found = guessed(folder)
    assert fields(found, "patients")["birth_date"] == "Geburtsdatum"
    assert {"postcode": "PLZ", "city": "Ort", "mobile": "Handy"}.items() <= fields(found, "addressees").items()
    assert fields(found, "appointments") == {
        "patient": "PatientenNr",
        "start": "Datum+Uhrzeit",
        "kind": "Grund",
        "duration_minutes": "Dauer",
        "practitioner": "Behandler",
        "status": "Status",
    }
    assert fields(found, "fees") == {"patient": "PatientenNr", "amount": "Betrag", "date": "Datum"}
    assert read_through(found, folder).problems == ()


def test_appointments_without_a_time_wait_for_one(tmp_path: Path) -> None:
    rows = [(f"{100 + i}", day(i), "RVC", "honoré") for i in PATIENTS]
    folder = write(tmp_path, {"PAT.csv": people(), "RDV.csv": table("NUMPAT DATE_RDV NATURE ETAT", rows)})
    found = guessed(folder)
    part = part_of(found, "appointments")
    assert (part.is_held, topics(part.questions)) == (True, {Topic.TIME})
    assert fields(found, "appointments") == {"patient": "NUMPAT", "kind": "NATURE", "status": "ETAT"}
    assert "«\u00a0DATE_RDV\u00a0» donne le jour des rendez-vous, et aucune leur heure" in found.text
    assert read_through(found, folder).counts.appointments == 0

    rdv = next(table for table in found.samples.tables if table.name == "RDV.csv")
    still = choices.with_columns(part, rdv, "kind", ("NATURE",))
    assert (still.is_held, topics(still.questions)) == (True, {Topic.TIME})
    freed = choices.with_columns(part, rdv, "start", ("DATE_RDV",))
    assert (freed.is_held, topics(freed.questions)) == (False, set())
    start = freed.match("start")
    assert start is not None
    assert "ces valeurs ne ressemblent pas à ce champ (date et heure)" in start.question, "it is still a day alone"


@pytest.mark.parametrize("counter", ["lfd_nr", "row_id", "id_interne", "xyz_abc"])
def test_a_counter_of_rows_that_every_table_has_is_no_patients_number(counter: str, tmp_path: Path) -> None:
    """Patients and fees are both numbered from 1 under one name: another family would be shown the fees."""
    patients = [(f"{i + 1}", f"{100 + i}", *who(i)) for i in PATIENTS]
    fees = [(f"{i + 1}", f"{107 - i}", day(i), f"{100 + i},50", "Gouttière") for i in PATIENTS]
    folder = write(
        tmp_path,
        {
            "patients.csv": table(f"{counter} NUMPAT NOM PRENOM DATENAISS", patients),
            "honoraires.csv": table(f"{counter} xyz DATE MONTANT LIBELLE", fees),
        },
    )
    found = guessed(folder)
    part = part_of(found, "fees")
    assert part.is_held
    assert Topic.OWNER in topics(part.questions)
    assert read_through(found, folder).counts.fees == 0

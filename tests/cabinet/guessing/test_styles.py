"""A dozen exports, each in the manner of another program: the fields that are recognised in them."""

import datetime as dt
import sqlite3
from pathlib import Path

import openpyxl
import pytest

from cabinet.demo.export import write_export
from cabinet.dossier import AppointmentStatus, encode
from cabinet.guessing.model import Level
from cabinet.guessing.nobody import NO_PATIENTS
from cabinet.mapping import default_mapping, load_mapping, parse_mapping
from cabinet.reading import read
from cabinet.sources.location import Location
from tests.cabinet.conftest import KEY
from tests.cabinet.guessing.exports import (
    NAMES,
    PATIENTS,
    TOWNS,
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

SYNTHEA = Path(__file__).parents[4] / "shared" / "data" / "synthea"


def local(text: str) -> dt.datetime:
    """A time as the cabinet's clock shows it."""
    return dt.datetime.fromisoformat(text)


def test_the_demo_export_gives_the_same_dossiers_as_through_the_default_mapping(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    write_export(folder, reference=dt.date(2026, 10, 6), patients=40)
    found = guessed(folder)
    reading, expected = read_through(found, folder), read(folder, default_mapping(), KEY)
    assert [encode(one) for one in reading.dossiers] == [encode(one) for one in expected.dossiers]
    assert reading.problems == expected.problems
    assert all(match.level is Level.SURE for part in found.findings.parts for match in part.matches)


def test_french_capitals_with_the_date_and_the_time_in_two_columns(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            "PATIENT.csv": table(
                "NUM_PAT CIV NOM_PAT PRENOM_PAT DDN ADR1 ADR2 CP VILLE TEL_PORT COURRIEL",
                [
                    (
                        f"{100 + i}",
                        "Mlle",
                        *who(i),
                        f"{i} rue X",
                        "",
                        "21000",
                        TOWNS[i],
                        f"06 39 98 00 0{i}",
                        f"a{i}@exemple.fr",
                    )
                    for i in PATIENTS
                ],
            ),
            "RDV.csv": table(
                "NUM_PAT DATE_RDV HEURE DUREE NATURE PRATICIEN ETAT",
                [(f"{100 + i}", day(i), f"1{i}:20", "20", "RVC", "CC", "honoré") for i in PATIENTS],
            ),
        },
    )
    found = guessed(folder)
    assert fields(found, "patients") == {
        "number": "NUM_PAT",
        "civility": "CIV",
        "last_name": "NOM_PAT",
        "first_name": "PRENOM_PAT",
        "birth_date": "DDN",
    }
    assert fields(found, "addressees") == {
        "civility": "CIV",
        "last_name": "NOM_PAT",
        "first_name": "PRENOM_PAT",
        "address_1": "ADR1",
        "address_2": "ADR2",
        "postcode": "CP",
        "city": "VILLE",
        "email": "COURRIEL",
        "mobile": "TEL_PORT",
    }
    assert fields(found, "appointments") == {
        "patient": "NUM_PAT",
        "start": "DATE_RDV+HEURE",
        "kind": "NATURE",
        "duration_minutes": "DUREE",
        "practitioner": "PRATICIEN",
        "status": "ETAT",
    }
    assert part_of(found, "appointments").month_first is False
    reading = read_through(found, folder)
    assert reading.problems == ()
    assert reading.dossiers[0].appointments[0].start == local("2026-01-13 10:20")
    assert reading.dossiers[0].addressees[0].city == "Dijon"


def test_camel_case_in_utf_16_with_a_key_that_is_not_the_number(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            "Patients.txt": table(
                "IdPatient NumDossier NomPatient PrenomPatient DateNaissance",
                [(f"{9000 + i}", f"D-{i:03d}", *who(i)) for i in PATIENTS],
                delimiter="\t",
            ),
            "Factures.txt": table(
                "IdFacture IdPatient DateFacture Libelle MontantTotal Reste",
                [(f"{i + 1}", f"{9000 + i}", day(i), "Semestre 1", "390,00", "12,50") for i in PATIENTS],
                delimiter="\t",
            ),
        },
        "utf-16",
    )
    found = guessed(folder)
    patients = fields(found, "patients")
    assert (patients["key"], patients["last_name"], patients["birth_date"]) == (
        "IdPatient",
        "NomPatient",
        "DateNaissance",
    )
    assert patients["number"] == "NumDossier"
    assert fields(found, "fees") == {
        "patient": "IdPatient",
        "label": "Libelle",
        "total": "MontantTotal",
        "remaining": "Reste",
        "date": "DateFacture",
    }
    assert read_through(found, folder).counts.fees == len(PATIENTS)


def test_english_names_and_months_first(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            "patients.csv": table(
                "PATIENT_ID LAST_NAME FIRST_NAME BIRTHDATE STREET ZIP CITY EMAIL CELL_PHONE",
                [
                    (
                        f"P{i}",
                        *called(i),
                        f"03/{14 + i}/2012",
                        "1 Main St",
                        "90210",
                        "Dover",
                        f"b{i}@example.com",
                        f"+1212555010{i}",
                    )
                    for i in PATIENTS
                ],
                delimiter=",",
            ),
            "appointments.csv": table(
                "APPT_ID PATIENT_ID START_TIME END_TIME TYPE PROVIDER STATUS",
                [
                    (f"{i}", f"P{i}", f"02/{13 + i}/2026 09:30", f"02/{13 + i}/2026 10:00", "Adjust", "Dr A", "no show")
                    for i in PATIENTS
                ],
                delimiter=",",
            ),
        },
        "utf-8-sig",
    )
    found = guessed(folder)
    assert fields(found, "patients")["birth_date"] == "BIRTHDATE"
    assert part_of(found, "patients").month_first is True
    assert fields(found, "appointments") == {
        "patient": "PATIENT_ID",
        "start": "START_TIME",
        "end": "END_TIME",
        "kind": "TYPE",
        "practitioner": "PROVIDER",
        "status": "STATUS",
    }
    assert fields(found, "addressees")["mobile"] == "CELL_PHONE"
    visit = read_through(found, folder).dossiers[0].appointments[0]
    assert (visit.start.month, visit.duration_minutes, visit.status) == (2, 30, AppointmentStatus.MISSED)


def test_one_table_of_accounts_is_told_apart_by_its_column_of_kinds(tmp_path: Path) -> None:
    rows = [(f"{100 + i}", day(i), "Échéance", f"Mois {i}", "65,00", "O", "") for i in PATIENTS]
    rows += [(f"{100 + i}", day(i), "Honoraires", "Semestre", "390,00", "", "65,00") for i in PATIENTS]
    rows += [("100", day(0), "Avoir", "Geste", "10,00", "", "")]
    folder = write(
        tmp_path,
        {"PAT.csv": people(), "COMPTES.csv": table("NUMPAT DATE TYPE LIBELLE MONTANT REGLE RESTE", rows)},
    )
    found = guessed(folder)
    assert part_of(found, "instalments").where == ("TYPE", ("Échéance",))
    assert part_of(found, "fees").where == ("TYPE", ("Honoraires",))
    assert fields(found, "instalments") == {
        "patient": "NUMPAT",
        "label": "LIBELLE",
        "amount": "MONTANT",
        "settled": "REGLE",
        "date": "DATE",
    }
    assert fields(found, "fees")["remaining"] == "RESTE"
    assert "«\u00a0Avoir\u00a0»" in found.text
    counts = read_through(found, folder).counts
    assert (counts.instalments, counts.fees) == (len(PATIENTS), len(PATIENTS))


def test_one_table_of_accounts_with_an_amount_for_each(tmp_path: Path) -> None:
    rows = [(f"{100 + i}", day(i), "Semestre", "390,00", "65,00", "non") for i in PATIENTS]
    folder = write(
        tmp_path,
        {"PAT.csv": people(), "COMPTA.csv": table("NUMPAT DATE LIBELLE MT_HONORAIRE MT_ECHEANCE REGLE", rows)},
    )
    found = guessed(folder)
    assert (fields(found, "instalments")["amount"], fields(found, "fees")["amount"]) == ("MT_ECHEANCE", "MT_HONORAIRE")
    dossier = read_through(found, folder).dossiers[0]
    assert (dossier.instalments[0].amount, dossier.fees[0].amount) == (6500, 39000)


def test_a_file_of_parents_with_numbers_of_its_own(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            "patients.csv": people(),
            "responsables.csv": table(
                "ID_RESP NUMPAT CIVILITE NOM PRENOM ADRESSE CODEPOSTAL VILLE MAIL GSM",
                [
                    (
                        f"{i + 1}",
                        f"{100 + i}",
                        "Mme",
                        NAMES[i],
                        "Anne",
                        "2 rue Y",
                        "21000",
                        TOWNS[i],
                        f"p{i}@exemple.fr",
                        f"063998000{i}",
                    )
                    for i in PATIENTS
                ],
            ),
        },
        "utf-8",
    )
    found = guessed(folder)
    assert part_of(found, "patients").table == "patients.csv"
    assert fields(found, "addressees") == {
        "patient": "NUMPAT",
        "civility": "CIVILITE",
        "last_name": "NOM",
        "first_name": "PRENOM",
        "address_1": "ADRESSE",
        "postcode": "CODEPOSTAL",
        "city": "VILLE",
        "email": "MAIL",
        "mobile": "GSM",
    }
    assert read_through(found, folder).problems == ()


def test_two_parents_who_are_columns_of_the_patients_table(tmp_path: Path) -> None:
    header = "ORDRE NOM PRENOM NAISSANCE NOM_PERE PRENOM_PERE MAIL_PERE NOM_MERE PRENOM_MERE MAIL_MERE ADRESSE CP VILLE"
    rows = [
        (
            *(f"{i:05d}", *who(i), NAMES[i], "Paul", f"p{i}@exemple.fr"),
            *(NAMES[-i], "Anne", f"m{i}@exemple.fr", "3 rue Z", "21000", TOWNS[i]),
        )
        for i in PATIENTS
    ]
    found = guessed(write(tmp_path, {"base.csv": table(header, rows)}))
    assert fields(found, "addressees", 0) | fields(found, "addressees", 1) != fields(found, "addressees", 0)
    assert fields(found, "addressees", 0)["email"] == "MAIL_PERE"
    mother = fields(found, "addressees", 1)
    assert (mother["last_name"], mother["first_name"], mother["address_1"]) == ("NOM_MERE", "PRENOM_MERE", "ADRESSE")
    assert len(read_through(found, tmp_path).dossiers[0].addressees) == 2


def test_a_parent_whose_column_says_no_more_than_whose_it_is(tmp_path: Path) -> None:
    header = "N°_fiche;Nom;Prénom;Né le;Suivi depuis;Date fin trait.;Resp. légal;Prénom resp. légal;Mail resp. légal;"
    header += "Adr.;C. postal;Ville"
    lines = [
        ";".join(
            (
                *(f"{i:05d}", *who(i), f"0{i + 1}/09/2025", f"0{i + 1}/09/2027", NAMES[-i], "Paul"),
                *(f"p{i}@exemple.fr", "3 rue Z", "21000", TOWNS[i]),
            )
        )
        for i in PATIENTS
    ]
    found = guessed(write(tmp_path, {"Fichier patients.csv": "\n".join((header, *lines))}))
    patients = fields(found, "patients")
    assert (patients["number"], patients["treatment_start"]) == ("N°_fiche", "Suivi depuis")
    assert fields(found, "addressees") == {
        "last_name": "Resp. légal",
        "first_name": "Prénom resp. légal",
        "address_1": "Adr.",
        "postcode": "C. postal",
        "city": "Ville",
        "email": "Mail resp. légal",
    }
    assert read_through(found, tmp_path).dossiers[0].addressees[0].last_name == NAMES[0]


def test_the_end_of_a_treatment_is_not_its_beginning(tmp_path: Path) -> None:
    rows = [(f"{i}", *who(i), f"0{i + 1}/09/2027") for i in PATIENTS]
    found = guessed(write(tmp_path, {"patients.csv": table("ORDRE NOM PRENOM DNAIS DATE_FIN_TRAITEMENT", rows)}))
    assert "treatment_start" not in fields(found, "patients")


def test_how_to_reach_somebody_without_a_name_is_asked_about(tmp_path: Path) -> None:
    header = "REF NOM PRENOM NE_LE CP RESP_LEGAL COURRIEL_RESP PORTABLE_RESP COURRIEL_MERE"
    rows = [
        (
            *(f"{i:05d}", *who(i), "21000", "Père"),
            *(f"p{i}@exemple.fr", f"06 39 98 00 {i:02d}", f"m{i}@exemple.fr"),
        )
        for i in PATIENTS
    ]
    found = guessed(write(tmp_path, {"base.csv": table(header, rows)}))
    assert {"email": "COURRIEL_RESP", "mobile": "PORTABLE_RESP", "last_name": "NOM"}.items() <= fields(
        found, "addressees"
    ).items()
    assert '\n# email = "COURRIEL_RESP"' in found.text
    assert (
        "À VÉRIFIER\u00a0: la colonne «\u00a0COURRIEL_RESP\u00a0» est celle de quelqu’un que l’export ne nomme pas. Si "
        "c’est à cette personne que le cabinet écrit, retirez le #."
    ) in found.text
    assert read_through(found, tmp_path).dossiers[0].addressees[0].email == ""


def test_the_d_columns_of_an_addressee(tmp_path: Path) -> None:
    rows = [(f"{i}", *who(i), "Mme", NAMES[i], "Anne", "3 rue Z", "21000", TOWNS[i], "120,50") for i in PATIENTS]
    header = "ORDRE NOM PRENOM DNAIS DCIV DNOM DPRENOM DADR1 DCP DVILLE SOLDE"
    found = guessed(write(tmp_path, {"patients.csv": table(header, rows)}))
    assert fields(found, "addressees") == {
        "civility": "DCIV",
        "last_name": "DNOM",
        "first_name": "DPRENOM",
        "address_1": "DADR1",
        "postcode": "DCP",
        "city": "DVILLE",
    }
    assert fields(found, "balances") == {"amount": "SOLDE"}
    reading = read_through(found, tmp_path)
    assert reading.dossiers[0].balance is not None
    assert reading.dossiers[0].balance.amount == 12050


def test_a_workbook_with_typed_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Fiches"
    sheet.append(("N° dossier", "Nom", "Prénom", "Né(e) le"))
    for i in PATIENTS:
        sheet.append((f"{i:04d}", *called(i), dt.date(2012, 3, 4 + i)))
    agenda = book.create_sheet("Agenda")
    agenda.append(("N° dossier", "Jour", "Heure début", "Heure fin", "Motif"))
    for i in PATIENTS:
        agenda.append((f"{i:04d}", dt.date(2026, 10, 1 + i), dt.time(9, 10), dt.time(9, 30), "POSE"))
    book.save(tmp_path / "cabinet.xlsx")
    found = guessed(tmp_path / "cabinet.xlsx")
    assert fields(found, "patients")["birth_date"] == "Né(e) le"
    visits = fields(found, "appointments")
    assert (visits["start"], visits["end"], visits["kind"]) == ("Jour+Heure début", "Jour+Heure fin", "Motif")
    visit = read_through(found, tmp_path / "cabinet.xlsx").dossiers[0].appointments[0]
    assert (visit.start, visit.duration_minutes) == (local("2026-10-01 09:10"), 20)


def test_a_database_whose_days_and_times_each_have_the_other_half(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "cabinet.db") as base:
        base.execute("CREATE TABLE tbl_patients (id INTEGER, nom TEXT, prenom TEXT, date_naissance TEXT, archive TEXT)")
        base.execute(
            "CREATE TABLE tbl_rdv (id INTEGER, id_patient INTEGER, date_rdv TEXT, heure_rdv TEXT, statut TEXT)"
        )
        for i in PATIENTS:
            base.execute(
                "INSERT INTO tbl_patients VALUES (?, ?, ?, ?, ?)",
                (500 + i, *called(i), "2012-03-04", "O" if i == 7 else "N"),
            )
            base.execute(
                "INSERT INTO tbl_rdv VALUES (?, ?, ?, ?, ?)",
                (i, 500 + i, "2026-10-08 00:00:00", "1899-12-30 14:10:00", "prévu"),
            )
    base.close()
    source = f"sqlite:///{tmp_path / 'cabinet.db'}"
    found = guessed(source)
    assert fields(found, "patients")["number"] == "id"
    assert fields(found, "appointments") == {
        "patient": "id_patient",
        "start": "date_rdv+heure_rdv",
        "status": "statut",
    }
    assert '# where = { column = "archive", values = ["N"] }' in found.text
    reading = read_through(found, source)
    assert reading.problems == ()
    assert reading.dossiers[0].appointments[0].start == local("2026-10-08 14:10")


def test_letters_that_stand_for_states_are_asked_and_never_published(tmp_path: Path) -> None:
    rows = [(f"{100 + i}", f"{day(i)} 14:10", "HAX"[i % 3]) for i in PATIENTS]
    folder = write(tmp_path, {"p.csv": people(), "rdv.csv": table("NUMPAT DATEHEURE ETAT", rows)})
    found = guessed(folder)
    assert (
        "À VÉRIFIER\u00a0: «\u00a0A\u00a0», «\u00a0H\u00a0», «\u00a0X\u00a0»\u00a0: dites ce que cela veut dire"
        in found.text
    )
    reading = read_through(found, folder)
    assert reading.counts.appointments == 0
    assert {problem.code for problem in reading.problems} == {"unknown-status"}


def test_days_that_could_be_months_wait_for_a_person(tmp_path: Path) -> None:
    patients = table("NUMPAT NOM PRENOM DDN", [(f"{i}", *called(i), "04/03/2012") for i in PATIENTS])
    rows = [(f"{i}", "05/06/2026 14:10", "prévu") for i in PATIENTS]
    folder = write(tmp_path, {"p.csv": patients, "rdv.csv": table("NUMPAT DATE ETAT", rows)})
    found = guessed(folder)
    assert part_of(found, "appointments").is_held
    assert '# birth_date = "DDN"' in found.text
    reading = read_through(found, folder)
    assert (reading.counts.patients, reading.counts.appointments) == (len(PATIENTS), 0)
    assert {one.patient.birth_date for one in reading.dossiers} == {None}


def test_dates_in_both_orders_wait_for_a_person(tmp_path: Path) -> None:
    rows = [(f"{i}", *called(i), "14/03/2012" if i else "03/14/2012") for i in PATIENTS]
    found = guessed(write(tmp_path, {"p.csv": table("NUMPAT NOM PRENOM DDN", rows)}))
    assert "d’autres par le mois" in found.text
    assert '# birth_date = "DDN"' in found.text


def test_a_table_in_several_files_is_pointed_out(tmp_path: Path) -> None:
    rows = [(f"{100 + i}", f"{day(i)} 14:10", "prévu") for i in PATIENTS]
    visits = table("NUMPAT DATE ETAT", rows)
    found = guessed(write(tmp_path, {"p.csv": people(), "rdv_2025.csv": visits, "rdv_2026.csv": visits}))
    assert "mêmes colonnes dans «\u00a0rdv_2026.csv\u00a0»" in found.text


def test_a_number_that_may_count_the_rows_is_not_taken_for_a_patients(tmp_path: Path) -> None:
    patients = table("ID NOM PRENOM DDN", [(f"{i}", *who(i)) for i in PATIENTS])
    visits = table("ID DATE HEURE MOTIF", [(f"{i}", day(i), "14:10", "RVC") for i in PATIENTS])
    found = guessed(write(tmp_path, {"patients.csv": patients, "rdv.csv": visits}))
    assert part_of(found, "appointments").is_held
    assert "«\u00a0ID\u00a0» désigne peut-être la ligne" in found.text
    assert read_through(found, tmp_path).counts.appointments == 0


def test_photos_are_known_by_the_numbers_in_their_names(tmp_path: Path) -> None:
    folder = write(tmp_path, {"p.csv": people()})
    (folder / "images").mkdir()
    for i in PATIENTS:
        (folder / "images" / f"P_{100 + i}.JPG").write_bytes(b"")
    (folder / "logo.png").write_bytes(b"")
    assert guessed(folder).findings.photos == ("images/P_{number}.jpg",)


def test_without_a_patients_number_a_sentence_says_what_is_missing(tmp_path: Path) -> None:
    found = guessed(write(tmp_path, {"stock.csv": table("REF QTE", [("A", "1"), ("B", "2")])}))
    assert found.findings.missing == NO_PATIENTS
    assert NO_PATIENTS in found.text
    assert "# stock.csv (table non reconnue)\u00a0: REF, QTE" in found.text


def test_the_years_of_two_figures_have_a_line_of_their_own_to_complete(tmp_path: Path) -> None:
    rows = [(str(4000 + n), name, "Zoé", f"{20 + n}/04/12") for n, name in enumerate(("MARTIN", "PETIT", "ROUX"))]
    folder = write(tmp_path, {"patients.csv": table("Dossier Nom Prénom Naissance", rows)})
    text = guessed(folder).text
    written = 'format = { dates = "jj/mm/aaaa" }\n'
    assert written in text
    completed = text.replace(written, "").replace("# format = {", "format = {")
    reading = read(Location(str(folder)), parse_mapping(completed, "mapping.toml"), KEY)
    assert [one.patient.birth_date for one in reading.dossiers] == [dt.date(2012, 4, 20 + n) for n in range(3)]


@pytest.mark.parametrize("codec", ["cp850", "mac-roman"])
def test_an_export_of_an_old_program_is_read_in_the_encoding_of_its_words(codec: str, tmp_path: Path) -> None:
    export = write(tmp_path, {"patients.csv": people(), "numeros.csv": "N\r\n1\r\n", "vide.csv": ""}, encoding=codec)
    found = guessed(export)
    assert found.findings.unreadable == (
        "Le fichier vide.csv est vide. Refaites l’export\u00a0: rien n’est publié d’un fichier vide.",
    )
    assert f"# À VÉRIFIER\u00a0: l’encodage ({codec}) est reconnu aux lettres accentuées seules." in found.text
    assert "Éloïse" in [dossier.patient.first_name for dossier in read_through(found, export).dossiers]


def test_files_of_several_encodings_are_each_told(tmp_path: Path) -> None:
    write(tmp_path, {"anciens.csv": people()}, encoding="cp850")
    found = guessed(write(tmp_path, {"patients.csv": people()}))
    assert "{ encoding" not in found.text
    [told] = found.findings.unreadable
    assert told.startswith("L’encodage du fichier anciens.csv n’est pas reconnu")
    assert "«\u00a0cp850\u00a0», où" in told


@pytest.mark.skipif(not SYNTHEA.is_dir(), reason="needs ../shared")
def test_an_export_that_nobody_here_wrote_is_recognised(tmp_path: Path) -> None:
    found = guessed(SYNTHEA)
    (tmp_path / "m.toml").write_text(found.text, encoding="utf-8")
    mine = load_mapping(tmp_path / "m.toml")
    theirs = load_mapping(Path(__file__).parents[2] / "data" / "synthea.toml")
    assert mine.patients == theirs.patients
    assert mine.addressees == theirs.addressees
    assert {"practitioner": "PROVIDER"}.items() <= fields(found, "appointments").items()
    for field in ("patient", "start", "end", "kind"):
        assert getattr(mine.appointments.columns, field) == getattr(theirs.appointments.columns, field)  # type: ignore[union-attr]
    for field in ("patient", "remaining", "date"):
        assert getattr(mine.fees.columns, field) == getattr(theirs.fees.columns, field)  # type: ignore[union-attr]
    assert '# status = { constant = "attended" }' in found.text

"""From an export to dossiers: what is joined, what is refused, and that the order of rows is no fact."""

import datetime as dt
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cabinet.dossier import Addressee, Appointment, AppointmentStatus, Fee, Patient, digest_of, encode
from cabinet.errors import SourceError
from cabinet.mapping import load_mapping
from cabinet.reading import Counts, read
from tests.cabinet.conftest import KEY, SMALL_TABLES, Export

SYNTHEA = Path(__file__).parents[3] / "shared" / "data" / "synthea"


def test_a_dossier_holds_all_that_the_tables_say_of_its_patient(export: Export) -> None:
    reading = export.read()
    eloise, come = reading.dossiers
    assert eloise.patient == Patient("1", "Mademoiselle", "N'DIAYE", "Éloïse", dt.date(2012, 3, 17))
    assert eloise.addressees == (Addressee(last_name="N'DIAYE", email="eloise@exemple.fr", mobile="06 39 98 00 01"),)
    assert eloise.appointments == (
        Appointment(dt.datetime(2026, 9, 4, 16, 20), "POSE", status=AppointmentStatus.ATTENDED),  # noqa: DTZ001 - local
        Appointment(dt.datetime(2026, 10, 8, 14, 10), "RVC"),  # noqa: DTZ001 - local
    )
    assert eloise.fees == (Fee("1er semestre", amount=39000, date=dt.date(2026, 4, 2)),)
    assert come.addressees == ()
    assert reading.problems == ()
    assert reading.counts == Counts(patients=2, appointments=3, instalments=0, fees=1)


def test_what_was_found_of_each_file_is_reported(export: Export) -> None:
    patients, visits, fees = export.read().formats
    assert (patients.file, patients.encoding, patients.delimiter, patients.rows) == (
        "patients.csv",
        "cp1252 (Windows)",
        "point-virgule",
        2,
    )
    assert visits.dates == ("jj/mm/aaaa", "avec heure")
    assert fees.decimals == (",",)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_dossier(export: Export, random: Random) -> None:
    export.tables = dict(SMALL_TABLES)
    expected = [encode(dossier) for dossier in export.read().dossiers]
    for name, text in SMALL_TABLES.items():
        header, *rows = text.splitlines()
        random.shuffle(rows)
        export.tables[name] = "\n".join([header, *rows]) + "\n"
    assert [encode(dossier) for dossier in export.read().dossiers] == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_same_facts_give_the_same_dossiers_however_they_are_written(
    export: Export, encoding: str, delimiter: str, line_end: str
) -> None:
    expected = [encode(dossier) for dossier in export.read().dossiers]
    for name, text in SMALL_TABLES.items():
        quoted = text.replace("390,00", '"390,00"').replace(";", delimiter)
        export.tables[name] = quoted.replace("\n", line_end)
    export.encoding = encoding
    reading = export.read()
    assert reading.problems == ()
    assert [encode(dossier) for dossier in reading.dossiers] == expected


def test_a_row_without_a_number_is_refused_and_the_rest_goes_on(export: Export) -> None:
    export.add("patients.csv", ";M.;SANS;Numéro;01/01/2012;;;")
    export.add("rdv.csv", ";09/10/2026 14:10;RVC;prévu")
    reading = export.read()
    assert [dossier.number for dossier in reading.dossiers] == ["1", "2"]
    assert [str(problem.place) for problem in reading.problems] == [
        "patients.csv, ligne 4, colonne «\u00a0N°\u00a0»",
        "rdv.csv, ligne 5, colonne «\u00a0N°\u00a0»",
    ]
    assert {problem.sentence for problem in reading.problems} == {
        "La ligne n’a pas de numéro de patient\u00a0: la ligne n’est pas publiée. Complétez-la."
    }


def test_the_totals_below_a_table_are_nobodys(export: Export) -> None:
    export.add("patients.csv", "Total;;2 patients;;;;;")
    export.add("rdv.csv", "Total;09/10/2026 14:10;RVC;prévu")
    reading = export.read()
    assert [dossier.number for dossier in reading.dossiers] == ["1", "2"]
    assert [problem.sentence for problem in reading.problems] == [
        f"«\u00a0Total\u00a0» ({field}) est une ligne de total\u00a0: la ligne n’est pas publiée. Retirez-la de "
        "l’export si le logiciel le permet."
        for field in ("n° interne", "patient")
    ]


def test_two_patients_with_one_number_are_both_refused_so_that_no_family_sees_anothers(export: Export) -> None:
    export.add("patients.csv", "1;M.;AUTRE;Famille;01/01/2012;;;")
    reading = export.read()
    assert [dossier.number for dossier in reading.dossiers] == ["2"]
    duplicates = [problem for problem in reading.problems if problem.code == "duplicate-number"]
    assert [problem.place.line for problem in duplicates] == [2, 4]
    assert duplicates[0].sentence == (
        "Le numéro «\u00a01\u00a0» est porté par plusieurs patients (lignes 2, 4)\u00a0: aucun n’est publié, "
        "pour ne pas montrer le dossier d’une famille à une autre. Donnez à chacun son numéro."
    )
    assert [problem.place.file for problem in reading.problems if problem.code == "refused-patient"] == [
        "rdv.csv",
        "rdv.csv",
        "honoraires.csv",
    ]
    assert reading.counts.appointments == 1


def test_two_patients_with_one_key_are_both_refused(export: Export) -> None:
    export.mapping = export.mapping.replace('number = "N°"', 'number = "Nom"\nkey = "N°"')
    export.add("patients.csv", "1;M.;AUTRE;Famille;01/01/2012;;;")
    reading = export.read()
    assert [dossier.number for dossier in reading.dossiers] == ["LEFÈVRE"]
    assert sorted(problem.code for problem in reading.problems) == [
        "duplicate-number",
        "duplicate-number",
        "refused-patient",
        "refused-patient",
        "refused-patient",
    ]


def test_numbers_that_a_spreadsheet_wrote_differently_are_the_same_number(export: Export) -> None:
    export.tables["rdv.csv"] = export.tables["rdv.csv"].replace("\n2;", "\n2.0;")
    assert len(export.read().dossiers[1].appointments) == 1


def test_an_appointment_of_an_unknown_patient_is_a_problem(export: Export) -> None:
    export.add("rdv.csv", "77;09/10/2026 14:10;RVC;prévu")
    [problem] = export.read().problems
    assert (problem.code, problem.place.line) == ("unknown-patient", 5)
    assert problem.sentence == (
        "Le patient «\u00a077\u00a0» n’est pas dans le fichier des patients\u00a0: la ligne n’est pas publiée. "
        "Vérifiez que l’export des patients est complet."
    )


def test_an_unreadable_date_is_left_out_and_the_patient_kept(export: Export) -> None:
    export.add("patients.csv", "3;M.;BŒUF;Léo;31/02/2012;;;")
    reading = export.read()
    assert reading.dossiers[2].patient.birth_date is None
    [problem] = reading.problems
    assert str(problem.place) == "patients.csv, ligne 4, colonne «\u00a0Né le\u00a0»"
    assert problem.sentence == (
        "«\u00a031/02/2012\u00a0» (date de naissance) n’est pas un jour du calendrier\u00a0: la valeur n’est "
        "pas publiée. Corrigez-la dans le logiciel du cabinet."
    )


def test_an_appointment_whose_date_or_state_cannot_be_read_is_refused(export: Export) -> None:
    export.add("rdv.csv", "2;bientôt;RVC;prévu")
    export.add("rdv.csv", "2;09/10/2026 14:10;RVC;R")
    export.add("rdv.csv", "2;;RVC;prévu")
    reading = export.read()
    assert reading.counts.appointments == 3
    assert [(problem.code, problem.place.line) for problem in reading.problems] == [
        ("unreadable-date", 5),
        ("unknown-status", 6),
        ("missing-start", 7),
    ]
    assert reading.problems[1].sentence == (
        "«\u00a0R\u00a0» (état du rendez-vous) n’est pas un état de rendez-vous connu\u00a0: la ligne n’est "
        "pas publiée. Ajoutez ce mot à la table de valeurs («\u00a0values\u00a0») de l’état dans le mapping."
    )


def test_every_bad_value_of_a_row_is_reported(export: Export) -> None:
    export.add("patients.csv", "3;Tonton;BŒUF;Léo;hier;BŒUF;leo@@exemple;06")
    assert [problem.code for problem in export.read().problems] == [
        "unknown-civility",
        "unreadable-date",
        "unreadable-email",
        "unreadable-phone",
    ]


def test_a_row_with_a_wrong_number_of_columns_is_refused_with_its_line(export: Export) -> None:
    export.add("rdv.csv", "1;09/10/2026 14:10;RVC;prévu;de trop")
    export.add("rdv.csv", "1;09/10/2026 15:10;RVC;prévu;;")
    export.add("rdv.csv", "1;09/10/2026 16:10")
    export.add("patients.csv", "4;M.")
    reading = export.read()
    assert reading.counts.appointments == 4, "empty cells beyond the header are how some programs end a row"
    assert [(problem.place.file, problem.place.line, problem.sentence) for problem in reading.problems] == [
        (
            name,
            line,
            f"La ligne a {widths}\u00a0: la ligne n’est pas publiée. Vérifiez ses séparateurs et ses guillemets.",
        )
        for name, line, widths in (
            ("patients.csv", 4, "2 colonnes au lieu de 8"),
            ("rdv.csv", 5, "5 colonnes au lieu de 4"),
            ("rdv.csv", 7, "2 colonnes au lieu de 4"),
        )
    ]


def test_lines_are_counted_as_an_editor_counts_them(export: Export) -> None:
    export.tables["patients.csv"] += '\n\n3;M.;"RUE\nDU LAC";Léo;01/01/2012;;;\n4;M.;X;Y;hier;;;\n'
    [problem] = export.read().problems
    assert problem.place.line == 8


def test_an_export_without_a_single_patient_stops_the_reading(export: Export) -> None:
    export.tables["patients.csv"] = export.tables["patients.csv"].splitlines()[0] + "\n"
    with pytest.raises(SourceError) as error:
        export.read()
    assert str(error.value) == (
        "Le fichier patients.csv ne contient aucun patient. Refaites l’export\u00a0: rien n’est "
        "publié d’un export vide."
    )


def test_a_table_with_a_header_alone_is_no_problem(export: Export) -> None:
    export.tables["honoraires.csv"] = "N°;Libellé;Montant;Date\n"
    assert export.read().counts.fees == 0


def test_a_fee_that_says_nothing_is_a_problem(export: Export) -> None:
    export.add("honoraires.csv", "1;;;")
    assert [problem.code for problem in export.read().problems] == ["empty-line"]


def test_several_balances_of_one_patient_are_none(export: Export) -> None:
    export.mapping += '\n[balances]\nfile = "soldes.csv"\n[balances.columns]\npatient = "N°"\namount = "Solde"\n'
    export.tables["soldes.csv"] = "N°;Solde\n1;10,00\n1;20,00\n2;30\n"
    reading = export.read()
    assert [dossier.balance.amount if dossier.balance else None for dossier in reading.dossiers] == [None, 3000]
    assert [problem.code for problem in reading.problems] == ["several-balances"]


def test_balances_and_two_addressees_may_be_columns_of_the_patients_file(export: Export) -> None:
    export.mapping += (
        '\n[[addressees]]\n[addressees.columns]\nlast_name = "Parent 2"\ncivility = { constant = "Mme" }\n'
        '[balances.columns]\namount = "Solde"\n'
    )
    export.tables["patients.csv"] = (
        "N°;Civ;Nom;Prénom;Né le;Parent;E-mail;Mobile;Parent 2;Solde\n1;;A;B;;Un;;;Deux;12,50\n2;;C;D;;;;;;\n"
    )
    first, second = export.read().dossiers
    assert [addressee.last_name for addressee in first.addressees] == ["Un", "Deux"]
    assert first.addressees[1].civility == "Madame"
    assert first.balance is not None
    assert first.balance.amount == 1250
    assert (second.addressees, second.balance) == ((), None)


def test_other_tables_may_call_a_patient_by_a_key_of_their_own(export: Export) -> None:
    export.mapping = export.mapping.replace('number = "N°"', 'number = "Nom"\nkey = "N°"')
    reading = export.read()
    assert [dossier.number for dossier in reading.dossiers] == ["LEFÈVRE", "N'DIAYE"]
    assert [len(dossier.appointments) for dossier in reading.dossiers] == [1, 2]


def test_a_date_and_its_time_may_stand_in_two_columns(export: Export) -> None:
    export.mapping = export.mapping.replace('start = "Début"', 'start = { columns = ["Jour", "Heure"] }')
    export.tables["rdv.csv"] = "N°;Jour;Heure;Nature;État\n1;08/10/2026;14h10;RVC;prévu\n1;09/10/2026;;RVC;prévu\n"
    reading = export.read()
    assert reading.dossiers[0].appointments[0].start == dt.datetime(2026, 10, 8, 14, 10)  # noqa: DTZ001 - local
    [problem] = reading.problems
    assert (problem.code, problem.place.column) == ("missing-time", "Jour + Heure")


def test_a_value_table_says_what_a_cabinets_own_words_mean(export: Export) -> None:
    export.mapping = export.mapping.replace(
        'status = "État"', 'status = { column = "État", values = { "R" = "annulé" } }'
    )
    export.add("rdv.csv", "2;09/10/2026 14:10;RVC; r ")
    assert export.read().dossiers[1].appointments[1].status is AppointmentStatus.CANCELLED


def test_the_end_of_an_appointment_gives_its_duration(export: Export) -> None:
    export.mapping = export.mapping.replace('start = "Début"', 'start = "Début"\nend = "Nature"')
    export.tables["rdv.csv"] = (
        "N°;Début;Nature;État\n1;08/10/2026 14:10;08/10/2026 14:55;\n1;09/10/2026 14:10;08/10/2026 14:00;\n"
    )
    first, second = export.read().dossiers[0].appointments
    assert (first.duration_minutes, second.duration_minutes) == (45, None)


def test_photos_are_named_by_their_content(export: Export, picture: bytes) -> None:
    folder = export.folder / "photos"
    folder.mkdir()
    (folder / "1.JPG").write_bytes(picture)
    (folder / "2.jpg").write_bytes(b"not an image")
    reading = export.read()
    digest = digest_of(picture, KEY).hex()
    assert reading.photos == {digest: folder / "1.JPG"}
    assert [dossier.photo_digest for dossier in reading.dossiers] == [digest, ""]
    [problem] = reading.problems
    assert str(problem.place) == "photos/2.jpg"
    assert problem.sentence == (
        "La photo n’est pas une image reconnue\u00a0: le dossier est publié sans photo. "
        "Remplacez-la par une image JPEG ou PNG plus légère."
    )


@pytest.mark.skipif(not SYNTHEA.is_dir(), reason="needs ../shared")
def test_an_export_that_nobody_here_wrote_is_read_with_a_mapping_alone() -> None:
    mapping = load_mapping(Path(__file__).parents[1] / "data" / "synthea.toml")
    reading = read(SYNTHEA, mapping, KEY)
    assert reading.counts == Counts(patients=59, appointments=2590, instalments=0, fees=4362)
    assert reading.problems == ()
    durations = [visit.duration_minutes for dossier in reading.dossiers for visit in dossier.appointments]
    assert sum(duration is None for duration in durations) < 30, "stays of more than a day have no duration in minutes"


def test_a_table_may_be_in_several_files(export: Export) -> None:
    expected = [encode(dossier) for dossier in export.read().dossiers]
    header, *rows = export.tables.pop("rdv.csv").splitlines()
    for place, row in enumerate(rows):
        export.tables[f"rdv_{place}.csv"] = f"{header}\n{row}\n"
    export.mapping = export.mapping.replace('"rdv.csv"', '"rdv_*.csv"')
    reading = export.read()
    assert [encode(dossier) for dossier in reading.dossiers] == expected
    assert [form.file for form in reading.formats] == [
        "patients.csv",
        "rdv_0.csv",
        "rdv_1.csv",
        "rdv_2.csv",
        "honoraires.csv",
    ]

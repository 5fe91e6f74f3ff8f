"""A mapping's `where`: only some rows of a table are read, and nothing is wrong with the others."""

import pytest

from cabinet.errors import MappingError, SourceError
from tests.cabinet.conftest import Export

FILTER = 'where = { column = "Archivé", values = ["n", ""] }\n'


@pytest.fixture
def archive(export: Export) -> Export:
    """The small export with patient 2 in the archive."""
    header, first, second = export.tables["patients.csv"].splitlines()
    export.tables["patients.csv"] = f"{header};Archivé\n{first};N\n{second};O\n"
    export.mapping = export.mapping.replace('file = "patients.csv"\n', 'file = "patients.csv"\n' + FILTER)
    return export


def test_only_rows_with_one_of_the_values_are_read_and_the_others_rows_are_no_problem(archive: Export) -> None:
    reading = archive.read()
    assert [dossier.patient.number for dossier in reading.dossiers] == ["1"]
    assert reading.counts.appointments == 2
    assert reading.problems == ()


def test_a_row_of_nobody_is_still_a_problem(archive: Export) -> None:
    archive.add("rdv.csv", "77;08/10/2026 14:10;RVC;prévu")
    assert [problem.code for problem in archive.read().problems] == ["unknown-patient"]


def test_an_empty_cell_is_a_value_of_its_own(archive: Export) -> None:
    archive.tables["patients.csv"] = archive.tables["patients.csv"].replace(";N\n", "; \n")
    assert archive.read().counts.patients == 1


def test_rows_that_are_left_out_are_found_by_the_key(archive: Export) -> None:
    archive.mapping = archive.mapping.replace('civility = "Civ"', 'civility = "Civ"\nkey = "Nom"', 1)
    archive.tables["rdv.csv"] = (
        "N°;Début;Nature;État\nN'DIAYE;08/10/2026 14:10;RVC;prévu\nLEFÈVRE;01/06/2026 13:20;X;absent\n"
    )
    archive.tables["honoraires.csv"] = "N°;Libellé;Montant;Date\nN'DIAYE;1er semestre;390,00;02/04/2026\n"
    reading = archive.read()
    assert (reading.counts.appointments, reading.problems) == (1, ())


def test_one_file_serves_two_parts_each_with_its_own_rows(export: Export) -> None:
    del export.tables["honoraires.csv"]
    export.tables["comptes.csv"] = (
        "N°;Type;Libellé;Montant;Date\n1;E;Mars;65,00;02/03/2026\n1;H;Semestre;390,00;02/04/2026\n1;A;Avoir;1,00;02/04/2026\n"
    )
    columns = 'patient = "N°"\nlabel = "Libellé"\namount = "Montant"\ndate = "Date"\n'
    export.mapping = export.mapping.replace(
        '[fees]\nfile = "honoraires.csv"\n',
        '[instalments]\nfile = "comptes.csv"\nwhere = { column = "Type", values = ["E"] }\n'
        f"[instalments.columns]\n{columns}"
        '[fees]\nfile = "comptes.csv"\nwhere = { column = "Type", values = ["H"] }\n',
    )
    reading = export.read()
    assert [(one.label, one.amount) for one in reading.dossiers[0].instalments] == [("Mars", 6500)]
    assert [(one.label, one.amount) for one in reading.dossiers[0].fees] == [("Semestre", 39000)]
    assert reading.problems == ()


def test_lines_of_problems_are_those_of_the_file(archive: Export) -> None:
    archive.add("patients.csv", "3;M.;TOM;Léo;99/99/2012;;;;N")
    assert [problem.place.line for problem in archive.read().problems] == [4]


def test_a_filter_that_lets_no_patient_through_publishes_nothing(archive: Export) -> None:
    archive.mapping = archive.mapping.replace('["n", ""]', '["jamais"]')
    with pytest.raises(SourceError, match=r"aucun patient\. Corrigez le filtre «\u00a0patients.where\u00a0»"):
        archive.read()


def test_a_filter_that_lets_nothing_through_is_told(export: Export) -> None:
    where = 'where = { column = "Nature", values = ["URGENCE"] }\n'
    export.mapping = export.mapping.replace('file = "rdv.csv"\n', 'file = "rdv.csv"\n' + where)
    (problem,) = export.read().problems
    assert str(problem.place) == "rdv.csv, colonne «\u00a0Nature\u00a0»"
    assert problem.sentence == (
        "Aucune ligne n’a la valeur du filtre («\u00a0URGENCE\u00a0»)\u00a0: rien n’est lu de cette table. Corrigez "
        "«\u00a0where\u00a0» dans le mapping."
    )


def test_a_filter_on_a_column_that_is_not_there_is_named(archive: Export) -> None:
    archive.mapping = archive.mapping.replace('"Archivé"', '"Archive"')
    with pytest.raises(MappingError, match=r"patients.where.*Vouliez-vous dire «\u00a0Archivé\u00a0»"):
        archive.read()


def test_a_filter_needs_a_file_of_its_own(export: Export) -> None:
    export.mapping = export.mapping.replace(
        "[[addressees]]\n", '[[addressees]]\nwhere = { column = "N", values = ["1"] }\n'
    )
    with pytest.raises(MappingError) as error:
        export.read()
    assert str(error.value) == (
        "Dans le mapping mapping.toml, «\u00a0addressees[1]\u00a0» a un filtre «\u00a0where\u00a0» sans fichier à "
        "filtrer. Ajoutez-lui «\u00a0file\u00a0», ou retirez «\u00a0where\u00a0»."
    )

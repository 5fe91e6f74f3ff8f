"""Addressees of a table that brothers and sisters share: each patient's row names the family."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from cabinet.cutting import CutFolder, HeldFolder
from cabinet.errors import MappingError
from cabinet.reading import Reading
from cabinet.sources.patient_lines import Uncuttable
from tests.cabinet.conftest import KEY, Export

OWNED = '[[addressees]]\n[addressees.columns]\nlast_name = "Parent"\nemail = "E-mail"\nmobile = "Mobile"\n'
FAMILIES = '[[addressees]]\nfile = "familles.csv"\n[addressees.columns]\nfamily = "Fam"\nlast_name = "Nom"\n'


@pytest.fixture
def families(export: Export) -> Export:
    export.mapping = export.mapping.replace('birth_date = "Né le"', 'birth_date = "Né le"\nfamily = "Famille"')
    export.mapping = export.mapping.replace(OWNED, FAMILIES)
    export.tables["patients.csv"] = (
        "N°;Civ;Nom;Prénom;Né le;Famille\n1;;A;Un;01/02/2012;F1\n2;;A;Deux;01/02/2014;F1\n3;;B;Un;01/02/2013;\n"
    )
    export.tables["familles.csv"] = "Fam;Nom\nF1;Mère\nF9;Partie\nF1;Père\n"
    return export


def names(reading: Reading) -> list[Sequence[str]]:
    return [[addressee.last_name for addressee in dossier.addressees] for dossier in reading.dossiers]


def test_brothers_and_sisters_have_the_same_addressees(families: Export) -> None:
    reading = families.read()
    assert names(reading) == [["Mère", "Père"], ["Mère", "Père"], []]
    assert reading.problems == (), "a family that has left is none"


def test_numbers_of_families_may_be_written_differently(families: Export) -> None:
    families.tables = {name: text.replace("F1", "12") for name, text in families.tables.items()}
    families.tables["familles.csv"] = families.tables["familles.csv"].replace("12;", "12.0;")
    assert names(families.read()) == [["Mère", "Père"], ["Mère", "Père"], []]


def test_a_line_without_a_family_is_a_problem(families: Export) -> None:
    families.add("familles.csv", ";Personne")
    assert [problem.sentence for problem in families.read().problems] == [
        "La ligne n’a pas de valeur (famille)\u00a0: la ligne n’est pas publiée. Complétez-la."
    ]


def test_families_of_nobody_are_told(families: Export) -> None:
    families.tables["familles.csv"] = "Fam;Nom\n1;Mère\n2;Père\n"
    reading = families.read()
    assert names(reading) == [[], [], []]
    assert [problem.code for problem in reading.problems] == ["no-family"]


def test_addressees_of_a_family_are_read_whole(families: Export, tmp_path: Path) -> None:
    """What changed in a line of theirs is of several patients."""
    families.write()
    with pytest.raises(Uncuttable):
        CutFolder(HeldFolder(tmp_path), families.parsed_mapping, KEY)


@pytest.mark.parametrize(
    ("said", "instead", "sentence"),
    [
        (
            '\nfamily = "Famille"',
            "",
            (
                "Dans le mapping mapping.toml, il manque la clé «\u00a0patients.columns.family\u00a0». Elle dit à "
                "quelle "
                "famille de familles.csv appartient un patient."
            ),
        ),
        (
            'family = "Fam"\n',
            'family = "Fam"\npatient = "Fam"\n',
            (
                "Dans le mapping mapping.toml, «\u00a0addressees[1].columns\u00a0» a les clés «\u00a0patient\u00a0» et "
                "«\u00a0family\u00a0». N’en gardez qu’une\u00a0: une ligne est celle d’un patient, ou celle d’une "
                "famille."
            ),
        ),
        (
            'family = "Fam"\n',
            "",
            (
                "Dans le mapping mapping.toml, il manque la clé «\u00a0addressees[1].columns.patient\u00a0». Elle dit "
                "à "
                "quel patient appartient une ligne de familles.csv."
            ),
        ),
    ],
)
def test_a_mapping_that_joins_nothing_is_refused(said: str, instead: str, sentence: str, families: Export) -> None:
    families.mapping = families.mapping.replace(said, instead)
    with pytest.raises(MappingError) as refusal:
        families.read()
    assert str(refusal.value) == sentence

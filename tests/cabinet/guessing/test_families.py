"""Addressees of a table that the patients' rows point to: parents, or somebody else."""

from pathlib import Path

import pytest

from cabinet.guess import Guess
from cabinet.guessing import choices
from tests.cabinet.guessing.exports import (
    FIRST_NAMES,
    NAMES,
    PATIENTS,
    TOWNS,
    fields,
    guessed,
    part_of,
    read_through,
    table,
    who,
    write,
)


def export(folder: Path, file: str, key: str) -> Guess:
    """Two patients each of four families."""
    patients = [(f"{100 + i}", *who(i), f"{7000 + i // 2}") for i in PATIENTS]
    families = [(f"{7000 + i}", NAMES[i], FIRST_NAMES[i], f"{i} rue Haute", "21000", TOWNS[i]) for i in range(5)]
    return guessed(
        write(
            folder,
            {
                "patients.csv": table(f"NUMPAT NOM PRENOM DATENAISS {key}", patients),
                file: table(f"{key} NOM PRENOM ADRESSE CP VILLE", families),
            },
        )
    )


@pytest.mark.parametrize(
    ("file", "key"), [("familles.csv", "ID_FAMILLE"), ("payeurs.csv", "CODE"), ("t.csv", "NumResp"), ("T_FAM.csv", "X")]
)
def test_patients_name_the_family_whose_addressees_are_theirs(file: str, key: str, tmp_path: Path) -> None:
    found = export(tmp_path, file, key)
    part = part_of(found, "addressees")
    assert (part.file, part.is_held) == (file, False)
    assert fields(found, "patients")["family"] == key
    assert fields(found, "addressees") == {
        "family": key,
        "last_name": "NOM",
        "first_name": "PRENOM",
        "address_1": "ADRESSE",
        "postcode": "CP",
        "city": "VILLE",
    }
    people = [dossier.addressees for dossier in read_through(found, tmp_path).dossiers]
    assert [[one.last_name for one in addressees] for addressees in people] == [[NAMES[i // 2]] for i in PATIENTS]


@pytest.mark.parametrize(
    ("file", "key"),
    [("correspondants.csv", "ID_CORRESP"), ("adresseurs.csv", "REF"), ("confreres.csv", "X"), ("gens.csv", "ID_GENS")],
)
def test_who_may_have_sent_the_patients_waits_for_a_person(file: str, key: str, tmp_path: Path) -> None:
    found = export(tmp_path, file, key)
    parts = [part for part in found.findings.parts if part.part == "addressees"]
    assert [(part.file, part.is_held) for part in parts] == [("", False), (file, True)]
    assert f"«\u00a0{file}\u00a0» est reliée aux patients par «\u00a0{key}\u00a0»" in found.text
    people = [dossier.addressees for dossier in read_through(found, tmp_path).dossiers]
    assert [[one.last_name for one in addressees] for addressees in people] == [[NAMES[i]] for i in PATIENTS]
    sample = next(table for table in found.samples.tables if table.name == file)
    assert not choices.with_owner_confirmed(parts[1], sample).is_held


def test_practitioners_are_no_addressees(tmp_path: Path) -> None:
    patients = [(f"{100 + i}", *who(i), f"{i % 2}") for i in PATIENTS]
    staff = [(f"{i}", NAMES[i], FIRST_NAMES[i]) for i in range(2)]
    files = {"p.csv": table("NUMPAT NOM PRENOM DDN PRA_ID", patients), "prat.csv": table("PRA_ID NOM PRENOM", staff)}
    found = guessed(write(tmp_path, files))
    assert "family" not in fields(found, "patients")

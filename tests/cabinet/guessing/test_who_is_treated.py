"""Patients who are treated no more: which column tells them is pointed out, and a person says who is published."""

from pathlib import Path

import pytest

from cabinet.guessing.model import Topic
from tests.cabinet.guessing.exports import PATIENTS, guessed, part_of, read_through, table, who, write


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        ("Archivé", ("O", "N")),
        ("État_dossier", ("Actif", "Archivé")),
        ("Situation", ("En cours", "Terminé", "Bilan")),
        ("Groupe", ("ACTIFS", "SORTIS LE 12")),
    ],
)
def test_a_column_tells_it_by_its_name_or_by_its_texts(column: str, texts: tuple[str, ...], tmp_path: Path) -> None:
    rows = [(f"{100 + i}", *who(i), texts[i % len(texts)]) for i in PATIENTS]
    export = write(tmp_path, {"patients.csv": table(f"NUMPAT NOM PRENOM DATENAISS {column}", rows)})
    found = guessed(export)
    patients = part_of(found, "patients")
    [question] = patients.questions
    assert question.topic is Topic.ROWS
    assert question.text.startswith(f"la colonne «\u00a0{column}\u00a0» vaut «\u00a0{texts[0]}\u00a0»")
    assert dict(patients.filters) == {column: patients.filters[0][1]}
    # It is asked, and nobody is left out meanwhile.
    assert len(read_through(found, export).dossiers) == len(PATIENTS)


@pytest.mark.parametrize("texts", [("Dr Roche", "Dr Blin"), ("Contrôle en cours", "Bilan"), ("O", "N")])
def test_other_columns_are_not_asked_about(texts: tuple[str, ...], tmp_path: Path) -> None:
    rows = [(f"{100 + i}", *who(i), texts[i % len(texts)]) for i in PATIENTS]
    export = write(tmp_path, {"patients.csv": table("NUMPAT NOM PRENOM DATENAISS Groupe", rows)})
    assert part_of(guessed(export), "patients").questions == ()


def test_a_name_that_means_it_by_chance_is_a_name(tmp_path: Path) -> None:
    rows = [(number, "CLOS" if number == "103" else last, *rest) for number, last, *rest in _people()]
    export = write(tmp_path, {"patients.csv": table("NUMPAT NOM PRENOM DATENAISS", rows)})
    assert part_of(guessed(export), "patients").questions == ()


def _people() -> list[tuple[str, ...]]:
    return [(f"{100 + i}", *who(i)) for i in PATIENTS]

"""What was paid of instalments, where a column says how much or when, and none says yes or no."""

from pathlib import Path

import pytest

from cabinet.guess import Guess
from cabinet.guessing import choices
from tests.cabinet.guessing.exports import PATIENTS, day, fields, guessed, part_of, people, read_through, table, write

DUE = "NUPAT Échéance Montant"


def dues(folder: Path, header: str, *cells: tuple[str, ...]) -> tuple[Guess, Path]:
    """An instalment of 180 € of each patient; the cells of `header` in turn."""
    rows = [(f"{100 + i}", day(i), "180,00", *cells[i % len(cells)]) for i in PATIENTS]
    export = write(folder, {"patients.csv": people("NUPAT NOM PRENOM DATENAISS"), "echeances.csv": table(header, rows)})
    return guessed(export), export


def settled(found: Guess, export: Path) -> list[bool | None]:
    reading = read_through(found, export)
    assert reading.problems == ()
    assert {one.instalments[0].amount for one in reading.dossiers} == {18000}
    return [one.instalments[0].settled for one in reading.dossiers]


@pytest.mark.parametrize("column", ["Réglé_le", "Date_règlement", "DATE_PAIEMENT", "Payé_le", "Encaissé", "Réglé"])
def test_a_day_of_payment_says_that_it_is_settled_and_none_that_it_is_not(column: str, tmp_path: Path) -> None:
    found, export = dues(tmp_path, f"{DUE} {column}", ("15/03/2026",), ("",))
    assert fields(found, "instalments")["settled_on"] == column
    assert settled(found, export) == [True, False] * 4


@pytest.mark.parametrize("nothing", ["00/00/0000", "30/12/1899", "/ /"])
def test_a_null_day_is_none(nothing: str, tmp_path: Path) -> None:
    found, export = dues(tmp_path, f"{DUE} Réglé_le", ("15/03/2026",), (nothing,))
    assert fields(found, "instalments")["settled_on"] == "Réglé_le"
    assert settled(found, export) == [True, False] * 4


@pytest.mark.parametrize("column", ["Montant_réglé", "MT_PAYE", "Réglé", "Encaissé", "Montant_du_règlement", "Perçu"])
def test_a_sum_that_was_paid_settles_what_it_reaches(column: str, tmp_path: Path) -> None:
    found, export = dues(tmp_path, f"{DUE} {column}", ("180,00",), ("60,00",), ("",), ("200,00",))
    assert fields(found, "instalments")["settled_amount"] == column
    assert settled(found, export) == [True, False, False, True] * 2


def test_the_sum_goes_before_the_day_for_a_part_may_have_been_paid(tmp_path: Path) -> None:
    found, export = dues(tmp_path, f"{DUE} Réglé Réglé_le", ("60,00", "15/03/2026"), ("", ""), ("180,00", ""))
    assert {"settled_amount": "Réglé", "settled_on": "Réglé_le"}.items() <= fields(found, "instalments").items()
    assert settled(found, export)[:3] == [False, False, True]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Traité Réglé_le", (("oui", "15/03/2026"), ("non", ""))),
        ("Date_limite_de_paiement", (("15/03/2026",), ("",))),
        ("Date_de_règlement_prévue", (("15/03/2026",), ("",))),
        ("Règlement", (("CHQ",), ("VIR",))),
        ("Mode_règlement", (("CHQ",), ("VIR",))),
        ("Règlement", (("1",), ("2",))),
        ("N°_règlement", (("4711",), ("4712",))),
        ("Montant_réglé", (("-180,00",), ("",))),
        ("Solde", (("180,00",), ("",))),
        ("Reste_à_régler", (("180,00",), ("",))),
    ],
)
def test_other_columns_are_no_payment(header: str, cells: tuple[tuple[str, ...], ...], tmp_path: Path) -> None:
    found, _ = dues(tmp_path, f"{DUE} {header}", *cells)
    assert not {"settled_amount", "settled_on"} & fields(found, "instalments").keys()


def test_a_day_in_every_row_may_be_when_it_is_due(tmp_path: Path) -> None:
    found, _ = dues(tmp_path, f"{DUE} Date_règlement", ("15/03/2026",))
    assert "settled_on" not in fields(found, "instalments")
    assert "# echeances.csv\u00a0: Date_règlement" in found.text


def test_what_was_paid_is_not_taken_for_what_is_due(tmp_path: Path) -> None:
    rows = [(f"{100 + i}", day(i), "180,00") for i in PATIENTS]
    tables = {"patients.csv": people(), "echeances.csv": table("NUMPAT Date Montant_réglé", rows)}
    found = guessed(write(tmp_path, tables))
    assert fields(found, "instalments") == {"patient": "NUMPAT", "amount": "Montant_réglé", "date": "Date"}


def test_a_person_may_choose_their_columns(tmp_path: Path) -> None:
    found, _ = dues(tmp_path, f"{DUE} Xyz", ("15/03/2026",), ("",))
    part, sample = part_of(found, "instalments"), found.samples.tables[0]
    assert choices.fields_of(part)[-2:] == ("settled_amount", "settled_on")
    chosen = choices.with_columns(part, sample, "settled_on", ("Xyz",)).match("settled_on")
    assert chosen is not None
    assert (chosen.columns, chosen.question) == (("Xyz",), "")

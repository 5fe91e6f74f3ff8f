"""A ledger's running balance is not what remains of a fee."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from cabinet.guess import Guess
from cabinet.guessing import choices
from tests.cabinet.guessing.exports import PATIENTS, fields, guessed, part_of, people, read_through, table, write

LINES = (("Semestre 1", 650), ("Chèque", -400), ("Semestre 2", 650), ("Contention", 300), ("Virement", -250))
"""Of each patient's account, in euros."""
Row = tuple[str, ...]


def ledger(*, newest_first: bool = False, is_mixed: bool = False) -> list[Row]:
    """Number, day, label, amount, debit, credit, and what the account comes to."""
    rows: list[Row] = []
    for place in PATIENTS:
        own: list[Row] = []
        balance = 0
        for step, (label, euros) in enumerate(LINES):
            amount = euros + (place if euros > 0 else -place)
            balance += amount
            debit, credit = (f"{amount},00", "") if amount > 0 else ("", f"{-amount},00")
            own.append(
                (
                    f"{100 + place}",
                    f"{13 + step}/0{1 + step}/2026",
                    label,
                    f"{amount},00",
                    debit,
                    credit,
                    f"{balance},00",
                )
            )
        rows += reversed(own) if newest_first else own
    return sorted(rows, key=lambda row: row[1]) if is_mixed else rows


def accounts(folder: Path, header: str, rows: Sequence[Row]) -> tuple[Guess, Path]:
    tables = {"patients.csv": people("NUPAT NOM PRENOM DATENAISS"), "comptes.csv": table(header, rows)}
    export = write(folder, tables)
    return guessed(export), export


FULL = "NUPAT CPT_DATE CPT_LIBELLE CPT_MONTANT CPT_DEBIT CPT_CREDIT CPT_SOLDE"


@pytest.mark.parametrize(
    "rows", [ledger(), ledger(newest_first=True), ledger(is_mixed=True)], ids=["oldest", "newest", "mixed"]
)
def test_a_balance_that_runs_from_line_to_line_waits_for_a_person(rows: list[Row], tmp_path: Path) -> None:
    found, export = accounts(tmp_path, FULL, rows)
    match = part_of(found, "fees").match("remaining")
    assert match is not None
    assert (match.columns, match.is_held) == (("CPT_SOLDE",), True)
    assert (
        "# À VÉRIFIER\u00a0: la colonne «\u00a0CPT_SOLDE\u00a0» semble être le solde du compte après chaque ligne, et "
        "non ce qui reste à payer de celle-ci. Si c’est bien un reste, retirez le #.\n# remaining = "
    ) in found.text
    reading = read_through(found, export)
    assert reading.problems == ()
    assert {fee.remaining for one in reading.dossiers for fee in one.fees} == {None}


def test_it_goes_on_waiting_when_something_else_is_decided(tmp_path: Path) -> None:
    found, _ = accounts(tmp_path, FULL, ledger())
    part = part_of(found, "fees")
    sample = next(one for one in found.samples.tables if one.name == "comptes.csv")
    other = choices.with_columns(part, sample, "label", ())
    held = other.match("remaining")
    assert held is not None
    assert held.is_held
    answered = choices.with_columns(other, sample, "remaining", ("CPT_SOLDE",)).match("remaining")
    assert answered is not None
    assert not answered.is_held


def test_a_ledger_without_another_amount_is_no_table_of_fees(tmp_path: Path) -> None:
    rows = [(*row[:3], *row[4:]) for row in ledger()]
    found, _ = accounts(tmp_path, "NUPAT CPT_DATE CPT_LIBELLE CPT_DEBIT CPT_CREDIT CPT_SOLDE", rows)
    assert [part.part for part in found.findings.parts] == ["patients", "addressees"]
    assert "# comptes.csv (table non reconnue)\u00a0: NUPAT, CPT_DATE" in found.text


@pytest.mark.parametrize("remaining", [(0, 0, 650), (650, 650, 650), (0, 215, 650), (0, 0, 0)])
def test_what_remains_of_each_fee_is_read(remaining: tuple[int, ...], tmp_path: Path) -> None:
    rows = [
        (f"{100 + place}", f"{13 + step}/0{1 + step}/2026", f"Semestre {step}", "650,00", f"{rest},00")
        for place in PATIENTS
        for step, rest in enumerate(remaining)
    ]
    found, export = accounts(tmp_path, "NUPAT CPT_DATE CPT_LIBELLE CPT_MONTANT CPT_SOLDE", rows)
    assert fields(found, "fees")["remaining"] == "CPT_SOLDE"
    assert [fee.remaining for fee in read_through(found, export).dossiers[0].fees] == [rest * 100 for rest in remaining]

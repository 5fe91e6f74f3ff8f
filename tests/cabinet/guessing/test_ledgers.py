"""Ledgers: debits are fees, credits are not, and a running balance is not what remains of a fee."""

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


def sides(nothing: str = "") -> list[Row]:
    """Number, day, label, debit and credit."""
    return [(*row[:3], row[4] or nothing, row[5] or nothing) for row in ledger()]


@pytest.mark.parametrize("nothing", ["", "0,00"])
@pytest.mark.parametrize(
    "header",
    [
        "NUPAT Date Libellé Débit Crédit",
        "NUPAT CPT_DATE CPT_LIBELLE CPT_DEBIT CPT_CREDIT",
        "NUPAT Date Description Charge Credit",
    ],
)
def test_debits_are_fees_and_credits_are_not_read(header: str, nothing: str, tmp_path: Path) -> None:
    found, export = accounts(tmp_path, header, sides(nothing))
    debit, credit = header.split()[-2:]
    part = part_of(found, "fees")
    assert fields(found, "fees")["amount"] == debit
    assert part.where == (credit, ("", nothing) if nothing else ("",))
    assert part.questions[0].text == (
        f"seules les lignes de «\u00a0{debit}\u00a0» sont lues, comme honoraires\u00a0; celles de "
        f"«\u00a0{credit}\u00a0» sont des règlements, et rien ne dit ce qui reste à payer de chaque honoraire. Si le "
        "logiciel sait aussi exporter les honoraires ou les échéances, préférez cet export."
    )
    reading = read_through(found, export)
    assert reading.problems == ()
    assert [(fee.label, fee.amount) for fee in reading.dossiers[1].fees] == [
        ("Semestre 1", 651_00),
        ("Semestre 2", 651_00),
        ("Contention", 301_00),
    ]


def test_payments_are_no_fees_where_an_amount_stands_beside_both_sides(tmp_path: Path) -> None:
    found, export = accounts(tmp_path, FULL, ledger())
    assert fields(found, "fees")["amount"] == "CPT_MONTANT"
    assert all(fee.amount and fee.amount > 0 for one in read_through(found, export).dossiers for fee in one.fees)


def test_a_table_of_fees_is_read_rather_than_a_ledger(tmp_path: Path) -> None:
    fees = [(f"{100 + place}", "13/01/2026", "Semestre 1", "650,00") for place in PATIENTS]
    write(tmp_path, {"honoraires.csv": table("NUPAT Date Libellé Montant", fees)})
    found, _ = accounts(tmp_path, "NUPAT Date Libellé Débit Crédit Solde", [(*row, "0,00") for row in sides()])
    assert part_of(found, "fees").file == "honoraires.csv"
    assert found.findings.unreadable == ()


NOBODYS = "aucune colonne n’y désigne le patient. Ajoutez-y son numéro, ou exportez les honoraires ou les échéances."
NOT_APART = "une même ligne y a un débit et un crédit. Exportez plutôt les honoraires ou les échéances."


@pytest.mark.parametrize(("place", "why"), [(0, NOBODYS), (4, NOT_APART)], ids=["nobody's", "both"])
def test_why_a_ledger_cannot_be_read_is_told(place: int, why: str, tmp_path: Path) -> None:
    rows = [(*row[:place], "10,00", *row[place + 1 :]) for row in sides()]
    found, _ = accounts(tmp_path, "NUPAT Date Libellé Débit Crédit", rows)
    assert [part.part for part in found.findings.parts] == ["patients", "addressees"]
    told = f"La table comptes.csv est un grand livre («\u00a0Débit\u00a0», «\u00a0Crédit\u00a0»)\u00a0: {why}"
    assert f"# À VÉRIFIER\u00a0: {told}\n" in found.text
    assert "# comptes.csv (table non reconnue)\u00a0: NUPAT, Date" in found.text


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


def test_debits_of_a_ledger_are_told_apart_by_its_codes(tmp_path: Path) -> None:
    rows = []
    for place in PATIENTS:
        number = str(100 + place)
        rows += [
            (number, "13/01/2026", "FAC", "Semestre 1", "720,00", ""),
            (number, "14/02/2026", "ECH", "Échéance 1", "360,00", ""),
            (number, "15/02/2026", "REG", "Règlement", "", "360,00"),
        ]
    found, export = accounts(tmp_path, "NUPAT Date Code Libellé Débit Crédit", rows)
    reading = read_through(found, export)
    assert [fee.amount for fee in reading.dossiers[0].fees] == [720_00]
    assert [due.amount for due in reading.dossiers[0].instalments] == [360_00]
    assert part_of(found, "fees").questions[0].text == (
        "les lignes «\u00a0REG\u00a0» de «\u00a0Code\u00a0» ne sont lues ni comme échéances ni comme honoraires."
    )

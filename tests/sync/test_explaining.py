"""What is wrong with one patient's rows, as it is told."""

from cabinet.problems import Place, Problem, Severity
from sync.explaining import told_once


def problem(line: int, sentence: str, column: str = "N") -> Problem:
    return Problem(Severity.ERROR, "no-such-patient", Place("rdv.csv", line, column), "9", sentence)


def test_rows_with_the_same_problem_are_told_once_with_their_count() -> None:
    gone, date = "Le patient «\u00a09\u00a0» manque.", "«\u00a031/02\u00a0» n’est pas une date."
    told = told_once((problem(5, gone), problem(6, date, "Debut"), problem(6, gone), problem(7, gone)))
    assert list(told) == [
        f"  rdv.csv, ligne 5, colonne «\u00a0N\u00a0» (3\u00a0lignes)\u00a0: {gone}",
        f"  rdv.csv, ligne 6, colonne «\u00a0Debut\u00a0»\u00a0: {date}",
    ]
    assert list(told_once(())) == []

"""What is wrong with one patient's rows, as it is told."""

import datetime as dt
from pathlib import Path

from cabinet.dossier import Dossier, Fee, Instalment, Patient
from cabinet.mapping import parse_mapping
from cabinet.problems import Place, Problem, Severity
from cabinet.sources.location import Location
from sync.explaining import contents, problems_of, told_once


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


def test_a_line_of_the_accounts_says_whether_it_is_settled_or_what_remains() -> None:
    due = dt.date(2026, 3, 15)
    dossier = Dossier(
        Patient("5312", last_name="AAESSAI"),
        instalments=(Instalment("Semestre 1", amount=22800, settled=True, date=due), Instalment("S2", settled=False)),
        fees=(Fee("Bilan", amount=5000, remaining=0, date=due), Fee("Pose", amount=100, date=due)),
    )
    assert [line for line in contents(dossier) if line.startswith("  ")] == [
        "  15/03/2026 Semestre 1 228,00\u00a0€, traité oui",
        "  sans date S2, traité non",
        "  15/03/2026 Bilan 50,00\u00a0€, reste 0,00\u00a0€",
        "  15/03/2026 Pose 1,00\u00a0€",
    ]


def test_a_photo_that_cannot_be_shown_is_told_of_its_patient_alone(tmp_path: Path) -> None:
    (tmp_path / "patients.csv").write_text("N;Nom\n1;UN\n2;DEUX\n", "utf-8")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "1.JPG").write_bytes(b"no picture")
    mapping = parse_mapping(
        'version = 1\n[patients]\nfile = "patients.csv"\ncolumns = { number = "N", last_name = "Nom" }\n'
        '[photos]\nfiles = ["photos/{number}.jpg"]\n',
        "d’essai",
    )
    found = {number: problems_of(number, Location(str(tmp_path)), mapping, b"k" * 32) for number in ("1", "2")}
    assert [problem.place.file for problem in found["1"]] == ["photos/1.JPG"]
    assert found["2"] == ()

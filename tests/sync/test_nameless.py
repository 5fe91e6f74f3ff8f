"""What the portal may know of problems and errors: everything but what stands in the export."""

import re
from pathlib import Path

import pytest

import cabinet
import sync
from cabinet.errors import MappingError, SourceError
from cabinet.problem_groups import ProblemGroup
from cabinet.problems import Place, Severity
from portal.api.shapes import MAX_PROBLEM_KINDS, ToldProblem
from sync.errors import GuardRefused
from sync.nameless import _ANYTHING, told_error, told_problems

_CODES = (
    re.compile(r"Unreadable\(\s*\"([a-z-]+)\""),
    re.compile(r"_refused\(\s*\"([a-z-]+)\""),
    re.compile(r"Severity\.(?:ERROR|WARNING),\s*\"([a-z-]+)\""),
    re.compile(r"super\(\).__init__\(\"([a-z-]+)\""),
)


def codes() -> set[str]:
    """Of every problem that the reading knows."""
    folders = [Path(package.__file__ or "").parent for package in (cabinet, sync)]
    texts = [path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py")]
    return {code for text in texts for pattern in _CODES for code in pattern.findall(text)}


def problem(
    code: str, count: int = 1, *, severity: Severity = Severity.WARNING, place: Place | None = None
) -> ProblemGroup:
    place = place or Place("patients.csv", 3, "Né(e) le")
    return ProblemGroup(code, severity, count, (place,), "«\u00a0MARTINEAU\u00a0» n’est pas une date reconnue.")


def test_every_problem_has_its_words() -> None:
    assert len(codes()) > 20
    without = [code for code in sorted(codes()) if _ANYTHING in told_problems([problem(code)])[0].sentence]
    assert without == []


def test_a_problem_is_placed_and_counted_without_what_it_quotes() -> None:
    [told] = told_problems([problem("unreadable-date", 1200)])
    assert told.sentence == (
        "patients.csv, colonne «\u00a0Né(e) le\u00a0»\u00a0: date qui n’est pas reconnue "
        "(1\u00a0200\u00a0valeurs laissées de côté)."
    )
    assert (told.count, told.refuses_rows) == (1200, False)


def test_a_photo_is_not_named_because_it_bears_its_patients_name() -> None:
    photos = [problem("unusable-photo", place=Place(f"photos/{name}.jpg")) for name in ("MARTINEAU Zoé", "PETIT Luc")]
    [told] = told_problems(photos)
    assert told.sentence == "Photo qui ne peut pas être montrée (2\u00a0valeurs laissées de côté)."


@pytest.mark.parametrize("code", ["no-birth-date", "no-last-name", "stale-export"])
def test_what_is_wrong_with_the_whole_export_is_told_in_its_own_words(code: str) -> None:
    whole = ProblemGroup(code, Severity.WARNING, 1, (Place("patients.csv"),), "Aucun patient n’a de nom. Vérifiez.")
    [told] = told_problems([whole])
    assert told.sentence == "patients.csv\u00a0: Aucun patient n’a de nom. Vérifiez."
    assert (told.is_of_all, told.refuses_rows, told.count) == (True, False, 1)


def test_errors_come_first_remarks_are_not_told_and_a_kind_is_the_same_every_night() -> None:
    warning, error = problem("unreadable-date", 9), problem("duplicate-number", 2, severity=Severity.ERROR)
    told = told_problems([warning, problem("empty-line", severity=Severity.INFO), error])
    assert [one.refuses_rows for one in told] == [True, False]
    again = told_problems([problem("unreadable-date", 11, place=Place("patients.csv", 77, "Né(e) le"))])
    assert again[0].kind == told[1].kind
    assert told_problems([problem("short-year")])[0].kind != told[1].kind


def test_the_day_in_a_files_name_makes_no_problem_a_new_one() -> None:
    def told(*names: str) -> ToldProblem:
        problems = [problem("unreadable-date", place=Place(name, 3, "Début")) for name in names]
        [one] = told_problems(problems, ["patients.csv", "rdv_*.csv"])
        return one

    tonight = told("rdv_20261123.csv")
    assert tonight.sentence.startswith("rdv_*.csv, colonne «\u00a0Début\u00a0»")
    assert told("RDV_20261124.CSV").kind == tonight.kind
    both = told("rdv_20261123.csv", "rdv_20261124.csv")
    assert (both.kind, both.count) == (tonight.kind, 2)


def test_a_source_with_very_many_kinds_of_problems_tells_the_first_of_them() -> None:
    many = [problem("unreadable-date", place=Place("patients.csv", 1, f"Colonne {n}")) for n in range(300)]
    assert len(told_problems(many)) == MAX_PROBLEM_KINDS


@pytest.mark.parametrize("kind", [SourceError, MappingError])
def test_what_a_source_says_of_itself_is_not_told(kind: type[SourceError]) -> None:
    error = kind(
        'La base refuse la requête de «\u00a0patients\u00a0» (invalid date: "MARTINEAU" (line 3)).',
        "Colonnes présentes\u00a0: «\u00a0MARTINEAU\u00a0», «\u00a0Zoé\u00a0».",
    )
    assert told_error(error) == (
        "La base refuse la requête de «\u00a0patients\u00a0».",
        "Le détail est dans WebOrtho, sur le poste qui lit l’export.",
    )


def test_a_guards_sentences_are_told_as_they_are() -> None:
    assert told_error(GuardRefused("60 patients au lieu de 1248.", "Refaites l’export.")) == (
        "60 patients au lieu de 1248.",
        "Refaites l’export.",
    )

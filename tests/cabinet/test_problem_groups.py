"""Many identical problems read as one."""

from cabinet.problem_groups import group
from cabinet.problems import Place, Problem, Severity


def test_identical_problems_are_grouped_errors_first() -> None:
    def problem(severity: Severity, code: str, line: int, sentence: str = "") -> Problem:
        return Problem(severity, code, Place("patients.csv", line, "Date"), "x", sentence)

    groups = group(
        [
            problem(Severity.WARNING, "unreadable-date", 4, "first"),
            problem(Severity.INFO, "odd", 5),
            problem(Severity.WARNING, "unreadable-date", 9, "second"),
            problem(Severity.WARNING, "rare", 6),
            problem(Severity.ERROR, "missing-number", 8),
        ]
    )
    assert [(g.severity, g.code, g.count) for g in groups] == [
        (Severity.ERROR, "missing-number", 1),
        (Severity.WARNING, "unreadable-date", 2),
        (Severity.WARNING, "rare", 1),
        (Severity.INFO, "odd", 1),
    ]
    assert (groups[1].first.line, groups[1].sentence) == (4, "first")

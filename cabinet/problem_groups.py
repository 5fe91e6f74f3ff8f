"""Identical problems read as one: 10,000 unreadable dates of one column are one line with a count."""

from collections.abc import Iterable

import msgspec

from cabinet.problems import Place, Problem, Severity

FIRST_PLACES = 3


class ProblemGroup(msgspec.Struct, frozen=True):
    """Problems of one rule in one file and column. `sentence` is the first one's."""

    code: str
    severity: Severity
    count: int
    places: tuple[Place, ...]
    """The first three at most, and one at least."""
    sentence: str

    @property
    def first(self) -> Place:
        return self.places[0]


def group(problems: Iterable[Problem]) -> tuple[ProblemGroup, ...]:
    """Errors before warnings, then the most frequent first."""
    found: dict[tuple[Severity, str, str, str], list[Problem]] = {}
    for problem in problems:
        found.setdefault(kind_of(problem), []).append(problem)
    severities = list(Severity)
    ranked = sorted(found.items(), key=lambda item: (severities.index(item[0][0]), -len(item[1]), item[0][1:]))
    return tuple(
        ProblemGroup(
            code=same[0].code,
            severity=same[0].severity,
            count=len(same),
            places=tuple(problem.place for problem in same[:FIRST_PLACES]),
            sentence=same[0].sentence,
        )
        for _, same in ranked
    )


def kind_of(problem: Problem) -> tuple[Severity, str, str, str]:
    """What problems of one group have in common."""
    return problem.severity, problem.code, problem.place.file, problem.place.column

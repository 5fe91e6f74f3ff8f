"""Identical problems read as one: 10,000 unreadable dates of one column are one line with a count."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import msgspec

from cabinet.problems import Place, Problem, Severity

FIRST_PLACES = 3
STALE_EXPORT = "stale-export"
_OF_ALL = frozenset({"no-last-name", "no-birth-date", STALE_EXPORT})
"""Codes of what is wrong with an export as a whole. Their sentences quote nothing of it."""
Kind = tuple[Severity, str, str, str]
"""What problems of one group have in common: severity, code, file, column."""


class Others(msgspec.Struct, frozen=True):
    """Problems of one kind that are known from before: how many, and the lines of the first ones."""

    count: int
    lines: Sequence[int]


NO_OTHERS = Others(0, ())


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

    @property
    def is_of_all(self) -> bool:
        """Whether it is the whole export's: no line is refused, and no value left out."""
        return self.code in _OF_ALL


def group(
    problems: Iterable[Problem], others: Mapping[Kind, Others] = MappingProxyType({})
) -> tuple[ProblemGroup, ...]:
    """Errors before warnings, then the most frequent first.

    `others` are further problems of these kinds; each kind's first is in `problems`.
    """
    found: dict[Kind, list[Problem]] = {}
    for problem in problems:
        kind = (problem.severity, problem.code, problem.place.file, problem.place.column)
        found.setdefault(kind, []).append(problem)
    severities = list(Severity)
    groups = [_group(kind, same, others.get(kind, NO_OTHERS)) for kind, same in found.items()]
    return tuple(
        sorted(groups, key=lambda g: (severities.index(g.severity), -g.count, g.code, g.first.file, g.first.column))
    )


def _group(kind: Kind, same: Sequence[Problem], others: Others) -> ProblemGroup:
    severity, code, file, column = kind
    places = [problem.place for problem in same[:FIRST_PLACES]]
    if others.lines:
        places += [Place(file, line, column) for line in others.lines]
        places = sorted(places, key=lambda place: place.line or 0)[:FIRST_PLACES]
    return ProblemGroup(code, severity, len(same) + others.count, tuple(places), same[0].sentence)

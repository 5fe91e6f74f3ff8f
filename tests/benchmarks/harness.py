"""Runs contenders in turn, so that a machine that slows down slows all of them, and compares their medians."""

import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from merge.french import agree

MIN_ROUNDS = 3


@dataclass(frozen=True)
class Sample:
    """One measured run: seconds, megabytes, and other figures by name (bytes on the wire, requests a second)."""

    wall: float
    cpu: float
    peak_mb: float
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Contender:
    """Somebody who does the job. `run` is given the number of the round.

    `missing` says what this machine lacks for it: then it is listed without figures.
    """

    name: str
    run: Callable[[int], Sample]
    missing: str = ""
    note: str = ""
    once: bool = False
    """Run in the first round alone: for those who take minutes. Its note then says so."""


@dataclass(frozen=True)
class Line:
    """A contender's medians over the rounds; None where it could not run."""

    name: str
    median: Sample | None
    spread: float = 0.0
    """(Slowest CPU - quickest CPU) / median: how far to trust the figure."""
    note: str = ""


@dataclass(frozen=True)
class Table:
    """The contenders of one job, the first of which is ours."""

    title: str
    lines: tuple[Line, ...]
    unit: str = "s"
    """Of the wall and CPU columns: "s", or "µs/requête"."""


class Interrupted(KeyboardInterrupt):
    """Somebody ended the measuring; `table` has what was measured, each line with the rounds that it stands on."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.table = table


def compete(
    title: str,
    contenders: Sequence[Contender],
    rounds: int,
    *,
    unit: str = "s",
    before_round: Callable[[], object] = lambda: None,
) -> Table:
    """Run all contenders in every round, one after the other, in an order that turns; say on stderr who is done.

    Raise `Interrupted` where it is ended by a key.
    """
    samples: dict[str, list[Sample]] = {contender.name: [] for contender in contenders}
    able = [contender for contender in contenders if not contender.missing]
    rounds = max(rounds, MIN_ROUNDS)

    def table(short_of: int = 0) -> Table:
        return Table(title, tuple(_line(one, samples[one.name], short_of) for one in contenders), unit)

    try:
        for number in range(rounds):
            before_round()
            turn = number % len(able)
            for contender in able[turn:] + able[:turn]:
                if contender.once and number:
                    continue
                samples[contender.name].append(contender.run(number))
                told = f"  {title}, tour {number + 1} sur {rounds}\u00a0: {contender.name}"
                print(told, file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        raise Interrupted(table(rounds)) from None
    return table()


def _line(contender: Contender, samples: Sequence[Sample], short_of: int) -> Line:
    """`short_of`: how many rounds there should have been, where they were interrupted."""
    if not samples:
        return Line(contender.name, None, note=contender.missing or "interrompu")
    note = contender.note
    if len(samples) < short_of and not contender.once:
        note = "; ".join(
            filter(None, (note, f"interrompu\u00a0: {agree(len(samples), 'tour', 'tours')} sur {short_of}"))
        )
    return Line(contender.name, median(samples), spread_of([sample.cpu for sample in samples]), note)


def median(samples: Sequence[Sample]) -> Sample:
    """The median of each figure for itself."""
    names = samples[0].figures
    return Sample(
        statistics.median(sample.wall for sample in samples),
        statistics.median(sample.cpu for sample in samples),
        statistics.median(sample.peak_mb for sample in samples),
        {name: statistics.median(sample.figures[name] for sample in samples) for name in names},
    )


def spread_of(values: Sequence[float]) -> float:
    middle = statistics.median(values)
    return (max(values) - min(values)) / middle if middle else 0.0

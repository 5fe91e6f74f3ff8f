"""What a night means: is the cabinet told, and of what? Pure: facts and the state before -> the state after and mails.

A night is one evening and what follows it until noon; a scheduler that tries again makes no second one. It is good,
or it needs a person: it failed and nothing put it right within two hours, it published but something waits for a
practitioner, or it did not come. Nights in a row that need a person are one trouble. An evening of the week on which
the computer is always off, as at weekends, is no night.

The cabinet is written on the first three nights of a trouble, then once a week: a mail that comes every day is not
read. A trouble that was written of ends with one mail that all is well. Problems of the export are written of when
they are new, or have grown.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from portal.api.nights import Ending, Trouble, TroubledNights
from portal.api.shapes import ToldProblem

SETTLES_WITHIN = dt.timedelta(hours=2)
"""Windows tries a failed task again for an hour and a half; a person may, too."""
COMES_WITHIN = dt.timedelta(hours=15)
"""A night that is later than this did not come. A computer that sleeps until somebody comes catches up in the morning:
nobody wants to read each day that it had not yet, and then that it did.
"""
EARLY = dt.timedelta(minutes=30)
"""Clocks differ: a run that comes so much before its minute is that evening's."""
DAY_OFF_WEEKS = 2
"""An evening of the week that did not come so often, while others did, is one on which the computer is off."""
TOLD_NIGHTS = 3
REMINDED_EVERY = 7
_HALF_A_DAY = dt.timedelta(hours=12)

TROUBLES = {
    Ending.REFUSED: Trouble.REFUSED,
    Ending.UNREADABLE: Trouble.UNREADABLE,
    Ending.FAILED: Trouble.FAILED,
    Ending.HELD: Trouble.HELD,
}
"""What an ending means for its night; a good one, or one that a person stopped, means nothing."""


class Sort(StrEnum):
    """The sorts of mails; of each one a day at most."""

    FAILED = "failed"
    HELD = "held"
    MISSED = "missed"
    PROBLEMS = "problems"
    WELL = "well"


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is remembered of a cabinet's nights."""

    trouble: TroubledNights | None = None
    night: dt.date | None = None
    """The last one that was counted."""
    was_written: bool = False
    """Whether the cabinet got a mail of this trouble."""
    problems: Mapping[str, int] = {}
    """Kinds of problems that the cabinet was written of, and how many there were."""


def night_of(moment: dt.datetime, zone: dt.tzinfo) -> dt.date:
    """The evening's date; until noon it is still that night."""
    return (moment.astimezone(zone) - _HALF_A_DAY).date()


def last_due(at: dt.time, before: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """The last time not after `before` that the cabinet's clocks showed `at`."""
    day = before.astimezone(zone).date()
    due = _due(at, day, zone)
    return due if due <= before else _due(at, day - dt.timedelta(days=1), zone)


def due_after(due: dt.datetime, at: dt.time, zone: dt.tzinfo) -> dt.datetime:
    """The same, of the day after that of `due`."""
    return _due(at, due.astimezone(zone).date() + dt.timedelta(days=1), zone)


def weeks_before(due: dt.datetime, at: dt.time, zone: dt.tzinfo) -> tuple[dt.datetime, ...]:
    """The same evening of the weeks before that of `due`, of which a day off is told."""
    day = due.astimezone(zone).date()
    return tuple(_due(at, day - dt.timedelta(weeks=weeks), zone) for weeks in range(1, DAY_OFF_WEEKS + 1))


def _due(at: dt.time, day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """In UTC: hours that are added to it pass, though clocks change meanwhile."""
    return dt.datetime.combine(day, at, zone).astimezone(dt.UTC)


def troubled(
    state: State, night: dt.date, trouble: Trouble, moment: dt.datetime, device_name: str, *, what: str, todo: str
) -> State:
    """The state after a night that needs a person; the same state for a night that was counted already."""
    former = state.trouble
    if state.night == night and former is not None:
        return state
    return msgspec.structs.replace(
        state,
        trouble=TroubledNights(
            trouble=trouble,
            nights=former.nights + 1 if former else 1,
            since=former.since if former else moment,
            device_name=device_name,
            what=what,
            todo=todo,
        ),
        night=night,
    )


def is_written_of(before: State, after: State) -> bool:
    """Whether the trouble of `after` is one to write of now."""
    former, now = before.trouble, after.trouble
    if now is None or now == former:
        return False
    is_other = former is not None and sort_of(former.trouble) is not sort_of(now.trouble)
    return is_other or now.nights <= TOLD_NIGHTS or now.nights % REMINDED_EVERY == 0


def well(state: State, night: dt.date) -> State:
    """The state after a good night."""
    return State(night=night, problems=state.problems)


def sort_of(trouble: Trouble) -> Sort:
    match trouble:
        case Trouble.HELD:
            return Sort.HELD
        case Trouble.MISSED:
            return Sort.MISSED
    return Sort.FAILED


def new_problems(told: Mapping[str, int], now: Iterable[ToldProblem]) -> tuple[ToldProblem, ...]:
    """Those that the cabinet was not written of; and those that have grown: by one row, or to twice as many values."""
    return tuple(one for one in now if _has_grown(told.get(one.kind, 0), one))


def _has_grown(told: int, problem: ToldProblem) -> bool:
    return problem.count > told if problem.refuses_rows else problem.count >= max(1, 2 * told)


def remembered_problems(
    told: Mapping[str, int], now: Iterable[ToldProblem], written: Iterable[ToldProblem]
) -> dict[str, int]:
    """Of each kind that is still there, how many the cabinet knows of."""
    counts = {one.kind: one.count for one in now}
    known = {kind: min(count, counts[kind]) for kind, count in told.items() if kind in counts}
    return known | {one.kind: one.count for one in written}

"""The watch over the cabinets' nights: the background process says what each night means, and has the mails written."""

import datetime as dt
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.api.nights import Ending, RunTold, Trouble, TroubledNights
from portal.api.shapes import ToldProblem
from portal.server.cabinets.models import Cabinet
from portal.server.nights import mails, reports, verdicts
from portal.server.nights.models import PlannedNight, ToldRun, Watch
from portal.server.nights.verdicts import State
from portal.server.publishing.runs import lock

LOOK_EVERY = 60
"""Seconds."""
_LOOK_AGAIN = dt.timedelta(hours=12)
"""Where a computer is revoked: it may be enrolled anew (`reports.planned`)."""
_PUBLISHED = (Ending.PUBLISHED, Ending.CURRENT, Ending.HELD)
_MISSED = "La synchronisation prévue à {at} n’est pas venue."


def watch(now: dt.datetime | None = None) -> int:
    """Look at every cabinet that may have something new, each in a transaction of its own; how many there were."""
    now = now or timezone.now()
    due = Watch.objects.across_cabinets().filter(look_at__lte=now).order_by("look_at")
    cabinets = list(due.values_list("cabinet_id", flat=True))
    for cabinet in Cabinet.objects.filter(pk__in=cabinets):
        with transaction.atomic():
            _look(lock(cabinet), now)
    return len(cabinets)


def trouble_of(cabinet: Cabinet) -> TroubledNights | None:
    """What needs a person now, if anything."""
    row = Watch.objects.of(cabinet).first()
    return _state(row).trouble if row else None


def _look(cabinet: Cabinet, now: dt.datetime) -> None:
    row = Watch.objects.of(cabinet).get()
    nights = _Nights(cabinet, _state(row), now)
    nights.judge_runs()
    nights.judge_absence()
    row.state = msgspec.json.encode(nights.state)
    row.look_at = nights.look_at()
    row.save(update_fields=["state", "look_at"])


def _state(row: Watch) -> State:
    return msgspec.json.decode(bytes(row.state), type=State) if row.state else State()


class _Nights:
    """One look at one cabinet, which is locked."""

    def __init__(self, cabinet: Cabinet, state: State, now: dt.datetime) -> None:
        self.state = state
        self._cabinet = cabinet
        self._now = now
        self._zone = ZoneInfo(cabinet.time_zone)
        self._planned = reports.planned(cabinet)

    def judge_runs(self) -> None:
        """Every scheduled run that has no verdict yet, oldest first; a failure that may still be put right waits."""
        for row in self._awaiting():
            ending = Ending(row.ending)
            if ending.is_failure and not self._was_put_right(row):
                if self._now < row.told_at + verdicts.SETTLES_WITHIN:
                    continue
                self._note(row, reports.told_of(row))
            elif not ending.is_failure:
                self._note(row, reports.told_of(row))
            ToldRun.objects.of(self._cabinet).filter(pk=row.pk).update(awaits_verdict=False)

    def judge_absence(self) -> None:
        """Whether an evening that was planned went by without anything."""
        for plan in self._planned:
            due = verdicts.last_due(plan.at, self._now - verdicts.COMES_WITHIN, self._zone)
            if due < plan.since or self._runs().filter(told_at__gte=due - verdicts.EARLY).exists():
                continue
            if self._is_a_day_off(plan, due):
                continue
            night = verdicts.night_of(due, self._zone)
            what = _MISSED.format(at=f"{plan.at.hour}h{plan.at.minute:02}")
            self._troubled(night, Trouble.MISSED, due, plan.device.name, what=what)

    def _is_a_day_off(self, plan: PlannedNight, due: dt.datetime) -> bool:
        """Whether the computer is always off on this evening of the week, though it came on others."""
        before = verdicts.weeks_before(due, plan.at, self._zone)
        if before[-1] < plan.since or not self._came(due - dt.timedelta(days=7), due):
            return False
        return not any(self._came(one - verdicts.EARLY, one + verdicts.COMES_WITHIN) for one in before)

    def _came(self, start: dt.datetime, end: dt.datetime) -> bool:
        return self._runs().filter(told_at__gte=start, told_at__lt=end).exists()

    def look_at(self) -> dt.datetime | None:
        """When there may be more to say: a failure settles, or an evening is over."""
        moments = [row.told_at + verdicts.SETTLES_WITHIN for row in self._awaiting()]
        for plan in self._planned:
            next_due = verdicts.last_due(plan.at, self._now - verdicts.COMES_WITHIN, self._zone)
            while next_due + verdicts.COMES_WITHIN <= self._now or next_due < plan.since:
                next_due = verdicts.due_after(next_due, plan.at, self._zone)
            moments.append(next_due + verdicts.COMES_WITHIN)
        if not moments and PlannedNight.objects.of(self._cabinet).exists():
            moments.append(self._now + _LOOK_AGAIN)
        return min(moments, default=None)

    def _runs(self) -> QuerySet[ToldRun]:
        return ToldRun.objects.of(self._cabinet)

    def _awaiting(self) -> QuerySet[ToldRun]:
        return self._runs().filter(awaits_verdict=True).select_related("device").order_by("told_at", "pk")

    def _was_put_right(self, failed: ToldRun) -> bool:
        """Whether anybody published since, by hand or not."""
        return self._runs().filter(told_at__gt=failed.told_at, ending__in=_PUBLISHED).exists()

    def _note(self, row: ToldRun, run: RunTold) -> None:
        night = verdicts.night_of(row.told_at, self._zone)
        if (trouble := verdicts.TROUBLES.get(run.ending)) is not None:
            device_name = row.device.name if row.device else ""
            self._troubled(night, trouble, row.told_at, device_name, what=run.what, todo=run.todo)
        elif run.ending.is_good:
            if self.state.was_written:
                mails.all_well(self._cabinet, self._now)
            self.state = verdicts.well(self.state, night)
        if run.ending in _PUBLISHED:
            self._note_problems(run.notice.problems)

    def _troubled(
        self, night: dt.date, trouble: Trouble, moment: dt.datetime, device_name: str, *, what: str, todo: str = ""
    ) -> None:
        before = self.state
        self.state = verdicts.troubled(before, night, trouble, moment, device_name, what=what, todo=todo)
        if self.state.trouble is not None and verdicts.is_written_of(before, self.state):
            written = mails.trouble(self._cabinet, self.state.trouble, self._now)
            self.state = msgspec.structs.replace(self.state, was_written=before.was_written or written)

    def _note_problems(self, now: tuple[ToldProblem, ...]) -> None:
        told = self.state.problems
        new = verdicts.new_problems(told, now)
        written = new if new and mails.problems(self._cabinet, new, self._now) else ()
        self.state = msgspec.structs.replace(self.state, problems=verdicts.remembered_problems(told, now, written))

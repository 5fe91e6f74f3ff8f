"""Runs of the cabinet's other computers as lines of the history, and one of them in full. No Qt."""

import datetime as dt

from app.moments import duration, local, short_day
from app.publishing.history import (
    NOTHING,
    SHOWN_DAYS,
    TO_CHECK,
    WHOLE_EXPORT,
    Detail,
    Line,
    ProblemLine,
    Tone,
    Verdict,
    title_of,
)
from app.publishing.pipeline import Pipeline, of_counts, stopped
from merge.french import time_of_day
from portal.api.nights import Ending, KnownRun, Nights, RunTold
from portal.api.shapes import Launched
from sync.telling import changes_sentence
from sync.wording import counted, number

_LAUNCHES = {
    Launched.MANUAL: "Manuelle",
    Launched.AUTOMATIC: "Automatique",
    Launched.ASKED: "À distance",
}
_FAILURES = {
    Ending.REFUSED: "Export refusé",
    Ending.UNREADABLE: "Source illisible",
    Ending.FAILED: "Échec",
}


def lines(nights: Nights, now: dt.datetime) -> tuple[Line, ...]:
    """Of the last 30 days; this computer's own runs are in its journal."""
    since = now - dt.timedelta(days=SHOWN_DAYS)
    return tuple(_line(known, now) for known in nights.runs if not known.is_this and _started(known) >= since)


def detail(line: Line, run: RunTold) -> Detail:
    """What the portal was told: problems have no patient in them."""
    problems = tuple(
        ProblemLine(
            count=WHOLE_EXPORT
            if one.is_of_all
            else counted(one.count, "ligne non publiée", "lignes non publiées")
            if one.refuses_rows
            else counted(one.count, "valeur laissée de côté", "valeurs laissées de côté"),
            tone=Tone.ERROR if one.refuses_rows else Tone.ALERT,
            where=f"Poste «\u00a0{line.computer}\u00a0»",
            sentence=one.sentence,
        )
        for one in run.notice.problems
    )
    return Detail(title_of(line), line.verdict, outcome(run), problems)


def outcome(run: RunTold) -> tuple[str, ...]:
    """What it did, or why it did nothing."""
    why = tuple(filter(None, (run.what, run.todo)))
    if run.ending.is_failure:
        return why
    return (changes_sentence(run.added, run.changed, run.withdrawn, run.unchanged, run.held), *why)


def pipeline_of(run: RunTold, shown: Pipeline) -> Pipeline:
    """What it did, or where it stopped."""
    if run.ending.is_failure or run.ending is Ending.CANCELLED:
        return stopped(shown)
    return of_counts(run.added, run.changed, run.withdrawn, run.unchanged)


def verdict(run: RunTold) -> Verdict:
    """How it ended, in two or three words."""
    if run.ending.is_failure:
        return Verdict(Tone.ERROR, _FAILURES[run.ending])
    if run.ending is Ending.HELD:
        return Verdict(Tone.ALERT, f"{number(run.held)} à confirmer")
    if run.ending is Ending.CANCELLED:
        return Verdict(Tone.NEUTRAL, "Arrêtée")
    refused = sum(one.count for one in run.notice.problems if one.refuses_rows)
    if refused:
        return Verdict(Tone.ALERT, counted(refused, "ligne ignorée", "lignes ignorées"))
    if any(one.is_of_all for one in run.notice.problems):
        return TO_CHECK
    return Verdict(Tone.OK, "Réussie")


def _line(known: KnownRun, now: dt.datetime) -> Line:
    run = known.run
    here = local(_started(known), now)
    has_counts = not run.ending.is_failure and run.ending is not Ending.CANCELLED
    counts = (run.added, run.changed, run.withdrawn) if has_counts else (None, None, None)
    added, changed, withdrawn = (NOTHING if count is None else number(count) for count in counts)
    return Line(
        entry=None,
        told=run,
        started_at=_started(known),
        computer=known.device_name,
        date=short_day(here.date()),
        hour=time_of_day(here),
        launch=_LAUNCHES[run.notice.launched],
        duration=duration((run.ended_at - _started(known)).total_seconds()) if has_counts else NOTHING,
        added=added,
        changed=changed,
        withdrawn=withdrawn,
        verdict=verdict(run),
    )


def _started(known: KnownRun) -> dt.datetime:
    return known.run.notice.started_at

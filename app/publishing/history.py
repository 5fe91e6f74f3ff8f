"""Runs as lines of a table, and one of this computer's in full. No Qt."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.moments import duration, local, short_day, when
from cabinet.errors import SourceError
from cabinet.problem_groups import ProblemGroup
from cabinet.problems import Severity
from merge.french import time_of_day
from portal.api.nights import RunTold
from sync.journal import JournalEntry
from sync.report import Launch, Outcome, RunReport
from sync.telling import outcome
from sync.wording import counted, number

NOTHING = "—"
THIS_COMPUTER = "Ce poste"
SHOWN_DAYS = 30
FAILURE_STAYS = dt.timedelta(days=7)
"""How long a failure is told of after the next run succeeded."""

SAME_RUN = dt.timedelta(minutes=1)
"""Computers' clocks differ by less: what the portal heard then, it heard of this run."""


class Tone(StrEnum):
    OK = "OK"
    ALERT = "ALERT"
    ERROR = "ERROR"
    NEUTRAL = "NEUTRAL"


@dataclass(frozen=True)
class Verdict:
    tone: Tone
    words: str


@dataclass(frozen=True)
class Line:
    """One run of the table: of this computer's journal (`entry`), or as another one told the portal (`told`)."""

    entry: JournalEntry | None
    told: RunTold | None
    started_at: dt.datetime
    computer: str
    date: str
    hour: str
    launch: str
    duration: str
    added: str
    changed: str
    withdrawn: str
    verdict: Verdict

    @property
    def key(self) -> object:
        """What tells it from all others."""
        return self.entry.id if self.entry else self.told.notice.key if self.told else ""

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.date, self.hour, self.launch, self.duration, self.added, self.changed, self.withdrawn)


TO_CHECK = Verdict(Tone.ALERT, "Export à vérifier")
"""Of a run whose export as a whole may be wrong."""
WHOLE_EXPORT = "Tout l’export"
"""In place of a count of lines."""

_LAUNCHES = {
    Launch.MANUAL: "Manuelle",
    Launch.AUTOMATIC: "Automatique",
    Launch.SCRIPTED: "Automatique",
    Launch.ASKED: "À distance",
    Launch.UNKNOWN: NOTHING,
}
_BY_EXIT_CODE = {1: "Export refusé", 2: "Source illisible", 3: "Portail indisponible"}

_PLAIN_VERDICTS = {
    Outcome.CANCELLED: Verdict(Tone.NEUTRAL, "Arrêtée"),
    Outcome.INTERRUPTED: Verdict(Tone.ALERT, "Interrompue"),
    Outcome.RUNNING: Verdict(Tone.NEUTRAL, "En cours"),
    Outcome.PLANNED: Verdict(Tone.NEUTRAL, "Simulation"),
}


def lines(entries: Sequence[JournalEntry], now: dt.datetime) -> tuple[Line, ...]:
    """The runs of the last 30 days, newest first."""
    since = now - dt.timedelta(days=SHOWN_DAYS)
    return tuple(_line(entry, now) for entry in entries if entry.started_at >= since)


def verdict(entry: JournalEntry) -> Verdict:
    """How a run ended, in two or three words."""
    report = entry.report
    if entry.status is Outcome.FAILED:
        return Verdict(Tone.ERROR, _BY_EXIT_CODE.get(entry.exit_code or 0, "Échec"))
    if entry.status is Outcome.HELD and report:
        return Verdict(Tone.ALERT, f"{_waiting(report)} en attente")
    if known := _PLAIN_VERDICTS.get(entry.status):
        return known
    if report and (refused := refused_lines(report)):
        return Verdict(Tone.ALERT, counted(refused, "ligne ignorée", "lignes ignorées"))
    if report and _is_to_check(report):
        return TO_CHECK
    return Verdict(Tone.OK, "Réussie")


def refused_lines(report: RunReport) -> int:
    """Lines of the export that could not be published."""
    return sum(group.count for group in report.problems if group.severity is Severity.ERROR)


def _is_to_check(report: RunReport) -> bool:
    return any(group.is_of_all for group in report.problems)


def _line(entry: JournalEntry, now: dt.datetime) -> Line:
    here = local(entry.started_at, now)
    report = entry.report
    counts = (report.added, report.changed, report.withdrawn) if report else (None, None, None)
    took = (entry.ended_at - entry.started_at).total_seconds() if entry.ended_at and report else None
    added, changed, withdrawn = (NOTHING if count is None else number(count) for count in counts)
    return Line(
        entry=entry,
        told=None,
        started_at=entry.started_at,
        computer=THIS_COMPUTER,
        date=short_day(here.date()),
        hour=time_of_day(here),
        launch=_LAUNCHES[entry.launch],
        duration=NOTHING if took is None else duration(took),
        added=added,
        changed=changed,
        withdrawn=withdrawn,
        verdict=verdict(entry),
    )


def last_publication(entries: Sequence[JournalEntry]) -> JournalEntry | None:
    """The newest run that ended and was to publish: neither simulated nor stopped by a person."""
    passed_over = (Outcome.PLANNED, Outcome.CANCELLED, Outcome.RUNNING)
    return next((entry for entry in entries if entry.status not in passed_over), None)


def status(entries: Sequence[JournalEntry], now: dt.datetime, as_of: dt.datetime | None = None) -> Verdict:
    """The pill beside the title. `as_of`: when the portal last heard that its data are current, by any computer."""
    last = last_publication(entries)
    if as_of is not None and (last is None or as_of > (last.ended_at or last.started_at) + SAME_RUN):
        return Verdict(Tone.OK, f"Portail à jour {when(as_of, now)}, par un autre poste")
    if last is None:
        return Verdict(Tone.NEUTRAL, "Jamais lancée sur ce poste")
    at = when(last.started_at, now)
    match last.status:
        case Outcome.FAILED | Outcome.INTERRUPTED:
            return Verdict(Tone.ERROR, f"Non publiée {at}")
        case Outcome.HELD:
            waiting = "des retraits" if last.report is None or last.report.held else "des numéros"
            return Verdict(Tone.ALERT, f"Publiée {at}, {waiting} attendent")
    if last.report and _is_to_check(last.report):
        return Verdict(Tone.ALERT, f"Publiée {at}, export à vérifier")
    return Verdict(Tone.OK, f"Réussie {at}")


class Remedy(StrEnum):
    """What mends a failure; its value is the button's label."""

    NONE = ""
    SETTINGS = "Ouvrir les Réglages"
    """Where the export is, or its columns, may have to be said anew."""
    RETRY = "Réessayer"
    """It was in use, still being written, or out of reach."""
    CONFIRM = "Publier quand même"
    """What the export lost, it should have: a practitioner's word."""


@dataclass(frozen=True)
class Failure:
    """The last failure: when it was and what it was, then whether that is over."""

    what: str
    todo: str
    remedy: Remedy = Remedy.NONE


def last_failure(entries: Sequence[JournalEntry], now: dt.datetime) -> Failure | None:
    """The newest failed run, until a week after the next one succeeded."""
    published_since = False
    for entry in entries:
        if entry.status in (Outcome.DONE, Outcome.CURRENT, Outcome.HELD):
            published_since = True
        elif entry.status is Outcome.FAILED:
            if published_since and now - entry.started_at > FAILURE_STAYS:
                return None
            what = f"{when(entry.started_at, now).capitalize()}\u00a0: {entry.what}"
            after = "La synchronisation suivante a réussi\u00a0: il n’y a rien à faire."
            return Failure(what, after) if published_since else Failure(what, entry.todo, _remedy(entry))
    return None


def _remedy(entry: JournalEntry) -> Remedy:
    if entry.is_not_ready:
        return Remedy.RETRY
    return Remedy.SETTINGS if entry.exit_code == SourceError.exit_code else Remedy.NONE


@dataclass(frozen=True)
class ProblemLine:
    """Problems of one kind: how many, where, what and what to do (both in `sentence`)."""

    count: str
    tone: Tone
    where: str
    sentence: str


@dataclass(frozen=True)
class Detail:
    """One run in full."""

    title: str
    verdict: Verdict
    sentences: tuple[str, ...]
    problems: tuple[ProblemLine, ...]

    def as_text(self) -> str:
        """For the clipboard: no patient is named but by what the export's lines say themselves."""
        told = [self.title, self.verdict.words, *self.sentences]
        told += [f"{line.count} ({line.where})\u00a0: {line.sentence}" for line in self.problems]
        return "\n".join(told)


_TONES = {Severity.ERROR: Tone.ERROR, Severity.WARNING: Tone.ALERT, Severity.INFO: Tone.NEUTRAL}
_COUNTED = {
    Severity.ERROR: ("ligne non publiée", "lignes non publiées"),
    Severity.WARNING: ("valeur laissée de côté", "valeurs laissées de côté"),
    Severity.INFO: ("remarque", "remarques"),
}


def title_of(line: Line) -> str:
    where = "" if line.entry else f", poste «\u00a0{line.computer}\u00a0»"
    return f"Synchronisation du {line.date[5:]} à {line.hour}{where}"


def detail(line: Line, entry: JournalEntry, problems: Sequence[ProblemGroup]) -> Detail:
    """`problems` are the journal's of this run; its report has more places, and wins."""
    report = entry.report
    told = outcome_sentences(report) if report else tuple(filter(None, (entry.what, entry.todo)))
    if entry.status is Outcome.INTERRUPTED:
        told = ("Le programme s’est arrêté au milieu. Rien n’est publié à moitié\u00a0: la suivante reprend tout.",)
    return Detail(
        title=title_of(line),
        verdict=line.verdict,
        sentences=told,
        problems=problem_lines(report.problems if report else problems),
    )


def problem_lines(problems: Sequence[ProblemGroup]) -> tuple[ProblemLine, ...]:
    return tuple(
        ProblemLine(
            count=WHOLE_EXPORT if group.is_of_all else counted(group.count, *_COUNTED[group.severity]),
            tone=_TONES[group.severity],
            where=where_of(group),
            sentence=group.sentence,
        )
        for group in problems
    )


def where_of(group: ProblemGroup) -> str:
    """« patients.csv, lignes 3, 8, 12 et 9 997 autres, colonne « Né(e) le » »."""
    found = [str(place.line) for place in group.places if place.line is not None]
    where = group.first.file
    if found:
        where += f", {'ligne' if group.count == 1 else 'lignes'} {', '.join(found)}"
        if others := group.count - len(found):
            where += f" et {counted(others, 'autre')}"
    if group.first.column:
        where += f", colonne «\u00a0{group.first.column}\u00a0»"
    return where


def outcome_sentences(report: RunReport) -> tuple[str, ...]:
    """What a run did. Held withdrawals have their own place on the screen, with a button; here they are counted."""
    return (*outcome(report), f"{words} en attente.") if (words := _waiting(report)) else outcome(report)


def _waiting(report: RunReport) -> str:
    """« 25 retraits et 1 numéro réutilisé », or nothing."""
    held, reused = len(report.held), len(report.reused)
    words = (
        *([counted(held, "retrait")] if held else ()),
        *([counted(reused, "numéro réutilisé", "numéros réutilisés")] if reused else ()),
    )
    return " et ".join(words)

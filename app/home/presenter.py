"""What the home screen says, from what the application knows: what is not known yet is never shown as 0. No Qt."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app.moments import day, local, next_time
from app.publishing.history import Tone, Verdict, last_publication, verdict
from merge.french import MONTHS, day_and_date, time_of_day
from portal.api.desk import Overview
from sync.journal import JournalEntry
from sync.report import Outcome
from sync.wording import counted, number

UNKNOWN = "—"
_SAME_RUN = dt.timedelta(minutes=2)
"""The portal's « as of » follows the end of the run that brought it."""


@dataclass(frozen=True)
class Known:
    """What the board holds at this moment; None for what was not answered yet."""

    now: dt.datetime
    """With the time zone of this computer."""
    history: Sequence[JournalEntry] | None = None
    overview: Overview | None = None
    dossiers: int | None = None
    """Of the last reading of the export."""
    incomplete: int | None = None
    """Addresses that a letter cannot be posted to."""
    reads_source: bool = True
    """Whether this computer is to read the export, and so to know dossiers and addresses."""
    unpublished: int = 0
    is_offline: bool = False
    conflicts: int = 0
    """Of what computers share: changed on two of them."""
    newer_settings: int = 0
    """Of this computer's file: a newer version's, that this one does not follow."""
    evening: dt.time | None = None
    """When this computer's scheduler runs the sync, if it does."""
    is_scheduled: bool = True
    """Whether any of the cabinet's computers runs it in the evening, as far as is known."""


@dataclass(frozen=True)
class SyncCard:
    figure: str
    aside: str = ""
    verdict: Verdict | None = None
    below: str = ""


@dataclass(frozen=True)
class PublishedCard:
    figure: str
    aside: str = ""
    part: float | None = None
    """Of the export's dossiers, those that are published: 0 to 1."""
    below: str = ""


@dataclass(frozen=True)
class Month:
    letter: str
    name: str
    """« janvier 2026 », spoken."""
    part: float
    """Height of its bar, 0 to 1."""
    total: int


@dataclass(frozen=True)
class ActivatedCard:
    months: tuple[Month, ...] = ()
    share: str = ""
    """« 763 sur 1 248 »."""
    percent: str = ""
    nothing: str = ""
    """Shown in place of the chart."""

    @property
    def description(self) -> str:
        """The chart, for who does not see it."""
        if not self.months:
            return self.nothing
        told = ", ".join(f"{month.name}\u00a0: {number(month.total)}" for month in self.months)
        return f"{self.share} comptes activés ({self.percent}). {told}."


def today(known: Known) -> str:
    """« lundi 12 janvier 2026 »."""
    return day_and_date(known.now.date())


def sync_card(known: Known) -> SyncCard:
    """The last run of this computer, or what another one brought since; what waits for a person before all."""
    if known.history is None:
        return SyncCard(UNKNOWN, below="Lecture du journal…")
    last = last_publication(known.history)
    as_of = known.overview.as_of if known.overview else None
    waiting = _waiting(known.overview) if known.overview else None
    if as_of is not None and (last is None or as_of > (last.ended_at or last.started_at) + _SAME_RUN):
        moment, how = as_of, Verdict(Tone.OK, "Portail à jour")
        below = "Par un autre poste du cabinet"
        if known.evening is not None:
            below = f"{below}. {_next(known.evening, known.now)}"
    elif last is not None:
        moment, how = last.started_at, _how(last)
        below = last.what or (_next(known.evening, known.now) if known.evening is not None else "")
    else:
        return SyncCard("Jamais", below="Rien n’a encore été publié.")
    here = local(moment, known.now)
    return SyncCard(time_of_day(here), day(here.date(), known.now.date()), waiting or how, below)


def _next(evening: dt.time, now: dt.datetime) -> str:
    return f"Prochaine\u00a0: {next_time(evening, now)}"


def _how(entry: JournalEntry) -> Verdict:
    told = verdict(entry)
    if told.tone is not Tone.OK or entry.report is None:
        return told
    report = entry.report
    changes = report.added + report.changed + report.withdrawn
    if entry.status is Outcome.CURRENT or not changes:
        return Verdict(Tone.OK, f"{told.words}, rien à changer")
    return Verdict(Tone.OK, f"{told.words}, {counted(changes, 'changement')}")


def published_card(known: Known) -> PublishedCard:
    if known.overview is None:
        return PublishedCard(UNKNOWN, below=awaiting(known))
    published, hidden = known.overview.published, known.overview.hidden
    masked = (
        f"{counted(hidden, 'patient masqué', 'patients masqués')} à votre demande" if hidden else "Aucun patient masqué"
    )
    if not known.dossiers:
        return PublishedCard(number(published), below=masked)
    return PublishedCard(
        number(published), f"sur {number(known.dossiers)}", min(1.0, published / known.dossiers), masked
    )


def activated_card(known: Known) -> ActivatedCard:
    overview = known.overview
    if overview is None:
        return ActivatedCard(nothing=awaiting(known))
    if not overview.published:
        return ActivatedCard(nothing="Les comptes s’afficheront après la première synchronisation.")
    highest = max(overview.published, 1)
    months = tuple(
        Month(
            letter=MONTHS[int(one.month[5:]) - 1][0].upper(),
            name=f"{MONTHS[int(one.month[5:]) - 1]} {one.month[:4]}",
            part=min(1.0, one.total / highest),
            total=one.total,
        )
        for one in overview.activations
    )
    whole = round(100 * overview.activated / highest)
    percent = f"{whole}\u00a0%" if whole or not overview.activated else "<\u00a01\u00a0%"
    return ActivatedCard(months, f"{number(overview.activated)} sur {number(overview.published)}", percent)


def _waiting(overview: Overview) -> Verdict | None:
    if held := overview.held_withdrawals:
        return Verdict(Tone.ALERT, f"{counted(held, 'retrait')} à confirmer")
    if reused := overview.held_reused:
        return Verdict(Tone.ALERT, f"{counted(reused, 'numéro')} à confirmer")
    return None


def awaiting(known: Known) -> str:
    return "Le portail ne répond pas pour le moment." if known.is_offline else "En attente du portail…"

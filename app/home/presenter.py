"""What the home screen says, from what the application knows: what is not known yet is never shown as 0. No Qt."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app.moments import day, local, next_time
from app.publishing.history import Tone, Verdict, last_publication, verdict
from merge.french import MONTHS, day_and_date, time_of_day
from portal.api.desk import Overview
from portal.api.nights import Trouble, TroubledNights
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
    unpublished: int = 0
    is_offline: bool = False
    conflicts: int = 0
    """Of what computers share: changed on two of them."""
    evening: dt.time | None = None
    """When this computer's scheduler runs the sync, if it does."""


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


@dataclass(frozen=True)
class Todo:
    """A line of « À faire ». `goes_to` and `subject` are what `navigate` gets."""

    count: int
    what: str
    aid: str
    action: str
    icon: str
    goes_to: str
    subject: str | None = None
    warns: bool = False


@dataclass(frozen=True)
class TodoList:
    items: tuple[Todo, ...]
    nothing: str = ""
    """The sentence of an empty list."""


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
        return PublishedCard(UNKNOWN, below=_awaiting(known))
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
        return ActivatedCard(nothing=_awaiting(known))
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


def todo_list(known: Known) -> TodoList:
    """What waits for a person; nothing is said to be done before everything is known."""
    items = tuple(item for item in _todos(known) if item.count)
    if items:
        return TodoList(items)
    if known.overview is None:
        return TodoList((), _awaiting(known))
    if known.incomplete is None:
        return TodoList((), "Lecture des adresses…")
    return TodoList((), "Rien à faire.")


def _waiting(overview: Overview) -> Verdict | None:
    if held := overview.held_withdrawals:
        return Verdict(Tone.ALERT, f"{counted(held, 'retrait')} à confirmer")
    if reused := overview.held_reused:
        return Verdict(Tone.ALERT, f"{counted(reused, 'numéro')} à confirmer")
    return None


def _todos(known: Known) -> list[Todo]:
    overview = known.overview
    found = []
    if overview is not None:
        found += [
            *_troubled_nights(overview.trouble),
            Todo(
                overview.held_withdrawals,
                _agreed(overview.held_withdrawals, "retrait à confirmer", "retraits à confirmer"),
                "Ces patients ne sont plus dans l’export, mais restent visibles",
                "Vérifier",
                "user-minus",
                "publishing",
                warns=True,
            ),
            Todo(
                overview.held_reused,
                _agreed(overview.held_reused, "numéro réutilisé à confirmer", "numéros réutilisés à confirmer"),
                "L’export les donne à d’autres patients\u00a0: rien n’est montré d’eux",
                "Vérifier",
                "user-switch",
                "publishing",
                warns=True,
            ),
            Todo(
                overview.never_informed,
                _agreed(overview.never_informed, "patient jamais informé", "patients jamais informés"),
                "Ni lettre, ni e-mail, ni SMS à ce jour",
                "Préparer l’envoi",
                "envelope-simple",
                "mailing",
            ),
        ]
    found.append(
        Todo(
            known.incomplete or 0,
            _agreed(known.incomplete or 0, "adresse incomplète", "adresses incomplètes"),
            _agreed(
                known.incomplete or 0,
                "Cette lettre ne pourra pas être postée",
                "Ces lettres ne pourront pas être postées",
            ),
            "Corriger",
            "map-pin",
            "patients",
            "incomplete-address",
            warns=True,
        )
    )
    if overview is not None:
        found.append(
            Todo(
                overview.unread_messages,
                _agreed(overview.unread_messages, "message de patient à lire", "messages de patients à lire"),
                _oldest(known, overview),
                "Lire",
                "chats",
                "inbox",
            )
        )
    found.append(_conflicts(known.conflicts))
    found.append(
        Todo(
            known.unpublished,
            _agreed(known.unpublished, "modification non publiée", "modifications non publiées"),
            "Les patients voient encore l’ancienne version",
            "Vérifier",
            "browser",
            "portal_editor",
            warns=True,
        )
    )
    return found


def _troubled_nights(trouble: TroubledNights | None) -> list[Todo]:
    """Withdrawals that wait have a line of their own."""
    if trouble is None or trouble.trouble is Trouble.HELD:
        return []
    words = (
        ("soirée sans synchronisation", "soirées sans synchronisation")
        if trouble.trouble is Trouble.MISSED
        else ("soirée sans publication", "soirées sans publication")
    )
    return [
        Todo(
            trouble.nights,
            _agreed(trouble.nights, *words),
            trouble.what or "Les patients voient encore les données d’avant",
            "Voir",
            "moon",
            "publishing",
            warns=True,
        )
    ]


def _conflicts(count: int) -> Todo:
    return Todo(
        count,
        _agreed(count, "réglage modifié sur deux postes", "réglages modifiés sur deux postes"),
        "Choisissez lequel garder",
        "Choisir",
        "arrows-split",
        "setup",
        warns=True,
    )


def _oldest(known: Known, overview: Overview) -> str:
    """« Le plus ancien date de vendredi, 16h05 »."""
    if overview.oldest_unread is None:
        return ""
    here = local(overview.oldest_unread, known.now)
    said = day(here.date(), known.now.date())
    of_day = (
        said.replace("le ", "du ", 1) if said.startswith("le ") else f"d’{said}" if said[0] in "ah" else f"de {said}"
    )
    start = "Le plus ancien date" if overview.unread_messages > 1 else "Il date"
    return f"{start} {of_day}, {time_of_day(here)}"


def _agreed(count: int, singular: str, plural: str) -> str:
    """The words alone: the count stands before them in large."""
    return singular if count < 2 else plural


def _awaiting(known: Known) -> str:
    return "Le portail ne répond pas pour le moment." if known.is_offline else "En attente du portail…"

"""The sending's page without its widgets: its words, its counts, and the lines of its journal."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from zoneinfo import ZoneInfo

from app.mailing.sending import ChannelCount, Ended, Picture, Stage
from merge.french import NBSP, agree, enumeration, time_of_day
from merge.journal import CHANNEL_WORDS, STATE_WORDS
from merge.outbox import Entry, State
from merge.recipients import ChannelKind, Recipient
from sync.wording import number

NOUNS = {
    ChannelKind.LETTER: ("lettre", "lettres"),
    ChannelKind.EMAIL: ("e-mail", "e-mails"),
    ChannelKind.SMS: ("SMS", "SMS"),
}
TITLES = {ChannelKind.LETTER: "Lettres", ChannelKind.EMAIL: "E-mails", ChannelKind.SMS: "SMS"}


class Shown(Enum):
    """What the journal is narrowed to; the values are the switch's keys."""

    ALL = "all"
    FAILED = "failed"
    WAITING = "waiting"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class JournalRow:
    """A line of the journal: a message, or all letters of a file."""

    key: str
    time: str
    state: State
    channel: str
    numbers: str
    recipient: str
    detail: str
    ids: tuple[str, ...]

    @property
    def words(self) -> str:
        return STATE_WORDS[self.state]

    @property
    def is_paper(self) -> bool:
        return self.channel not in _SENT_BY_US

    @property
    def can_send_again(self) -> bool:
        return self.state in (State.FAILED, State.UNKNOWN) and not self.is_paper

    @property
    def can_confirm(self) -> bool:
        return self.state is State.UNKNOWN


_SENT_BY_US = (CHANNEL_WORDS["email"], CHANNEL_WORDS["sms"])


@dataclass(frozen=True)
class Headline:
    """The top of the page."""

    percent: str
    part: float
    title: str
    detail: str


def what_leaves(recipients: tuple[Recipient, ...]) -> str:
    """« 812 lettres, 369 e-mails et 58 SMS »."""
    return enumeration(
        [
            agree(count, *NOUNS[kind])
            for kind in (ChannelKind.LETTER, ChannelKind.EMAIL, ChannelKind.SMS)
            if (count := sum(one.channel is kind for one in recipients))
        ]
    )


def headline(picture: Picture, *, paused: bool) -> Headline:
    """Of a run under way."""
    if picture.stage is Stage.PREPARING:
        return Headline("", 0, "Préparation de l’envoi", "Les codes sont demandés au portail, puis vérifiés.")
    if picture.stage is Stage.PRINTING:
        part = picture.done / picture.total if picture.total else 0
        detail = f"{number(picture.done)} sur {agree(picture.total, 'lettre écrite', 'lettres écrites')}"
        return Headline(_percent(part), part, "Écriture des lettres", detail)
    part = picture.settled / picture.everything if picture.everything else 1
    detail = f"{number(picture.settled)} sur {agree(picture.everything, 'traité', 'traités')}"
    if paused:
        return Headline(_percent(part), part, "Envoi en pause", detail)
    minutes = -(-picture.waiting // max(1, round(picture.per_minute)))
    left = f" · encore {agree(minutes, 'minute', 'minutes')} environ" if picture.waiting else ""
    active = next(
        (
            kind
            for kind in (ChannelKind.EMAIL, ChannelKind.SMS)
            if kind in picture.counts and picture.counts[kind].waiting
        ),
        None,
    )
    title = f"Envoi des {NOUNS[active][1]} en cours" if active else "Envoi en cours"
    return Headline(_percent(part), part, title, detail + left)


def ending(ended: Ended) -> Headline:
    """Of a run that is over, or was stopped."""
    picture = ended.picture
    part = picture.settled / picture.everything if picture.everything else 1
    counts = picture.counts.values()
    sent = sum(count.sent for count in counts)
    failed = sum(count.failed for count in counts)
    unknown = sum(count.unknown for count in counts)
    words = [agree(sent, "parti", "partis")]
    if failed:
        words.append(agree(failed, "en échec", "en échec"))
    if unknown:
        words.append(f"{number(unknown)}{NBSP}à vérifier")
    if picture.waiting:
        words.append(f"{number(picture.waiting)}{NBSP}en attente")
    if ended.refused:
        words.append(agree(len(ended.refused), "non préparé", "non préparés"))
    if picture.verified:
        words.append(agree(picture.verified, "accès vérifié", "accès vérifiés"))
    if ended.stopped:
        title = "Envoi arrêté"
    elif picture.waiting:
        title = "Envoi à reprendre"
    else:
        title = "Envoi terminé"
    return Headline(_percent(part), part, title, " · ".join(words))


def channel_state(kind: ChannelKind, count: ChannelCount, stage: Stage) -> tuple[str, str]:
    """The pill of a channel's card: its kind's name and its word."""
    if count.failed or count.unknown:
        return "alert", f"{number(count.failed + count.unknown)}{NBSP}à regarder"
    if not count.waiting:
        return "ok", "Prêtes à imprimer" if kind is ChannelKind.LETTER else "Partis"
    if stage is Stage.ENDED:
        return "alert", "En attente"
    running = count.settled or stage is Stage.PRINTING
    return ("info", "En cours") if running else ("neutral", "En attente")


def journal_rows(picture: Picture, zone: ZoneInfo, shown: Shown = Shown.ALL) -> tuple[JournalRow, ...]:
    """The latest first; letters of one file are one line."""
    papers: dict[tuple[str, State], list[Entry]] = {}
    rows: list[tuple[int, JournalRow]] = []
    for entry in picture.entries:
        if entry.channel not in (ChannelKind.EMAIL, ChannelKind.SMS):
            papers.setdefault((entry.channel, entry.state), []).append(entry)
        else:
            rows.append((entry.changed, _row(entry, zone)))
    rows += [(max(entry.changed for entry in group), _papers(group, zone)) for group in papers.values()]
    rows.sort(key=lambda one: one[0], reverse=True)
    wanted = {
        Shown.FAILED: (State.FAILED,),
        Shown.WAITING: (State.READY, State.SENDING),
        Shown.UNKNOWN: (State.UNKNOWN,),
    }.get(shown, tuple(State))
    return tuple(row for _, row in rows if row.state in wanted)


def count_shown(picture: Picture, shown: Shown) -> int:
    """For « Échecs (1) »."""
    attribute = {Shown.FAILED: "failed", Shown.WAITING: "waiting", Shown.UNKNOWN: "unknown"}[shown]
    return sum(getattr(count, attribute) for count in picture.counts.values())


def paper_path(folder: Path, today: dt.date, suffix: str) -> Path:
    """A name that no file of the day has yet."""
    stem = f"Lettres WebOrtho {today:%Y-%m-%d}"
    for place in range(1, 1000):
        path = folder / (f"{stem}.{suffix}" if place == 1 else f"{stem} ({place}).{suffix}")
        if not path.exists():
            return path
    return folder / f"{stem}.{suffix}"


def _row(entry: Entry, zone: ZoneInfo) -> JournalRow:
    detail = entry.detail
    if entry.state is State.READY and entry.not_before:
        moment = dt.datetime.fromtimestamp(entry.not_before, zone)
        detail = f"{detail} Nouvel essai à {time_of_day(moment)}."
    return JournalRow(
        entry.id,
        f"{dt.datetime.fromtimestamp(entry.changed, zone):%H:%M:%S}",
        entry.state,
        CHANNEL_WORDS.get(entry.channel, entry.channel),
        " ".join(entry.numbers),
        entry.recipient,
        detail,
        (entry.id,),
    )


def _papers(entries: list[Entry], zone: ZoneInfo) -> JournalRow:
    last = max(entries, key=lambda entry: entry.changed)
    channel = CHANNEL_WORDS.get(last.channel, last.channel)
    noun = ("lettre", "lettres") if last.channel == ChannelKind.LETTER else ("fiche d’accès", "fiches d’accès")
    return JournalRow(
        f"{last.channel}-{last.state}",
        f"{dt.datetime.fromtimestamp(last.changed, zone):%H:%M:%S}",
        last.state,
        channel,
        "–",
        agree(len(entries), *noun),
        last.detail,
        tuple(entry.id for entry in entries),
    )


def _percent(part: float) -> str:
    return f"{int(part * 100)}{NBSP}%"

"""Messages as the screen shows them: the list, the one that is read, and the sentences around an answer. No Qt."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.moments import day
from cabinet.dossier import Dossier
from cabinet.values import fold
from merge.french import agree, day_and_date, time_of_day
from portal.api.desk import Message, MessageState

NO_SUBJECT = "Sans objet"
BY_PHONE = "Répondu par téléphone."
"""The note of an answer by telephone when nobody wrote one."""
_EXCERPT = 120


class Mark(StrEnum):
    """What a line of the list is marked with."""

    UNREAD = "À lire"
    DRAFT = "Brouillon"
    ANSWERED = "Répondu"
    NONE = ""


@dataclass(frozen=True)
class Line:
    """A message in the list."""

    id: str
    number: str
    who: str
    when: str
    subject: str
    excerpt: str
    mark: Mark
    is_unread: bool

    @property
    def spoken(self) -> str:
        """What screen readers say."""
        return ", ".join(filter(None, (self.mark.value, self.who, self.subject, self.when)))


@dataclass(frozen=True)
class Opened:
    """A message in the reading pane."""

    id: str
    number: str
    who: str
    when: str
    """« vendredi 9 janvier à 16h05 »."""
    subject: str
    body: str
    reply_to: str
    """Where an answer goes by e-mail, or ""."""
    phones: tuple[str, ...]
    """« Madame MODÈLE Anne : 06 39 98 53 12 »."""
    state: MessageState
    answer: str
    answered: str
    """« le lundi 12 janvier à 9h30 », or ""."""


def lines(
    messages: Iterable[Message],
    dossiers: Mapping[str, Dossier],
    now: dt.datetime,
    query: str = "",
    drafts: Iterable[str] = (),
) -> list[Line]:
    """Newest first. Every word of `query` is looked for in names, number, subject and text; `drafts` are messages."""
    words = fold(query).split()
    begun = frozenset(drafts)
    found = []
    for message in sorted(messages, key=lambda one: one.at, reverse=True):
        who = who_wrote(message.number, dossiers)
        text = fold(f"{who} {message.number} {message.subject} {message.body}")
        if all(word in text for word in words):
            found.append(_line(message, who, now, message.id in begun))
    return found


def opened(message: Message, dossiers: Mapping[str, Dossier], now: dt.datetime) -> Opened:
    dossier = dossiers.get(message.number)
    return Opened(
        message.id,
        message.number,
        who_wrote(message.number, dossiers),
        moment(message.at, now),
        message.subject or NO_SUBJECT,
        message.body.strip(),
        message.reply_to,
        _phones(dossier) if dossier else (),
        message.state,
        message.answer,
        f"le {moment(message.answered_at, now)}" if message.answered_at else "",
    )


def who_wrote(number: str, dossiers: Mapping[str, Dossier]) -> str:
    """« AAESSAI Test »; a patient whom the export does not know is called by the number."""
    dossier = dossiers.get(number)
    name = " ".join(filter(None, (dossier.patient.last_name, dossier.patient.first_name))) if dossier else ""
    return name or f"Patient {number}"


def aside(messages: Iterable[Message] | None) -> str:
    """« 4 messages à lire »."""
    if messages is None:
        return ""
    unread = sum(message.state is MessageState.UNREAD for message in messages)
    return agree(unread, "message à lire", "messages à lire") if unread else "Tout est lu"


def moment(at: dt.datetime, now: dt.datetime) -> str:
    """« vendredi 9 janvier à 16h05 », with its year when that is another one; on this computer's clock."""
    here = at.astimezone(now.tzinfo)
    date = day_and_date(here.date())
    return f"{date.removesuffix(f' {now.year}')} à {time_of_day(here)}"


def short_moment(at: dt.datetime, now: dt.datetime) -> str:
    """« 16h05 » today, « vendredi » within the week, « 09/01/2026 » before."""
    here = at.astimezone(now.tzinfo)
    if here.date() >= now.date():
        return time_of_day(here)
    return day(here.date(), now.date()).removeprefix("le ")


def signature(signatory: str, title: str) -> str:
    """Who answers: the practitioner and the cabinet, each once."""
    first_line = next((line.strip() for line in title.splitlines() if line.strip()), "")
    return "\n".join(dict.fromkeys(filter(None, (signatory.strip(), first_line))))


def is_blank(text: str, signed: str) -> bool:
    """Whether nothing was written but the signature."""
    return not text.strip().removesuffix(signed).strip()


def _line(message: Message, who: str, now: dt.datetime, has_draft: bool) -> Line:
    is_unread = message.state is MessageState.UNREAD
    mark = Mark.UNREAD if is_unread else Mark.ANSWERED if message.state is MessageState.ANSWERED else Mark.NONE
    return Line(
        message.id,
        message.number,
        who,
        short_moment(message.at, now),
        message.subject or NO_SUBJECT,
        " ".join(message.body.split())[:_EXCERPT],
        Mark.DRAFT if has_draft else mark,
        is_unread,
    )


def _phones(dossier: Dossier) -> tuple[str, ...]:
    several = len(dossier.addressees) > 1
    found = []
    for one in dossier.addressees:
        if one.mobile:
            name = " ".join(filter(None, (one.civility, one.last_name, one.first_name)))
            found.append(f"{name}\u00a0: {one.mobile}" if several and name else one.mobile)
    return tuple(found)

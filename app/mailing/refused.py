"""Messages that were refused: who, why, and what is kept so that they can be made later."""

import contextlib
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.mailing.recipe import Recipe
from cabinet.errors import WebOrthoError
from merge.french import agree, long_date
from merge.letters.problems import LetterProblem, name_of
from merge.letters.whole_file import whole_file
from merge.meant import whom
from merge.recipients import ChannelKind, Recipient

FILE_NAME = "publipostage-plus-tard.json"
_NOUNS = {
    ChannelKind.LETTER: ("lettre refusée", "lettres refusées"),
    ChannelKind.EMAIL: ("e-mail refusé", "e-mails refusés"),
    ChannelKind.SMS: ("SMS refusé", "SMS refusés"),
}


@dataclass(frozen=True)
class Refused:
    """One message that was not made: a patient's, or that of all children of a household."""

    numbers: tuple[str, ...]
    name: str
    channel: ChannelKind
    why: str


class Waiting(msgspec.Struct, frozen=True):
    """One patient's message that is to be made another time; `to` is `merge.meant.whom`."""

    number: str
    channel: ChannelKind
    to: str
    shared: str = ""
    """The `to` of the first child of a household, whose message is that of all; "" in files of an earlier version."""


class Later(msgspec.Struct, frozen=True):
    """What waits for another time, kept on this computer without a name."""

    day: dt.date
    model: str
    group: bool
    messages: tuple[Waiting, ...]
    both_parents: bool = False
    """Who else is written to where a name was corrected so that nobody is found by it."""

    @property
    def sentence(self) -> str:
        """« 3 lettres refusées attendent depuis le 12 janvier 2026. »"""
        messages = {(one.channel, one.shared or one.to) for one in self.messages}
        verb = "attend" if len(messages) == 1 else "attendent"
        return f"{counted(channel for channel, _ in messages)} {verb} depuis le {long_date(self.day)}."

    @property
    def recipe(self) -> Recipe:
        """A mailing of just these, by the channels that refused them: of two parents, whose message was refused."""
        only: dict[str, frozenset[str]] = {}
        for one in self.messages:
            only[one.number] = only.get(one.number, frozenset()) | {one.to}
        return Recipe(
            model=self.model,
            group=self.group,
            never_informed=False,
            both_parents=self.both_parents,
            by_hand=True,
            chosen=frozenset(only),
            switched={one.number: one.channel for one in self.messages},
            only=only,
        )

    def without(self, numbers: Iterable[str]) -> "Later":
        gone = frozenset(numbers)
        return msgspec.structs.replace(self, messages=tuple(one for one in self.messages if one.number not in gone))


def later_of(refused: Iterable[Refused], day: dt.date, recipe: Recipe) -> Later:
    messages = (
        Waiting(number, one.channel, whom(number, one.name), whom(one.numbers[0], one.name))
        for one in refused
        for number in one.numbers
    )
    return Later(day, recipe.model, recipe.group, tuple(dict.fromkeys(messages)), recipe.both_parents)


def counted(channels: Iterable[ChannelKind]) -> str:
    """« 3 lettres refusées », « 5 messages refusés » where they are of several sorts."""
    kinds = tuple(channels)
    nouns = _NOUNS[kinds[0]] if len(set(kinds)) == 1 else ("message refusé", "messages refusés")
    return agree(len(kinds), *nouns)


def of_papers(problems: Iterable[LetterProblem]) -> tuple[Refused, ...]:
    """Each paper once, a household's too, with all that keeps it from being printed. Letters stand before cards."""
    whose: dict[tuple[str, str], tuple[str, ...]] = {}
    why: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for problem in problems:
        numbers = whose.setdefault((problem.number, problem.name), problem.household or (problem.number,))
        why.setdefault((numbers, problem.name), []).append(problem.reason)
    return tuple(
        Refused(numbers, name, ChannelKind.LETTER, " ".join(dict.fromkeys(reasons)))
        for (numbers, name), reasons in why.items()
    )


def of_recipient(recipient: Recipient, why: str) -> Refused:
    return Refused(recipient.numbers, name_of(recipient.addressee), recipient.channel, why)


def read_later(folder: Path) -> Later | None:
    """What waits; None for nothing, or for a file that cannot be read: the journal still knows who got nothing."""
    try:
        later = msgspec.json.decode((folder / FILE_NAME).read_bytes(), type=Later)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return later if later.messages else None


def keep_later(later: Later, folder: Path) -> None:
    """Raise `OutputError`. Nothing is kept of nobody."""
    path = folder / FILE_NAME
    if not later.messages:
        path.unlink(missing_ok=True)
        return
    with whole_file(path) as file:
        file.write(msgspec.json.encode(later))


def add_later(later: Later, folder: Path) -> None:
    """Keep these beside what waits already. Raise `OutputError`."""
    before = read_later(folder)
    if before is not None:
        messages = tuple(dict.fromkeys((*before.messages, *later.messages)))
        later = msgspec.structs.replace(later, day=before.day, messages=messages)
    keep_later(later, folder)


def settle(folder: Path, made: Iterable[str]) -> None:
    """These patients' messages were made meanwhile. What cannot be written down is offered once more, which is safe."""
    if (later := read_later(folder)) is not None:
        with contextlib.suppress(OSError, WebOrthoError):
            keep_later(later.without(made), folder)

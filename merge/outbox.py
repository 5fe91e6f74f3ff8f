"""The outbox: what is to be sent, durably, so that nothing is lost and nothing goes twice by itself.

    ready -> sending -> sent | failed | unknown          failed and unknown -> ready only when a person says so
      ^         |
      +---------+  refused for now (with a pause), or certainly not sent

The intent is on the disk before the send (`claim`), the outcome after it (`settle`). What a program that died was
sending is `unknown`: it may have arrived, so it is shown and never repeated by itself (`recover`). Two programs may
work on one outbox: a claim is one atomic statement.

Paper goes the same way, all at once: `begin` before the file is written, `end` when it is there. After a message went
out or a paper is there, its codes are made valid and the portal is told who was informed; both are remembered here
until they are done (`to_activate`, `to_announce`).

Addresses and texts are sealed (AES-256-GCM, the delivery's identity as associated data) with a key from the secret
store; a text is erased as soon as it was sent. SQLite in WAL mode with synchronous=FULL: a commit has reached the disk.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from merge.channels.channel import Outcome, Outgoing, Result
from merge.outbox_file import OutboxError, open_outbox, told, transaction
from merge.presence import Presence
from merge.sealed_letter import SealedLetters

__all__ = ["BACK_OFF", "Claimed", "Draft", "Entry", "Out", "Outbox", "OutboxError", "State", "Waiting"]

BACK_OFF = (60, 300, 900, 3600)
"""Seconds before the second, third … try; when they are used up, the delivery has failed."""


class State(StrEnum):
    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a campaign puts into the outbox."""

    id: str
    channel: str
    numbers: tuple[str, ...]
    """Patients that the message is about."""
    recipient: str
    """Name, for the journal."""
    address: str
    body: bytes
    handles: tuple[str, ...] = ()
    """Of the codes and links that were staged for it: they become valid when it was sent."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this program alone is sending."""

    outgoing: Outgoing
    channel: str
    numbers: tuple[str, ...]
    tries: int
    """Including this one."""


@dataclass(frozen=True, slots=True)
class Out:
    """A delivery that left the house, of which the portal has yet to hear. `at` is UTC, in seconds since 1970."""

    id: str
    channel: str
    numbers: tuple[str, ...]
    handles: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that has yet to leave, with what it carries. `since` is UTC, in seconds since 1970."""

    id: str
    channel: str
    numbers: tuple[str, ...]
    handles: tuple[str, ...]
    body: bytes
    since: int
    """When it was prepared, or last tried."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the journal. `changed` is UTC, in seconds since 1970; `not_before` likewise, 0 for at once."""

    id: str
    channel: str
    state: State
    numbers: tuple[str, ...]
    recipient: str
    detail: str
    tries: int
    changed: int
    not_before: int


class Outbox:
    """One connection, for one thread. `now` answers UTC seconds since 1970."""

    def __init__(self, path: Path, key: bytes, now: Callable[[], float]) -> None:
        """Open or make the outbox. `key` is 32 bytes; raise `SecretStoreError` where it is another's."""
        self._now = now
        self._letters = SealedLetters(key)
        self._presence = Presence(path.with_suffix(".present"))
        self._db = open_outbox(path)
        try:
            self._check_key()
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Self:
        self._presence.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()
        self._presence.__exit__()

    def add(self, campaign: str, drafts: Iterable[Draft]) -> int:
        """Put a campaign's deliveries in, all or none; answer how many were new. A known `id` is left as it is."""
        return self._add(campaign, drafts, State.READY, "")

    def begin(self, campaign: str, drafts: Iterable[Draft]) -> int:
        """As `add`, but this program is sending them all from now on: a file of letters is written in one go."""
        return self._add(campaign, drafts, State.SENDING, self._presence.name)

    def end(self, identities: Iterable[str], detail: str) -> None:
        """What was begun is there: the file is on the disk."""
        now = int(self._now())
        with transaction(self._db):
            self._db.executemany(
                """UPDATE delivery SET state = 'sent', owner = '', content = NULL, detail = ?, changed = ?
                   WHERE id = ? AND state = 'sending'""",
                ((detail, now, identity) for identity in identities),
            )

    def drop(self, identities: Iterable[str]) -> None:
        """What was begun will not be: nothing was written."""
        with transaction(self._db):
            self._db.executemany(
                "DELETE FROM delivery WHERE id = ? AND state = 'sending'", ((identity,) for identity in identities)
            )

    def _add(self, campaign: str, drafts: Iterable[Draft], state: State, owner: str) -> int:
        now = int(self._now())
        with transaction(self._db):
            (last,) = self._db.execute(
                "SELECT coalesce(max(position), 0) FROM delivery WHERE campaign = ?", (campaign,)
            ).fetchone()
            before = self._db.total_changes
            self._db.executemany(
                """INSERT INTO delivery
                   (id, campaign, position, channel, state, owner, changed, activation, label, content)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING""",
                (
                    (draft.id, campaign, place, draft.channel, state, owner, now, bool(draft.handles), *sealed)
                    for place, draft in enumerate(drafts, last + 1)
                    for sealed in [self._sealed(draft)]
                ),
            )
            return self._db.total_changes - before

    def _sealed(self, draft: Draft) -> tuple[bytes, bytes | None]:
        """Paper has no text here that could be sent again."""
        label, content = self._letters.seal(draft)
        return label, content if draft.body else None

    def recover(self, campaign: str | None = None) -> int:
        """What programs that died were sending becomes `unknown`, in one campaign or in all; answer how many."""
        with told():
            owners = [
                owner
                for (owner,) in self._db.execute(
                    """SELECT DISTINCT owner FROM delivery
                       WHERE state = 'sending' AND (campaign = ?1 OR ?1 IS NULL)""",
                    (campaign,),
                )
            ]
            return sum(
                self._db.execute(
                    """UPDATE delivery SET state = 'unknown', changed = ?1, detail = ?2
                       WHERE state = 'sending' AND owner = ?3 AND (campaign = ?4 OR ?4 IS NULL)""",
                    (
                        int(self._now()),
                        "Le programme s’est arrêté pendant l’envoi : le message est peut-être parti.",
                        owner,
                        campaign,
                    ),
                ).rowcount
                for owner in owners
                if not self._presence.is_alive(owner)
            )

    def claim(self, campaign: str, channels: Iterable[str]) -> Claimed | None:
        """Take the next delivery that is due: from now on, it is `sending` on the disk, and this program's alone."""
        wanted = tuple(channels)
        with told():
            row = self._db.execute(
                f"""UPDATE delivery SET state = 'sending', owner = ?, tries = tries + 1, changed = ?
                    WHERE state = 'ready' AND id = (
                        SELECT id FROM delivery
                        WHERE campaign = ? AND state = 'ready' AND not_before <= ?
                          AND channel IN ({", ".join("?" * len(wanted))})
                        ORDER BY position LIMIT 1)
                    RETURNING id, channel, tries, label, content""",  # noqa: S608 - only question marks are put in
                (self._presence.name, int(self._now()), campaign, int(self._now()), *wanted),
            ).fetchall()
        if not row:
            return None
        identity, channel, tries, label, content = row[0]
        who = self._letters.open_label(identity, label)
        letter = self._letters.open_content(identity, content)
        return Claimed(Outgoing(identity, letter.address, letter.body), channel, who.numbers, tries)

    def settle(self, claimed: Claimed, result: Result) -> State:
        """Write down what became of a claimed delivery; answer its new state."""
        now = int(self._now())
        not_before = 0
        if result.outcome is Outcome.TRANSIENT and claimed.tries <= len(BACK_OFF):
            state = State.READY
            not_before = now + BACK_OFF[claimed.tries - 1]
        elif result.outcome is Outcome.SENT:
            state = State.SENT
        elif result.outcome is Outcome.UNKNOWN:
            state = State.UNKNOWN
        else:
            state = State.FAILED
        self._put(claimed.outgoing.id, State.SENDING, state, result.detail, not_before)
        return state

    def release(self, claimed: Claimed) -> None:
        """Give back what was certainly not sent, as if it had not been claimed."""
        with told():
            self._db.execute(
                "UPDATE delivery SET state = 'ready', owner = '', tries = tries - 1 WHERE id = ? AND state = 'sending'",
                (claimed.outgoing.id,),
            )

    def confirm_sent(self, identity: str) -> None:
        """A person found out that an `unknown` delivery has arrived."""
        self._put(identity, State.UNKNOWN, State.SENT, "Arrivé, d’après le cabinet", 0)

    def confirm_lost(self, identity: str, detail: str) -> None:
        """A person found out that an `unknown` delivery is not there, and does not want it any more."""
        self._put(identity, State.UNKNOWN, State.FAILED, detail, 0)

    def send_again(self, identity: str) -> None:
        """A person decided to send an `unknown` or failed delivery once more."""
        with told():
            self._db.execute(
                """UPDATE delivery SET state = 'ready', tries = 0, not_before = 0, changed = ?, detail = ?
                   WHERE id = ? AND state IN ('unknown', 'failed') AND content IS NOT NULL""",
                (int(self._now()), "À renvoyer, d’après le cabinet", identity),
            )

    def to_activate(self, campaign: str | None = None) -> list[Out]:
        """What left the house and whose codes the portal has not yet made valid, of one campaign or of all."""
        return self._out("activation = 1", campaign)

    def activated(self, identities: Iterable[str]) -> None:
        """Their codes are valid now."""
        self._mark("UPDATE delivery SET activation = 0 WHERE id = ?", identities)

    def forgotten(self, identities: Iterable[str], detail: str) -> None:
        """The portal knows their codes no more: what left opens nothing, and tells nobody of the portal."""
        with transaction(self._db):
            self._db.executemany(
                "UPDATE delivery SET state = 'failed', activation = 0, detail = ? WHERE id = ? AND activation = 1",
                ((detail, identity) for identity in identities),
            )

    def to_announce(self, campaign: str | None = None) -> list[Out]:
        """What left the house and of which the portal has not yet been told that these patients were informed."""
        return self._out("announced = 0", campaign)

    def announced(self, identities: Iterable[str]) -> None:
        """The portal knows."""
        self._mark("UPDATE delivery SET announced = 1 WHERE id = ?", identities)

    def waiting(self, campaign: str) -> Iterator[Waiting]:
        """What is ready to leave, one by one: to be looked at before it does."""
        with told():
            rows = self._db.execute(
                """SELECT id, channel, label, content, changed FROM delivery
                   WHERE campaign = ? AND state = 'ready' ORDER BY position""",
                (campaign,),
            ).fetchall()
        for identity, channel, label, content, changed in rows:
            who = self._letters.open_label(identity, label)
            letter = self._letters.open_content(identity, content)
            yield Waiting(identity, channel, who.numbers, who.handles, letter.body, changed)

    def refuse(self, identities: Iterable[str], detail: str) -> None:
        """What is ready must not leave after all: it has failed, and cannot be sent again as it is."""
        now = int(self._now())
        with transaction(self._db):
            self._db.executemany(
                """UPDATE delivery SET state = 'failed', content = NULL, detail = ?, changed = ?
                   WHERE id = ? AND state = 'ready'""",
                ((detail, now, identity) for identity in identities),
            )

    def _out(self, what: str, campaign: str | None) -> list[Out]:
        with told():
            rows = self._db.execute(
                f"""SELECT id, channel, label, changed FROM delivery
                    WHERE state = 'sent' AND {what} AND (campaign = ?1 OR ?1 IS NULL)
                    ORDER BY campaign, position""",  # noqa: S608 - one of our own two conditions
                (campaign,),
            ).fetchall()
        outs = []
        for identity, channel, label, changed in rows:
            who = self._letters.open_label(identity, label)
            outs.append(Out(identity, channel, who.numbers, who.handles, changed))
        return outs

    def _mark(self, statement: str, identities: Iterable[str]) -> None:
        with transaction(self._db):
            self._db.executemany(statement, ((identity,) for identity in identities))

    def counts(self, campaign: str) -> dict[State, int]:
        """How many deliveries are in each state."""
        with told():
            rows = self._db.execute(
                "SELECT state, count(*) FROM delivery WHERE campaign = ? GROUP BY state", (campaign,)
            ).fetchall()
        return {**dict.fromkeys(State, 0), **{State(state): count for state, count in rows}}

    def next_due(self, campaign: str, channels: Iterable[str]) -> int | None:
        """When the next ready delivery is due (UTC seconds), or None where none waits."""
        wanted = tuple(channels)
        with told():
            (due,) = self._db.execute(
                f"""SELECT min(not_before) FROM delivery WHERE campaign = ? AND state = 'ready'
                    AND channel IN ({", ".join("?" * len(wanted))})""",  # noqa: S608 - only question marks are put in
                (campaign, *wanted),
            ).fetchone()
        return None if due is None else int(due)

    def journal(self, campaign: str) -> list[Entry]:
        """Every delivery, in the order of the campaign."""
        with told():
            rows = self._db.execute(
                """SELECT id, channel, state, label, detail, tries, changed, not_before FROM delivery
                   WHERE campaign = ? ORDER BY position""",
                (campaign,),
            ).fetchall()
        entries = []
        for identity, channel, state, label, *rest in rows:
            who = self._letters.open_label(identity, label)
            entries.append(Entry(identity, channel, State(state), who.numbers, who.recipient, *rest))
        return entries

    def campaigns(self) -> list[str]:
        """Every campaign with deliveries, the latest first."""
        with told():
            rows = self._db.execute("SELECT campaign FROM delivery GROUP BY campaign ORDER BY max(rowid) DESC")
            return [campaign for (campaign,) in rows]

    def _put(self, identity: str, before: State, after: State, detail: str, not_before: int) -> None:
        with told():
            self._db.execute(
                """UPDATE delivery SET state = ?1, detail = ?2, not_before = ?3, changed = ?4, owner = '',
                       content = CASE ?1 WHEN 'sent' THEN NULL ELSE content END
                   WHERE id = ?5 AND state = ?6""",
                (after, detail, not_before, int(self._now()), identity, before),
            )

    def _check_key(self) -> None:
        """A wrong key is found before anything is claimed with it."""
        for identity, label in self._db.execute("SELECT id, label FROM delivery LIMIT 1"):
            self._letters.open_label(identity, label)

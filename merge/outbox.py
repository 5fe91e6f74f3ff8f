"""The outbox: what is to be sent, durably, so that nothing is lost and nothing goes twice by itself.

    ready -> sending -> sent | failed | unknown          failed and unknown -> ready only when a person says so
      ^         |
      +---------+  refused for now (with a pause), or certainly not sent

The intent is on the disk before the send (`claim`), the outcome after it (`settle`). What a program that died was
sending is `unknown`: it may have arrived, so it is shown and never repeated by itself (`recover`). Two programs may
work on one outbox: a claim is one atomic statement.

Addresses and texts are sealed (AES-256-GCM, the delivery's identity as associated data) with a key from the secret
store; a text is erased as soon as it was sent. SQLite in WAL mode with synchronous=FULL: a commit has reached the disk.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from cabinet.errors import WebOrthoError
from merge.channels.channel import Outcome, Outgoing, Result
from merge.presence import Presence
from merge.sealed_letter import SealedLetters

SCHEMA_VERSION = 1
BACK_OFF = (60, 300, 900, 3600)
"""Seconds before the second, third … try; when they are used up, the delivery has failed."""
_SCHEMA = """
CREATE TABLE delivery (
    id TEXT PRIMARY KEY,
    campaign TEXT NOT NULL,
    position INTEGER NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ready', 'sending', 'sent', 'failed', 'unknown')),
    owner TEXT NOT NULL DEFAULT '',
    tries INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL DEFAULT 0,
    detail TEXT NOT NULL DEFAULT '',
    changed INTEGER NOT NULL,
    activation INTEGER NOT NULL DEFAULT 0,
    label BLOB NOT NULL,
    content BLOB
) STRICT;
CREATE UNIQUE INDEX delivery_place ON delivery (campaign, position);
CREATE INDEX delivery_due ON delivery (campaign, state, channel, not_before, position);
"""


class OutboxError(WebOrthoError):
    """The outbox cannot be read or written."""


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
    """Patients that the message is about; their codes become valid when it was sent."""
    recipient: str
    """Name, for the journal."""
    address: str
    body: bytes
    holds_secrets: bool = True
    """Whether codes or links were staged for it."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this program alone is sending."""

    outgoing: Outgoing
    channel: str
    numbers: tuple[str, ...]
    tries: int
    """Including this one."""


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
        with _told():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=30, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA secure_delete = ON")
            self._migrate()
            self._check_key()

    def __enter__(self) -> Self:
        self._presence.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()
        self._presence.__exit__()

    def add(self, campaign: str, drafts: Iterable[Draft]) -> int:
        """Put a campaign's deliveries in, all or none; answer how many were new. A known `id` is left as it is."""
        now = int(self._now())
        with self._transaction():
            (last,) = self._db.execute(
                "SELECT coalesce(max(position), 0) FROM delivery WHERE campaign = ?", (campaign,)
            ).fetchone()
            before = self._db.total_changes
            self._db.executemany(
                """INSERT INTO delivery (id, campaign, position, channel, state, changed, activation, label, content)
                   VALUES (?, ?, ?, ?, 'ready', ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING""",
                (
                    (draft.id, campaign, place, draft.channel, now, draft.holds_secrets, *self._letters.seal(draft))
                    for place, draft in enumerate(drafts, last + 1)
                ),
            )
            return self._db.total_changes - before

    def recover(self, campaign: str) -> int:
        """What programs that died were sending becomes `unknown`; answer how many."""
        with _told():
            owners = [
                owner
                for (owner,) in self._db.execute(
                    "SELECT DISTINCT owner FROM delivery WHERE campaign = ? AND state = 'sending'", (campaign,)
                )
            ]
            return sum(
                self._db.execute(
                    """UPDATE delivery SET state = 'unknown', changed = ?, detail = ?
                       WHERE campaign = ? AND state = 'sending' AND owner = ?""",
                    (
                        int(self._now()),
                        "Le programme s’est arrêté pendant l’envoi : le message est peut-être parti.",
                        campaign,
                        owner,
                    ),
                ).rowcount
                for owner in owners
                if not self._presence.is_alive(owner)
            )

    def claim(self, campaign: str, channels: Iterable[str]) -> Claimed | None:
        """Take the next delivery that is due: from now on, it is `sending` on the disk, and this program's alone."""
        wanted = tuple(channels)
        with _told():
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
        with _told():
            self._db.execute(
                "UPDATE delivery SET state = 'ready', owner = '', tries = tries - 1 WHERE id = ? AND state = 'sending'",
                (claimed.outgoing.id,),
            )

    def confirm_sent(self, identity: str) -> None:
        """A person found out that an `unknown` delivery has arrived."""
        self._put(identity, State.UNKNOWN, State.SENT, "Arrivé, d’après le cabinet", 0)

    def send_again(self, identity: str) -> None:
        """A person decided to send an `unknown` or failed delivery once more."""
        with _told():
            self._db.execute(
                """UPDATE delivery SET state = 'ready', tries = 0, not_before = 0, changed = ?, detail = ?
                   WHERE id = ? AND state IN ('unknown', 'failed') AND content IS NOT NULL""",
                (int(self._now()), "À renvoyer, d’après le cabinet", identity),
            )

    def to_activate(self, campaign: str) -> list[tuple[str, tuple[str, ...]]]:
        """Deliveries that were sent and whose codes the portal has not yet made valid: (id, numbers)."""
        with _told():
            rows = self._db.execute(
                """SELECT id, label FROM delivery WHERE campaign = ? AND state = 'sent' AND activation = 1
                   ORDER BY position""",
                (campaign,),
            ).fetchall()
        return [(identity, self._letters.open_label(identity, label).numbers) for identity, label in rows]

    def activated(self, identities: Iterable[str]) -> None:
        """Their codes are valid now."""
        with self._transaction():
            self._db.executemany(
                "UPDATE delivery SET activation = 0 WHERE id = ?", ((identity,) for identity in identities)
            )

    def counts(self, campaign: str) -> dict[State, int]:
        """How many deliveries are in each state."""
        with _told():
            rows = self._db.execute(
                "SELECT state, count(*) FROM delivery WHERE campaign = ? GROUP BY state", (campaign,)
            ).fetchall()
        return {**dict.fromkeys(State, 0), **{State(state): count for state, count in rows}}

    def next_due(self, campaign: str, channels: Iterable[str]) -> int | None:
        """When the next ready delivery is due (UTC seconds), or None where none waits."""
        wanted = tuple(channels)
        with _told():
            (due,) = self._db.execute(
                f"""SELECT min(not_before) FROM delivery WHERE campaign = ? AND state = 'ready'
                    AND channel IN ({", ".join("?" * len(wanted))})""",  # noqa: S608 - only question marks are put in
                (campaign, *wanted),
            ).fetchone()
        return None if due is None else int(due)

    def journal(self, campaign: str) -> list[Entry]:
        """Every delivery, in the order of the campaign."""
        with _told():
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
        with _told():
            rows = self._db.execute("SELECT campaign FROM delivery GROUP BY campaign ORDER BY max(rowid) DESC")
            return [campaign for (campaign,) in rows]

    def _put(self, identity: str, before: State, after: State, detail: str, not_before: int) -> None:
        with _told():
            self._db.execute(
                """UPDATE delivery SET state = ?1, detail = ?2, not_before = ?3, changed = ?4, owner = '',
                       content = CASE ?1 WHEN 'sent' THEN NULL ELSE content END
                   WHERE id = ?5 AND state = ?6""",
                (after, detail, not_before, int(self._now()), identity, before),
            )

    def _migrate(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > SCHEMA_VERSION:
            raise OutboxError(
                "Le journal des envois a été écrit par une version plus récente de WebOrtho.",
                "Mettez WebOrtho à jour sur ce poste.",
            )
        if version == 0:
            with self._transaction():
                # Another program may have made it while this one waited for the lock.
                if self._db.execute("PRAGMA user_version").fetchone() == (0,):
                    for statement in _SCHEMA.split(";"):
                        self._db.execute(statement)
                    self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _check_key(self) -> None:
        """A wrong key is found before anything is claimed with it."""
        for identity, label in self._db.execute("SELECT id, label FROM delivery LIMIT 1"):
            self._letters.open_label(identity, label)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with _told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise OutboxError(
            f"Le journal des envois ne peut pas être écrit ({error}). L’envoi est arrêté, rien n’est envoyé deux fois.",
            "Vérifiez la place sur le disque, puis reprenez l’envoi.",
        ) from error

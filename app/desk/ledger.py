"""What left the house: written down in the outbox, then told to the portal, whatever happens in between."""

import datetime as dt
import time
import uuid
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes

from filelock import FileLock

from app.desk.issuer import CodesForgottenError
from cabinet.errors import WebOrthoError
from merge.outbox import Draft, Out, Outbox
from merge.record import Medium, MergeRecord
from merge.sealed_letter import KEY_BYTES
from portal.api import desk
from portal.api.desk_client import DeskClient
from sync.secret_store import SecretStore


def open_outbox(state_dir: Path, cabinet: str, store: SecretStore, now: Callable[[], float] = time.time) -> Outbox:
    """This cabinet's outbox on this computer, for one thread; use it in a `with`.

    Raise `OutboxError`, and `SecretStoreError` where its key is not in the store any more.
    """
    path = outbox_file(state_dir, cabinet)
    return Outbox(path, _key(path, cabinet, store), now)


def outbox_file(state_dir: Path, cabinet: str) -> Path:
    """Where it is, once something was sent."""
    return state_dir / f"envois-{cabinet}.db"


def _key(path: Path, cabinet: str, store: SecretStore) -> bytes:
    name = f"{cabinet}/outbox"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Two programs that begin at once must not make two keys.
    with FileLock(path.with_suffix(".lock")):
        kept = store.get(name)
        if kept is None:
            kept = b64encode(token_bytes(KEY_BYTES)).decode("ascii")
            store.put(name, kept)
    return b64decode(kept)


@dataclass(frozen=True)
class Told:
    """What the portal was told."""

    activated: int
    announced: int
    error: WebOrthoError | None = None
    """Why the rest must wait: the next call goes on. Or that codes were forgotten meanwhile: the journal names them."""


@dataclass(frozen=True)
class Ledger:
    """The outbox and the portal, for one thread."""

    outbox: Outbox
    client: DeskClient

    def tell(self, campaign: str | None = None) -> Told:
        """Make codes valid that are safely out, and tell who was informed. Nothing is lost where the portal is away."""
        activated = announced = 0
        forgotten: WebOrthoError | None = None
        try:
            for part in _parts(self.outbox.to_activate(campaign)):
                unknown = frozenset(self.client.activate_secrets(handle for out in part for handle in out.handles))
                dead = {out.id for out in part if not unknown.isdisjoint(out.handles)}
                if dead:
                    # Asking again would change nothing.
                    forgotten = CodesForgottenError()
                    self.outbox.forgotten(dead, str(forgotten))
                alive = [out for out in part if out.id not in dead]
                self.outbox.activated(out.id for out in alive)
                activated += sum(len(out.handles) for out in alive)
            for part in _parts(self.outbox.to_announce(campaign)):
                self.client.announce(
                    desk.Announcement(number, desk.Medium(out.channel), dt.datetime.fromtimestamp(out.at, dt.UTC))
                    for out in part
                    for number in out.numbers
                )
                self.outbox.announced(out.id for out in part)
                announced += sum(len(out.numbers) for out in part)
        except WebOrthoError as error:
            return Told(activated, announced, error)
        return Told(activated, announced, forgotten)

    def tell_of(self, campaign: str) -> WebOrthoError | None:
        """Why this campaign's codes are not valid, None when they are; what earlier ones left waiting is told too."""
        error = self.tell(campaign).error
        if error is None:
            self.tell()
        return error


PART = 200
"""Deliveries told at a time: what was told is written down before the next ones."""


def _parts(outs: list[Out]) -> Iterable[list[Out]]:
    return (outs[start : start + PART] for start in range(0, len(outs), PART))


def paper_drafts(records: Iterable[MergeRecord], medium: Medium) -> dict[str, Draft]:
    """By the handle that stands on it, the delivery that each paper is."""
    return {
        record.secret.handle: Draft(
            uuid.uuid4().hex,
            medium,
            (record.dossier.number,),
            " ".join(filter(None, (record.addressee.first_name, record.addressee.last_name))),
            "",
            b"",
            (record.secret.handle,),
        )
        for record in records
        if record.secret.handle
    }

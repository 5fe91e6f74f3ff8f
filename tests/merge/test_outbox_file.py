"""Outboxes that earlier versions wrote are brought up to date, and never lose or repeat what is in them."""

import contextlib
import os
import sqlite3
import stat
from pathlib import Path

import msgspec
import pytest

from merge.outbox import Outbox, State
from merge.sealed_letter import Content, SealedLetters

KEY = bytes(range(32))
CAMPAIGN = "campagne"


def now() -> float:
    return 1_800_000_000.0


def _as_version_1(path: Path) -> None:
    """What the first version wrote: labels without handles, no mark of announcements."""
    letters = SealedLetters(KEY)
    with contextlib.closing(sqlite3.connect(path)) as old:
        old.executescript(VERSION_1)
        for place, (identity, state) in enumerate(
            [("ready", "ready"), ("sent", "sent"), ("unknown", "unknown"), ("plain", "ready")], 1
        ):
            label = letters._sealed(identity, "label", OldLabel((str(place),), f"Parent {place}"))
            content = letters._sealed(identity, "content", Content(f"p{place}@exemple.fr", b"texte"))
            row = (identity, CAMPAIGN, place, "email", state, 0, identity != "plain", label, content)
            old.execute(
                """INSERT INTO delivery (id, campaign, position, channel, state, changed, activation, label, content)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                row,
            )
        old.commit()


VERSION_1 = """
CREATE TABLE delivery (id TEXT PRIMARY KEY, campaign TEXT NOT NULL, position INTEGER NOT NULL, channel TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ready', 'sending', 'sent', 'failed', 'unknown')),
    owner TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0, not_before INTEGER NOT NULL DEFAULT 0,
    detail TEXT NOT NULL DEFAULT '', changed INTEGER NOT NULL, activation INTEGER NOT NULL DEFAULT 0,
    label BLOB NOT NULL, content BLOB) STRICT;
CREATE UNIQUE INDEX delivery_place ON delivery (campaign, position);
CREATE INDEX delivery_due ON delivery (campaign, state, channel, not_before, position);
PRAGMA user_version = 1;
"""


class OldLabel(msgspec.Struct, frozen=True, array_like=True):
    numbers: tuple[str, ...]
    recipient: str


@pytest.mark.skipif(os.name != "posix", reason="rights as POSIX has them")
def test_it_is_for_its_owner_alone_even_where_an_earlier_version_let_others_read_it(tmp_path: Path) -> None:
    path = tmp_path / "envois.db"
    _as_version_1(path)
    path.chmod(0o644)
    for file in (path, tmp_path / "neu" / "envois.db"):
        with Outbox(file, KEY, now) as outbox:
            outbox.campaigns()
            rights = {stat.S_IMODE(beside.stat().st_mode) for beside in file.parent.glob("envois.db*")}
            assert rights == {0o600}
    assert stat.S_IMODE((tmp_path / "neu").stat().st_mode) == 0o700


def test_an_outbox_of_version_1_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    _as_version_1(path)
    with Outbox(path, KEY, now) as outbox:
        journal = {entry.id: entry for entry in outbox.journal(CAMPAIGN)}
        claimed = outbox.claim(CAMPAIGN, ["email"])

        assert {identity: entry.state for identity, entry in journal.items()} == {
            "ready": State.FAILED,
            "sent": State.SENT,
            "unknown": State.UNKNOWN,
            "plain": State.READY,
        }
        assert journal["ready"].detail.endswith("préparez de nouveau cet envoi.")
        assert journal["sent"].recipient == "Parent 2"
        assert claimed is not None
        assert claimed.outgoing.id == "plain", "what carries no code still leaves"
        outbox.send_again("ready")
        outbox.send_again("unknown")
        assert outbox.claim(CAMPAIGN, ["email"]) is None, "codes that cannot become valid do not leave"
        assert outbox.to_activate() == []
        assert [out.id for out in outbox.to_announce()] == ["sent"]

"""A campaign killed at random points against a real mail server: nothing lost, nothing twice by itself."""

import random
import time
from collections import Counter
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from merge.outbox import Draft, Entry, Outbox, State
from tests.merge.campaign_worker import CAMPAIGN, KEY, Worker, activated_file
from tests.merge.servers import OpenSmtpd
from tests.rounds import Rounds

LONGEST_LIFE = 0.12
"""Seconds from the first send to the kill: some ten messages."""

pytestmark = pytest.mark.skipif(not OpenSmtpd.installed(), reason="opensmtpd is not installed, or this is not root")


def draft(number: int) -> Draft:
    message = EmailMessage(SMTP)
    message["From"], message["To"] = "cabinet@exemple.fr", f"p{number}@exemple.fr"
    message["Message-ID"] = f"<{number}@exemple.fr>"
    message.set_content(f"Message {number}")
    return Draft(
        str(number), "email", (str(number),), f"P{number}", f"p{number}@exemple.fr", message.as_bytes(), (f"h{number}",)
    )


def killed_campaign(
    folder: Path, server: OpenSmtpd, kind: str, kills: int, messages: int, *, seed: int = 20261006
) -> tuple[list[Entry], Counter[str], int]:
    """The journal at the end, how often each message arrived, and how many kills hit a campaign under way."""
    path = folder / "outbox.db"
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    with Outbox(path, KEY, time.time) as outbox:
        outbox.add(CAMPAIGN, map(draft, range(messages)))
    hit = 0
    for _ in range(kills):
        worker = Worker(path, server.port, kind)
        time.sleep(chance.uniform(0, LONGEST_LIFE))
        worker.kill()
        hit += worker.finish() < 0
    assert Worker(path, server.port, kind).finish() == 0
    with Outbox(path, KEY, time.time) as outbox:
        journal = outbox.journal(CAMPAIGN)
    sent = sum(entry.state is State.SENT for entry in journal)
    arrived = Counter(str(message["Message-ID"]).strip("<>").partition("@")[0] for message in server.settled(sent))
    return journal, arrived, hit


def require_no_loss_and_no_double(
    tmp_path: Path, kills: int, messages: int, seed: int, tell: Callable[[str], None] = print
) -> None:
    with OpenSmtpd() as server:
        journal, arrived, hit = killed_campaign(tmp_path, server, "careful", kills, messages, seed=seed)

    unknown = {entry.id for entry in journal if entry.state is State.UNKNOWN}
    sent = {entry.id for entry in journal if entry.state is State.SENT}
    tell(f"{hit} kills, {len(sent)} sent, {len(unknown)} unknown, {len(unknown & arrived.keys())} of them arrived")
    assert hit == kills, "every kill hit a campaign under way"
    assert len(journal) == messages
    assert sent | unknown == {str(number) for number in range(messages)}, "0 lost: each is sent, or listed as unknown"
    assert max(arrived.values()) == 1, "0 doubled"
    assert sent <= arrived.keys() <= sent | unknown
    activated = set(activated_file(tmp_path / "outbox.db").read_text().split())
    assert activated == {f"h{identity}" for identity in sent}, "codes live where the message left, and nowhere else"


@pytest.mark.parametrize("seed", range(1, 5), ids="25, {} of 4".format)  # 100 in four, to share the cores
def test_a_killed_campaign_loses_nothing_and_repeats_nothing(tmp_path: Path, seed: int) -> None:
    require_no_loss_and_no_double(tmp_path, 25, 400, seed)


@pytest.mark.long
def test_a_campaign_that_is_killed_a_thousand_times_loses_nothing(
    tmp_path: Path, rounds: Rounds, tell: Callable[[str], None]
) -> None:
    """Campaigns of 1,500 messages, each killed a hundred times."""
    for done in rounds(1_000, 100):
        folder = tmp_path / str(done)
        folder.mkdir()
        require_no_loss_and_no_double(folder, 100, 1_500, 1_000 + done, tell)


def test_without_the_durable_intent_messages_would_go_twice(tmp_path: Path) -> None:
    """The negative control: the same kills on a program that writes down after the send."""
    with OpenSmtpd() as server:
        _, arrived, _ = killed_campaign(tmp_path, server, "naive", 10, 60)

    assert max(arrived.values()) > 1


def test_two_campaign_programs_at_once_send_each_message_once(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    with Outbox(path, KEY, time.time) as outbox:
        outbox.add(CAMPAIGN, map(draft, range(100)))
    with OpenSmtpd() as server:
        workers = [Worker(path, server.port, "careful") for _ in range(2)]
        assert [worker.finish() for worker in workers] == [0, 0]
        arrived = Counter(str(message["Message-ID"]) for message in server.settled(100))

    assert len(arrived) == 100
    assert max(arrived.values()) == 1

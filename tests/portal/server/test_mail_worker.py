"""The queue: sent once, tried again when that is harmless, never repeated when it is not."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
import time_machine
from django.conf import settings
from django.db import transaction

from portal.server.cabinets.models import Cabinet
from portal.server.mail import worker
from portal.server.mail.letters import Letter
from portal.server.mail.models import QueuedMail
from portal.server.mail.queue import Envelope, enqueue
from portal.server.mail.transport import Outcome, Result
from portal.server.mail.worker import BACK_OFF_MINUTES, SENDING_AT_MOST, send_due

LETTER = Letter("email_changed", "parent@exemple.fr")


class Post:
    """A transport that answers what it is told, and keeps what it was given."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.delivered: list[Envelope] = []

    def deliver(self, envelope: Envelope) -> Outcome:
        self.delivered.append(envelope)
        return self.outcomes.pop(0) if self.outcomes else Outcome(Result.SENT)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


def states(cabinet: Cabinet) -> list[str]:
    return list(QueuedMail.objects.of(cabinet).order_by("pk").values_list("state", flat=True))


def test_a_mail_is_sent_once_and_its_content_forgotten(cabinet: Cabinet) -> None:
    enqueue(cabinet, LETTER)
    post = Post()
    assert send_due(post) == 1
    assert send_due(post) == 0
    assert post.delivered[0].recipient == "parent@exemple.fr"
    row = QueuedMail.objects.of(cabinet).get()
    assert (row.state, bytes(row.sealed), row.attempts) == ("sent", b"", 1)


def test_a_waiting_mail_is_sealed(cabinet: Cabinet) -> None:
    row = enqueue(cabinet, LETTER)
    assert b"parent@exemple.fr" not in bytes(row.sealed)


def test_without_a_transport_mails_wait(cabinet: Cabinet) -> None:
    enqueue(cabinet, LETTER)
    assert send_due(None) == 0
    assert states(cabinet) == ["ready"]


def test_a_mail_of_a_transaction_that_failed_is_not_sent(cabinet: Cabinet) -> None:
    with transaction.atomic():
        enqueue(cabinet, LETTER)
        transaction.set_rollback(True)
    assert states(cabinet) == []


def test_a_deferred_mail_is_tried_again_ever_later_and_then_has_failed(
    cabinet: Cabinet, clock: time_machine.Traveller
) -> None:
    enqueue(cabinet, LETTER)
    post = Post(*[Outcome(Result.LATER, "451")] * 20)
    for minutes in BACK_OFF_MINUTES:
        send_due(post)
        assert states(cabinet) == ["ready"]
        clock.shift(dt.timedelta(minutes=minutes, seconds=-1))
        assert send_due(post) == 0
        clock.shift(dt.timedelta(seconds=1))
    tried = len(post.delivered)
    send_due(post)
    assert len(post.delivered) == tried + 1 == len(BACK_OFF_MINUTES) + 1
    assert states(cabinet) == ["failed"]


@pytest.mark.parametrize("result", [Result.FAILED, Result.UNKNOWN])
def test_what_is_refused_for_good_or_unknown_is_never_repeated(
    cabinet: Cabinet, clock: time_machine.Traveller, result: Result
) -> None:
    enqueue(cabinet, LETTER)
    post = Post(Outcome(result, "550"))
    send_due(post)
    clock.shift(dt.timedelta(days=9))
    send_due(post)
    assert len(post.delivered) == 1
    assert states(cabinet) == [result]
    assert QueuedMail.objects.of(cabinet).get().last_error == "550"


def test_a_crash_in_the_middle_of_a_send_leaves_it_unknown_and_never_repeats_it(
    cabinet: Cabinet, clock: time_machine.Traveller
) -> None:
    class Crash(BaseException):
        pass

    class Crashing(Post):
        def deliver(self, envelope: Envelope) -> Outcome:
            super().deliver(envelope)
            raise Crash

    enqueue(cabinet, LETTER)
    with pytest.raises(Crash):
        send_due(Crashing())
    post = Post()
    assert send_due(post) == 0
    assert states(cabinet) == ["sending"]
    clock.shift(SENDING_AT_MOST)
    assert send_due(post) == 0
    assert states(cabinet) == ["unknown"]
    assert post.delivered == []


def test_two_workers_send_each_mail_once(cabinet: Cabinet) -> None:
    for _ in range(3):
        enqueue(cabinet, LETTER)
    other = Post()

    class Interrupted(Post):
        def deliver(self, envelope: Envelope) -> Outcome:
            send_due(other)
            return super().deliver(envelope)

    one = Interrupted()
    send_due(one)
    assert len(one.delivered) + len(other.delivered) == 3
    assert states(cabinet) == ["sent"] * 3


def test_when_the_server_is_down_the_others_wait_without_being_tried(cabinet: Cabinet) -> None:
    for _ in range(3):
        enqueue(cabinet, LETTER)
    post = Post(Outcome(Result.LATER, "ConnectionRefusedError", is_server_down=True))
    assert send_due(post) == 0
    assert len(post.delivered) == 1
    assert send_due(post) == 2


def test_a_damaged_row_fails_and_the_others_go_out(cabinet: Cabinet) -> None:
    damaged = enqueue(cabinet, LETTER)
    enqueue(cabinet, LETTER)
    QueuedMail.objects.of(cabinet).filter(pk=damaged.pk).update(sealed=b"damaged")
    assert send_due(Post()) == 1
    assert states(cabinet) == ["failed", "sent"]


def test_what_is_done_with_is_deleted_after_a_month(cabinet: Cabinet, clock: time_machine.Traveller) -> None:
    enqueue(cabinet, LETTER)
    send_due(Post())
    enqueue(cabinet, LETTER)
    assert worker.forget_old() == 0
    clock.shift(dt.timedelta(days=30, seconds=1))
    assert worker.forget_old() == 1
    assert states(cabinet) == ["ready"]


def test_the_worker_outlives_a_mail_server_that_cannot_be_used_and_takes_one_that_was_put_right(
    cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)  # the test's own connection
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, smtp_url="smtp://[wrong"))
    enqueue(cabinet, LETTER)
    stop, rounds = Event(), []

    def put_right() -> None:
        rounds.append(states(cabinet))
        if len(rounds) == 3:
            monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, smtp_url=tmp_path.as_uri()))
        if len(rounds) == 5:
            stop.set()

    worker.run_forever(stop, (put_right,))
    assert rounds == [["ready"]] * 3 + [["sent"]] * 2


def test_the_worker_outlives_a_failing_chore_and_stops_when_told(
    cabinet: Cabinet, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)  # the test's own connection
    stop, rounds = Event(), []

    def failing() -> None:
        raise ValueError("MARTINEAU")

    def counting() -> None:
        rounds.append(1)
        if len(rounds) == 3:
            stop.set()

    worker.run_forever(stop, (failing, counting))
    assert len(rounds) == 3
    assert "background ValueError" in caplog.text
    assert "MARTINEAU" not in caplog.text


def test_a_mail_that_is_erased_while_it_is_being_sent_stays_erased_and_the_next_one_leaves(cabinet: Cabinet) -> None:
    class Erasing(Post):
        def deliver(self, envelope: Envelope) -> Outcome:
            QueuedMail.objects.of(cabinet).filter(number="5312").delete()
            return super().deliver(envelope)

    enqueue(cabinet, LETTER, "5312")
    enqueue(cabinet, LETTER, "0042")
    assert send_due(Erasing(Outcome(Result.LATER, "451"))) == 1
    assert states(cabinet) == ["sent"]

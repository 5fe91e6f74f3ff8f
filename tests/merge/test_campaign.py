"""A campaign's run: in order, at its pace, paused, stopped, resumed; codes become valid as messages leave."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cabinet.errors import WebOrthoError
from merge.campaign import Campaign, Control, Pace, Progress
from merge.channels.channel import ChannelUnavailableError, Outcome, Outgoing, Result
from merge.channels.fake import FakeChannel
from merge.journal import journal_csv
from merge.outbox import BACK_OFF, Draft, Outbox, State
from merge.record import IssuedSecret, Medium, SecretFor

KEY = bytes(32)
NAME = "campagne"
Answer = Callable[[Outgoing], Result]


class FakeTime(Control):
    """A clock, and a control whose sleeps move it."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 1_800_000_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


class Issuer:
    """An access issuer that keeps what became valid, and may be offline."""

    def __init__(self) -> None:
        self.active: list[str] = []
        self.requests = 0
        self.offline = False

    def stage(self, wanted: tuple[SecretFor, ...], medium: Medium) -> dict[SecretFor, IssuedSecret]:  # noqa: ARG002 - Protocol
        return {one: IssuedSecret(f"code-{one.number}") for one in wanted}

    def activate(self, handles: tuple[str, ...]) -> None:
        if self.offline:
            raise WebOrthoError("Le portail ne répond pas.", "Réessayez plus tard.")
        self.requests += 1
        self.active.extend(handles)

    def discard(self, handles: tuple[str, ...]) -> None:
        """Not asked for by a run."""


def draft(number: int, channel: str = "email") -> Draft:
    return Draft(f"{number}", channel, (str(number),), f"Parent {number}", f"p{number}", b"texte", (f"h{number}",))


class Bench:
    """A campaign of `count` e-mails on an outbox of its own."""

    def __init__(self, path: Path) -> None:
        self.clock = FakeTime()
        self.issuer = Issuer()
        self.progress: list[Progress] = []
        self.outbox = Outbox(path, KEY, self.clock)

    def fill(self, count: int) -> None:
        self.outbox.add(NAME, map(draft, range(count)))

    def campaign(self, *channels: FakeChannel, pace: Pace | None = None, control: Control | None = None) -> Campaign:
        return Campaign(
            NAME,
            self.outbox,
            dict(zip(("email", "sms"), channels, strict=False)),
            self.issuer,
            pace=pace,
            control=control or self.clock,
            on_progress=self.progress.append,
            now=self.clock,
        )


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    one = Bench(tmp_path / "outbox.db")
    with one.outbox:
        yield one


def always(outcome: Outcome) -> Answer:
    return lambda _: Result(outcome, "dit")


def test_everything_is_sent_once_in_order_at_the_pace(bench: Bench) -> None:
    bench.fill(5)
    channel = FakeChannel()
    report = bench.campaign(channel, pace=Pace(per_minute=30)).run()

    assert [message.id for message in channel.sent] == ["0", "1", "2", "3", "4"]
    assert report.counts[State.SENT] == 5
    assert not report.stopped
    assert bench.clock.slept == [2.0] * 5
    assert bench.campaign(channel).run().counts == report.counts
    assert len(channel.tries) == 5, "a second run has nothing to do"


def test_progress_tells_what_is_done(bench: Bench) -> None:
    bench.fill(2)
    bench.campaign(FakeChannel()).run()

    assert [(step.settled, step.total, step.last) for step in bench.progress] == [
        (0, 2, None),
        (1, 2, State.SENT),
        (2, 2, State.SENT),
        (2, 2, None),
    ]


def test_codes_become_valid_with_each_message(bench: Bench) -> None:
    bench.fill(3)
    valid_at_send: list[int] = []

    def answer(message: Outgoing) -> Result:
        valid_at_send.append(len(bench.issuer.active))
        return Result(Outcome.PERMANENT if message.id == "1" else Outcome.SENT, "dit")

    bench.campaign(FakeChannel(answer)).run()

    assert valid_at_send == [0, 1, 1]
    assert bench.issuer.active == ["h0", "h2"], "not the failed one's"


def test_quick_channels_ask_the_portal_once_for_many(bench: Bench) -> None:
    bench.fill(12)
    bench.campaign(FakeChannel(), pace=Pace(per_minute=600)).run()

    assert len(bench.issuer.active) == 12
    assert bench.issuer.requests == 2, "1.2 seconds of the clock: once on the way, once at the end"


def test_an_offline_portal_stops_no_message_and_is_told_later(bench: Bench) -> None:
    bench.fill(2)
    bench.issuer.offline = True
    report = bench.campaign(FakeChannel()).run()

    assert report.counts[State.SENT] == 2
    assert str(report.activation_error) == "Le portail ne répond pas. Réessayez plus tard."
    bench.issuer.offline = False
    assert bench.campaign(FakeChannel()).run().activation_error is None
    assert bench.issuer.active == ["h0", "h1"]


def test_an_unknown_outcome_is_listed_and_not_repeated(bench: Bench) -> None:
    bench.fill(2)
    channel = FakeChannel(always(Outcome.UNKNOWN))
    for _ in range(3):
        bench.campaign(channel).run()

    assert [entry.state for entry in bench.outbox.journal(NAME)] == [State.UNKNOWN] * 2
    assert len(channel.tries) == 2
    assert bench.issuer.active == []


def test_a_refusal_for_now_is_waited_for(bench: Bench) -> None:
    bench.fill(1)
    answers = iter([Outcome.TRANSIENT, Outcome.TRANSIENT, Outcome.SENT])
    channel = FakeChannel(lambda _: Result(next(answers), "dit"))
    report = bench.campaign(channel, pace=Pace(per_minute=60_000)).run()

    assert report.counts[State.SENT] == 1
    assert sum(bench.clock.slept) == pytest.approx(BACK_OFF[0] + BACK_OFF[1], abs=1)


def test_a_run_need_not_wait(bench: Bench) -> None:
    bench.fill(1)
    report = bench.campaign(FakeChannel(always(Outcome.TRANSIENT)), pace=Pace(wait_for_retries=False)).run()

    assert report.counts[State.READY] == 1


def test_a_channel_that_is_down_leaves_its_messages_ready(bench: Bench) -> None:
    bench.fill(3)
    bench.outbox.add(NAME, [draft(9, "sms")])

    def down(_: Outgoing) -> Result:
        raise ChannelUnavailableError("Le serveur refuse le mot de passe.", "Vérifiez-le.")

    emails, sms = FakeChannel(down), FakeChannel()
    report = bench.campaign(emails, sms).run()

    assert str(report.unavailable["email"]) == "Le serveur refuse le mot de passe. Vérifiez-le."
    assert (report.counts[State.READY], report.counts[State.SENT]) == (3, 1)
    assert len(emails.tries) == 1, "nobody else was tried"
    assert bench.outbox.journal(NAME)[0].tries == 0
    assert bench.campaign(FakeChannel(), sms).run().counts[State.SENT] == 4


def test_a_fault_of_ours_leaves_the_message_unknown(bench: Bench) -> None:
    bench.fill(2)

    def broken(_: Outgoing) -> Result:
        raise RuntimeError("a fault")

    with pytest.raises(RuntimeError):
        bench.campaign(FakeChannel(broken)).run()

    assert [entry.state for entry in bench.outbox.journal(NAME)] == [State.UNKNOWN, State.READY]


def test_stop_ends_after_the_message_under_way_and_the_next_run_goes_on(bench: Bench) -> None:
    bench.fill(5)

    def answer(message: Outgoing) -> Result:
        if message.id == "1":
            bench.clock.stop()
        return Result(Outcome.SENT, "dit")

    channel = FakeChannel(answer)
    report = bench.campaign(channel).run()

    assert report.stopped
    assert report.counts[State.SENT] == 2
    assert bench.campaign(channel, control=FakeTime()).run().counts[State.SENT] == 5
    assert len(channel.sent) == 5


def test_pause_holds_and_resume_goes_on(bench: Bench, tmp_path: Path) -> None:
    control = Control()
    second_sent, paused = threading.Event(), threading.Event()

    def answer(message: Outgoing) -> Result:
        if message.id == "1":
            control.pause()
            second_sent.set()
        return Result(Outcome.SENT, "dit")

    channel = FakeChannel(answer)

    def run() -> None:
        with Outbox(tmp_path / "outbox.db", KEY, bench.clock) as mine:
            mine.add(NAME, map(draft, range(4)))
            pace = Pace(per_minute=600_000)
            Campaign(NAME, mine, {"email": channel}, bench.issuer, pace=pace, control=control, now=bench.clock).run()

    thread = threading.Thread(target=run)
    thread.start()
    assert second_sent.wait(10)
    paused.wait(0.2)
    assert control.paused
    assert len(channel.sent) == 2
    control.resume()
    thread.join(10)

    assert not thread.is_alive()
    assert len(channel.sent) == 4


def test_stop_ends_a_pause(bench: Bench) -> None:
    bench.fill(1)
    control = Control()
    control.pause()
    threading.Timer(0.1, control.stop).start()
    report = bench.campaign(FakeChannel(), control=control).run()

    assert report.stopped
    assert report.counts[State.READY] == 1


def test_the_journal_opens_as_text(bench: Bench) -> None:
    bench.outbox.add(NAME, [Draft("1", "email", ("=1+1",), "@SOMME(A1)", "p1", b"x"), draft(2, "sms")])
    bench.campaign(FakeChannel(lambda _: Result(Outcome.PERMANENT, '=HYPERLINK("x")')), FakeChannel()).run()
    lines = journal_csv(bench.outbox.journal(NAME), ZoneInfo("Europe/Paris")).split("\r\n")

    assert lines[0] == '"Date";"Heure";"État";"Canal";"N°";"Destinataire";"Détail";"Essais"'
    assert lines[1] == ('"15/01/2027";"09:00:00";"Échec";"E-mail";"\'=1+1";"\'@SOMME(A1)";"\'=HYPERLINK(""x"")";"1"')
    assert lines[2].startswith('"15/01/2027";"09:00:01";"Réussi";"SMS";"2";"Parent 2"')

"""The outbox: durable, sealed, and never twice by itself, whatever order things happen in."""

import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from cabinet.errors import SecretStoreError
from merge.channels.channel import Outcome, Result
from merge.outbox import BACK_OFF, Claimed, Draft, Out, Outbox, OutboxError, State
from tests.rounds import Rounds

KEY = bytes(range(32))
CAMPAIGN = "campagne"


class Clock:
    """A clock that stands until it is told."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def __call__(self) -> float:
        return self.time


def draft(number: int, *, handles: int = 1) -> Draft:
    return Draft(
        f"d{number}",
        "email",
        (str(number),),
        f"Parent {number}",
        f"p{number}@exemple.fr",
        f"Code confidentiel-{number}".encode(),
        tuple(f"h{number}-{place}" for place in range(handles)),
    )


def result(outcome: Outcome, detail: str = "dit") -> Result:
    return Result(outcome, detail)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


@pytest.fixture
def outbox(path: Path, clock: Clock) -> Iterator[Outbox]:
    with Outbox(path, KEY, clock) as one:
        one.add(CAMPAIGN, [draft(1), draft(2)])
        yield one


def claim(outbox: Outbox) -> Claimed:
    claimed = outbox.claim(CAMPAIGN, ["email"])
    assert claimed is not None
    return claimed


def states(outbox: Outbox) -> list[State]:
    return [entry.state for entry in outbox.journal(CAMPAIGN)]


def test_what_is_claimed_is_what_was_put_in(outbox: Outbox) -> None:
    claimed = claim(outbox)

    assert claimed.outgoing.address == "p1@exemple.fr"
    assert claimed.outgoing.body == b"Code confidentiel-1"
    assert (claimed.numbers, claimed.tries, claimed.channel) == (("1",), 1, "email")


def test_the_intent_is_on_the_disk_before_the_send(outbox: Outbox, path: Path) -> None:
    claim(outbox)

    with sqlite3.connect(path) as other:
        assert other.execute("SELECT state FROM delivery WHERE id = 'd1'").fetchone() == ("sending",)
    assert outbox._db.execute("PRAGMA synchronous").fetchone() == (2,), "FULL"
    assert outbox._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.SENT, State.SENT),
        (Outcome.PERMANENT, State.FAILED),
        (Outcome.UNKNOWN, State.UNKNOWN),
        (Outcome.TRANSIENT, State.READY),
    ],
)
def test_an_outcome_becomes_a_state(outbox: Outbox, outcome: Outcome, state: State) -> None:
    assert outbox.settle(claim(outbox), result(outcome, "le serveur l’a dit")) is state

    entry = outbox.journal(CAMPAIGN)[0]
    assert (entry.state, entry.detail, entry.recipient) == (state, "le serveur l’a dit", "Parent 1")


def test_a_refusal_for_now_is_tried_again_later_and_then_fails(outbox: Outbox, clock: Clock) -> None:
    outbox.settle(claim(outbox), result(Outcome.TRANSIENT))
    outbox.settle(claim(outbox), result(Outcome.SENT))
    for pause in BACK_OFF:
        assert outbox.claim(CAMPAIGN, ["email"]) is None, "not before its time"
        assert outbox.next_due(CAMPAIGN, ["email"]) == clock.time + pause
        clock.time += pause
        claimed = claim(outbox)
        assert claimed.outgoing.id == "d1"
        outbox.settle(claimed, result(Outcome.TRANSIENT))

    assert states(outbox) == [State.FAILED, State.SENT]


def test_what_was_certainly_not_sent_is_given_back_as_it_was(outbox: Outbox) -> None:
    outbox.release(claim(outbox))

    assert states(outbox) == [State.READY, State.READY]
    assert claim(outbox).tries == 1


def test_a_text_is_erased_once_it_was_sent(outbox: Outbox, path: Path) -> None:
    outbox.settle(claim(outbox), result(Outcome.SENT))

    assert outbox._db.execute("SELECT content FROM delivery WHERE id = 'd1'").fetchone() == (None,)
    outbox.send_again("d1")
    assert states(outbox)[0] is State.SENT


def test_nothing_of_people_stands_in_the_files(outbox: Outbox, path: Path) -> None:
    outbox.settle(claim(outbox), result(Outcome.UNKNOWN))

    stored = b"".join(file.read_bytes() for file in path.parent.glob("outbox.db*"))
    for private in (b"Parent", b"exemple.fr", b"confidentiel"):
        assert private not in stored


def test_what_was_moved_to_another_place_does_not_open(outbox: Outbox) -> None:
    outbox._db.execute("UPDATE delivery SET content = (SELECT content FROM delivery WHERE id = 'd2') WHERE id = 'd1'")

    with pytest.raises(SecretStoreError):
        claim(outbox)


def test_another_key_is_refused_before_anything_is_claimed(outbox: Outbox, path: Path, clock: Clock) -> None:
    with pytest.raises(SecretStoreError) as refused:
        Outbox(path, bytes(32), clock)

    assert str(refused.value) == (
        "Le journal des envois a été chiffré avec une autre clé que celle de ce poste. Ouvrez-le depuis le poste qui a "
        "préparé l’envoi, ou restaurez son trousseau."
    )


def test_adding_twice_sends_once(outbox: Outbox) -> None:
    assert outbox.add(CAMPAIGN, [draft(1), draft(2), draft(3)]) == 1
    assert [entry.id for entry in outbox.journal(CAMPAIGN)] == ["d1", "d2", "d3"]


def test_a_campaign_is_added_whole_or_not_at_all(outbox: Outbox) -> None:
    def breaking() -> Iterator[Draft]:
        yield draft(8)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outbox.add("autre", breaking())

    assert outbox.journal("autre") == []
    assert outbox.campaigns() == [CAMPAIGN]


def test_what_a_dead_program_was_sending_is_unknown(outbox: Outbox, path: Path, clock: Clock) -> None:
    dead = Outbox(path, KEY, clock)
    dead._presence.__enter__()
    assert claim(dead).outgoing.id == "d1"
    assert outbox.recover(CAMPAIGN) == 0, "it still lives"
    dead._presence._lock.release()

    assert outbox.recover(CAMPAIGN) == 1
    assert outbox.journal(CAMPAIGN)[0].detail == (
        "Le programme s’est arrêté pendant l’envoi\u00a0: le message est peut-être parti."
    )
    assert claim(outbox).outgoing.id == "d2", "the unknown one is not taken again"
    assert outbox.claim(CAMPAIGN, ["email"]) is None
    dead._db.close()


def test_only_a_person_settles_the_unknown(outbox: Outbox) -> None:
    for _ in range(2):
        outbox.settle(claim(outbox), result(Outcome.UNKNOWN))
    outbox.confirm_sent("d1")
    outbox.send_again("d2")

    assert states(outbox) == [State.SENT, State.READY]
    assert claim(outbox).outgoing.body == b"Code confidentiel-2"


def test_codes_become_valid_when_the_message_was_sent(outbox: Outbox) -> None:
    outbox.add(CAMPAIGN, [draft(3, handles=0)])
    outbox.settle(claim(outbox), result(Outcome.SENT))
    outbox.settle(claim(outbox), result(Outcome.UNKNOWN))
    outbox.settle(claim(outbox), result(Outcome.SENT))

    assert [(out.id, out.handles) for out in outbox.to_activate(CAMPAIGN)] == [("d1", ("h1-0",))]
    outbox.activated(["d1"])
    assert outbox.to_activate(CAMPAIGN) == []
    outbox.confirm_sent("d2")
    assert [(out.id, out.handles) for out in outbox.to_activate()] == [("d2", ("h2-0",))]


def test_who_was_informed_is_remembered_until_the_portal_knows(outbox: Outbox, path: Path, clock: Clock) -> None:
    outbox.settle(claim(outbox), result(Outcome.SENT))
    outbox.settle(claim(outbox), result(Outcome.PERMANENT))
    expected = Out("d1", "email", ("1",), ("h1-0",), int(clock.time))
    clock.time += 60

    assert outbox.to_announce(CAMPAIGN) == [expected]
    with Outbox(path, KEY, clock) as after_a_crash:
        assert after_a_crash.to_announce() == [expected]
    outbox.announced(["d1"])
    assert outbox.to_announce() == []


PAPER = [Draft(f"p{n}", "letter", (str(n),), f"Parent {n}", "", b"", (f"hp{n}",)) for n in (1, 2)]


def test_paper_is_intended_before_it_is_written_and_out_when_it_is_there(outbox: Outbox) -> None:
    outbox.begin("papier", PAPER)
    assert [entry.state for entry in outbox.journal("papier")] == [State.SENDING] * 2
    assert outbox.to_activate("papier") == []
    outbox.end(["p1", "p2"], "Fichier prêt à imprimer")

    assert [(entry.state, entry.detail) for entry in outbox.journal("papier")] == [
        (State.SENT, "Fichier prêt à imprimer")
    ] * 2
    assert [out.handles for out in outbox.to_activate("papier")] == [("hp1",), ("hp2",)]


def test_paper_that_was_not_written_leaves_no_trace(outbox: Outbox) -> None:
    outbox.begin("papier", PAPER)
    outbox.drop(["p1", "p2"])

    assert outbox.campaigns() == [CAMPAIGN]


def test_paper_that_a_dead_program_was_writing_is_a_person_s_to_decide(
    outbox: Outbox, path: Path, clock: Clock
) -> None:
    dead = Outbox(path, KEY, clock)
    dead._presence.__enter__()
    dead.begin("papier", PAPER)
    dead._presence._lock.release()
    dead._db.close()

    assert outbox.recover() == 2
    outbox.confirm_sent("p1")
    outbox.send_again("p2")
    assert [entry.state for entry in outbox.journal("papier")] == [State.SENT, State.UNKNOWN], "print it anew instead"
    assert [out.handles for out in outbox.to_activate("papier")] == [("hp1",)]


def test_only_the_channels_asked_for_are_claimed(outbox: Outbox) -> None:
    assert outbox.claim(CAMPAIGN, ["sms"]) is None
    assert outbox.next_due(CAMPAIGN, ["sms"]) is None


def test_a_newer_outbox_is_refused(path: Path, clock: Clock) -> None:
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 99")

    with pytest.raises(OutboxError) as refused:
        Outbox(path, KEY, clock)
    assert refused.value.todo == "Mettez WebOrtho à jour sur ce poste."


def test_an_outbox_that_cannot_be_written_is_a_sentence(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "outbox.db").mkdir()

    with pytest.raises(OutboxError, match="ne peut pas être écrit"):
        Outbox(tmp_path / "outbox.db", KEY, clock)


def test_a_disk_that_fails_stops_before_the_send(outbox: Outbox) -> None:
    outbox._db.execute("PRAGMA max_page_count = 1")
    with pytest.raises(OutboxError) as refused:
        outbox.add(CAMPAIGN, (draft(number) for number in range(100, 400)))

    assert "rien n’est envoyé deux fois" in str(refused.value)
    assert states(outbox) == [State.READY, State.READY]


def claims_of(path: Path, workers: int, claim_one: object) -> list[str]:
    """What several threads, each with its own outbox, claim until nothing is left."""
    taken: list[str] = []
    start = threading.Barrier(workers)

    def work() -> None:
        with Outbox(path, KEY, Clock()) as mine:
            start.wait()
            while identity := claim_one(mine):  # type: ignore[operator] # a function of an outbox
                taken.append(identity)

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def test_two_programs_at_once_take_each_delivery_once(path: Path, clock: Clock) -> None:
    with Outbox(path, KEY, clock) as one:
        one.add(CAMPAIGN, (draft(number) for number in range(60)))

    def atomic(mine: Outbox) -> str | None:
        claimed = mine.claim(CAMPAIGN, ["email"])
        return claimed.outgoing.id if claimed else None

    taken = claims_of(path, 4, atomic)

    assert sorted(taken) == sorted(f"d{number}" for number in range(60))


def test_without_the_atomic_claim_they_would_take_some_twice(path: Path, clock: Clock) -> None:
    """The negative control of the test above: read, then write."""
    with Outbox(path, KEY, clock) as one:
        one.add(CAMPAIGN, (draft(number) for number in range(60)))
    pause = threading.Event()

    def naive(mine: Outbox) -> str | None:
        row = mine._db.execute("SELECT id FROM delivery WHERE state = 'ready' ORDER BY position LIMIT 1").fetchone()
        if row is None:
            return None
        pause.wait(0.001)
        mine._db.execute("UPDATE delivery SET state = 'sending' WHERE id = ?", row)
        return str(row[0])

    assert len(claims_of(path, 4, naive)) > 60


class Life(RuleBasedStateMachine):
    """Any order of adding, claiming, settling, crashing, recovering and deciding.

    The model keeps, for each delivery, how often it left the house and how often a person asked for it again.
    """

    claims = Bundle("claims")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "outbox.db"
        self.clock = Clock()
        self.left: dict[str, int] = {}
        self.asked: dict[str, int] = {}
        self.claimed: set[str] = set()
        self.unknown: set[str] = set()
        self._open()

    def _open(self) -> None:
        self.outbox = Outbox(self.path, KEY, self.clock)
        self.outbox.__enter__()

    @rule(number=st.integers(0, 5))
    def add(self, number: int) -> None:
        self.outbox.add(CAMPAIGN, [draft(number)])
        self.left.setdefault(f"d{number}", 0)
        self.asked.setdefault(f"d{number}", 0)

    @rule(target=claims)
    def claim(self) -> object:
        claimed = self.outbox.claim(CAMPAIGN, ["email"])
        if claimed is None:
            return multiple()
        assert claimed.outgoing.id not in self.claimed | self.unknown
        self.claimed.add(claimed.outgoing.id)
        return claimed

    @rule(claimed=consumes(claims), outcome=st.sampled_from(Outcome))
    def settle(self, claimed: Claimed, outcome: Outcome) -> None:
        identity = claimed.outgoing.id
        if identity not in self.claimed:
            return  # Lost in a crash: the program that held it is gone.
        self.claimed.discard(identity)
        if outcome in (Outcome.SENT, Outcome.UNKNOWN):
            self.left[identity] += 1
        if outcome is Outcome.UNKNOWN:
            self.unknown.add(identity)
        self.outbox.settle(claimed, result(outcome))

    @rule(claimed=consumes(claims))
    def release(self, claimed: Claimed) -> None:
        if claimed.outgoing.id in self.claimed:
            self.claimed.discard(claimed.outgoing.id)
            self.outbox.release(claimed)

    @rule(left=st.booleans())
    def crash(self, *, left: bool) -> None:
        """The program dies; what it was sending may have left or not."""
        for identity in self.claimed:
            self.left[identity] += left
            self.unknown.add(identity)
        self.claimed.clear()
        self.outbox._db.close()
        self.outbox._presence._lock.release()
        self._open()
        self.outbox.recover(CAMPAIGN)

    @rule(seconds=st.sampled_from(BACK_OFF))
    def wait(self, seconds: int) -> None:
        self.clock.time += seconds

    @rule(number=st.integers(0, 5), sent=st.booleans())
    def decide(self, number: int, *, sent: bool) -> None:
        identity = f"d{number}"
        before = {entry.id: entry.state for entry in self.outbox.journal(CAMPAIGN)}.get(identity)
        if sent:
            self.outbox.confirm_sent(identity)
        else:
            self.outbox.send_again(identity)
            if before in (State.UNKNOWN, State.FAILED):
                self.asked[identity] += 1
        if before is State.UNKNOWN:
            self.unknown.discard(identity)

    @invariant()
    def nothing_left_twice_unless_a_person_asked(self) -> None:
        assert all(count <= 1 + self.asked[identity] for identity, count in self.left.items())

    @invariant()
    def nothing_is_lost(self) -> None:
        if hasattr(self, "outbox"):
            found = {entry.id: entry.state for entry in self.outbox.journal(CAMPAIGN)}
            assert found.keys() == self.left.keys()
            assert {identity for identity, state in found.items() if state is State.SENDING} == self.claimed
            assert {identity for identity, state in found.items() if state is State.UNKNOWN} == self.unknown

    def teardown(self) -> None:
        if hasattr(self, "outbox"):
            self.outbox.__exit__()
            self.folder.cleanup()


SHORT = settings(max_examples=60, stateful_step_count=30, deadline=None)
PORTION = settings(SHORT, max_examples=100)


def test_the_lives_of_an_outbox() -> None:
    run_state_machine_as_test(Life, settings=SHORT)


@pytest.mark.long
def test_ten_thousand_lives_of_an_outbox(rounds: Rounds) -> None:
    for _ in rounds(10_000, PORTION.max_examples):
        run_state_machine_as_test(Life, settings=PORTION)

"""A campaign in a process of its own, to be killed. `naive`, the negative control, sends first, writes down after."""

import time
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from merge.campaign import Campaign, Pace
from merge.channels.channel import Result
from merge.channels.smtp import Security, SmtpChannel, SmtpServer
from merge.outbox import Claimed, Outbox, State
from merge.record import DummyIssuer
from tests.forked import PROCESSES
from tests.merge.servers import PATIENCE

KEY = bytes(range(32))
CAMPAIGN = "campagne"


class WritingIssuer(DummyIssuer):
    """The portal, as far as it remembers what was made valid: one handle a line."""

    def __init__(self, path: Path) -> None:
        super().__init__("mot", "exemple.fr")
        self._path = path

    def activate(self, handles: tuple[str, ...]) -> None:
        with self._path.open("a") as file:
            file.writelines(f"{handle}\n" for handle in handles)


class NaiveOutbox(Outbox):
    """Forgets what it had begun: the intent is undone at once, and the outcome comes a moment after the send."""

    def claim(self, campaign: str, channels: object) -> Claimed | None:
        claimed = super().claim(campaign, channels)  # type: ignore[arg-type] # passed on
        if claimed:
            self._db.execute("UPDATE delivery SET state = 'ready' WHERE id = ?", (claimed.outgoing.id,))
        return claimed

    def settle(self, claimed: Claimed, result: Result) -> State:
        time.sleep(0.02)
        self._db.execute("UPDATE delivery SET state = 'sending' WHERE id = ?", (claimed.outgoing.id,))
        return super().settle(claimed, result)


def activated_file(outbox: Path) -> Path:
    """Where a worker on this outbox writes down what it made valid."""
    return outbox.with_suffix(".activated")


class Worker:
    """A campaign in a process of its own, which has begun to send."""

    def __init__(self, outbox: Path, port: int, kind: str) -> None:
        ready, told = PROCESSES.Pipe(duplex=False)
        self._process: ForkServerProcess = PROCESSES.Process(target=_send, args=(outbox, port, kind, told))
        self._process.start()
        told.close()
        with ready:
            assert ready.poll(PATIENCE), "the campaign does not begin"
            ready.recv_bytes()

    def kill(self) -> None:
        self._process.kill()

    def finish(self) -> int:
        """Its exit code, negative where it was killed."""
        self._process.join(PATIENCE * 30)
        code = self._process.exitcode
        assert code is not None, "the campaign does not end"
        self._process.close()
        return code


def _send(path: Path, port: int, kind: str, ready: Connection) -> None:
    server = SmtpServer("127.0.0.1", port, "cabinet@exemple.fr", Security.NONE)
    kinds = {"careful": Outbox, "naive": NaiveOutbox}
    with kinds[kind](path, KEY, time.time) as outbox:
        campaign = Campaign(
            CAMPAIGN,
            outbox,
            {"email": SmtpChannel(server)},
            WritingIssuer(activated_file(path)),
            pace=Pace(per_minute=60_000),
        )
        ready.send_bytes(b"ready")
        campaign.run()

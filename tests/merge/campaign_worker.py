"""A campaign in a process of its own, to be killed: python campaign_worker.py OUTBOX PORT careful|naive

Prints « ready » when it starts to send. `naive` is the negative control: it sends first and writes down after.
"""

import sys
import time
from pathlib import Path

from merge.campaign import Campaign, Pace
from merge.channels.channel import Result
from merge.channels.smtp import Security, SmtpChannel, SmtpServer
from merge.outbox import Claimed, Outbox, State
from merge.record import DummyIssuer

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


def main() -> None:
    path, port, kind = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
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
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        campaign.run()


if __name__ == "__main__":
    main()

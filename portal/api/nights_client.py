"""The portal as the nightly program and the Synchronisation screen use it: how runs ended, and when they are due.

The shapes and what each request does are in `portal.api.nights`. Every method raises `PortalUnreachable`,
`PortalRefused` or `DeviceRefused`, and may be repeated.
"""

import datetime as dt

from portal.api.conversation import Conversation, get, sending
from portal.api.nights import Nights, RunTold, Schedule


class NightsClient(Conversation):
    """One device that tells of its runs, or asks about all."""

    def tell_run(self, run: RunTold) -> None:
        """How a run ended."""
        self._tell(sending("POST", "/nights/runs", run))

    def plan(self, at: dt.time | None) -> None:
        """From now on a run of this device is expected every day at `at`, by the cabinet's clocks; None: no longer."""
        self._tell(sending("PUT", "/nights/schedule", Schedule(f"{at:%H:%M}" if at else None)))

    def nights(self) -> Nights:
        """The cabinet's runs of late. Not for the nightly program's device."""
        return self._ask(get("/nights"), Nights)

"""The portal as the nightly program and the Synchronisation screen use it: how runs ended, and when they are due.

The shapes and what each request does are in `portal.api.nights`. Every method raises `PortalUnreachable`,
`PortalRefused` or `DeviceRefused`, and may be repeated.
"""

import datetime as dt

from portal.api.conversation import Conversation, get, path_of, sending
from portal.api.nights import AskedRun, Nights, RunProgress, RunTold, Schedule, Wanted
from portal.api.transport import Message


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

    def ask(self) -> AskedRun:
        """Ask the computer with the nightly task for a run now."""
        return self._ask(Message("POST", path_of("/nights/requests")), AskedRun)

    def look(self, request: str) -> AskedRun:
        """How far a run is that was asked for."""
        return self._ask(get(f"/nights/requests/{request}"), AskedRun)

    def give_up(self, request: str) -> None:
        """It is wanted no longer."""
        self._tell(Message("DELETE", path_of(f"/nights/requests/{request}")))

    def claim(self) -> str | None:
        """The request that is now this computer's to answer; None: nothing is asked for."""
        return self._ask(Message("POST", path_of("/nights/requests/claim")), Wanted).request

    def progress(self, request: str, where: RunProgress) -> AskedRun:
        """Where the run stands that answers a request."""
        return self._ask(sending("POST", f"/nights/requests/{request}/progress", where), AskedRun)

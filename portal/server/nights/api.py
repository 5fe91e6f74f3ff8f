"""The endpoints on a cabinet's nights (see `portal.api.nights`)."""

from portal.api.nights import Nights, RunTold, Schedule
from portal.server.api.endpoint import AT_THE_DESK, EVERY_ROLE, Call, endpoint
from portal.server.nights import reports


@endpoint("POST", "nights/runs", roles=EVERY_ROLE, body=RunTold)
def tell_run(call: Call, body: RunTold) -> None:
    """How a run of this device ended; repeating is harmless."""
    reports.tell(call.device, body)


@endpoint("PUT", "nights/schedule", roles=EVERY_ROLE, body=Schedule)
def plan_nights(call: Call, body: Schedule) -> None:
    """When this device runs every evening, or that it no longer does."""
    reports.plan(call.device, body)


@endpoint("GET", "nights", roles=AT_THE_DESK, answer=Nights)
def get_nights(call: Call) -> Nights:
    """The cabinet's planned evenings and its runs of late, of all its devices."""
    return Nights(tuple(reports.shown_plans(call.device)), tuple(reports.shown_runs(call.device)))

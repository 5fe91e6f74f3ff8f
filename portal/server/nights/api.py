"""The endpoints on a cabinet's nights (see `portal.api.nights`)."""

from portal.api.nights import AskedRun, Nights, RunProgress, RunTold, Schedule, Wanted
from portal.server.api.endpoint import AT_THE_DESK, EVERY_ROLE, Call, endpoint
from portal.server.nights import reports, requests


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


@endpoint("POST", "nights/requests", roles=AT_THE_DESK, answer=AskedRun)
def ask_for_run(call: Call) -> AskedRun:
    """Ask the computer with the nightly task for a run now; the one that is asked for already, if any."""
    return requests.ask(call.device)


@endpoint("GET", "nights/requests/<digest:asked>", roles=AT_THE_DESK, answer=AskedRun)
def get_request(call: Call, *, asked: str) -> AskedRun:
    """How far a run is that was asked for."""
    return requests.look(call.device, asked)


@endpoint("DELETE", "nights/requests/<digest:asked>", roles=AT_THE_DESK)
def give_up_request(call: Call, *, asked: str) -> None:
    """It is wanted no longer; a run under way stops before its commit."""
    requests.give_up(call.device, asked)


@endpoint("POST", "nights/requests/claim", roles=EVERY_ROLE, answer=Wanted)
def claim_request(call: Call) -> Wanted:
    """Take what is asked for, if anything is."""
    return requests.claim(call.device)


@endpoint("POST", "nights/requests/<digest:asked>/progress", roles=EVERY_ROLE, body=RunProgress, answer=AskedRun)
def tell_progress(call: Call, body: RunProgress, *, asked: str) -> AskedRun:
    """Where the run stands that this device took."""
    return requests.progress(call.device, asked, body)

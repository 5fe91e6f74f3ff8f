"""A run by the computer that reads the export, asked for from one that does not. No Qt."""

from app.desk.desk import Desk
from app.publishing.runs import Finished, carry_out
from app.tasks import Reporter
from cabinet.errors import WebOrthoError
from portal.api.errors import PortalRefused
from portal.api.nights import AskedRun, RunTold
from sync.errors import Cancelled
from sync.run import Progress

LOOK_EVERY = 2.0
"""Seconds."""
NO_AGENT = "no-agent"
"""Kind of the refusal of a cabinet in which no other computer would answer."""


class AskedInVain(WebOrthoError):
    """No computer took the request, or the one that did went silent."""


def synchronise(desk: Desk, reporter: Reporter) -> Finished | RunTold:
    """Run here where the export is within reach, and by the cabinet's other computer otherwise.

    Raise what `carry_out` and `ask` do.
    """
    if desk.sees_source():
        return carry_out(desk, reporter)
    try:
        return ask(desk, reporter)
    except PortalRefused as refusal:
        if refusal.kind != NO_AGENT or not desk.config.source or not desk.config.reads_source:
            raise
    return carry_out(desk, reporter)  # it says what is wrong with the source


def ask(desk: Desk, reporter: Reporter) -> RunTold:
    """Have the other computer run, and follow it: each `AskedRun` is reported. How it ended.

    Raise `AskedInVain`, `Cancelled` (the other one stops, too), `PortalError`.
    """
    with desk.portal(reporter.cancel) as portal:
        asked = portal.nights.ask()
        try:
            while asked.state.is_open:
                reporter.progress(asked)
                reporter.cancel.wait(LOOK_EVERY)
                asked = portal.nights.look(asked.request)
        except Cancelled:
            portal.nights.give_up(asked.request)
            raise
    if asked.run is None:
        raise AskedInVain(asked.what or "Un autre poste a abandonné cette synchronisation.", asked.todo)
    return asked.run


def step_of(asked: AskedRun) -> Progress | None:
    """How far the other computer is; None before it says so."""
    step = asked.progress
    return Progress(step.phase, step.done, step.total) if step else None


def words(asked: AskedRun) -> str:
    """What is waited for, before the other computer says how far it is."""
    name = f"«\u00a0{asked.device_name}\u00a0»"
    if asked.progress is None:
        return f"Demandé au poste {name}, qui répond d’ordinaire en moins de cinq minutes…"
    return f"Sur le poste {name}"

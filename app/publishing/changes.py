"""What a synchronisation would change of one patient: rows of a table, and what asks the portal for them. No Qt."""

from dataclasses import dataclass

from app.desk.desk import Desk
from app.tasks import Reporter
from cabinet.dossier import Dossier
from sync.differences import Change
from sync.shown import Comparison, compared

COMPARABLE = frozenset(("changed", "reused"))
"""Keys of the groups (`runs.groups`) whose patients both the portal and the export have."""
_ABSENT = "—"
_EMPTY = "vide"
_PRESENT = "présent"


@dataclass(frozen=True)
class Row:
    what: str
    shown: str
    now: str


@dataclass(frozen=True)
class Changes:
    sentence: str
    rows: tuple[Row, ...]
    unchanged: str
    """« Sans changement : l’identité, 12 rendez-vous. », or nothing."""


def changes_of(found: Comparison) -> Changes:
    if found.differences is None:
        return Changes(f"{found.published} L’export n’a plus ce patient.", (), "")
    changes = found.differences.changes
    rows = tuple(Row(change.what, _side(change, change.shown), _side(change, change.now)) for change in changes)
    told = "" if rows else " L’export dit maintenant la même chose."
    return Changes(f"{found.published}{told}", rows, found.unchanged)


def ask(desk: Desk, number: str, now: Dossier | None, reporter: Reporter) -> Changes:
    """Compare in a task. Raise what `sync.shown.compared` does."""
    with desk.portal(reporter.cancel) as portal:
        return changes_of(compared(portal.desk, number, now))


def _side(change: Change, said: str | None) -> str:
    if said is None:
        return _ABSENT
    is_whole = None in (change.shown, change.now)
    return said or (_PRESENT if is_whole else _EMPTY)

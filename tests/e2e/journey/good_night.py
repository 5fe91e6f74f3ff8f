"""A cabinet that was published yesterday, and what a night that follows may do to it, whatever its data became."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cabinet.dossier import Dossier, decode
from cabinet.errors import WebOrthoError
from cabinet.filled import mask_of
from cabinet.identity import HISTORY, PARTS, parts_changed, prints_of
from cabinet.mapping import load_mapping
from cabinet.sources.location import Location
from portal.api.guards import CHANGED_PATIENTS, CHANGED_SHARE, HISTORY_SHARE
from sync.config import read_config
from sync.gathered import Gathered
from sync.plan import Plan
from sync.report import RunReport
from sync.rereading import gather
from tests.e2e.journey.clinic import Device

Night = tuple[RunReport, Plan] | WebOrthoError


@dataclass(frozen=True)
class Cabinet:
    device: Device
    yesterday: Path
    """What this computer remembers of that night."""
    dossiers: dict[str, Dossier]

    def tonight(self, *, with_memory: bool) -> Night:
        """What a run would do, as a dry run tells it: it goes through every guard, and leaves the portal as it was."""
        shutil.rmtree(self.device.state)
        shutil.copytree(self.yesterday, self.device.state)
        if not with_memory:
            for reading in self.device.state.glob("reading-*"):
                reading.unlink()
        plans: list[Plan] = []
        try:
            report = self.device.run_here(dry_run=True, planned=plans.append)
        except WebOrthoError as refusal:
            return refusal
        return report, plans[-1]


def published(device: Device, patients: int) -> Cabinet:
    """The cabinet of a device that publishes its `patients` for the first time."""
    assert device.run_here().added == patients
    yesterday = device.folder / "yesterday"
    shutil.copytree(device.state, yesterday)
    return Cabinet(device, yesterday, dossiers_of(device))


def dossiers_of(device: Device) -> dict[str, Dossier]:
    """All that its source says now."""
    now = reading_of(device)
    return {number: decode(now.encoded[number]) for number in now.fingerprints}


def reading_of(device: Device) -> Gathered:
    source = Location(read_config(device.config).source)
    return gather(source, load_mapping(device.mapping), device.credentials.digest_key)


def require_harmless(cabinet: Cabinet, night: Night) -> None:
    """Refused with two sentences; or nobody is withdrawn, few are new or have another name, and what they lost is told.

    That includes patients whose amounts are no ordinary ones any more (`cabinet.filled`). What a fifth of them said is
    still said by some.
    """
    if isinstance(night, WebOrthoError):
        assert night.exit_code in (1, 2)
        assert night.what.endswith(".")
        assert night.todo.endswith((".", "?"))
        return
    report, plan = night
    assert plan.withdrawn == ()
    assert len(plan.added) <= CHANGED_PATIENTS
    assert all(group.places and group.first.file and group.sentence for group in report.problems)
    now = dossiers_of(cabinet.device) if plan.published else {}
    before = cabinet.dossiers
    emptied = [n for n in plan.changed if mask_of(before[n]) & ~mask_of(now[n])]
    lost = [n for n in plan.changed if lines_of(now[n]) < lines_of(before[n])]
    doubled = [n for n in plan.changed if lines_of(now[n]) > 1.5 * lines_of(before[n])]
    assert len(doubled) <= CHANGED_PATIENTS
    # What one patient lost is told: a row that is refused, a value that is left out.
    told = sum(group.count for group in report.problems)
    assert told >= max(len(emptied), len(lost))
    changed = [parts_changed(_prints(before[n]), _prints(now[n])) for n in plan.changed]
    for part, patients in zip(PARTS, map(sum, zip(*changed, strict=True)), strict=False):
        share = HISTORY_SHARE if part in HISTORY else CHANGED_SHARE
        assert patients <= max(CHANGED_PATIENTS, share * len(before)), part

    for what, says in SAYINGS.items():
        had = [number for number in before if says(before[number])]
        left = [number for number in had if says(now.get(number, before[number]))]
        assert len(left) >= len(had) / 10 or len(had) < len(before) / 5, what
    for what, line in LINES.items():
        pairs = [(line(before[number]), line(now[number])) for number in plan.changed]
        assert sum(None not in pair and pair[0] != pair[1] for pair in pairs) <= len(before) / 2, what


def _is_ordinary(cents: int | None) -> bool:
    return cents is not None and 20_00 <= cents < 2_000_00


SAYINGS: Mapping[str, Callable[[Dossier], bool]] = {
    "a planned visit": lambda d: any(visit.status == "planned" for visit in d.appointments),
    "an attended visit": lambda d: any(visit.status == "attended" for visit in d.appointments),
    "an instalment that is due": lambda d: any(due.settled is False for due in d.instalments),
    "an instalment that is paid": lambda d: any(due.settled for due in d.instalments),
    "an instalment's usual sum": lambda d: any(_is_ordinary(due.amount) for due in d.instalments),
    "an instalment's usual total": lambda d: any(_is_ordinary(due.total) for due in d.instalments),
    "a fee's usual sum": lambda d: any(_is_ordinary(fee.amount) for fee in d.fees),
    "a fee's usual total": lambda d: any(_is_ordinary(fee.total) for fee in d.fees),
    "a fee's usual rest": lambda d: any(_is_ordinary(fee.remaining) for fee in d.fees),
    "a usual balance": lambda d: d.balance is not None and _is_ordinary(d.balance.amount),
}
"""What a fifth of the patients may not all cease to say in one night; written apart from what the program watches."""
LINES: Mapping[str, Callable[[Dossier], object]] = {
    "first visit": lambda d: [visit.start for visit in d.appointments[:1]] or None,
    "first fee": lambda d: [(fee.total, fee.amount) for fee in d.fees[:1]] or None,
    "last instalment": lambda d: [(due.total, due.amount) for due in d.instalments[-1:]] or None,
}
"""What may not become another for half of them."""


def _prints(dossier: Dossier) -> bytes:
    return prints_of(dossier, b"k" * 32)


def lines_of(dossier: Dossier) -> int:
    return len(dossier.appointments) + len(dossier.instalments) + len(dossier.fees) + len(dossier.addressees)

"""One run asked for by a person at this computer, and whom it concerns. No Qt."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from app.desk.desk import Desk
from app.tasks import Reporter
from cabinet.dossier import Dossier
from portal.api.guards import Losses
from sync.configured import run_configured
from sync.errors import GuardRefused
from sync.plan import Plan
from sync.report import Launch, RunReport


@dataclass(frozen=True)
class Finished:
    """A run that ended well. `plan` is None where the portal showed all of it already."""

    report: RunReport
    plan: Plan | None
    names: Mapping[str, str] = field(default_factory=dict)
    """Of a dry run: number -> name, of all that was read."""
    dossiers: Mapping[str, Dossier] = field(default_factory=dict)
    """Of a dry run: what the export says of those whom the portal shows otherwise."""


def simulate(desk: Desk, reporter: Reporter) -> Finished:
    """A dry run in a task, with the names of whom it read. Raise what `carry_out` does."""
    finished = _run(desk, reporter, dry_run=True)
    plan, read = finished.plan, desk.read_source().dossiers
    differing = frozenset((*plan.changed, *plan.reused) if plan else ())
    dossiers = {dossier.number: dossier for dossier in read if dossier.number in differing}
    return Finished(finished.report, plan, names_of(read), dossiers)


def carry_out(
    desk: Desk,
    reporter: Reporter,
    *,
    confirmed: Collection[str] = (),
    reused: Collection[str] = (),
    losses: Losses | None = None,
) -> Finished:
    """Run in a task: each `Progress` and the `Plan` are reported. Raise what `sync.configured.run_configured` does.

    The withdrawals of `confirmed` numbers, the new patients of `reused` ones and the confirmed `losses` go through.
    Raise `GuardRefused` when other withdrawals or losses would go with them: the export changed since a person looked.
    """
    return _run(desk, reporter, dry_run=False, confirmed=confirmed, reused=reused, losses=losses)


def _run(
    desk: Desk,
    reporter: Reporter,
    *,
    dry_run: bool,
    confirmed: Collection[str] = (),
    reused: Collection[str] = (),
    losses: Losses | None = None,
) -> Finished:
    plans: list[Plan] = []
    _ = desk.source  # its sentence leads to the settings, the sync's own to a file

    def planned(plan: Plan) -> None:
        plans.append(plan)
        reporter.progress(plan)
        if plan.is_confirmed and set(plan.withdrawn).difference(confirmed):
            raise GuardRefused(
                "L’export a changé depuis que la liste des retraits a été montrée. Rien n’a été publié.",
                "Vérifiez de nouveau la liste, puis confirmez-la.",
            )
        if plan.lost and plan.lost != losses:
            raise GuardRefused(
                "L’export a changé depuis que ce qui manque ou diffère a été montré. Rien n’a été publié.",
                "Relancez la synchronisation pour le voir de nouveau.",
            )

    report = run_configured(
        desk.config,
        desk.base,
        desk.state_dir,
        dry_run=dry_run,
        confirm_withdrawals=bool(confirmed),
        confirm_losses=losses is not None,
        confirm_reused=frozenset(reused),
        launch=Launch.MANUAL,
        cancel=reporter.cancel,
        progress=reporter.progress,
        planned=planned,
    )
    return Finished(report, plans[-1] if plans else None)


UNKNOWN_NAME = "Nom inconnu de ce poste"
"""The journal keeps numbers alone; a name is known while this computer has read it since it was started."""


@dataclass(frozen=True)
class Person:
    number: str
    name: str


@dataclass(frozen=True)
class Group:
    """Patients to whom the same happens. `words` follow their count."""

    key: str
    words: str
    people: tuple[Person, ...]

    @property
    def label(self) -> str:
        return f"{self.words} ({len(self.people)})"


def names_of(dossiers: Iterable[Dossier]) -> dict[str, str]:
    """Number -> « MARTIN Lina »."""
    return {dossier.number: f"{dossier.patient.last_name} {dossier.patient.first_name}".strip() for dossier in dossiers}


def people(numbers: Iterable[str], names: Mapping[str, str]) -> tuple[Person, ...]:
    return tuple(Person(number, names.get(number) or UNKNOWN_NAME) for number in numbers)


def groups(plan: Plan, names: Mapping[str, str]) -> tuple[Group, ...]:
    """Who would be added, changed, withdrawn, and who would wait; the last only where there are some."""
    shown = (
        Group("added", "À ajouter", people(plan.added, names)),
        Group("changed", "À modifier", people(plan.changed, names)),
        Group("withdrawn", "À retirer", people(plan.withdrawn, names)),
    )
    waiting = (
        Group("held", "Retraits en attente", people(plan.held, names)),
        Group("reused", "Numéros réutilisés", people(plan.reused, names)),
    )
    return (*shown, *(group for group in waiting if group.people))

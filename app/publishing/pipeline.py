"""Source, Contrôle, Différences, Portail: what each step counts, of a run, of a plan, and while one is under way."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.api.nights import Phase
from sync.plan import Plan
from sync.report import Outcome, RunReport
from sync.run import Progress
from sync.wording import counted, number

UNKNOWN = "—"


class Stage(StrEnum):
    SOURCE = "Source"
    CONTROL = "Contrôle"
    DIFFERENCES = "Différences"
    PORTAL = "Portail"


class Light(StrEnum):
    """How far a step is. Its value is what screen readers say."""

    QUIET = ""
    """No run is under way."""
    WAITING = "à venir"
    ACTIVE = "en cours"
    DONE = "terminé"
    FAILED = "arrêté ici"


@dataclass(frozen=True)
class Figure:
    """A number as it is shown, the words under it, and a quieter line."""

    value: str = UNKNOWN
    words: str = ""
    note: str = ""

    @property
    def spoken(self) -> str:
        return " ".join(filter(None, (self.value, self.words, self.note)))


@dataclass(frozen=True)
class Pipeline:
    """All that is painted. `differences` are added, changed, withdrawn and unchanged."""

    source: Figure
    control: Figure
    differences: tuple[Figure, Figure, Figure, Figure]
    portal: Figure
    lights: Mapping[Stage, Light]

    @property
    def spoken(self) -> str:
        """The whole, as a screen reader says it."""
        said = {
            Stage.SOURCE: self.source.spoken,
            Stage.CONTROL: self.control.spoken,
            Stage.DIFFERENCES: ", ".join(figure.spoken for figure in self.differences),
            Stage.PORTAL: self.portal.spoken,
        }
        return ". ".join(
            f"{stage}{f' ({light})' if (light := self.lights[stage]) else ''}, {said[stage]}" for stage in Stage
        )


def empty(published: int | None = None) -> Pipeline:
    """Nothing was ever counted on this computer; `published` is what the portal says."""
    return Pipeline(
        source=Figure(words="dossiers lus"),
        control=Figure(words="dossiers valides"),
        differences=_differences(None, None, None, None, foreseen=False),
        portal=Figure(words="patients publiés")
        if published is None
        else Figure(number(published), _published(published)),
        lights=dict.fromkeys(Stage, Light.QUIET),
    )


def of_report(report: RunReport) -> Pipeline:
    """What a run did or, of a dry run, would do."""
    foreseen = report.status is Outcome.PLANNED
    waiting = len(report.held) + len(report.reused) + report.stayed  # shown as they were
    shown = report.unchanged + report.added + report.changed + waiting
    return Pipeline(
        source=_source(report.rows or report.counts.patients),
        control=_control(report.counts.patients, report.rows, report.left_out),
        differences=_differences(report.added, report.changed, report.withdrawn, report.unchanged, foreseen=foreseen),
        portal=Figure(
            number(shown),
            _word(shown, "patient à publier", "patients à publier") if foreseen else _published(shown),
            _moved(report.added + report.changed, report.withdrawn, foreseen=foreseen),
        ),
        lights=dict.fromkeys(Stage, Light.QUIET),
    )


def of_counts(added: int, changed: int, withdrawn: int, unchanged: int) -> Pipeline:
    """What another computer told of its run: dossiers, without the rows that they were read from."""
    shown = added + changed + unchanged
    return dataclasses.replace(
        empty(shown),
        differences=_differences(added, changed, withdrawn, unchanged, foreseen=False),
        portal=Figure(number(shown), _published(shown), _moved(added + changed, withdrawn, foreseen=False)),
    )


def started() -> Pipeline:
    """A run begins: it reads."""
    return _lit(empty(), Stage.SOURCE)


def progressed(pipeline: Pipeline, progress: Progress) -> Pipeline:
    """A run goes on: `progress` lights its step."""
    if progress.phase is Phase.READ:
        return _lit(pipeline, Stage.SOURCE)
    if progress.phase is Phase.COMPARE:
        return _lit(pipeline, Stage.DIFFERENCES)
    lit = _lit(pipeline, Stage.PORTAL)
    return dataclasses.replace(lit, portal=dataclasses.replace(lit.portal, note=_sending(progress)))


def planned(pipeline: Pipeline, plan: Plan) -> Pipeline:
    """A run knows what it will do."""
    shown = len(plan.after.entries)
    return dataclasses.replace(
        pipeline,
        source=_source(plan.counts.patients),
        control=_control(plan.counts.patients, 0, plan.left_out),
        differences=_differences(
            len(plan.added), len(plan.changed), len(plan.withdrawn), plan.unchanged, foreseen=True
        ),
        portal=Figure(number(shown), _word(shown, "patient à publier", "patients à publier")),
    )


def stopped(pipeline: Pipeline) -> Pipeline:
    """A run ended where it was: refused, failed or cancelled."""
    return dataclasses.replace(
        pipeline,
        lights={stage: Light.FAILED if light is Light.ACTIVE else light for stage, light in pipeline.lights.items()},
    )


def step_words(progress: Progress) -> str:
    """What a run is doing, for the line above the bar."""
    words = {
        Phase.READ: "Lecture de l’export",
        Phase.COMPARE: "Comparaison avec le portail",
        Phase.PHOTOS: "Envoi des photos",
        Phase.SEND: "Envoi des dossiers",
        Phase.COMMIT: "Publication",
    }[progress.phase]
    return f"{words}, {number(progress.done)} sur {number(progress.total)}" if progress.total else f"{words}…"


_SHARES = {
    Phase.READ: (0.02, 0.30),
    Phase.COMPARE: (0.30, 0.35),
    Phase.PHOTOS: (0.35, 0.65),
    Phase.SEND: (0.65, 0.95),
    Phase.COMMIT: (0.95, 1.0),
}
"""Where each phase begins and ends on the bar, of 1."""


def _sending(progress: Progress) -> str:
    """The same in a card's width."""
    if progress.phase is Phase.COMMIT:
        return "Publication…"
    things = "photos" if progress.phase is Phase.PHOTOS else "dossiers"
    return f"{number(progress.done)} sur {number(progress.total)} {things}"


def part_done(progress: Progress) -> float:
    """How far the whole run is, from 0 to 1."""
    begins, ends = _SHARES[progress.phase]
    return begins + (ends - begins) * (progress.done / progress.total if progress.total else 0)


def _lit(pipeline: Pipeline, active: Stage) -> Pipeline:
    order = list(Stage)
    at = order.index(active)
    return dataclasses.replace(
        pipeline,
        lights={
            stage: Light.DONE if place < at else Light.ACTIVE if place == at else Light.WAITING
            for place, stage in enumerate(order)
        },
    )


def _source(rows: int) -> Figure:
    return Figure(number(rows), _word(rows, "dossier lu", "dossiers lus"), "Export du cabinet")


def _control(read: int, rows: int, left_out: int) -> Figure:
    valid = read - left_out
    notes = []
    if left_out:
        notes.append(counted(left_out, "masqué"))
    if rows > read:
        notes.append(counted(rows - read, "refusé"))
    return Figure(number(valid), _word(valid, "dossier valide", "dossiers valides"), ", ".join(notes))


def _differences(
    added: int | None, changed: int | None, withdrawn: int | None, unchanged: int | None, *, foreseen: bool
) -> tuple[Figure, Figure, Figure, Figure]:
    def figure(count: int | None, done: str, todo: str) -> Figure:
        if count is None:
            return Figure(words=f"{done}s")
        return Figure(number(count), todo if foreseen else _word(count, done, f"{done}s"))

    return (
        figure(added, "ajouté", "à ajouter"),
        figure(changed, "modifié", "à modifier"),
        figure(withdrawn, "retiré", "à retirer"),
        figure(unchanged, "inchangé", _word(unchanged or 0, "inchangé", "inchangés")),
    )


def _published(count: int) -> str:
    return _word(count, "patient publié", "patients publiés")


def _moved(sent: int, withdrawn: int, *, foreseen: bool) -> str:
    if foreseen:
        return f"{number(sent)} à envoyer, {number(withdrawn)} à retirer"
    if not sent and not withdrawn:
        return "Rien à envoyer"
    return f"{counted(sent, 'envoyé')}, {counted(withdrawn, 'retiré')}"


def _word(count: int, one: str, many: str) -> str:
    return one if count < 2 else many

"""Why a patient is on the portal as they are: for the person at this computer alone, never for a log.

The portal gives digests, not dossiers, to a computer: what can be told is whether it shows what the export says today,
what the export says, and what is wrong with the patient's rows.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from cabinet.cutting import CutFolder, HeldFolder
from cabinet.dossier import AppointmentStatus, Dossier, decode
from cabinet.errors import SourceError
from cabinet.mapping import Mapping
from cabinet.problems import Place, Problem
from cabinet.reading import read
from cabinet.sources.location import Location
from cabinet.sources.patient_lines import Uncuttable
from sync.config import SyncConfig, open_store, read_credentials, source_of
from sync.configured import run_configured
from sync.gathered import Gathered
from sync.journal import Journal
from sync.plan import Plan
from sync.wording import NO_BREAK_SPACE, counted

_STATES = {
    AppointmentStatus.PLANNED: "prévu",
    AppointmentStatus.ATTENDED: "honoré",
    AppointmentStatus.MISSED: "manqué",
    AppointmentStatus.CANCELLED: "annulé",
}
_UNTIL_CONFIRMED = "Le portail garde le dossier d’avant jusqu’à ce qu’un praticien confirme."


def explain(config: SyncConfig, base: Path, state_dir: Path, number: str) -> tuple[str, ...]:
    """French lines on one patient: what the next sync would do, why, and what the export says of them.

    A dry run is made for it. Raise what `run_configured` does.
    """
    plans: list[Plan] = []
    seen: list[tuple[Gathered, Mapping]] = []
    run_configured(
        config,
        base,
        state_dir,
        dry_run=True,
        planned=plans.append,
        seen=lambda now, mapping: seen.append((now, mapping)),
    )
    plan, (now, mapping) = plans[-1], seen[-1]
    credentials = read_credentials(open_store(config, base), config.portal, config.cabinet)
    problems = problems_of(number, source_of(config, base), mapping, credentials.digest_key)
    not_published = Journal(state_dir, config.portal, config.cabinet).recall().not_published
    dossier = decode(now.encoded[number]) if number in now.fingerprints else None
    return (
        f"Patient {number}",
        verdict(number, plan, is_read=dossier is not None, is_barred=number in not_published),
        *(f"  {problem.place}{NO_BREAK_SPACE}: {problem.sentence}" for problem in problems),
        *(contents(dossier) if dossier else ()),
    )


def verdict(number: str, plan: Plan, *, is_read: bool, is_barred: bool) -> str:
    """What the next sync does with this patient, in one sentence. `is_barred`: hidden or erased."""
    if is_barred:
        return "Ce patient n’est pas publié\u00a0: le cabinet l’a masqué, ou il a demandé à être effacé."
    outcomes = (
        (plan.reused, f"Retenu\u00a0: ce numéro semble passé à un autre patient. {_UNTIL_CONFIRMED}"),
        (plan.held, f"Retenu\u00a0: beaucoup de patients ne sont plus dans l’export, dont lui. {_UNTIL_CONFIRMED}"),
        (plan.stayed, "Le portail garde le dossier d’avant\u00a0: la ligne du patient est refusée."),
        (plan.withdrawn, "À retirer\u00a0: ce patient n’est plus dans l’export."),
        (plan.added, "À ajouter\u00a0: le portail ne montre pas encore ce patient."),
        (
            plan.changed,
            "À mettre à jour\u00a0: l’export dit autre chose que le portail, qui en garde l’empreinte seule.",
        ),
    )
    for numbers, sentence in outcomes:
        if number in numbers:
            return sentence
    if is_read:
        return "À jour\u00a0: le portail montre exactement ce que dit l’export."
    return "Inconnu\u00a0: ce numéro n’a de dossier ni dans l’export, ni sur le portail."


def problems_of(number: str, source: Location, mapping: Mapping, digest_key: bytes) -> tuple[Problem, ...]:
    """The problems of a patient's rows; of a source that cannot be cut by patient, those that name the number."""
    problems = read(source, mapping, digest_key).problems
    own = _places_of(number, source, mapping, digest_key, problems)
    return tuple(problem for problem in problems if problem.place in own or problem.value == number)


def _places_of(
    number: str, source: Location, mapping: Mapping, digest_key: bytes, problems: Sequence[Problem]
) -> frozenset[Place]:
    if source.is_database or not Path(source.text).is_dir():
        return frozenset()
    try:
        cut = CutFolder(HeldFolder(Path(source.text)), mapping, digest_key)
        own = cut.row_problems(problems).get(number, ())
        return frozenset(Place(known.file, cut.line_of(number, known), known.column) for known in own)
    except (Uncuttable, SourceError):
        return frozenset()


def contents(dossier: Dossier) -> Iterator[str]:
    """What the export says of a patient, part by part."""
    patient = dossier.patient
    born = f", né(e) le {_day(patient.birth_date)}" if patient.birth_date else ", sans date de naissance"
    yield f"{' '.join(filter(None, (patient.civility, patient.last_name, patient.first_name)))}{born}"
    for to in dossier.addressees:
        facts = (to.civility, to.last_name, to.first_name, to.address_1, to.postcode, to.city, to.email, to.mobile)
        yield f"Destinataire{NO_BREAK_SPACE}: {' '.join(filter(None, facts))}"
    yield f"{counted(len(dossier.appointments), 'rendez-vous', 'rendez-vous')}"
    for visit in dossier.appointments:
        told = (visit.start.strftime("%d/%m/%Y %Hh%M"), visit.kind, visit.practitioner, _STATES[visit.status])
        yield f"  {' '.join(filter(None, told))}"
    yield counted(len(dossier.instalments), "échéance")
    for line in dossier.instalments:
        yield f"  {_day(line.date)} {line.label} {_euros(line.amount)}".rstrip()
    yield counted(len(dossier.fees), "ligne d’honoraires", "lignes d’honoraires")
    for fee in dossier.fees:
        yield f"  {_day(fee.date)} {fee.label} {_euros(fee.amount)}".rstrip()
    if dossier.balance:
        yield f"Solde{NO_BREAK_SPACE}: {_euros(dossier.balance.amount)}"
    yield "Avec une photo" if dossier.photo_digest else "Sans photo"


def _day(date: dt.date | None) -> str:
    return date.strftime("%d/%m/%Y") if date else "sans date"


def _euros(cents: int | None) -> str:
    return "" if cents is None else f"{cents / 100:.2f}".replace(".", ",") + f"{NO_BREAK_SPACE}€"

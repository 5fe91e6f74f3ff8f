"""Why a patient is on the portal as they are: for the person at this computer alone, never for a log.

A computer at the desk is told what the portal shows, which then stands line by line beside what the export says. The
nightly program's device opens no dossier: there, and where the portal cannot be asked, what the export says is told.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from cabinet.cutting import CutFolder, HeldFolder
from cabinet.dossier import Dossier, Fee, Instalment, decode
from cabinet.errors import SourceError, WebOrthoError
from cabinet.fields import FIELDS, Kind
from cabinet.mapping import Mapping
from cabinet.problems import Place, Problem
from cabinet.reading import read
from cabinet.sources.location import Location
from cabinet.sources.patient_lines import Uncuttable
from portal.api.connections import Connections
from portal.api.desk_client import DeskClient
from sync.config import SyncConfig, open_store, read_credentials, source_of
from sync.configured import run_configured
from sync.differences import said
from sync.expected import barred
from sync.gathered import Gathered
from sync.journal import Journal, PortalMemory
from sync.plan import Plan
from sync.shown import compared
from sync.told import TO_TELL
from sync.wording import NO_BREAK_SPACE, counted, day, euros, moment

_ENDS_EARLY = "l’export s’est peut-être arrêté trop tôt, il y manque les derniers numéros, dont le sien."
_UNTIL_CONFIRMED = "Le portail garde le dossier d’avant jusqu’à ce qu’un praticien confirme."


def explain(config: SyncConfig, base: Path, state_dir: Path, number: str) -> tuple[str, ...]:
    """French lines on one patient: what the next sync would do, why, and what it would change or the export says.

    A dry run is made for it, which no history shows. Raise what `run_configured` does.
    """
    plans: list[Plan] = []
    seen: list[tuple[Gathered, Mapping]] = []
    run_configured(
        config,
        base,
        state_dir,
        dry_run=True,
        is_journalled=False,
        planned=plans.append,
        seen=lambda now, mapping: seen.append((now, mapping)),
    )
    plan, (now, mapping) = plans[-1], seen[-1]
    credentials = read_credentials(open_store(config, base), config.portal, config.cabinet)
    source, key = source_of(config, base), credentials.digest_key
    problems = problems_of(number, source, mapping, key)
    passed_over = "" if number in now.fingerprints else _passed_over(number, source, mapping, key)
    memory = Journal(state_dir, config.portal, config.cabinet).recall()
    dossier = decode(now.encoded[number]) if number in now.fingerprints else None
    told = tuple(contents(dossier)) if dossier else ()
    if number in (*plan.changed, *plan.withdrawn, *plan.held, *plan.stayed, *plan.reused):
        with Connections() as connections:
            client = DeskClient(config.portal, credentials.token, connections, patience=TO_TELL)
            told = tuple(beside_the_portal(client, number, dossier))
    return (
        f"Patient {number}",
        _barred(number, memory)
        if number in barred(now, memory)
        else verdict(number, plan, now.fingerprints, passed_over=passed_over),
        *told_once(problems),
        *told,
    )


def beside_the_portal(client: DeskClient, number: str, dossier: Dossier | None) -> Iterator[str]:
    """What would change of what the portal shows; why not, and what the export says, where it does not tell.

    Of a patient without a dossier in the export: what the portal shows.
    """
    try:
        found = compared(client, number, dossier)
    except WebOrthoError as error:
        yield str(error)
        yield from contents(dossier) if dossier else ()
        return
    yield found.published
    if found.differences is None:
        yield from contents(found.shown)
        return
    yield "Du portail à l’export\u00a0:"
    yield from (f"  {change.words}" for change in found.differences.changes)
    yield from filter(None, (found.unchanged,))


def _barred(number: str, memory: PortalMemory) -> str:
    """Why a number that is hidden or erased, or spelled like one, is not published."""
    if number in memory.not_published:
        return "Ce patient n’est pas publié\u00a0: le cabinet l’a masqué, ou il a demandé à être effacé."
    return (
        "Ce patient n’est pas publié\u00a0: aux zéros du début près, son numéro est celui d’un patient que le cabinet "
        "a masqué, ou qui a demandé à être effacé. Si c’est quelqu’un d’autre, un praticien peut le publier avec "
        f"--confirm-reused {number}."
    )


def _passed_over(number: str, source: Location, mapping: Mapping, digest_key: bytes) -> str:
    """That the mapping's filter leaves out a patient whom the export has; "" where it does not."""
    if (where := mapping.patients.where) is None:
        return ""
    of_all = msgspec.structs.replace(mapping, patients=msgspec.structs.replace(mapping.patients, where=None))
    if all(dossier.number != number for dossier in read(source, of_all, digest_key).dossiers):
        return ""
    return (
        "le filtre du mapping («\u00a0patients.where\u00a0») ne retient pas ce patient, d’après la colonne "
        f"«\u00a0{where.column}\u00a0» de l’export."
    )


def verdict(number: str, plan: Plan, read: Collection[str], *, passed_over: str = "") -> str:
    """What the next sync does with this patient, in one sentence. `read`: whom the export has a dossier of.

    `passed_over`: why it has none, where the mapping's filter is.
    """
    outcomes = (
        (plan.reused, f"Retenu\u00a0: ce numéro semble passé à un autre patient. {_UNTIL_CONFIRMED}"),
        (
            [number for pair in plan.respelled for number in pair],
            f"Retenu\u00a0: les zéros au début de ce numéro ont changé dans l’export. {_UNTIL_CONFIRMED}",
        ),
        (plan.tail, f"Retenu\u00a0: {_ENDS_EARLY} {_UNTIL_CONFIRMED}"),
        (plan.held, f"Retenu\u00a0: beaucoup de patients ne sont plus dans l’export, dont lui. {_UNTIL_CONFIRMED}"),
        (plan.stayed, "Le portail garde le dossier d’avant\u00a0: la ligne du patient est refusée."),
        (plan.withdrawn, f"À retirer\u00a0: {passed_over or 'ce patient n’est plus dans l’export.'}"),
        (plan.added, "À ajouter\u00a0: le portail ne montre pas encore ce patient."),
        (plan.changed, "À mettre à jour\u00a0: l’export dit autre chose que le portail."),
    )
    for numbers, sentence in outcomes:
        if number in numbers:
            return sentence
    if number in read:
        return "À jour\u00a0: le portail montre exactement ce que dit l’export."
    if passed_over:
        return f"Écarté\u00a0: {passed_over}"
    alike = sorted(one for one in read if one.lstrip("0") == number.lstrip("0"))
    todo = f"Vouliez-vous dire {alike[0]}\u00a0?" if alike else "Vérifiez-le dans le logiciel du cabinet."
    return f"Inconnu\u00a0: ce numéro n’a de dossier ni dans l’export, ni sur le portail. {todo}"


def told_once(problems: Iterable[Problem]) -> Iterator[str]:
    """A line for each sentence on a column, with how many rows it is said of."""
    places: dict[tuple[str, str, str], list[Place]] = {}
    for problem in problems:
        places.setdefault((problem.place.file, problem.place.column, problem.sentence), []).append(problem.place)
    for (_, _, sentence), same in places.items():
        count = f" ({counted(len(same), 'ligne')})" if len(same) > 1 else ""
        yield f"  {same[0]}{count}{NO_BREAK_SPACE}: {sentence}"


def problems_of(number: str, source: Location, mapping: Mapping, digest_key: bytes) -> tuple[Problem, ...]:
    """The problems of a patient's rows; of a source that cannot be cut by patient, those that name the number."""
    problems = read(source, mapping, digest_key).problems
    own = _places_of(number, source, mapping, digest_key, problems)
    photos = {one.replace("{number}", number).casefold() for one in mapping.photos.files} if mapping.photos else set()
    return tuple(
        problem
        for problem in problems
        if problem.place in own or problem.value == number or problem.place.file.casefold() in photos
    )


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
    """What a dossier says, part by part."""
    patient = dossier.patient
    born = f", né(e) le {day(patient.birth_date)}" if patient.birth_date else ", sans date de naissance"
    yield f"{' '.join(filter(None, (patient.civility, patient.last_name, patient.first_name)))}{born}"
    for to in dossier.addressees:
        facts = (to.civility, to.last_name, to.first_name, to.address_1, to.postcode, to.city, to.email, to.mobile)
        yield f"Destinataire{NO_BREAK_SPACE}: {' '.join(filter(None, facts))}"
    yield f"{counted(len(dossier.appointments), 'rendez-vous', 'rendez-vous')}"
    for visit in dossier.appointments:
        told = (moment(visit.start), visit.kind, visit.practitioner, said(visit.status, Kind.STATUS))
        yield f"  {' '.join(filter(None, told))}"
    yield counted(len(dossier.instalments), "échéance")
    yield from map(_account, dossier.instalments)
    yield counted(len(dossier.fees), "ligne d’honoraires", "lignes d’honoraires")
    yield from map(_account, dossier.fees)
    if dossier.balance:
        yield f"Solde{NO_BREAK_SPACE}: {euros(dossier.balance.amount)}"
    yield "Avec une photo" if dossier.photo_digest else "Sans photo"


def _account(line: Instalment | Fee) -> str:
    facts = (said(line.date, Kind.DATE) or "sans date", line.label, said(line.amount, Kind.MONEY))
    name, value = ("settled", line.settled) if isinstance(line, Instalment) else ("remaining", line.remaining)
    more = said(value, FIELDS[name].kind)
    return f"  {' '.join(filter(None, facts))}" + (f", {FIELDS[name].label} {more}" if more else "")

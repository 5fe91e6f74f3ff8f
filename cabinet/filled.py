"""Which fields of a dossier say something: an export whose column came out empty is known by counting them.

So is one whose column says the same of all (each visit cancelled, each instalment settled), or lost its decimals.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

import msgspec

from cabinet.dossier import AppointmentStatus, Dossier
from cabinet.problems import Place, Problem, Severity

BIRTH_DATE = "patient.birth_date"
ORDINARY_CENTS = range(20_00, 2_000_00)
"""What most amounts are, and none of those is any more once its decimals are lost: a hundred times more, or less."""


class Watched(msgspec.Struct, frozen=True):
    """What is looked for in a dossier. `key` is part and field; `label` stands within a French sentence."""

    key: str
    label: str
    moves: bool = False
    """Whether one busy day may take it from many patients, as payments and visits do: only its end tells something."""


WATCHED = (
    Watched("patient.last_name", "nom"),
    Watched("patient.first_name", "prénom"),
    Watched(BIRTH_DATE, "date de naissance"),
    Watched("patient.treatment_start", "début de traitement"),
    Watched("addressees.last_name", "nom du destinataire"),
    Watched("addressees.address_1", "adresse du destinataire"),
    Watched("addressees.postcode", "code postal du destinataire"),
    Watched("addressees.city", "ville du destinataire"),
    Watched("addressees.email", "e-mail du destinataire"),
    Watched("addressees.mobile", "mobile du destinataire"),
    Watched("appointments.kind", "nature du rendez-vous"),
    Watched("appointments.duration_minutes", "durée du rendez-vous"),
    Watched("appointments.practitioner", "praticien du rendez-vous"),
    Watched("instalments.label", "libellé de l’échéance"),
    Watched("instalments.total", "total de l’échéance"),
    Watched("instalments.amount", "montant de l’échéance"),
    Watched("instalments.settled", "échéance traitée ou non"),
    Watched("instalments.date", "date de l’échéance"),
    Watched("fees.label", "libellé des honoraires"),
    Watched("fees.total", "total des honoraires"),
    Watched("fees.amount", "montant des honoraires"),
    Watched("fees.remaining", "reste des honoraires"),
    Watched("fees.date", "date des honoraires"),
    Watched("balance.amount", "solde"),
    Watched("photo", "photo"),
    Watched("instalments.ordinary", "montant courant d’échéance (20 à 2\u00a0000\u00a0€)"),
    Watched("fees.ordinary", "montant courant d’honoraires (20 à 2\u00a0000\u00a0€)"),
    Watched("instalments.ordinary_amount", "montant courant d’échéance, sans son total (20 à 2\u00a0000\u00a0€)"),
    Watched("instalments.ordinary_total", "total courant d’échéance (20 à 2\u00a0000\u00a0€)"),
    Watched("instalments.due", "échéance à régler", moves=True),
    Watched("instalments.paid", "échéance réglée", moves=True),
    Watched("fees.ordinary_amount", "montant courant d’honoraires, sans leur total (20 à 2\u00a0000\u00a0€)"),
    Watched("fees.ordinary_total", "total courant d’honoraires (20 à 2\u00a0000\u00a0€)"),
    Watched("fees.ordinary_remaining", "reste courant d’honoraires (20 à 2\u00a0000\u00a0€)", moves=True),
    Watched("balance.ordinary", "solde courant (20 à 2\u00a0000\u00a0€)", moves=True),
    Watched("appointments.planned", "rendez-vous prévu", moves=True),
    Watched("appointments.attended", "rendez-vous honoré", moves=True),
)
"""In the order of counts on the wire (`TableCounts.filled`): new fields are added at its end, none is taken out."""

_PLACE_OF = {watched.key: place for place, watched in enumerate(WATCHED)}


def mask_of(dossier: Dossier) -> int:
    """Bit n is set where the dossier says something of `WATCHED[n]`; of a list, where one of its lines does."""
    mask = 0
    for bit, said_of in _ONCE:
        if said_of(dossier):
            mask |= bit
    for lines_of, fields in _IN_LINES:
        lines = lines_of(dossier)
        for bit, said_of in fields:
            for line in lines:
                said = said_of(line)
                if said or said == 0:  # a sum of 0 and a "no" are said; an empty text is not
                    mask |= bit
                    break
    return mask


def rows_mask(part: str) -> int:
    """The bits that any row of a part (« fees ») sets, unless it says nothing that is watched."""
    return sum(1 << place for place, watched in enumerate(WATCHED) if watched.key.startswith(f"{part}."))


def counted(masks: Iterable[int]) -> tuple[int, ...]:
    """How many of these dossiers fill each field of `WATCHED`, in its order."""
    times: dict[int, int] = {}
    for mask in masks:  # a cabinet's thousands of dossiers have a few dozen masks
        times[mask] = times.get(mask, 0) + 1
    return tuple(sum(count for mask, count in times.items() if mask >> place & 1) for place in range(len(WATCHED)))


def count_of(filled: Sequence[int], key: str) -> int | None:
    """The count of one field; None where whoever counted did not know the field."""
    place = _PLACE_OF[key]
    return filled[place] if place < len(filled) else None


def never_filled(patients: int, filled: Sequence[int], place: Place) -> tuple[Problem, ...]:
    """Of the names and birth dates without which a portal makes little sense, those that nobody has."""
    return tuple(
        Problem(Severity.WARNING, f"no-{key.partition('.')[2].replace('_', '-')}", place, "", sentence)
        for key, sentence in _NEVER.items()
        if patients and count_of(filled, key) == 0
    )


_NEVER = {
    "patient.last_name": "Aucun patient n’a de nom. Indiquez sa colonne («\u00a0patients.columns.last_name\u00a0») "
    "dans le mapping, ou vérifiez l’export.",
    BIRTH_DATE: "Aucun patient n’a de date de naissance\u00a0: la première visite et les liens personnels la demandent."
    " Indiquez sa colonne («\u00a0patients.columns.birth_date\u00a0») dans le mapping, ou vérifiez l’export.",
}


def _ordinary(cents: int | None) -> bool | None:
    """None where the amount is none that most are like, or is not said."""
    # A range compares what is no number with each of its own: half a minute for a cabinet's amounts.
    return True if cents is not None and cents in ORDINARY_CENTS else None


_Get = Callable[[Any], Any]
_LISTS = ("addressees", "appointments", "instalments", "fees")
_ORDINARY: Mapping[str, _Get] = {
    "ordinary": lambda line: _ordinary(line.amount) or _ordinary(line.total),
    "ordinary_amount": lambda line: _ordinary(line.amount),
    "ordinary_total": lambda line: _ordinary(line.total),
}
_SAID_OF: Mapping[str, _Get] = {
    "photo": attrgetter("photo_digest"),
    "balance.amount": attrgetter("balance"),
    "balance.ordinary": lambda dossier: _ordinary(dossier.balance.amount) if dossier.balance else None,
    "instalments.due": lambda line: line.settled is False or None,
    "instalments.paid": lambda line: line.settled or None,
    "fees.ordinary_remaining": lambda line: _ordinary(line.remaining),
    "appointments.planned": lambda visit: visit.status is AppointmentStatus.PLANNED or None,
    "appointments.attended": lambda visit: visit.status is AppointmentStatus.ATTENDED or None,
    **{f"{part}.{name}": of for part in ("instalments", "fees") for name, of in _ORDINARY.items()},
}
"""Key of `WATCHED` -> what a dossier, or one of its lines, says of it, where that is no field of theirs."""
_ONCE: Sequence[tuple[int, _Get]] = tuple(
    (1 << place, _SAID_OF.get(watched.key) or attrgetter(watched.key))
    for place, watched in enumerate(WATCHED)
    if not watched.key.startswith(_LISTS)
)
"""What a dossier says once: (bit, what says it)."""
_IN_LINES: Sequence[tuple[_Get, Sequence[tuple[int, _Get]]]] = tuple(
    (
        attrgetter(part),
        tuple(
            (1 << place, _SAID_OF.get(watched.key) or attrgetter(watched.key.removeprefix(f"{part}.")))
            for place, watched in enumerate(WATCHED)
            if watched.key.startswith(f"{part}.")
        ),
    )
    for part in _LISTS
)
"""What it says in lines: (which lines, the same of a line)."""

"""The words of small vocabularies (states, yes and no) -> what they mean, and those that a person must say."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from cabinet.fields import FIELDS, Kind
from cabinet.guessing.matching import FEW
from cabinet.guessing.model import Level, Match
from cabinet.guessing.samples import Sample
from cabinet.values import Unreadable, fold, parse_boolean, parse_civility, parse_status

_PLANNED, _ATTENDED, _MISSED, _CANCELLED = "planned", "attended", "missed", "cancelled"
_STATUSES = {
    "en attente": _PLANNED,
    "pending": _PLANNED,
    "rdv prevu": _PLANNED,
    "scheduled": _PLANNED,
    "booked": _PLANNED,
    "confirmed": _PLANNED,
    "rdv honore": _ATTENDED,
    "termine": _ATTENDED,
    "fait": _ATTENDED,
    "vu": _ATTENDED,
    "completed": _ATTENDED,
    "arrived": _ATTENDED,
    "done": _ATTENDED,
    "kept": _ATTENDED,
    "no show": _MISSED,
    "noshow": _MISSED,
    "manque": _MISSED,
    "pas venu": _MISSED,
    "deplace": _CANCELLED,
    "rescheduled": _CANCELLED,
    "decommande": _CANCELLED,
    "geplant": _PLANNED,
    "wahrgenommen": _ATTENDED,
    "nicht erschienen": _MISSED,
    "abgesagt": _CANCELLED,
}
"""Words that leave no doubt but that reading does not know by itself. Letters alone (A, X) always leave one."""
_BOOLEANS = {
    **dict.fromkeys(("paye", "payee", "regle", "reglee", "encaisse", "solde", "soldee", "acquitte", "paid"), "oui"),
    **dict.fromkeys(
        ("impaye", "impayee", "non regle", "non paye", "non payee", "du", "en attente", "a regler", "unpaid", "due"),
        "non",
    ),
}


def with_values(match: Match, column: Sample) -> Match:
    """The match with a table of values for the words that need one, and a question for those nobody can guess."""
    kind = FIELDS[match.field].kind
    if kind is Kind.STATUS:
        return _decided(match, column, parse_status, _STATUSES, "planned, attended, missed ou cancelled")
    if kind is Kind.BOOLEAN:
        return _decided(match, column, parse_boolean, _BOOLEANS, "oui ou non")
    if kind is Kind.CIVILITY:
        return _decided(match, column, parse_civility, {}, "Monsieur, Madame, Mademoiselle…")
    return match


def _decided(
    match: Match, column: Sample, parse: Callable[[str], object], known: Mapping[str, str], choices: str
) -> Match:
    values: dict[str, str] = {}
    unknown: list[str] = []
    for text in column.counts:
        try:
            parse(text)
        except Unreadable:
            if meaning := known.get(fold(text)):
                values[text] = meaning
            else:
                unknown.append(text)
    if not values and not unknown:
        return match
    said = ", ".join(f"«\u00a0{text}\u00a0»" for text in sorted(unknown)[:FEW])
    question = (
        f"{said}\u00a0: dites ce que cela veut dire ({choices}) dans une table de valeurs."
        if unknown
        else "relisez la table de valeurs."
    )
    level = Level.LIKELY if match.level is Level.SURE else match.level
    return replace(match, level=level, values=values, question=question, undecided=tuple(sorted(unknown)))

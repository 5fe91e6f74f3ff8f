"""The words of small vocabularies (states, yes and no) -> what they mean, and those that a person must say."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from cabinet.fields import FIELDS, Kind
from cabinet.guessing.matching import FEW
from cabinet.guessing.model import Level, Match
from cabinet.guessing.samples import Sample
from cabinet.guessing.words import ideas_of
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
_BEGINNINGS = {"absent": _MISSED, "absente": _MISSED, "annule": _CANCELLED, "annulee": _CANCELLED}
"""First words that leave none, whatever follows: « Absent non excusé », « Annulé par le patient »."""
_FLAGS = ("cancelled", "missed", "attended")
"""States that a column of their own says yes or no to: first the one that is worst to overlook."""
_BOOLEANS = {
    **dict.fromkeys(("paye", "payee", "regle", "reglee", "encaisse", "solde", "soldee", "acquitte", "paid"), "oui"),
    **dict.fromkeys(
        (
            *("impaye", "impayee", "non regle", "non reglee", "non paye", "non payee", "du", "en attente", "a regler"),
            *("a payer", "a echoir", "a venir", "a encaisser", "a percevoir", "non echu", "non echue", "rejete"),
            *("rejetee", "unpaid", "due"),
        ),
        "non",
    ),
}


def with_values(match: Match, column: Sample) -> Match:
    """The match with a table of values for the words that need one, and a question for those nobody can guess."""
    kind = FIELDS[match.field].kind
    if kind is Kind.STATUS:
        if flag := _flag(column):
            return _flagged(match, column, flag)
        return _decided(match, column, parse_status, _status, _STATES)
    if kind is Kind.BOOLEAN:
        return _decided(match, column, parse_boolean, _BOOLEANS.get, "oui ou non")
    if kind is Kind.CIVILITY:
        return _decided(match, column, parse_civility, lambda _: None, "Monsieur, Madame, Mademoiselle…")
    return match


def status_by_flag(columns: Iterable[Sample]) -> Match | None:
    """The state of appointments where a column says yes or no to one: « RDV annulé », « Manqué », « Venu »."""
    flags = {flag: column for column in columns if (flag := _flag(column))}
    column = next((flags[flag] for flag in _FLAGS if flag in flags), None)
    return Match("status", (column.name,), Level.LIKELY, "le nom, et des oui et des non") if column else None


def _flag(column: Sample) -> str:
    """Which state a column says yes or no to; "" for any other column."""
    if not column.counts or not column.content.fits(Kind.BOOLEAN):
        return ""
    return next((flag for flag in _FLAGS if any(flag in word for word in ideas_of(column.said))), "")


def _flagged(match: Match, column: Sample, flag: str) -> Match:
    """What yes means; no means « not yet » as well, where it is the visit that is said to have been."""
    said = {text: _truth(text) for text in column.counts}
    values = {text: flag for text, truth in said.items() if truth}
    rest = [text for text, truth in said.items() if not truth]
    if flag != _ATTENDED:
        values |= {text: _PLANNED for text in rest if said[text] is False}
        rest = [text for text in rest if said[text] is None]
        question = _FLAG_ALONE.format(column.name)
        return replace(match, level=Level.LIKELY, values=values, question=question, undecided=tuple(sorted(rest)))
    return _asked(replace(match, level=Level.LIKELY, values=values), rest, _STATES)


def _truth(text: str) -> bool | None:
    try:
        return parse_boolean(text)
    except Unreadable:
        return None


def _status(word: str) -> str | None:
    return _STATUSES.get(word) or _BEGINNINGS.get(re.split(r"[^a-z]", word, maxsplit=1)[0])


_STATES = "planned, attended, missed ou cancelled"
_FLAG_ALONE = (
    "la colonne «\u00a0{}\u00a0» ne dit qu’un état\u00a0: tous les autres rendez-vous seraient «\u00a0prévus\u00a0»."
)


def _decided(
    match: Match, column: Sample, parse: Callable[[str], object], known: Callable[[str], str | None], choices: str
) -> Match:
    values: dict[str, str] = {}
    unknown: list[str] = []
    for text in column.counts:
        try:
            parse(text)
        except Unreadable:
            if meaning := known(fold(text)):
                values[text] = meaning
            else:
                unknown.append(text)
    if not values and not unknown:
        return match
    level = Level.LIKELY if match.level is Level.SURE else match.level
    return _asked(replace(match, level=level, values=values), unknown, choices)


def _asked(match: Match, unknown: Sequence[str], choices: str) -> Match:
    said = ", ".join(f"«\u00a0{text}\u00a0»" for text in sorted(unknown)[:FEW])
    question = (
        f"{said}\u00a0: dites ce que cela veut dire ({choices}) dans une table de valeurs."
        if unknown
        else "relisez la table de valeurs."
    )
    return replace(match, question=question, undecided=tuple(sorted(unknown)))

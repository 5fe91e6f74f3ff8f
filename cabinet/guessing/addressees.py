"""Addressees that are columns of the patients' table: parents named there, or else the patient."""

import re
from dataclasses import replace

from cabinet.guessing.halves import holds_halves, with_halves
from cabinet.guessing.matching import matches
from cabinet.guessing.model import Level, Match, PartGuess
from cabinet.guessing.samples import Sample, TableSample
from cabinet.guessing.words import ideas_of
from cabinet.values import fold

_RELATIVES = ("father", "mother", "addressee")
_ASIDE = frozenset({*_RELATIVES, "patient"})
_ADDRESS = ("address_1", "address_2", "postcode", "city")


def in_patients_table(table: TableSample, patients: PartGuess) -> list[PartGuess]:
    """One part for each parent that the patients' columns name; without any, the patient is the addressee."""
    groups = _groups(table)
    relatives = {column.name for columns in groups.values() for column in columns}
    own = [column for column in table.columns if column.name not in relatives | _identity(patients)]
    reached = [match for match in matches("addressees", own, ignore=_ASIDE) if match.field not in _NAMES]
    shared = with_halves("addressees", reached, own)
    parts = []
    nameless: list[Match] = []
    for columns in groups.values():
        found = matches("addressees", columns, ignore=_ASIDE)
        found = with_halves("addressees", [*_named_alone(columns, found), *found], columns)
        if any(match.field in ("last_name", "first_name") for match in found):
            parts.append(_part(table, _completed(found, shared)))
        else:
            nameless += (match for match in found if match.field in _REACHED_BY)
    own_ways = [match for match in shared if match.field != "rank"]
    return parts or [_part(table, [*_names_of(patients), *own_ways, *_asked_about(nameless, own_ways)])]


_REACHED_BY = ("email", "mobile")
_NAMES = ("civility", "last_name", "first_name", "rank")


def _groups(table: TableSample) -> dict[tuple[str, str], list[Sample]]:
    """Columns by the parent that their name speaks of: « NOM_PERE », « DEST2_VILLE »."""
    groups: dict[tuple[str, str], list[Sample]] = {}
    for column in table.columns:
        who = next((who for who in _RELATIVES if any(who in word for word in ideas_of(column.said))), "")
        if who:
            figures = [figure for figure in column.name if figure in "123"]
            is_line = any({"address", "complement"} & word for word in ideas_of(column.said))
            figure = figures[0] if figures and (len(figures) > 1 or not is_line) else ""
            groups.setdefault((who, "" if figure == "1" else figure), []).append(column)
    return groups


def _named_alone(columns: list[Sample], found: list[Match]) -> list[Match]:
    """The last name of a parent whose column says no more than whose it is, where there is their first name too.

    « Resp. légal » beside « Prénom resp. légal », or as « DUPONT Jean »; else it may as well say « Père ».
    """
    fields = {match.field for match in found}
    if "last_name" in fields:
        return []
    for column in columns:
        has_first = "first_name" in fields or (holds_halves("last_name", column) and not _may_refer(column))
        if has_first and all(word & _ASIDE for word in ideas_of(column.said)):
            read = matches("addressees", [replace(column, name="nom", prefix="", suffix="")])
            if name := next((match for match in read if match.field == "last_name"), None):
                return [replace(name, columns=(column.name,), level=Level.LIKELY)]
    return []


def _may_refer(column: Sample) -> bool:
    """Whether the somebody that it names may be who sent the patient: « Correspondant », « Contact »."""
    return re.search("corresp|contact", fold(column.said)) is not None


def _completed(found: list[Match], shared: list[Match]) -> list[Match]:
    """A parent without an address of their own lives at the patient's."""
    has = {match.field for match in found}
    if has & set(_ADDRESS):
        return found
    return [
        *found,
        *(match for match in shared if match.field in (*_ADDRESS, *_REACHED_BY) and match.field not in has),
    ]


def _asked_about(nameless: list[Match], own_ways: list[Match]) -> list[Match]:
    """How somebody is reached whom no column names: a parent most often, but it may be who sent the patient."""
    has = {match.field for match in own_ways}
    first = {match.field: match for match in reversed(nameless) if match.field not in has}
    return [
        replace(match, level=Level.UNSURE, question=_WHOSE.format(match.columns[0]), is_held=True)
        for match in first.values()
    ]


_WHOSE = (
    "la colonne «\u00a0{}\u00a0» est celle de quelqu’un que l’export ne nomme pas. Si c’est à cette personne que le "
    "cabinet écrit, retirez le #."
)


def _names_of(patients: PartGuess) -> list[Match]:
    reason = "celui du patient, faute de destinataire"
    names = (patients.match(name) for name in ("civility", "last_name", "first_name"))
    return [replace(match, level=Level.LIKELY, reason=reason, question="") for match in names if match]


def _identity(patients: PartGuess) -> set[str]:
    return set(patients.used)


def _part(table: TableSample, found: list[Match]) -> PartGuess:
    return PartGuess("addressees", "", tuple(found), table.name)

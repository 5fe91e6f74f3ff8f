"""Addressees of a table of their own that no row of says which patient: each patient's row says which family.

Brothers and sisters share one. A table of those who send patients is joined in the same way, and they are no
addressees: where nothing says that its people are the family's, the part waits for a person.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from cabinet.guessing.joins import PatientsTable
from cabinet.guessing.matching import matches
from cabinet.guessing.model import Level, Match, PartGuess, Question, Topic
from cabinet.guessing.samples import Sample, TableSample
from cabinet.guessing.words import ideas_of
from cabinet.values import fold

_MOST = 0.8
"""The part of the patients' families that the table must have."""
_FAMILY = frozenset({"addressee", "father", "mother"})
_REACHED = frozenset({"address_1", "postcode", "city", "email", "mobile"})
_REFERS = re.compile(r"corresp|contact|adress(?:eur|ant|e par)|confrere|medecin|praticien|dentiste|refer")


def with_families(patients: PartGuess, table: PatientsTable, others: Iterable[TableSample]) -> list[PartGuess]:
    """The patients' part with their family, and the part of its addressees; as it was where there is no such table."""
    for other in others:
        for family in other.columns:
            own = next((column for column in table.table.columns if _is_of(column, family)), None)
            if own is None or own.name in patients.used:
                continue
            found = matches("addressees", other.columns, ignore=frozenset({"patient"}), taken={family.name})
            fields = {match.field for match in found}
            if fields & _REACHED and fields & {"last_name", "first_name"}:
                reason = f"«\u00a0{other.name}\u00a0» désigne ainsi les familles"
                joined = Match("family", (own.name,), Level.LIKELY, reason)
                return [replace(patients, matches=(*patients.matches, joined)), _part(other, family, found)]
    return [patients]


def _is_of(column: Sample, family: Sample) -> bool:
    """Whether the patients' column holds what the other table counts its rows by, under the same name."""
    if not family.is_key or not column.counts or not _are_alike(column.said, family.said):
        return False
    return sum(text in family.counts for text in column.counts) >= _MOST * len(column.counts)


def _are_alike(name: str, other: str) -> bool:
    ideas = ideas_of(name)
    return fold(name) == fold(other) or (ideas == ideas_of(other) and all(ideas) and bool(ideas))


def _part(table: TableSample, family: Sample, found: list[Match]) -> PartGuess:
    names = f"{fold(table.name)} {fold(family.name)}"
    is_said = any(_FAMILY & word for name in (table.name, family.said) for word in ideas_of(name))
    is_held = not is_said or _REFERS.search(names) is not None
    questions = (Question(Topic.OWNER, _WHO.format(table.name, family.name)),) if is_held else ()
    match = Match("family", (family.name,), Level.LIKELY, "les patients nomment leur famille ainsi")
    return PartGuess("addressees", table.name, (match, *found), table.name, questions=questions, is_held=is_held)


_WHO = (
    "«\u00a0{}\u00a0» est reliée aux patients par «\u00a0{}\u00a0», et rien ne dit que ce sont leurs parents ou "
    "responsables. Si c’est à eux que le cabinet écrit, retirez les # de cette partie."
)

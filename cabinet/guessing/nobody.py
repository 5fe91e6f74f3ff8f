"""Why no table is the patients': which one comes near it, and what a person can do about it."""

from collections.abc import Sequence

from cabinet.fields import Kind
from cabinet.guessing.contents import content_of
from cabinet.guessing.fields import NAMES, likeness
from cabinet.guessing.halves import with_halves
from cabinet.guessing.matching import is_never_meant, matches, names_patient
from cabinet.guessing.model import PartGuess
from cabinet.guessing.samples import Sample, TableSample
from cabinet.guessing.words import ideas_of

NO_PATIENTS = "Aucune table n’a à la fois un numéro différent à chaque ligne et le nom ou le prénom des patients."
_NAMED = 0.5
"""The least likeness of a column's name to those of a patient's number."""
_VALUES = 2
"""Cells of a header that are values: one alone may be a strange name."""
_SAID = 3
"""Tables of which something is said."""


def why_nobody(tables: Sequence[TableSample]) -> tuple[str, ...]:
    """Sentences, each of one table and with what to do; empty where no table comes near one of patients."""
    found = [sentence for table in tables if (sentence := _headless(table))]
    found += [sentence for table in tables if (sentence := _unnumbered(table))]
    return tuple(found[:_SAID])


def outline_of(tables: Sequence[TableSample]) -> PartGuess | None:
    """The patients' part as far as the table shows it that has most of their columns: held, and without a number."""
    parts = [part for table in tables if not _headless(table) and (part := _outline(table)) is not None]
    return max(parts, key=lambda part: len(part.matches), default=None)


def _outline(table: TableSample) -> PartGuess | None:
    found = [match for match in matches("patients", table.columns) if match.field != "number"]
    found = with_halves("patients", found, table.columns)
    if not {"last_name", "first_name"} & {match.field for match in found}:
        return None
    return PartGuess("patients", table.name, tuple(found), table.name, is_held=True)


def _headless(table: TableSample) -> str:
    """« 14/08/2012 » names no column."""
    values = [name for name in table.column_names if _is_value(name)]
    if len(values) < _VALUES:
        return ""
    first, second = values[:2]
    return (
        f"la première ligne de {table.name} n’a pas les noms des colonnes, mais des valeurs («\u00a0{first}\u00a0», "
        f"«\u00a0{second}\u00a0»). Refaites cet export avec les noms des colonnes en première ligne."
    )


def _is_value(name: str) -> bool:
    content = content_of((name,))
    return name.isdecimal() or content.is_day or content.is_time or content.fits(Kind.EMAIL) or content.fits(Kind.PHONE)


def _unnumbered(table: TableSample) -> str:
    """Of a table with the patients' names."""
    has_names = _outline(table) is not None or any(map(names_patient, table.columns))
    is_practitioners = any("practitioner" in word for word in ideas_of(table.name))
    if _headless(table) or is_practitioners or not has_names:
        return ""
    wanted = NAMES["patients"]["number"]
    named = [column for column in table.columns if likeness(column.said, wanted) >= _NAMED]
    named = [one for one in named if one.counts and not (is_never_meant(one.said) or names_patient(one))]
    number = max(named, key=lambda column: likeness(column.said, wanted), default=None)
    if number is None:
        return (
            f"{table.name} a les noms des patients, mais pas leur numéro de dossier, qui les distingue les uns des "
            "autres. Ajoutez-le à l’export."
        )
    return _repeated(table, number)


def _repeated(table: TableSample, number: Sample) -> str:
    [(_, times)] = number.counts.most_common(1)
    if number.is_key:
        return f"rien ne dit que {table.name} est la table des patients. Si c’est elle, indiquez-la."
    if times == 1:
        return f"dans {table.name}, «\u00a0{number.name}\u00a0» manque à des lignes. Complétez-le dans l’export."
    return (
        f"dans {table.name}, un même «\u00a0{number.name}\u00a0» revient jusqu’à {times} fois\u00a0: ses lignes sont "
        "des rendez-vous ou des actes. Exportez aussi la liste des patients, une ligne par patient, au même endroit."
    )

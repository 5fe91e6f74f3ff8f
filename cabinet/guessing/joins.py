"""Which column says whose a row is: by its name, and by how many of its texts are patients'."""

from dataclasses import dataclass
from operator import itemgetter

from cabinet.fields import Kind
from cabinet.guessing.fields import NAMES, OWNER, likeness, named_after
from cabinet.guessing.matching import has_both_names_of_patient, is_never_meant, matches
from cabinet.guessing.model import Level, Match
from cabinet.guessing.samples import Sample, TableSample
from cabinet.guessing.words import ideas_of
from cabinet.values import MAX_NUMBER_LENGTH

_OVERLAP = 0.5
"""The part of a column's different texts that must be patients'."""
_NAMED = 0.3
"""The least likeness of a name that a join may have: figures meet by chance."""
_COUNTS = frozenset({"id", "number", "code"})
_SHARED = frozenset({"name", "first", "last", "address", "email", "mobile", "phone"})
"""Ideas of columns whose texts are those of several patients."""
_NEARLY_ALL = 0.97
"""Rows with a number of their own, in a table whose numbers may hold a typing error."""
_MOST = 0.8
"""The same, where table and column are both named after the patients' number."""
_SURELY_NAMED = 0.8


@dataclass(frozen=True)
class Join:
    """A column of a table, and the column of the patients' table whose texts it holds."""

    column: str
    parent: str
    overlap: float
    """Part of its different texts that are patients'; 0 for a table without rows."""
    score: float

    @property
    def match(self) -> Match:
        if not self.overlap:
            return Match("patient", (self.column,), Level.UNSURE, "le nom seul (la table est vide)")
        share = f"{self.overlap:.0%}".replace("%", "\u00a0%")
        level = Level.SURE if self.overlap >= 0.9 and self.score >= 1.0 else Level.LIKELY
        return Match("patient", (self.column,), level, f"{share} de ses valeurs sont celles d’un patient")


@dataclass(frozen=True)
class PatientsTable:
    table: TableSample
    number: Sample
    score: float


def patients_table(tables: tuple[TableSample, ...], named: str = "") -> PatientsTable | None:
    """The table that has a row and a number for each patient; None where nothing looks like it.

    `named` is the table where a person said it: then its likeliest number is taken, however unlike one.
    """
    if named:
        table = next(table for table in tables if table.name == named)
        return _as_patients(table, tables) or _first_number(table)
    found = [one for table in tables if _may_be_patients(table) and (one := _as_patients(table, tables))]
    return max(found, key=lambda one: one.score, default=None)


def _may_be_patients(table: TableSample) -> bool:
    """Whether its people may be the patients: other people and things have numbers and names too.

    « ProduktName » or « nom_avocat » alone says whose name it is, and a table of practitioners is none of patients.
    """
    if named_after(table.name, "patients"):
        return True
    found = matches("patients", table.columns)
    names = [match for match in found if match.field in ("last_name", "first_name")]
    is_practitioners = any("practitioner" in word for word in ideas_of(table.name))
    is_named = len(names) == 2 or any(match.level is Level.SURE for match in names)
    # An agenda has a column « Patient » too, but no birth dates.
    is_born = any(match.field == "birth_date" for match in found)
    is_named = is_named or (is_born and any(map(has_both_names_of_patient, table.columns)))
    return not is_practitioners and is_named


def _first_number(table: TableSample) -> PatientsTable | None:
    wanted = NAMES["patients"]["number"]
    columns = keys_of(table) or table.columns
    number = max(columns, key=lambda column: likeness(column.said, wanted), default=None)
    return PatientsTable(table, number, 0.0) if number else None


def keys_of(table: TableSample) -> list[Sample]:
    """Columns that could name a patient: a text of its own in nearly every row, and no name or address.

    Those are shared by brothers and sisters, and by others; that they differ in each row is chance.
    """
    return [column for column in table.columns if _names_rows(column) and not _may_be_shared(column)]


def _as_patients(table: TableSample, tables: tuple[TableSample, ...]) -> PatientsTable | None:
    wanted = NAMES["patients"]["number"]
    keys = (keys_of(table) or _nearly_keys(table)) if table.rows else table.columns
    named = [(column, likeness(column.said, wanted)) for column in keys if not is_never_meant(column.said)]
    people = {match.field: match for match in matches("patients", table.columns)}
    if not named or not {"last_name", "first_name"} & set(people):
        return None
    others = [other for other in tables if other is not table]
    joined = {column.name: min(3, sum(_points_to(other, column) for other in others)) for column in table.columns}
    best, number = max(
        ((_as_number(column, name, joined[column.name]), column) for column, name in named), key=itemgetter(0)
    )
    if best < _NAMED:
        return None
    score = best + 0.3 * max(joined.values()) + sum(0.5 for field in ("last_name", "first_name") if field in people)
    score += 1.0 if "birth_date" in people else 0.0
    score += 1.0 if named_after(table.name, "patients") else 0.0
    return PatientsTable(table, number, score - (1.0 if named_after(table.name, "addressees") else 0.0))


def _nearly_keys(table: TableSample) -> list[Sample]:
    """Columns that a table of patients names its number by, though some stand there twice: those will be refused."""
    if not named_after(table.name, "patients"):
        return []
    wanted = NAMES["patients"]["number"]
    return [
        column
        for column in table.columns
        if likeness(column.said, wanted) >= _SURELY_NAMED and _names_rows(column, _MOST)
    ]


def _as_number(column: Sample, name: float, joined: int) -> float:
    """What a family knows comes before what a database counts by: « NumDossier » before « Id »."""
    return name + 0.03 * joined - (0.1 if any("id" in word for word in ideas_of(column.said)) else 0.0)


def _names_rows(column: Sample, part: float = _NEARLY_ALL) -> bool:
    content = column.content
    if not column.rows or column.filled < column.rows * _NEARLY_ALL or content.is_day or content.is_time:
        return False
    return (
        len(column.counts) >= column.filled * part
        and max(map(len, column.texts)) <= MAX_NUMBER_LENGTH
        and content.decimals < _OVERLAP
    )


def _may_be_shared(column: Sample) -> bool:
    says = any(_SHARED & word for word in ideas_of(column.said))
    with_figures = sum(any(map(str.isdecimal, text)) for text in column.texts)
    return says or with_figures < _OVERLAP * len(column.texts) or column.content.kinds[Kind.EMAIL] >= _OVERLAP


def _points_to(table: TableSample, key: Sample) -> bool:
    return any(_overlap(column, key) >= _OVERLAP and likeness(column.said, OWNER) >= _NAMED for column in table.columns)


def join_of(table: TableSample, patients: PatientsTable) -> Join | None:
    """How a table's rows are a patient's; None where no column says it."""
    keys = {column.name: column for column in (patients.number, *keys_of(patients.table))}.values()
    joins = [join for column in table.columns for key in keys if (join := _join(table, column, key, patients.number))]
    return max(joins, key=lambda join: join.score, default=None)


def _join(table: TableSample, column: Sample, key: Sample, number: Sample) -> Join | None:
    named = likeness(column.said, OWNER)
    if column.name == key.name or (ideas_of(column.said) == ideas_of(key.said) and ideas_of(key.said)):
        named = max(named, 0.9)
    if not column.counts:
        # Nothing to compare: only a name that leaves no doubt will do.
        return Join(column.name, key.name, 0.0, named) if named >= 0.9 and key is number else None
    overlap = _overlap(column, key)
    if overlap < _OVERLAP or named < _NAMED:
        return None
    score = overlap + named + (0.1 if key is number else 0.0)
    if column.is_key and not _names_patients(column):
        # Rows count from 1 everywhere: a number of the row itself meets patients' numbers by chance.
        score -= (
            0.4 if any(other is not column and likeness(other.said, OWNER) >= 0.5 for other in table.columns) else 0
        )
    return Join(column.name, key.name, overlap, score)


def _names_patients(column: Sample) -> bool:
    return any("patient" in word or "file" in word for word in ideas_of(column.said))


def _counts_up(column: Sample) -> bool:
    """Whether its texts are 1, 2, 3… without a gap."""
    return {int(text) for text in column.counts if text.isdecimal()} == set(range(1, len(column.counts) + 1))


def may_number_rows(column: Sample) -> bool:
    """Whether a column of a patient's number could as well count its own table's rows: « ID », different in each.

    Or « lfd_nr », 1, 2, 3… Taken for a patient's, it would give a family what belongs to another.
    """
    words = ideas_of(column.said)
    is_count = len(words) == 1 and words[0] <= _COUNTS
    return column.is_key and (is_count or (_counts_up(column) and not _names_patients(column)))


def _overlap(column: Sample, key: Sample) -> float:
    return sum(text in key.counts for text in column.counts) / len(column.counts) if column.counts else 0.0

"""Which column of a table is which field of a part: by its name, as far as its texts allow it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cabinet.fields import FIELDS, Kind
from cabinet.guessing.contents import MOSTLY, Content
from cabinet.guessing.fields import NAMES, likeness
from cabinet.guessing.halves import holds_halves
from cabinet.guessing.model import Level, Match
from cabinet.guessing.samples import Sample
from cabinet.guessing.words import figure_of, ideas_of

ENOUGH = 0.38
"""The least score of a match."""
_SURE, _LIKELY = 0.82, 0.6
_HALF = 0.5
_BY_CONTENT = {
    Kind.EMAIL: ("email", "les adresses e-mail"),
    Kind.CIVILITY: ("civility", "les civilités"),
    Kind.PHONE: ("mobile", "les numéros de mobile"),
}
"""Forms that say on their own what a column is."""
_MOBILE_PREFIXES = ("06", "07", "+336", "+337", "+33 6", "+33 7", "0033")
_NEVER = frozenset({"creation", "bill", "maiden", "sex", "photo", "death", "security", "referrer"})
"""Ideas of columns that are like a field's and are never meant: a date of printing, a maiden name."""
_BEGINNINGS = frozenset({"treatment_start", "start"})
"""Fields that no column is which speaks of an end."""
_NUMBERS = frozenset({"id", "number", "code"})
"""Ideas of columns whose figures are no money."""
_SHORTEST_VISIT, _LONGEST_VISIT = 5, 300
"""Minutes."""
_CODE = 2
"""Figures of a state's code, at most."""
FEW = 12
"""Different texts of a column that has a small vocabulary."""


@dataclass(frozen=True)
class Candidate:
    field: str
    column: Sample
    score: float
    by_name: bool


def matches(
    part: str, columns: Iterable[Sample], *, ignore: frozenset[str] = frozenset(), taken: Collection[str] = ()
) -> list[Match]:
    """The best column of each field of a part; `taken` are columns that mean something else already."""
    free = [column for column in columns if column.name not in taken]
    found = [
        candidate
        for name, wanted in NAMES[part].items()
        for column in free
        if (candidate := _candidate(part, name, wanted, column, ignore)) and candidate.score >= ENOUGH
    ]
    chosen: dict[str, Candidate] = {}
    used: set[str] = set()
    for candidate in sorted(found, key=lambda one: -one.score):
        if candidate.field not in chosen and candidate.column.name not in used:
            chosen[candidate.field] = candidate
            used.add(candidate.column.name)
    return [_match(chosen[name]) for name in NAMES[part] if name in chosen]


def names_patient(column: Sample) -> bool:
    """« Patient »: whose name it is, beside a column of numbers."""
    return ideas_of(column.said) == (frozenset({"patient"}),) and column.content.words >= MOSTLY


def has_both_names_of_patient(column: Sample) -> bool:
    return names_patient(column) and holds_halves("last_name", column)


def is_never_meant(name: str) -> bool:
    """Whether a column's name says what no field is, however alike."""
    return any(word & _NEVER for word in ideas_of(name))


def _candidate(part: str, name: str, wanted: str, column: Sample, ignore: frozenset[str]) -> Candidate | None:
    content = column.content
    if is_never_meant(column.said) or not _may_be(part, name, column, content):
        return None
    if name in _BEGINNINGS and any("end" in word for word in ideas_of(column.said)):
        return None
    score = likeness(column.said, wanted, ignore)
    if name.startswith("address_") and score:
        # The second line of an address is called like the first, with a 2.
        is_second = figure_of(column.said) >= 2 or any("complement" in word for word in ideas_of(column.said))
        score = score if is_second == (name == "address_2") else 0.0
    elif name == "address_2":
        figure = figure_of(column.said)
        score = likeness(column.said, NAMES[part]["address_1"], ignore) if figure >= 2 else 0.0
    by_name = score >= ENOUGH
    if not by_name and not content.is_empty and _by_content(part, name, column):
        score = 0.4
    return Candidate(name, column, score, by_name) if score else None


def _by_content(part: str, name: str, column: Sample) -> bool:
    """Whether the texts of a column say on their own that it is a field's."""
    kind = FIELDS[name].kind
    if kind in _BY_CONTENT:
        return _BY_CONTENT[kind][0] == name and column.content.kinds[kind] >= 0.95
    return part == "patients" and name == "last_name" and has_both_names_of_patient(column)


def _may_be(part: str, name: str, column: Sample, content: Content) -> bool:
    """Whether the texts of a column can be those of a field."""
    kind = FIELDS[name].kind
    is_small = len(column.counts) <= FEW
    match kind:
        case _ if content.is_empty:
            # A telephone of any kind may be the mobile one by what stands there alone.
            fits = kind is not Kind.PHONE or _says_mobile(column)
        case Kind.MOMENT:
            fits = content.is_day or (name == "end" and content.is_time)
        case Kind.MONEY:
            numbers_rows = any(_NUMBERS & word for word in ideas_of(column.said))
            fits = content.fits(kind) and not (numbers_rows or content.is_time or _is_written_date(content))
        case Kind.STATUS | Kind.BOOLEAN:
            fits = is_small and not content.is_day and content.decimals < _HALF and not is_amounts(column)
        case Kind.CIVILITY:
            fits = content.kinds[kind] >= _HALF and len(column.counts) <= 3 * FEW
        case Kind.PHONE:
            fits = content.fits(kind) and (_says_mobile(column) or _has_mobiles(column))
        case Kind.TEXT:
            fits = not (content.is_day or content.is_time) and content.decimals < _HALF
            fits = fits and _is_text(part, name, content)
        case Kind.RANK:
            fits = content.fits(kind) and is_small
        case Kind.MINUTES:
            fits = content.fits(kind) and _are_visits(column)
        case _:
            fits = content.fits(kind)
    return fits


def _is_text(part: str, name: str, content: Content) -> bool:
    if name in ("last_name", "first_name", "city"):
        return content.kinds[Kind.EMAIL] < _HALF and content.words >= 0.8
    if name == "label":
        return content.words >= _HALF
    return content.kinds[Kind.EMAIL] < _HALF or part == "appointments"


def _is_written_date(content: Content) -> bool:
    return content.is_day and content.decimals < _HALF


def is_amounts(column: Sample) -> bool:
    """Money rather than 0 and 1, or the codes of a few states."""
    is_money = column.content.fits(Kind.MONEY) and not column.content.fits(Kind.BOOLEAN)
    return is_money and any(len(text) > _CODE for text in column.texts)


def _are_visits(column: Sample) -> bool:
    """Whether its figures may be minutes of a visit: 900 are the seconds of a quarter of an hour, 1 is a quarter."""
    minutes = [int(text) for text in column.texts if text.isdecimal() and int(text)]
    return sum(not _SHORTEST_VISIT <= one <= _LONGEST_VISIT for one in minutes) < _HALF * len(column.texts)


def _says_mobile(column: Sample) -> bool:
    return any("mobile" in word for word in ideas_of(column.said))


def _has_mobiles(column: Sample) -> bool:
    found = sum(text.startswith(_MOBILE_PREFIXES) for text in column.texts)
    return found >= 0.3 * len(column.texts)


def _match(candidate: Candidate) -> Match:
    column, kind = candidate.column, FIELDS[candidate.field].kind
    if not candidate.by_name and kind in _BY_CONTENT:
        return Match(
            candidate.field, (column.name,), Level.UNSURE, f"le contenu\u00a0: {_BY_CONTENT[kind][1]} s’y reconnaissent"
        )
    if not column.counts:
        return Match(candidate.field, (column.name,), Level.UNSURE, "le nom seul (la colonne est vide)")
    level = Level.SURE if candidate.score >= _SURE else Level.LIKELY if candidate.score >= _LIKELY else Level.UNSURE
    return Match(candidate.field, (column.name,), level, _CONFIRMED.get(kind, "le nom de la colonne"))


_CONFIRMED = {
    Kind.DATE: "le nom, et les dates",
    Kind.MOMENT: "le nom, et les dates",
    Kind.MONEY: "le nom, et les montants",
    Kind.EMAIL: "le nom, et les adresses e-mail",
    Kind.PHONE: "le nom, et les numéros",
    Kind.POSTCODE: "le nom, et les codes",
    Kind.CIVILITY: "le nom, et les civilités",
    Kind.MINUTES: "le nom, et les durées",
}

"""When things are: a day and its time in one column or two, and which of day and month comes first."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cabinet.fields import FIELDS, Kind
from cabinet.guessing.contents import Order
from cabinet.guessing.model import Level, Match, PartGuess, Question, Topic
from cabinet.guessing.samples import Sample, TableSample
from cabinet.guessing.words import ideas_of

_DATED = (Kind.DATE, Kind.MOMENT)


def joined_moments(found: list[Match], table: TableSample, taken: set[str]) -> list[Match] | None:
    """An appointment's fields with a start, from two columns where it must; None where no time is to be found."""
    by_field = {match.field: match for match in found}
    start = by_field.get("start")
    if start is None:
        return None
    day = table.column(start.columns[0])
    used = taken | {column for match in found for column in match.columns}
    if day.content.is_empty or day.content.has_moment:
        return [match for match in found if match.field != "end" or not _is_time(table, match)]
    times = [column for column in table.columns if _holds_times(column) and column.name not in taken]
    times.sort(key=lambda column: _lateness(column.said))
    starts = [column for column in times if _lateness(column.said) < _END] or times
    if not starts:
        return None
    first = starts[0]
    alike = [column for column in starts if _lateness(column.said) == _lateness(first.said)]
    question = _SEVERAL_TIMES.format(*(column.name for column in alike[:2])) if len(alike) > 1 else ""
    reason = "la date et l’heure, en deux colonnes"
    joined = replace(start, columns=(day.name, first.name), reason=reason, question=question)
    ends = [column for column in times if column is not first and _lateness(column.said) == _END]
    kept = [match for match in found if match.field not in ("start", "end") and first.name not in match.columns]
    if ends and ends[0].name not in used - set(by_field["end"].columns if "end" in by_field else ()):
        reason = "la date et l’heure de fin, en deux colonnes"
        kept = [match for match in kept if ends[0].name not in match.columns]
        kept.insert(0, Match("end", (day.name, ends[0].name), Level.LIKELY, reason))
    return [joined, *kept]


_END = 2
_SEVERAL_TIMES = (
    "«\u00a0{}\u00a0» et «\u00a0{}\u00a0» sont toutes deux des heures. Vérifiez que la première est celle où le "
    "patient est attendu."
)


def _lateness(name: str) -> int:
    ideas = ideas_of(name)
    if any("end" in word for word in ideas):
        return _END
    return 0 if any("begin" in word for word in ideas) else 1


def _holds_times(column: Sample) -> bool:
    """Whether it holds times of day: « Durée » may be written as one."""
    if any("duration" in word for word in ideas_of(column.said)):
        return False
    says_time = any("time" in word for word in ideas_of(column.said))
    return column.content.may_be_time if says_time else column.content.is_time


def _is_time(table: TableSample, match: Match) -> bool:
    return table.column(match.columns[0]).content.is_time


def dated_columns(part: PartGuess, table: TableSample) -> list[Sample]:
    """Columns of days that a part reads, and whose order of day and month counts."""
    names = [match.columns[0] for match in part.matches if FIELDS[match.field].kind in _DATED]
    return [column for column in map(table.column, names) if column.content.order is not Order.NONE]


def order_among(columns: Iterable[Sample]) -> Order:
    """What several columns of one table or export prove together."""
    orders = {column.content.order for column in columns} - {Order.NONE}
    if Order.MIXED in orders or orders >= {Order.DAY, Order.MONTH}:
        return Order.MIXED
    proven = orders & {Order.DAY, Order.MONTH}
    if proven:
        return proven.pop()
    return Order.UNKNOWN if orders else Order.NONE


def with_order(part: PartGuess, columns: Sequence[Sample], export: Order) -> PartGuess:
    """The part with the order of its dates, as it is proven; where it is not, its dates wait for an answer."""
    order = order_among(columns)
    questions = list(part.questions)
    if part.last_short_year is None and any(column.content.short_years for column in columns):
        questions.append(Question(Topic.YEARS, _SHORT_YEARS))
    if order is Order.NONE or part.is_order_chosen:
        return replace(part, questions=tuple(questions))
    if order in (Order.DAY, Order.MONTH):
        return replace(part, month_first=order is Order.MONTH, questions=tuple(questions))
    if order is Order.UNKNOWN and export in (Order.DAY, Order.MONTH):
        questions.append(Question(Topic.DATES, _BORROWED))
        return replace(part, month_first=export is Order.MONTH, questions=tuple(questions))
    names = {column.name for column in columns}
    matches = tuple(replace(match, is_held=True) if names & set(match.columns) else match for match in part.matches)
    questions.append(Question(Topic.DATES, _CONTRADICTION if order is Order.MIXED else _AMBIGUITY))
    # Without its start an appointment is nothing.
    is_held = part.is_held or any(match.is_held and match.field == "start" for match in matches)
    if is_held:
        matches = tuple(replace(match, is_held=False) for match in matches)
    return replace(part, matches=matches, questions=tuple(questions), is_held=is_held)


_SHORT_YEARS = (
    "les années sont sur deux chiffres. Avec last_short_year = 2035, «\u00a035\u00a0» veut dire 2035, et "
    "«\u00a036\u00a0» 1936\u00a0: mettez la dernière année qui convient, et la ligne «\u00a0# format\u00a0» sans son # "
    "(à la place de l’autre, s’il y en a une)."
)
_BORROWED = "aucune date de cette table ne dit l’ordre du jour et du mois\u00a0: celui des autres est repris."
_AMBIGUITY = (
    'rien ne dit si le jour ou le mois vient en premier. Ajoutez sous «\u00a0format\u00a0» dates = "jj/mm/aaaa" ou '
    '"mm/jj/aaaa", puis retirez les # devant les dates.'
)
_CONTRADICTION = (
    "certaines dates commencent par le jour, d’autres par le mois. Corrigez l’export, ou indiquez «\u00a0dates\u00a0» "
    "sous «\u00a0format\u00a0», puis retirez les # devant les dates."
)

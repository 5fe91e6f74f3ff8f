"""What a person decides of a guess: each function takes a part as it was recognised and returns it as it is wanted."""

from collections.abc import Sequence
from dataclasses import replace

from cabinet.fields import FIELDS, Kind
from cabinet.guessing.contents import Order
from cabinet.guessing.fields import NAMES, PAYMENTS
from cabinet.guessing.halves import holds_halves
from cabinet.guessing.model import Level, Match, PartGuess, Topic
from cabinet.guessing.moments import dated_columns, with_order
from cabinet.guessing.samples import TableSample
from cabinet.guessing.statuses import with_values

Columns = tuple[str, ...]

_NEEDED = {
    "patients": ("number",),
    "addressees": (),
    "appointments": ("start",),
    "instalments": (),
    "fees": (),
    "balances": ("amount",),
}
_ANSWERED = {"patient": {Topic.OWNER, Topic.KEY}, "family": {Topic.OWNER}, "start": {Topic.TIME}}
"""Field -> questions that choosing its column answers."""
_CHECKED = frozenset({Kind.DATE, Kind.MOMENT, Kind.MONEY, Kind.MINUTES, Kind.EMAIL, Kind.PHONE, Kind.POSTCODE})
"""Kinds that texts are of or are not; any text may be a name."""


def fields_of(part: PartGuess) -> tuple[str, ...]:
    """All that can be read for a part, in the order of the mapping."""
    if part.part == "patients":
        return (*NAMES["patients"], "key", "family")
    if part.part == "addressees" and part.file:
        return ("patient", "family", *NAMES["addressees"])
    indirect = tuple(PAYMENTS) if part.part == "instalments" else ()
    return (*(("patient",) if part.file else ()), *NAMES[part.part], *indirect)


def needed_fields(part: PartGuess) -> tuple[str, ...]:
    """Those without which its rows say nothing, or not whose they are."""
    owner = "family" if part.match("family") and part.part == "addressees" else "patient"
    return (*((owner,) if part.file and part.part != "patients" else ()), *_NEEDED[part.part])


def missing_fields(part: PartGuess) -> tuple[str, ...]:
    return tuple(name for name in needed_fields(part) if part.match(name) is None)


def columns_for(name: str, table: TableSample) -> list[Columns]:
    """What may be chosen for a field: each column, and for a moment each day with each time beside it."""
    single: list[Columns] = [(column.name,) for column in table.columns]
    if FIELDS[name].kind is not Kind.MOMENT:
        return single
    days = [column for column in table.columns if column.content.is_day and not column.content.has_moment]
    times = [column for column in table.columns if column.content.is_time]
    return [*single, *((day.name, time.name) for day in days for time in times)]


def with_columns(part: PartGuess, table: TableSample, name: str, columns: Columns) -> PartGuess:
    """Take a field from other columns, or from none."""
    chosen = {match.field: match for match in part.matches if match.field != name}
    if columns:
        chosen[name] = _chosen(name, table, columns)
    matches = tuple(chosen[field] for field in fields_of(part) if field in chosen)
    topics = _ANSWERED.get(name, set())
    return settled(_without(replace(part, matches=matches), topics), table)


def _chosen(name: str, table: TableSample, columns: Columns) -> Match:
    column = table.column(columns[0])
    match = with_values(Match(name, columns, Level.CHOSEN, "à l’écran, par une personne"), column)
    if holds_halves(name, column):
        return replace(match, is_split=True)
    kind = FIELDS[name].kind
    content = column.content
    # A day becomes a moment by the time in another column.
    fits = content.fits(kind) or (kind is Kind.MOMENT and content.is_day and len(columns) > 1)
    if kind not in _CHECKED or fits:
        return match
    shown = ", ".join(f"«\u00a0{text}\u00a0»" for text in column.texts[:3])
    return replace(match, question=f"ces valeurs ne ressemblent pas à ce champ ({FIELDS[name].label})\u00a0: {shown}.")


def with_meaning(part: PartGuess, name: str, text: str, meaning: str) -> PartGuess:
    """Say what a cell's text means; an empty meaning leaves it open."""

    def said(match: Match) -> Match:
        values = {**match.values, text: meaning}
        undecided = tuple(one for one in match.undecided if one != text)
        if not meaning:
            del values[text]
            undecided = (*undecided, text)
        question = match.question if undecided else ""
        return replace(match, values=values, undecided=undecided, question=question, level=Level.CHOSEN)

    return replace(part, matches=tuple(said(match) if match.field == name else match for match in part.matches))


def with_order_said(part: PartGuess, table: TableSample, *, month_first: bool) -> PartGuess:
    """Say whether the month or the day comes first in the dates of its table."""
    return settled(replace(part, month_first=month_first, is_order_chosen=True), table)


def with_years_said(part: PartGuess, table: TableSample, last_short_year: int | None) -> PartGuess:
    """Say the latest year that two digits may mean."""
    return settled(replace(part, last_short_year=last_short_year), table)


def with_rows(part: PartGuess, column: str, texts: Sequence[str]) -> PartGuess:
    """Read only the rows whose column says one of these texts; all of them without any."""
    where = (column, tuple(texts)) if texts else None
    return _without(replace(part, where=where), {Topic.ROWS})


def with_files(part: PartGuess, file: str) -> PartGuess:
    """Read these files, of which its table is one: itself, or a pattern that fits its siblings too."""
    return _without(replace(part, file=file), {Topic.FILES})


def with_owner_confirmed(part: PartGuess, table: TableSample) -> PartGuess:
    """The column of the patient does say whose a row is."""
    return settled(_without(part, {Topic.OWNER}), table)


def settled(part: PartGuess, table: TableSample) -> PartGuess:
    """The part with what still holds it back, after something of it was decided."""
    freed = _without(part, {Topic.DATES, Topic.YEARS})
    is_held = bool(missing_fields(freed)) or any(question.topic is Topic.OWNER for question in freed.questions)
    # What waits for an answer of its own goes on waiting: its field's column is the answer.
    matches = tuple(replace(match, is_held=match.is_held and bool(match.question)) for match in freed.matches)
    # What the table's other dates, or other tables, prove goes on being taken for those that prove nothing.
    known = {None: Order.UNKNOWN, True: Order.MONTH, False: Order.DAY}[part.month_first]
    month_first = freed.month_first if freed.is_order_chosen else None
    freed = replace(freed, matches=matches, is_held=is_held, month_first=month_first)
    return with_order(freed, dated_columns(freed, table), known)


def _without(part: PartGuess, topics: set[Topic]) -> PartGuess:
    return replace(part, questions=tuple(question for question in part.questions if question.topic not in topics))

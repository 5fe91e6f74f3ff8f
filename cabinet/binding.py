"""A mapping's columns bound to one table: texts are picked by index, and each distinct text is parsed once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from cabinet.contacts import parse_email, parse_phone, parse_postcode
from cabinet.dates import MOST_TEXTS, Dates
from cabinet.errors import MappingError
from cabinet.fields import FIELDS, FieldInfo, Kind
from cabinet.mapping_parts import Column, DateOrder, Field, Format, Where
from cabinet.missing_column import MissingColumn
from cabinet.records import Recipe
from cabinet.sources import Table
from cabinet.values import (
    Amounts,
    MissingValue,
    Unreadable,
    clean,
    parse_boolean,
    parse_civility,
    parse_minutes,
    parse_number,
    parse_rank,
    parse_status,
    parse_text,
)

MOST_REFUSED = 100
"""Texts of a column that cannot be read: a code that nobody knows comes again in each of its rows."""

T = TypeVar("T")

Parse = Callable[[str], Any]
"""Of whatever type the field has; the recipe of its record names it."""
Texts = Callable[[Sequence[str]], str]


class Cache(dict[str, Any]):
    """Text -> value: a dict look-up for every text seen before. What cannot be read raises, each time."""

    def __init__(self, parse: Parse) -> None:
        super().__init__()
        self.parse = parse
        self._refused: dict[str, tuple[str, str]] = {}
        """Why, as `Unreadable` takes it: the exceptions would hold on to the rows in which they were raised."""

    def __missing__(self, text: str) -> object:
        if text in self._refused:
            raise Unreadable(*self._refused[text])
        if len(self) >= MOST_TEXTS:
            self.clear()
        try:
            value = self[text] = self.parse(text)
        except Unreadable as error:
            if type(error) is Unreadable and len(self._refused) < MOST_REFUSED:
                self._refused[text] = error.code, error.reason
            raise
        return value


class Constant(dict[str, Any]):
    """One value whatever the text."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self._value = value

    def __missing__(self, text: str) -> object:
        return self._value


class Bound(msgspec.Struct, frozen=True):
    """One field of one table."""

    name: str
    """Of the dossier's field, a key of `FIELDS`."""
    column: str
    """Header of its column, as a problem's place; several are joined with +."""
    index: int | None
    """Of its column; None where several are joined."""
    text: Texts
    values: Cache | Constant
    nothing: object
    """Its value where the cell is empty, unreadable or not mapped."""
    required: bool
    """Without a value the whole row is refused."""

    quick: Callable[[Sequence[str]], list[Any] | None] = lambda _: None
    """What `values` gives for each of many texts, where that can be had without going through them one by one."""

    def all_of(self, columns: Sequence[Sequence[str]]) -> Iterable[Any]:
        """Its value in each row, given the cells of the table's columns. Going through it raises `Unreadable`."""
        texts = columns[self.index] if self.index is not None else [*map(self.text, zip(*columns, strict=True))]
        return self.quick(texts) or map(self.values.__getitem__, texts)


_PARSERS: dict[Kind, Parse] = {
    Kind.NUMBER: parse_number,
    Kind.TEXT: parse_text,
    Kind.CIVILITY: parse_civility,
    Kind.MINUTES: parse_minutes,
    Kind.BOOLEAN: parse_boolean,
    Kind.STATUS: parse_status,
    Kind.RANK: parse_rank,
    Kind.EMAIL: parse_email,
    Kind.PHONE: parse_phone,
    Kind.POSTCODE: parse_postcode,
}
"""Of values that every table writes alike."""


class TableForm(msgspec.Struct, frozen=True):
    """How one table writes its values; `dates` and `amounts` remember what they met."""

    dates: Dates
    amounts: Amounts
    known: dict[Kind, Cache]
    """Days and sums, of which a practice has few however many its rows are."""

    def values(self, field: FieldInfo) -> Cache:
        """What reads texts of this field."""
        kind = field.kind
        if kind is Kind.MOMENT or field.is_past:
            return Cache(self.dates.past if field.is_past else self.dates.moment)
        return self.known[kind] if kind in self.known else Cache(_PARSERS[kind])


class Forms:
    """The forms of one source's tables: what one reading met in a table is known to another that goes on with it."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], TableForm] = {}

    def of(self, path: str, table: str, format_: Format, zone: ZoneInfo) -> TableForm:
        """`path` is the part of the mapping that reads the table, `format_` its format."""
        if (path, table) not in self._known:
            self._known[path, table] = form_of(format_, zone)
        return self._known[path, table]


def form_of(format_: Format, zone: ZoneInfo) -> TableForm:
    dates = Dates(zone, month_first=format_.dates is DateOrder.MONTH_FIRST, last_short_year=format_.last_short_year)
    amounts = Amounts(format_.decimal or "")
    return TableForm(dates, amounts, {Kind.DATE: Cache(dates.date), Kind.MONEY: Cache(amounts.cents)})


def bind(table: Table, form: TableForm, path: str, columns: msgspec.Struct, recipe: Recipe[T]) -> list[Bound]:
    """Bind a recipe's fields, in its order, to a table's header.

    `columns` is the mapping's struct of columns and `path` its name in errors. A field that it does not map has the
    recipe's value for nothing in every row. Raises `MappingError` for a column that is not there (`MissingColumn`), or
    there twice, and for a constant that is not a value of its field.
    """
    fields = [
        _bind(
            table,
            _Slot(f"{path}.columns.{name}", name, nothing, required=name in recipe.required),
            getattr(columns, name),
            form.values(FIELDS[name]),
        )
        for name, nothing in recipe.fields.items()
    ]
    return [
        msgspec.structs.replace(one, quick=form.dates.moments) if _is_moment(one, columns) else one for one in fields
    ]


def _is_moment(bound: Bound, columns: msgspec.Struct) -> bool:
    """Whether it is read from the table's own words for days and times."""
    field = getattr(columns, bound.name)
    is_translated = isinstance(field, Column) and bool(field.values)
    return FIELDS[bound.name].kind is Kind.MOMENT and isinstance(bound.values, Cache) and not is_translated


def bind_owner(table: Table, path: str, owner: tuple[str, Field], parse: Parse, known: Mapping[str, Any]) -> Bound:
    """Bind the column that says whose a row is; `parse` makes of its text what `Bound.values` gives.

    `owner` is the mapping's key for it, « patient » or « family », and the column. `known` is what `parse` makes of
    some texts; it raises `MissingValue` itself for one that says nothing.
    """
    name, column = owner
    values = Cache(parse)
    values.update(known)
    return _bind(table, _Slot(f"{path}.columns.{name}", name, None, required=False), column, values)


class _Slot(msgspec.Struct, frozen=True):
    """The field to be bound: its path in the mapping, and what `Bound` says of it."""

    path: str
    name: str
    nothing: object
    required: bool

    def bound(self, column: str, index: int | None, text: Texts, values: Cache | Constant) -> Bound:
        return Bound(self.name, column, index, text, values, self.nothing, self.required)


def bind_filter(table: Table, path: str, where: Where) -> Callable[[Sequence[str]], bool]:
    """What says whether a row of the table's width is read. Raises `MappingError` for a column that is not there."""
    index = _index(table, where.column, f"{path}.where")
    wanted = frozenset(clean(value).casefold() for value in where.values)
    return lambda row: clean(row[index]).casefold() in wanted


def _bind(table: Table, slot: _Slot, field: Field | None, values: Cache) -> Bound:
    if field is None:
        return slot.bound("", 0, itemgetter(0), Constant(slot.nothing))
    column = Column(column=field) if isinstance(field, str) else field
    parse = values.parse
    if column.split:
        from cabinet.splitting import HALVES  # noqa: PLC0415 - few mappings need it, and its patterns take time

        parse = partial(_of_half, HALVES[slot.name], parse)
    if column.values:
        meanings = {clean(said).casefold(): meant for said, meant in column.values.items()}
        parse = partial(_through_table, meanings, parse)
    if slot.required:
        parse = partial(_not_empty, slot.name, parse)
    if column.constant is not None:
        return slot.bound("", 0, itemgetter(0), Constant(_constant(parse, column.constant, slot.path)))
    if parse is not values.parse:
        values = Cache(parse)
    places = [_index(table, name, slot.path) for name in column.names]
    if len(places) == 1:
        return slot.bound(column.names[0], places[0], itemgetter(places[0]), values)
    text = partial(_joined, itemgetter(*places), column.separator)
    return slot.bound(" + ".join(column.names), None, text, values)


def _constant(parse: Parse, text: str, path: str) -> object:
    try:
        return parse(text)
    except Unreadable as error:
        raise MappingError(
            f"Dans le mapping, la constante «\u00a0{text}\u00a0» de «\u00a0{path}\u00a0» {error.reason}.",
            "Corrigez-la.",
        ) from error


def _not_empty(name: str, parse: Parse, text: str) -> object:
    value = parse(text)
    if value is None or value == "":
        raise MissingValue(name)
    return value


def _of_half(half: Callable[[str], str], parse: Parse, text: str) -> object:
    return parse(half(text))


def _through_table(meanings: dict[str, str], parse: Parse, text: str) -> object:
    return parse(meanings.get(clean(text).casefold(), text))


def _joined(cells: Callable[[Sequence[str]], tuple[str, ...]], separator: str, row: Sequence[str]) -> str:
    return separator.join(cell for cell in cells(row) if cell.strip())


def _index(table: Table, column: str, path: str) -> int:
    name = clean(column)
    header = [clean(cell) for cell in table.header]
    found = header.count(name)
    if found == 1:
        return header.index(name)
    if found:
        raise MappingError(
            f"La colonne «\u00a0{column}\u00a0» apparaît {found} fois dans le fichier {table.name}.",
            f"Renommez l’une des deux, ou changez «\u00a0{path}\u00a0» dans le mapping.",
        )
    raise MissingColumn(table.name, name, path, header)

"""One shape for the four tables, so that one template draws them and one place drops the hidden columns."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

import msgspec

Row = TypeVar("Row")


class Cell(NamedTuple):
    text: str
    mark: str = ""
    """What stands beside the text as icon and word: settled, open, missed or cancelled; "" for nothing."""


class Column(msgspec.Struct, frozen=True):
    name: str
    """Last part of the element's key, and class name of the cells."""
    label: str
    is_number: bool = False


class TableView(msgspec.Struct, frozen=True):
    key: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


class ColumnOf(NamedTuple, Generic[Row]):
    """A column together with how a row's cell is written."""

    column: Column
    cell: Callable[[Row], Cell]


def table_view(key: str, columns: Iterable[ColumnOf[Row]], rows: Sequence[Row], shown: frozenset[str]) -> TableView:
    """The visible columns of the rows: a hidden column's values are never even written."""
    kept = tuple(column for column in columns if f"{key}.{column.column.name}" in shown)
    writers = tuple(column.cell for column in kept)
    return TableView(
        key=key,
        columns=tuple(column.column for column in kept),
        rows=tuple(tuple(write(row) for write in writers) for row in rows),
    )

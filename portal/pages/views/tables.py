"""One shape for the four tables, so that one template draws them and one place drops the hidden columns."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

import msgspec

Row = TypeVar("Row")


class Column(msgspec.Struct, frozen=True):
    name: str
    """Last part of the element's key, and class name of the cells."""
    label: str
    is_number: bool = False


class TableView(msgspec.Struct, frozen=True):
    key: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    marks: tuple[str, ...] = ()
    """What stands beside one cell of each row as icon and word: settled, open, missed, cancelled, or "" for nothing.

    Empty where no row has a mark.
    """
    marked: int = 0
    """Index of the column that the marks stand in."""


class ColumnOf(NamedTuple, Generic[Row]):
    """A column together with how a row's cell is written."""

    column: Column
    cell: Callable[[Row], str]


def table_view(
    key: str,
    columns: Iterable[ColumnOf[Row]],
    rows: Sequence[Row],
    shown: frozenset[str],
    *,
    mark: Callable[[Row], str] | None = None,
    mark_in: str = "",
) -> TableView:
    """The visible columns of the rows: a hidden column's values are never even written.

    `mark` stands in the column named `mark_in`, and goes with it; by default in the first visible one.
    """
    kept = tuple(column for column in columns if f"{key}.{column.column.name}" in shown)
    writers = tuple(column.cell for column in kept)
    names = [column.column.name for column in kept]
    has_marks = mark is not None and (mark_in in names if mark_in else bool(names))
    return TableView(
        key=key,
        columns=tuple(column.column for column in kept),
        rows=tuple([tuple([write(row) for write in writers]) for row in rows]),
        marks=tuple(map(mark, rows)) if mark and has_marks else (),
        marked=names.index(mark_in) if mark_in in names else 0,
    )

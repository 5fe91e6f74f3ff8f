"""Sources of a cabinet's data. Whatever the form, each yields the same: tables of text rows with their place."""

from collections.abc import Iterator, Sequence
from typing import Protocol, runtime_checkable


class Table(Protocol):
    """One table of a source, read once from top to bottom."""

    @property
    def name(self) -> str:
        """As a person knows it: the name of the file, sheet or query."""

    @property
    def header(self) -> Sequence[str]:
        """Names of the columns, trimmed, in order; duplicates are the reader's business."""

    @property
    def encoding(self) -> str:
        """How bytes became text, as shown to a person; empty where the question does not arise."""

    @property
    def delimiter(self) -> str:
        """What separates the columns, as shown to a person; empty where nothing does."""

    @property
    def is_ended(self) -> bool:
        """Whether its last row is whole by its form: the last line of a file has its end."""

    def rows(self) -> Iterator[Sequence[str]]:
        """Every row that is not blank, with the cells it has. Raises `SourceError` where the table breaks off."""

    def line_of(self, row: Sequence[str]) -> int:
        """Where the row that was last yielded begins, as an editor counts (the header is 1)."""


class Part(Protocol):
    """Some rows of a table that follow each other."""

    def columns(self) -> Sequence[Sequence[str]] | None:
        """The cells of each column, from top to bottom; None where a row is not simply as wide as the header."""

    def rows(self) -> Iterator[Sequence[str]]:
        """The same, as `Table.rows` has them."""


@runtime_checkable
class Columnar(Table, Protocol):
    """A table that can be read by columns, which takes a third of the time."""

    def parts(self) -> Iterator[Part]:
        """The whole table, part by part, in place of `rows`."""


class Source(Protocol):
    """What a mapping's tables are read from. Closed once it was read."""

    is_typed: bool
    """Whether cells are numbers and dates of their own, and no format of text applies to them."""

    def tables(self) -> Sequence[str]:
        """Every table that it has, in order, each as a mapping's `file` names it. Raises `SourceError`."""

    def names(self, file: str) -> Sequence[str]:
        """The tables that a mapping's `file` means: itself, or all that fit its `*`. Raises `SourceError` for none."""

    def table(self, name: str, *, query: str = "", encoding: str = "", delimiter: str = "") -> Table:
        """Open one table; empty `encoding` and `delimiter` are detected. Raises `SourceError`.

        `query` is what a database answers the table with.
        """

    def require_settled(self) -> None:
        """Raise `SourceError` where what was read of it is being written anew: to be asked once all is read."""

    def close(self) -> None: ...

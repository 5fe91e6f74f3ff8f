"""The first rows of every table of a source, column by column: what everything else is recognised from."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import PureWindowsPath

from cabinet.errors import SourceError
from cabinet.guessing.contents import Content, content_of
from cabinet.guessing.words import shared_ends
from cabinet.sources import Source, Table
from cabinet.sources.encodings import OLD, SHOWN, UnknownEncoding
from cabinet.values import clean

MAX_ROWS = 20_000
"""Of a table: enough to see which column repeats and which joins."""
MAX_BEGINNING = 1000
"""Rows that are looked at one after the other."""
MAX_TEXTS = 400
"""Different texts of a column whose form is looked at, the most frequent first."""

_NO_TEXT = (
    "Le nom du fichier {} contient un signe que rien ne sait lire\u00a0: un mapping ne peut pas l’écrire. Renommez ce "
    "fichier, puis recommencez."
)


@dataclass(frozen=True)
class Sample:
    """One column: `counts` says how often each text that is not empty was met, cleaned."""

    name: str
    counts: Counter[str]
    rows: int
    prefix: str = ""
    """Begins the names of most of its table's columns, and means nothing that we know: « pc_title », « pc_time »."""
    suffix: str = ""
    """Ends them so."""

    @property
    def said(self) -> str:
        """What its name says, without these ends."""
        return self.name.removeprefix(self.prefix).removesuffix(self.suffix)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        return tuple(text for text, _ in self.counts.most_common(MAX_TEXTS))

    @cached_property
    def content(self) -> Content:
        return content_of(self.texts)

    @property
    def filled(self) -> int:
        return self.counts.total()

    @property
    def is_key(self) -> bool:
        """Every row has a text of its own."""
        return 0 < self.rows == self.filled == len(self.counts)


@dataclass(frozen=True)
class TableSample:
    """One table; `columns` are those that a mapping can name: with a name, and with one that no other has."""

    name: str
    columns: tuple[Sample, ...]
    rows: int
    encoding: str
    delimiter: str
    """As shown to a person; both are empty for a workbook or a database."""
    beginning: tuple[tuple[str, ...], ...]
    """The cells of its columns in its first rows, cleaned."""
    files: tuple[str, ...] = ()
    """Those that it is read from, where they are several: its name is their pattern then."""

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Sample:
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class Samples:
    tables: tuple[TableSample, ...]
    unreadable: tuple[str, ...]
    """Sentences, one for each table that could not be opened."""
    old_encoding: str = ""
    """The old program's one that all of them are likely in, where none that has more than ASCII could be read."""


def take_samples(source: Source, encoding: str = "") -> Samples:
    """Read the beginning of every table; an empty `encoding` is detected.

    Raises `SourceError` where the source cannot even list them.
    """
    tables: list[TableSample] = []
    unreadable: list[str] = []
    encodings: set[str] = set()
    for name in filter(_can_be_mapped, source.tables()):
        if not is_text(name):
            unreadable.append(_NO_TEXT.format(name.encode(errors="replace").decode()))
            continue
        try:
            table = source.table(name, encoding=encoding)
            tables.append(_sample(name, table))
            encodings.add(table.encoding)
        except UnknownEncoding as error:
            unreadable.append(str(error))
            encodings.add(error.likely)
        except SourceError as error:
            unreadable.append(str(error))
    found = encodings - {SHOWN["ascii"]}
    return Samples(tuple(tables), tuple(unreadable), found.pop() if len(found) == 1 and found <= set(OLD) else "")


def is_text(name: str) -> bool:
    """Linux knows names of files that are none, such as those of a former Windows share: no mapping can say them."""
    return not any("\ud800" <= sign <= "\udfff" for sign in name)


def _sample(name: str, table: Table) -> TableSample:
    header = [clean(cell) for cell in table.header]
    kept = [(place, cell) for place, cell in enumerate(header) if cell and header.count(cell) == 1]
    counts: list[Counter[str]] = [Counter() for _ in kept]
    beginning: list[tuple[str, ...]] = []
    rows = 0
    for row in islice(_readable(table), MAX_ROWS):
        if len(row) == len(header):
            rows += 1
            cells = tuple(clean(row[place]) for place, _ in kept)
            for text, counter in zip(cells, counts, strict=True):
                if text:
                    counter[text] += 1
            if len(beginning) < MAX_BEGINNING:
                beginning.append(cells)
    prefix, suffix = shared_ends([cell for _, cell in kept])
    columns = (Sample(cell, counter, rows, prefix, suffix) for (_, cell), counter in zip(kept, counts, strict=True))
    return TableSample(name, tuple(columns), rows, table.encoding, table.delimiter, tuple(beginning))


def _readable(table: Table) -> Iterator[list[str]]:
    """A table that breaks off is known by what stands before: the reading itself will say where it does."""
    try:
        yield from (list(row) for row in table.rows())
    except SourceError:
        return


def _can_be_mapped(name: str) -> bool:
    path = PureWindowsPath(name)
    return bool(name) and "*" not in name and not path.anchor and ".." not in path.parts

"""Tables of the very same columns: one table in several files, such as a year of appointments in each, or copies."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from itertools import combinations, takewhile
from string import digits

from cabinet.errors import SourceError
from cabinet.guessing.model import PartGuess, Question, Topic
from cabinet.guessing.samples import Sample, TableSample

_FIGURES = re.compile(r"\d+")
_SHOWN = 6
"""Files that a sentence names."""


def together(
    tables: Sequence[TableSample], names: Collection[str], files_of: Callable[[str], Sequence[str]]
) -> tuple[TableSample, ...]:
    """The tables with those that are one table in several files read as one, under the pattern of their names.

    These have the same columns, differ by the figures in their names, and have no row in common: files that repeat
    each other are copies of several days, and are left apart. `names` are those of all tables of the source, also of
    those that cannot be read; `files_of` says which of them a pattern stands for.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[TableSample]] = {}
    for table in tables:
        groups.setdefault((_FIGURES.sub("0", table.name), table.column_names), []).append(table)
    found: list[TableSample] = []
    for same in groups.values():
        own = {table.name for table in same}
        pattern = pattern_of(sorted(own), set(names) - own) if len(same) > 1 and _are_apart(same) else ""
        if pattern and _stands_for(own, pattern, files_of):
            found.append(_joined(pattern, same))
        else:
            found += same
    return tuple(found)


def with_siblings(part: PartGuess, tables: Iterable[TableSample]) -> PartGuess:
    """A question where its table is several files, or other tables have the very same columns."""
    by_name = {table.name: table for table in tables}
    table = by_name.get(part.file)
    if table is None:
        return part
    questions = [*part.questions]
    if table.files:
        questions.append(Question(Topic.TOGETHER, _TOGETHER.format(_named(table.files))))
    columns = {name: one.column_names for name, one in by_name.items()}
    if same := siblings_of(part.file, columns):
        pattern = pattern_of((part.file, *same), columns.keys() - {part.file, *same})
        text = _SAME_COLUMNS.format(_named(same)) + (_BY_PATTERN.format(pattern) if pattern else _BY_NAMES)
        questions.append(Question(Topic.FILES, text))
    return replace(part, questions=tuple(questions))


def siblings_of(file: str, columns: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The other tables that have the very same columns."""
    return [name for name, own in columns.items() if name != file and own == columns.get(file)]


def pattern_of(files: Collection[str], others: Collection[str]) -> str:
    """« rdv_*.csv »: what fits these files and none of the others; empty where nothing does."""
    start = _shared_start(files)
    end = _shared_start([file[len(start) :][::-1] for file in files])[::-1].lstrip(digits)
    # The years to come begin with other figures.
    start = start.rstrip(digits)
    pattern = f"{start}*{end}"
    fits = not any(sign in start + end for sign in "[]?*") and not any(fnmatchcase(file, pattern) for file in others)
    return pattern if start and fits else ""


def _shared_start(texts: Collection[str]) -> str:
    return "".join(signs[0] for signs in takewhile(lambda signs: len(set(signs)) == 1, zip(*texts, strict=False)))


def _stands_for(own: set[str], pattern: str, files_of: Callable[[str], Sequence[str]]) -> bool:
    try:
        return set(files_of(pattern)) == own
    except SourceError:
        # Databases have no patterns.
        return False


def _are_apart(tables: Sequence[TableSample]) -> bool:
    rows = [set(table.beginning) for table in tables]
    return not any(one & other for one, other in combinations(rows, 2))


def _joined(name: str, tables: Sequence[TableSample]) -> TableSample:
    first = tables[0]
    rows = sum(table.rows for table in tables)
    columns = tuple(_column(place, rows, tables) for place in range(len(first.columns)))
    beginning = tuple(row for table in tables for row in table.beginning)
    files = tuple(sorted(table.name for table in tables))
    return TableSample(name, columns, rows, first.encoding, first.delimiter, beginning, files)


def _column(place: int, rows: int, tables: Iterable[TableSample]) -> Sample:
    parts = [table.columns[place] for table in tables]
    return replace(parts[0], counts=sum((part.counts for part in parts), Counter()), rows=rows)


def _named(files: Sequence[str]) -> str:
    return ", ".join(_quotes(files))


def _quotes(files: Sequence[str]) -> Iterator[str]:
    yield from (f"«\u00a0{file}\u00a0»" for file in files[:_SHOWN])
    if len(files) > _SHOWN:
        yield f"et {len(files) - _SHOWN} de plus"


_TOGETHER = "{} ont les mêmes colonnes et sont lus ensemble. Vérifiez qu’aucun n’est une copie d’un autre."
_SAME_COLUMNS = "mêmes colonnes dans {}. "
_BY_PATTERN = 'Pour tout lire, écrivez file = "{}".'
_BY_NAMES = (
    "Pour tout lire, donnez à ces fichiers des noms de même début, puis mettez une étoile à la place de ce qui change "
    "(rdv_*.csv)."
)

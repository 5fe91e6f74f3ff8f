"""A workbook (.xlsx, .xls, .ods) as a source: a sheet is a table, its first row below a title the header."""

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import python_calamine as calamine

from cabinet.errors import MappingError, SourceError
from cabinet.sources import old_workbook
from cabinet.sources.formula_errors import errors_of
from cabinet.sources.merged_cells import merged_in_ods
from cabinet.sources.settled import SettledFiles, absent, unreadable
from cabinet.sources.titles import header_place
from cabinet.sources.typed import as_text
from cabinet.sources.unpacked import is_protected, require_moderate
from cabinet.suggestions import did_you_mean


class Workbook:
    """Implements `cabinet.sources.Source`; a table's name is a sheet's, with or without « .csv »."""

    is_typed = True

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._files = SettledFiles()
        try:
            self._book = _book(path.name, self._files.read(path))
        except FileNotFoundError as error:
            what = f"Le classeur {path} n’existe pas."
            raise absent(path, what, "Vérifiez le chemin, et que le partage réseau est accessible.") from error
        except (calamine.PasswordError, old_workbook.Protected) as error:
            raise SourceError(
                f"Le classeur {path.name} est protégé par un mot de passe.", "Enregistrez-le sans mot de passe."
            ) from error
        except OSError as error:
            raise unreadable(path, error) from error
        except (calamine.CalamineError, old_workbook.Damaged) as error:
            raise self._damaged() from error

    def tables(self) -> Sequence[str]:
        return tuple(self._book.sheet_names)

    def names(self, file: str) -> Sequence[str]:
        if "*" not in file:
            return (file,)
        found = [sheet for sheet in self._book.sheet_names if fnmatchcase(_key(sheet), _key(file))]
        if not found:
            raise self._missing(file)
        return found

    def table(self, name: str, *, query: str = "", encoding: str = "", delimiter: str = "") -> "Sheet":  # noqa: ARG002 - Protocol
        if query:
            raise MappingError(
                f"Le mapping donne une requête SQL pour «\u00a0{name}\u00a0», mais la source est un classeur.",
                "Donnez plutôt le nom de la feuille, avec «\u00a0file\u00a0».",
            )
        sheet = next((sheet for sheet in self._book.sheet_names if _key(sheet) == _key(name)), None)
        if sheet is None:
            raise self._missing(name)
        try:
            cells = self._book.cells(sheet)
        except _Merged as merged:
            raise SourceError(
                f"La feuille {sheet} du classeur {self._name} contient des cellules fusionnées (colonne "
                f"{merged.column}, lignes {merged.first} à {merged.last})\u00a0: seule la première est remplie.",
                "Annulez la fusion dans le tableur et remplissez chaque ligne, puis recommencez.",
            ) from merged
        except (calamine.CalamineError, OSError) as error:
            raise self._damaged() from error
        return Sheet(f"{self._name}, feuille {sheet}", cells)

    def require_settled(self) -> None:
        self._files.require_settled()

    def close(self) -> None:
        """The file is closed as soon as it is read."""

    def _missing(self, name: str) -> SourceError:
        sheets = self._book.sheet_names
        present = ", ".join(f"«\u00a0{sheet}\u00a0»" for sheet in sheets)
        return SourceError(
            f"La feuille «\u00a0{name}\u00a0» manque dans le classeur {self._name}.",
            did_you_mean(name, sheets) or f"Feuilles présentes\u00a0: {present}.",
        )

    def _damaged(self) -> SourceError:
        return SourceError(
            f"Le classeur {self._name} est abîmé, ou n’est pas un classeur.",
            "Ouvrez-le dans le tableur, enregistrez-le de nouveau, puis recommencez.",
        )


class _Merged(Exception):
    """Cells of several lines are one. Lines and column count from 1."""

    def __init__(self, first: int, last: int, column: int) -> None:
        self.first = first
        self.last = last
        self.column = column


class _Packed:
    """The cells of a newer workbook, a sheet at a time."""

    def __init__(self, raw: bytes) -> None:
        self._book = calamine.CalamineWorkbook.from_filelike(BytesIO(raw))
        self._errors = errors_of(raw)
        self._merged = merged_in_ods(raw)
        self.sheet_names: Sequence[str] = self._book.sheet_names

    def cells(self, sheet: str) -> list[list[Any]]:
        found = self._book.get_sheet_by_name(sheet)
        cells = found.to_python(skip_empty_area=False)
        for (line, column), error in self._errors.get(sheet, {}).items():
            cells[line][column] = error
        ranges = found.merged_cell_ranges
        _refuse_merged(cells, self._merged.get(sheet, []) if ranges is None else ranges)
        return cells


class _Old:
    """Those of an .xls, all read at once."""

    def __init__(self, raw: bytes) -> None:
        self._sheets = old_workbook.sheets_of(raw)
        self.sheet_names: Sequence[str] = tuple(self._sheets)

    def cells(self, sheet: str) -> list[list[str]]:
        cells, merged = self._sheets[sheet]
        _refuse_merged(cells, merged)
        return cells


def _refuse_merged(cells: list[list[Any]], ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Raise `_Merged` for cells of several lines below the header: only the first of them is filled."""
    for (first, left), (last, _) in ranges:
        if first < last and last > (_head_of(cells) or 0):
            raise _Merged(first + 1, last + 1, left + 1)


def _book(name: str, raw: bytes) -> _Packed | _Old:
    if raw.startswith(old_workbook.MAGIC):
        return _Old(raw)
    require_moderate(name, raw)
    if is_protected(raw):
        raise old_workbook.Protected
    return _Packed(raw)


class Sheet:
    """Implements `cabinet.sources.Table` over the cells of one sheet."""

    encoding = ""
    delimiter = ""
    is_ended = True

    def __init__(self, name: str, cells: list[list[Any]]) -> None:
        self.name = name
        self._cells = cells
        head = _head_of(cells)
        if head is None:
            raise SourceError(
                f"La table {name} est vide.", "Refaites l’export\u00a0: rien n’est publié d’une feuille vide."
            )
        names = [as_text(cell).strip() for cell in cells[head]]
        while len(names) > 1 and not names[-1]:
            names.pop()
        self.header = tuple(names)
        self._line = head + 1

    def rows(self) -> Iterator[list[str]]:
        width = len(self.header)
        for line in range(self._line, len(self._cells)):
            row = self._cells[line]
            if not _is_blank(row):
                self._line = line + 1
                texts = [as_text(cell) for cell in row]
                while len(texts) > width and not texts[-1]:
                    texts.pop()
                yield texts

    def line_of(self, row: Sequence[str]) -> int:  # noqa: ARG002 - Protocol
        return self._line


def _head_of(cells: list[list[Any]]) -> int | None:
    """The place of the header's row, below blank ones and a title; None where all are blank."""
    first = next((place for place, row in enumerate(cells) if not _is_blank(row)), None)
    return None if first is None else first + header_place(map(_filled, islice(cells, first, None)))


def _is_blank(row: list[Any]) -> bool:
    return all(cell is None or cell == "" for cell in row)


def _filled(row: list[Any]) -> int:
    return sum(cell is not None and cell != "" for cell in row)


def _key(name: str) -> str:
    """A sheet may be named like the file of an export: `rendez_vous.csv` is the sheet `Rendez_vous`."""
    return name.strip().casefold().removesuffix(".csv")

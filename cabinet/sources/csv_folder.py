"""A folder of CSV files as a source: rows of text with their place, nothing else."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from cabinet.errors import MappingError, SourceError, SourceNotReady
from cabinet.sources.encodings import SHOWN, encoding_of, line_at
from cabinet.sources.settled import SettledFiles, absent, unreadable
from cabinet.sources.titles import MOST_LINES, header_place

DELIMITERS = {";": "point-virgule", "\t": "tabulation", ",": "virgule", "|": "barre verticale"}
"""In order of preference where a header could be cut by several: French programs write `;`."""
_SOMETHING = re.compile(rb"[^\r\n\t \0\xff\xfe\xef\xbb\xbf]")
SUFFIXES = frozenset({".csv", ".txt", ".tsv"})
"""Of the files that are listed as tables; a mapping may name any other."""
_ASIDE = (".", "~$")
"""Begin the names of what other programs keep beside a file that they have open."""
MAX_LINE = 1_000_000
"""Bytes: a row of many long remarks has a hundredth of it."""
_END = "\0"
"""Begins the line fed after the last: it comes back as a row of its own unless a quote is open. No file holds NUL."""


class CsvFolder:
    """Implements `cabinet.sources.Source`; a table's name is the name of its file in the folder."""

    is_typed = False

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise absent(
                folder,
                f"Le dossier d’export {folder} n’existe pas ou n’est pas un dossier.",
                "Vérifiez le chemin, et que le partage réseau est accessible.",
            )
        self._folder = folder
        self._files = SettledFiles()

    def tables(self) -> Sequence[str]:
        try:
            return sorted(path.name for path in self._folder.iterdir() if _is_table(path.name))
        except OSError as error:
            raise unreadable(self._folder, error) from error

    def names(self, file: str) -> Sequence[str]:
        if "*" not in file:
            return (file,)
        try:
            found = sorted(
                path.relative_to(self._folder).as_posix()
                for path in self._folder.glob(file)
                if not path.name.startswith(_ASIDE)
            )
        except OSError as error:
            raise unreadable(self._folder / file, error) from error
        if not found:
            raise SourceError(
                f"Aucun fichier ne correspond à «\u00a0{file}\u00a0» dans le dossier {self._folder}.",
                "Refaites l’export complet, ou corrigez le nom dans le mapping.",
            )
        return found

    def table(self, name: str, *, query: str = "", encoding: str = "", delimiter: str = "") -> "CsvTable":
        if query:
            raise MappingError(
                f"Le mapping donne une requête SQL pour «\u00a0{name}\u00a0», mais la source est un dossier.",
                "Donnez plutôt le nom du fichier, avec «\u00a0file\u00a0».",
            )
        return CsvTable(name, self.content(name), encoding=encoding, delimiter=delimiter)

    def content(self, name: str) -> bytes:
        """The bytes of a file of the folder. Raise `SourceError` for one that is missing or still being written."""
        try:
            return self._files.read(self._folder / name)
        except FileNotFoundError as error:
            if not self._folder.is_dir():
                raise unreadable(self._folder / name, error) from error
            raise SourceError(
                f"Le fichier {name} manque dans le dossier {self._folder}.",
                "Refaites l’export complet, ou corrigez le nom du fichier dans le mapping.",
            ) from error
        except OSError as error:
            raise unreadable(self._folder / name, error) from error

    def require_settled(self) -> None:
        self._files.require_settled()

    def close(self) -> None:
        """Files are closed as soon as they are read."""


class CsvTable:
    """Implements `cabinet.sources.Table` over the bytes of one file, decoded as it is read."""

    def __init__(self, name: str, raw: bytes, *, encoding: str = "", delimiter: str = "") -> None:
        if not _SOMETHING.search(raw):
            raise SourceNotReady(
                f"Le fichier {name} est vide.", "Refaites l’export\u00a0: rien n’est publié d’un fichier vide."
            )
        self.name = name
        self._lines_before = 0
        if place := _long_line(raw):
            raise self._too_long(line_at(raw, place))
        codec = encoding_of(name, raw, encoding)
        if not codec.startswith("utf-16") and (place := raw.find(0)) >= 0:
            raise SourceNotReady(
                f"Le fichier {name} contient des octets nuls à la ligne {line_at(raw, place)}.",
                "Il est abîmé ou encore en cours d’écriture\u00a0: refaites l’export.",
            )
        self.raw = raw
        self.codec = codec
        self.encoding = SHOWN[codec]
        lines = io.TextIOWrapper(io.BytesIO(raw), encoding=codec, newline="")
        first = next(lines)
        # UTF-16 has a zero behind or before each of its signs. Of two signs that end a line, one ends none.
        end = raw.rstrip(b"\0")[-1:]
        self.is_ended = end == b"\n" or (end == b"\r" and not first.endswith("\r\n"))
        if first.startswith("sep="):
            # Excel's own first line says the delimiter and is no header.
            delimiter = delimiter or first[4:5]
            first = next(lines, "")
            self._lines_before = 1
        if len(first) > csv.field_size_limit():
            raise self._too_long(self._lines_before + 1)
        start = [first, *islice(lines, MOST_LINES)]
        titles = header_place(map(_filled, start))
        self._lines_before += titles
        first = start[titles]
        separator = delimiter or _delimiter_of(first)
        self.separator = separator
        self.delimiter = DELIMITERS.get(separator, separator)
        tail = [_END]
        self._reader = csv.reader(chain(start[titles:], lines, tail), delimiter=separator)
        self.header = _named(self._next_header())
        self.header_lines = self._lines_before + self._reader.line_num
        # One cell more than any row of the table: never taken for one.
        tail[0] = _END + separator * len(self.header)

    def _next_header(self) -> list[str]:
        try:
            header = next(self._reader)
        except csv.Error as error:
            raise self._broken_off(0) from error
        if header and _END in header[-1]:
            raise self._open_quote(1)
        return header

    def rows(self) -> Iterator[list[str]]:
        """Blank lines are passed over; empty cells beyond the header's width are cut off, as exports add them."""
        width = len(self.header)
        begins, last_width = 1, width
        try:
            for row in self._reader:
                if self._reader.line_num - begins > 1:
                    self._refuse_swallowed(row, begins + 1)
                if len(row) == width:
                    last_width = width
                    begins = self._reader.line_num
                    yield row
                elif row and row[0] == _END:
                    if last_width < width and not self.is_ended:
                        raise self._truncated(begins)
                    return
                elif row:
                    while len(row) > width and not row[-1]:
                        row.pop()
                    last_width = len(row)
                    begins = self._reader.line_num
                    yield row
        except csv.Error as error:
            raise self._broken_off(begins) from error
        raise self._open_quote(begins)

    def _refuse_swallowed(self, row: Sequence[str], line: int) -> None:
        """Raise `SourceError` for a row of several lines that is other rows in quotes that belong elsewhere.

        Such a cell has, with each end of a line, as many delimiters as a row; or the row is of another width.
        """
        a_row = len(self.header) - 1
        for cell in row:
            breaks = cell.count("\n") or cell.count("\r")
            if breaks and (len(row) != a_row + 1 or (a_row and cell.count(self.separator) == breaks * a_row)):
                raise SourceError(
                    f"Le fichier {self.name} contient, à la ligne {line + self._lines_before}, un guillemet qui n’est "
                    "refermé que plus bas\u00a0: plusieurs lignes s’y lisent comme une seule.",
                    "Corrigez ces guillemets dans le logiciel du cabinet, puis refaites l’export.",
                )

    def line_of(self, row: Sequence[str]) -> int:
        breaks = sum(cell.count("\n") or cell.count("\r") for cell in row)
        return self._reader.line_num + self._lines_before - breaks

    def _broken_off(self, last_line: int) -> SourceError:
        """A cell that never ends: within its line, or because a quote took the next lines in."""
        if self._reader.line_num - last_line > 1:
            return self._open_quote(last_line + 1)
        return self._too_long(self._reader.line_num + self._lines_before)

    def _too_long(self, line: int) -> SourceError:
        return SourceError(
            f"La ligne {line} du fichier {self.name} est bien trop longue pour être celle d’un patient.",
            "Le fichier est abîmé, ou ses fins de ligne manquent\u00a0: refaites l’export.",
        )

    def _truncated(self, line: int) -> SourceError:
        return SourceNotReady(
            f"Le fichier {self.name} s’interrompt au milieu de la ligne {line + self._lines_before}.",
            "L’export est tronqué\u00a0: refaites-le en entier.",
        )

    def _open_quote(self, line: int) -> SourceError:
        return SourceNotReady(
            f"Le fichier {self.name} contient, à la ligne {line + self._lines_before} ou après, un guillemet jamais "
            "refermé.",
            "L’export est tronqué ou abîmé\u00a0: refaites-le en entier.",
        )


def _long_line(raw: bytes) -> int:
    """A place within a line of more than `MAX_LINE` bytes; 0 for none. One end of a line is looked for a window."""
    place = 0
    while len(raw) - place > MAX_LINE:
        window = place, place + MAX_LINE
        end = raw.rfind(b"\n", *window) + 1 or raw.rfind(b"\r", *window) + 1
        if not end:
            return place + 1
        place = end
    return 0


def _is_table(name: str) -> bool:
    return Path(name).suffix.casefold() in SUFFIXES and not name.startswith(_ASIDE)


def _named(header: list[str]) -> tuple[str, ...]:
    """Without the nameless columns at the end: some programs end every row with a delimiter, some only the header."""
    names = [cell.strip() for cell in header]
    while len(names) > 1 and not names[-1]:
        names.pop()
    return tuple(names)


def _filled(line: str) -> int:
    """How many of its cells say something. A line that no header is as long as says nothing."""
    if len(line) > csv.field_size_limit():
        return 0
    return sum(bool(cell.strip()) for cell in next(csv.reader((line,), delimiter=_delimiter_of(line)), ()))


def _delimiter_of(first_line: str) -> str:
    """The delimiter that cuts the header into most columns; `;` where none does."""
    return max(DELIMITERS, key=lambda d: len(next(csv.reader((first_line,), delimiter=d), ())))

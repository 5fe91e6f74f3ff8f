"""Exports in the manner of several programs, written by the tests: names of columns, encodings, forms of dates."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from cabinet.guess import Guess, guess
from cabinet.guessing.model import PartGuess
from cabinet.mapping import parse_mapping
from cabinet.reading import Reading, read
from cabinet.sources.location import Location
from tests.cabinet.conftest import KEY

Rows = Sequence[Sequence[str]]
NAMES = ("MARTEL", "OURSEL", "LEFÈVRE", "N'DIAYE", "QUENTIN", "BELIN", "CARON", "DUVAL")
FIRST_NAMES = ("Éloïse", "Côme", "Inès", "Léo", "Zoé", "Hugo", "Anaïs", "Tom")
TOWNS = ("Dijon", "Beaune", "Nuits-Saint-Georges", "Talant", "Quetigny", "Chenôve", "Longvic", "Auxonne")
PATIENTS = range(8)


def table(header: str, rows: Rows, *, delimiter: str = ";") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(header.split())
    writer.writerows(rows)
    return out.getvalue()


def day(place: int) -> str:
    return f"{13 + place:02d}/0{1 + place % 9}/2026"


def born(place: int) -> str:
    return f"{14 + place:02d}/03/201{place % 5}"


def called(place: int) -> tuple[str, str]:
    """Last and first name."""
    return NAMES[place], FIRST_NAMES[place]


def who(place: int) -> tuple[str, str, str]:
    """The same, and the day of birth."""
    return *called(place), born(place)


def people(header: str = "NUMPAT NOM PRENOM DATENAISS") -> str:
    return table(header, [(f"{100 + i}", *who(i)) for i in PATIENTS])


def write(folder: Path, tables: dict[str, str], encoding: str = "cp1252") -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in tables.items():
        (folder / name).write_bytes(text.encode(encoding))
    return folder


def guessed(source: Path | str) -> Guess:
    return guess(Location(str(source)))


def part_of(found: Guess, name: str) -> PartGuess:
    return next(part for part in found.findings.parts if part.part == name)


def fields(found: Guess, name: str, place: int = 0) -> dict[str, str]:
    """Field -> its columns joined by +, of the part of that name (the addressee at that place)."""
    part = [part for part in found.findings.parts if part.part == name][place]
    return {match.field: "+".join(match.columns) for match in part.matches}


def read_through(found: Guess, source: Path | str) -> Reading:
    """What `webortho check` reads with the guessed mapping as it is."""
    return read(Location(str(source)), parse_mapping(found.text, "guessed"), KEY)

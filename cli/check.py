"""`webortho check`: read an export and say what it holds, how it is written, and what is wrong with it.

Exit codes: 0 read, with problems or without; 2 the source or the mapping cannot be used; 4 anything else.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from cabinet.dossier import digest_of, encode
from cabinet.filled import counted as counted_filled
from cabinet.filled import mask_of, never_filled
from cabinet.mapping import default_mapping, load_mapping
from cabinet.problem_groups import ProblemGroup, group
from cabinet.problems import Place, Severity
from cabinet.reading import Counts, FileFormat, Reading, read
from cabinet.sources.location import Location
from cli.output import errors_told, print_json
from cli.paths import FILE
from cli.source import HELP, SourceType, with_password
from portal.api.manifest import root_of
from portal.api.shapes import ManifestEntry
from sync.wording import NO_BREAK_SPACE, counted, number

NO_KEY = bytes(32)
"""Digests are not shown here: a cabinet's own key is not needed."""
_OUTCOMES = {
    Severity.ERROR: ("ligne refusée", "lignes refusées"),
    Severity.WARNING: ("valeur laissée de côté", "valeurs laissées de côté"),
    Severity.INFO: ("remarque", "remarques"),
}


class Timings(msgspec.Struct, frozen=True):
    """Seconds, on the wall."""

    read: float


class CheckDocument(msgspec.Struct, frozen=True):
    """What `--json` prints."""

    counts: Counts
    root: str
    """Of all dossiers, hexadecimal: sources that hold the same have the same. No cabinet's key is in it."""
    photos: int
    formats: tuple[FileFormat, ...]
    problems: tuple[ProblemGroup, ...]
    timings: Timings
    status: str = "done"
    exit_code: int = 0


@click.command()
@click.option("--source", required=True, type=SourceType(), help=HELP)
@click.option(
    "--mapping", "mapping_file", type=FILE, help="Fichier de mapping (défaut\u00a0: l’export de démonstration)."
)
@click.option("--json", "as_json", is_flag=True, help="Écrit un seul objet JSON sur la sortie standard.")
def command(*, source: Location, mapping_file: Path | None, as_json: bool) -> None:
    """Lit un export et dit ce qu’il contient, comment il est écrit, et ce qui ne va pas. Ne publie rien.

    Codes de sortie : 0 lu, avec ou sans problèmes ; 2 export ou mapping inutilisable ; 4 autre.
    """
    with errors_told(as_json=as_json):
        mapping = load_mapping(mapping_file) if mapping_file else default_mapping()
        started = time.perf_counter()
        reading = read(with_password(source), mapping, NO_KEY)
        seconds = time.perf_counter() - started
        filled = counted_filled(mask_of(dossier) for dossier in reading.dossiers)
        missing = never_filled(reading.counts.patients, filled, Place(mapping.patients.table_name))
        problems = group((*reading.problems, *missing))
        if as_json:
            timings = Timings(read=round(seconds, 3))
            root = root_of(ManifestEntry(one.number, digest_of(encode(one), NO_KEY)) for one in reading.dossiers)
            photos = len(reading.photos)
            print_json(CheckDocument(reading.counts, root.hex(), photos, reading.formats, problems, timings))
        else:
            for line in _lines(source.text, reading, problems, seconds):
                click.echo(line)


def _lines(source: str, reading: Reading, problems: tuple[ProblemGroup, ...], seconds: float) -> Iterator[str]:
    yield f"Export lu{NO_BREAK_SPACE}: {source} ({_decimal(seconds)}{NO_BREAK_SPACE}s)"
    yield ""
    counts = reading.counts
    for label, count in (
        ("Patients", counts.patients),
        ("Rendez-vous", counts.appointments),
        ("Échéances", counts.instalments),
        ("Honoraires", counts.fees),
        ("Photos", len(reading.photos)),
    ):
        yield f"  {label:<14}{number(count):>10}"
    yield ""
    width = max(len(found.file) for found in reading.formats)
    for found in reading.formats:
        yield f"  {found.file:<{width}}  {_written(found)}"
    yield ""
    if not problems:
        yield "Aucun problème."
        return
    yield f"{counted(sum(problem.count for problem in problems), 'problème')}{NO_BREAK_SPACE}:"
    for problem in problems:
        yield ""
        of_what = "tout l’export" if problem.is_of_all else counted(problem.count, *_OUTCOMES[problem.severity])
        yield f"  {of_what} ({_where(problem)})"
        yield f"    {_example(problem)}{problem.sentence}"


def _written(found: FileFormat) -> str:
    parts = [found.encoding, found.delimiter]
    if found.dates:
        parts.append(f"dates {' '.join(found.dates)}")
    if found.decimals:
        parts.append(f"décimales {' et '.join(f'«{NO_BREAK_SPACE}{sign}{NO_BREAK_SPACE}»' for sign in found.decimals)}")
    parts.append(counted(found.rows, "ligne"))
    return ", ".join(part for part in parts if part)


def _where(problem: ProblemGroup) -> str:
    """« patients.csv, lignes 3, 8, 12 et 9 997 autres, colonne … »."""
    first = problem.places[0]
    lines = [str(place.line) for place in problem.places if place.line is not None]
    where = first.file
    if lines:
        where += f", {'ligne' if problem.count == 1 else 'lignes'} {', '.join(lines)}"
    if others := problem.count - len(problem.places):
        where += f" et {counted(others, 'autre')}"
    if first.column:
        where += f", colonne «{NO_BREAK_SPACE}{first.column}{NO_BREAK_SPACE}»"
    return where


def _example(problem: ProblemGroup) -> str:
    return f"Par exemple{NO_BREAK_SPACE}: " if problem.count > 1 else ""


def _decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")

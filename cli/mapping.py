"""`webortho mapping guess`: recognise an export that nobody has seen, and write the first mapping of it.

Exit codes: 0 recognised, with questions or without; 1 the patients' number was not found; 2 the source cannot be
read; 4 anything else.
"""

import sys
from pathlib import Path

import click
import msgspec

from cabinet.errors import WebOrthoError
from cabinet.guess import Guess, guess
from cabinet.guessing.writing import questions_of
from cabinet.sources.location import Location
from cabinet.system_words import why
from cli.output import errors_told, print_json
from cli.paths import FILE
from cli.source import HELP, SourceType, with_password
from sync.wording import NO_BREAK_SPACE, counted

EXIT_INCOMPLETE = 1


class ColumnDocument(msgspec.Struct, frozen=True):
    field: str
    columns: tuple[str, ...]
    level: str
    reason: str
    held: bool
    """A comment in the mapping until a person decided."""


class PartDocument(msgspec.Struct, frozen=True):
    part: str
    table: str
    columns: tuple[ColumnDocument, ...]


class GuessDocument(msgspec.Struct, frozen=True):
    """What `--json` prints."""

    parts: tuple[PartDocument, ...]
    photos: tuple[str, ...]
    questions: tuple[str, ...]
    unused: dict[str, tuple[str, ...]]
    missing: str
    mapping: str
    status: str
    exit_code: int


@click.group()
def command() -> None:
    """Prépare le fichier qui dit quelle colonne de l’export est quoi."""


@command.command("guess")
@click.option("--source", required=True, type=SourceType(), help=HELP)
@click.option(
    "--patients", default="", help="Table des patients\u00a0: son fichier ou sa feuille (défaut\u00a0: reconnue)."
)
@click.option("--out", type=FILE, help="Fichier à écrire (défaut\u00a0: la sortie standard).")
@click.option("--json", "as_json", is_flag=True, help="Écrit un seul objet JSON sur la sortie standard.")
def guess_command(*, source: Location, patients: str, out: Path | None, as_json: bool) -> None:
    """Écrit un premier mapping, reconnu dans l’export et à compléter.

    Codes de sortie : 0 reconnu ; 1 le numéro des patients n’a pas été trouvé ; 2 source illisible ; 4 autre.
    """
    with errors_told(as_json=as_json):
        found = guess(with_password(source), patients=patients)
        if out:
            _write(out, found.text)
        code = EXIT_INCOMPLETE if found.findings.missing else 0
        if as_json:
            print_json(_document(found, code))
        elif out is None:
            click.echo(found.text, nl=False)
        else:
            _tell(found, out)
        if found.findings.missing and not as_json:
            todo = "Complétez le mapping, puis essayez-le\u00a0; ou dites quelle table est la leur (--patients)."
            click.echo(f"{found.findings.missing} {todo}", err=True)
    sys.exit(code)


def _write(path: Path, text: str) -> None:
    """Raise `WebOrthoError` rather than write over a mapping that a person completed."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise WebOrthoError(
            f"Le fichier {path} existe déjà.", "Donnez un autre nom\u00a0: il a peut-être été complété à la main."
        ) from error
    except OSError as error:
        raise WebOrthoError(
            f"Le fichier {path} ne peut pas être écrit ({why(error)}).",
            "Vérifiez le chemin et vos droits.",
        ) from error


def _tell(found: Guess, out: Path) -> None:
    questions = questions_of(found.findings)
    fields = sum(len(part.matches) for part in found.findings.parts)
    click.echo(f"Mapping écrit{NO_BREAK_SPACE}: {out} ({counted(fields, 'champ reconnu', 'champs reconnus')}).")
    if questions:
        click.echo(f"{counted(len(questions), 'point')} à vérifier{NO_BREAK_SPACE}:")
        for question in questions:
            click.echo(f"  - {question}")
    if not found.findings.missing:
        click.echo(f"Essayez-le{NO_BREAK_SPACE}: webortho check --source … --mapping {out}")


def _document(found: Guess, code: int) -> GuessDocument:
    findings = found.findings
    return GuessDocument(
        parts=tuple(
            PartDocument(
                part.part,
                part.table,
                tuple(
                    ColumnDocument(
                        match.field, match.columns, match.level.value, match.reason, match.is_held or part.is_held
                    )
                    for match in part.matches
                ),
            )
            for part in findings.parts
        ),
        photos=findings.photos,
        questions=tuple(questions_of(findings)),
        unused=dict(findings.unused),
        missing=findings.missing,
        mapping=found.text,
        status="incomplete" if findings.missing else "done",
        exit_code=code,
    )

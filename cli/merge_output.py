"""What `webortho merge …` says at the end: what was written, who is missing from it and why, and the exit code."""

import re
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
import msgspec

from app.desk.issuer import CodesForgottenError
from app.desk.message_files import FilesReport
from app.desk.printing import PrintReport
from app.desk.texts import read_text
from cabinet.errors import WebOrthoError
from cli.merge_options import Where
from cli.merge_refused import Missing, write_missing
from cli.output import print_json
from merge.letters.problems import name_of
from merge.letters.whole_file import OutputError
from merge.recipients import ChannelKind, Reason, Selection
from merge.template import TemplateError
from sync.wording import NO_BREAK_SPACE, counted

EXIT_DONE, EXIT_INCOMPLETE = 0, 1
_NOUNS = {
    "letters": ("lettre", "lettres"),
    "docx": ("lettre", "lettres"),
    "cards": ("carte", "cartes"),
    "labels": ("étiquette", "étiquettes"),
    "poster": ("affiche", "affiches"),
    "envelopes": ("enveloppe", "enveloppes"),
    "emails": ("e-mail", "e-mails"),
    "sms": ("SMS", "SMS"),
}
_MISSING = {
    ChannelKind.EMAIL: "aucune adresse e-mail n’est connue. Complétez la fiche, ou choisissez la lettre.",
    ChannelKind.SMS: "aucun numéro de mobile n’est connu. Complétez la fiche, ou choisissez la lettre.",
    ChannelKind.LETTER: "aucune adresse postale n’est connue. Complétez la fiche du destinataire.",
}


class MergeProblem(msgspec.Struct, frozen=True):
    """Why a patient's message is not there, as a sentence with its remedy."""

    number: str
    sentence: str
    addressee: str = ""
    """Whose it was, as the list of who is missing names them; "" where nobody is known."""


class Timings(msgspec.Struct, frozen=True):
    """Seconds, on the wall."""

    total: float = 0


class MergeDocument(msgspec.Struct, frozen=True):
    """What `--json` prints."""

    kind: str
    out: str
    """"" when nothing was written."""
    written: int
    verified: int
    """Codes and links that the portal confirmed before anything was written."""
    missing: int
    """Messages that are not there: a household's once, though the problems name each child."""
    problems: tuple[MergeProblem, ...]
    warning: str = ""
    fields: tuple[str, ...] = ()
    """That a Word template names; what follows are those of them that no letter had a value for."""
    never_filled: tuple[str, ...] = ()
    timings: Timings = Timings()
    status: str = "done"

    exit_code: int = 0


def of_paper(kind: str, report: PrintReport, missing: Iterable[MergeProblem]) -> MergeDocument:
    refused = tuple(MergeProblem(one.number, one.sentence, one.name) for one in report.refused)
    return _document(kind, report, (report.papers, report.missing), refused, tuple(missing))


def of_messages(kind: str, report: FilesReport, missing: Iterable[MergeProblem]) -> MergeDocument:
    blocked = tuple(
        MergeProblem(
            one.numbers[0],
            f"Dossier {', '.join(one.numbers)} ({one.name})\u00a0: {why[:1].lower()}{why[1:]}",
            name_of(one.addressee),
        )
        for one, why in report.blocked
    )
    return _document(kind, report, (report.written, len(report.blocked)), blocked, tuple(missing))


def unreachable(selection: Selection, channel: ChannelKind) -> Iterator[MergeProblem]:
    """Whom the channel does not reach."""
    for one in selection.left_out:
        if one.reason is Reason.UNREACHABLE:
            patient = one.dossier.patient
            name = f"{patient.first_name} {patient.last_name}".strip()
            yield MergeProblem(patient.number, f"Dossier {patient.number} ({name}) : {_MISSING[channel]}")


def end(document: MergeDocument, at: Where) -> NoReturn:
    """Write the list of who is missing where it is wanted, print, and exit."""
    if at.refused is not None:
        try:
            write_missing(at.refused, (_missing(problem) for problem in document.problems))
        except OutputError as error:
            warning = " ".join(filter(None, (document.warning, error.what)))
            document = msgspec.structs.replace(document, warning=warning, exit_code=error.exit_code)
    if at.as_json:
        timings = Timings(round(time.monotonic() - at.started, 3))
        print_json(msgspec.structs.replace(document, timings=timings))
    else:
        for line in _lines(document):
            click.echo(line)
    sys.exit(document.exit_code)


def _missing(problem: MergeProblem) -> Missing:
    return Missing(problem.number, problem.addressee, problem.sentence)


def _document(
    kind: str,
    report: PrintReport | FilesReport,
    counts: tuple[int, int],
    why: tuple[MergeProblem, ...],
    unreached: tuple[MergeProblem, ...],
) -> MergeDocument:
    """`counts`: messages written, and refused (`why`); a patient who is not reached lacks one too."""
    (written, refused), problems = counts, (*why, *unreached)
    warning = ""
    if isinstance(report.told_error, CodesForgottenError):
        warning = str(report.told_error)
    elif report.told_error is not None:
        warning = (
            f"Les codes ne sont pas encore valables. {report.told_error.what} WebOrtho réessaie à la prochaine "
            "commande «\u00a0webortho merge\u00a0» et à l’ouverture de l’application."
        )
    return MergeDocument(
        kind,
        str(report.path) if written else "",
        written,
        report.verified,
        refused + len(unreached),
        problems,
        warning,
        exit_code=EXIT_INCOMPLETE if problems or warning else EXIT_DONE,
    )


def _lines(document: MergeDocument) -> Iterator[str]:
    noun = _NOUNS[document.kind]
    if document.written:
        verified = f", {counted(document.verified, 'accès vérifié', 'accès vérifiés')}" if document.verified else ""
        yield f"{counted(document.written, *noun)}{verified}{NO_BREAK_SPACE}: {document.out}"
    else:
        yield f"Rien n’a été écrit{NO_BREAK_SPACE}: {counted(0, *noun)}."
    if document.warning:
        yield document.warning
    if document.written and document.never_filled:
        yield f"Sans valeur dans toutes les lettres{NO_BREAK_SPACE}: {', '.join(document.never_filled)}."
    if document.problems:
        yield f"{counted(document.missing, 'destinataire manque', 'destinataires manquent')}{NO_BREAK_SPACE}:"
        yield from _grouped(document.problems)


def _grouped(problems: tuple[MergeProblem, ...]) -> Iterator[str]:
    """Each with its record; where many lack the same, their numbers and the sentence once."""
    same: dict[str, list[MergeProblem]] = {}
    for problem in problems:
        same.setdefault(_WHOSE.sub("", problem.sentence), []).append(problem)
    for what, group in same.items():
        if len(group) <= MAX_ALIKE:
            yield from (f"  {problem.sentence}" for problem in group)
            continue
        numbers = ", ".join(problem.number for problem in group)
        yield f"  {counted(len(group), 'dossier')} ({numbers}){NO_BREAK_SPACE}: {what}"


MAX_ALIKE = 3
_WHOSE = re.compile(r"^Dossier .*?\)\s*: ")


@contextmanager
def located(template: Path | None) -> Iterator[None]:
    """An unknown field's place is told in the file that the person gave."""
    try:
        yield
    except TemplateError as error:
        if template is None:
            raise
        raise WebOrthoError(_in_file(error, template)) from error


def _in_file(error: TemplateError, template: Path) -> str:
    problem = error.problems[0]
    what = re.sub(r"^Ligne \d+, colonne \d+\s*:\s*", "", problem.sentence)
    for number, line in enumerate(read_text(template).splitlines(), 1):
        if (column := line.find(problem.name)) >= 0:
            return f"{template.name}, ligne {number}, colonne {column + 1} : {what}"
    return f"{template.name} : {what}"

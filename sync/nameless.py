"""Problems and errors as the portal may know them: counted, placed and explained, without a value of any patient's.

The sentences that are shown at the cabinet quote what stands in the export. These do not: they are e-mailed.
"""

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from hashlib import blake2b

from cabinet.errors import SourceError, WebOrthoError
from cabinet.problem_groups import ProblemGroup
from cabinet.problems import Severity
from portal.api.shapes import MAX_PROBLEM_KINDS, ToldProblem
from sync.wording import NO_BREAK_SPACE, counted

_WORDS = {
    "unreadable-email": "adresse e-mail qui n’est pas valable",
    "unreadable-phone": "numéro de téléphone qui n’en est pas un",
    "formula-error": "erreur de calcul du tableur",
    "missing-time": "date sans heure",
    "unreadable-date": "date qui n’est pas reconnue",
    "short-year": "année sur deux chiffres",
    "unknown-patient": "patient qui n’est pas dans le fichier des patients",
    "left-out-patient": "patient que le filtre ne retient pas",
    "refused-patient": "numéro porté par plusieurs patients",
    "duplicate-number": "numéro porté par plusieurs patients",
    "empty-line": "ligne vide",
    "unreadable-number": "numéro de patient abîmé ou trop long",
    "unreadable-amount": "montant qui n’est pas reconnu",
    "ambiguous-amount": "montant qui se lit de deux façons",
    "unreadable-duration": "durée qui n’est pas reconnue",
    "unreadable-rank": "rang qui n’est pas reconnu",
    "unreadable-boolean": "réponse qui n’est ni oui ni non",
    "unknown-status": "état de rendez-vous inconnu",
    "unknown-civility": "civilité inconnue",
    "unsplit-name": "nom et prénom en une cellule, dont rien ne montre où finit le nom",
    "unsplit-place": "code postal et ville en une cellule, dont rien ne montre le code postal",
    "missing-number": "numéro de patient absent",
    "no-family": "table de destinataires dont aucune famille n’est celle d’un patient",
    "total-line": "ligne de total",
    "wrong-columns": "nombre de colonnes différent de l’en-tête",
    "empty-filter": "filtre qui ne retient aucune ligne",
    "several-balances": "plusieurs soldes pour un patient",
    "unusable-photo": "photo qui ne peut pas être montrée",
}
"""Each code of `cabinet.sentences`, in the words of a list."""
_ANYTHING = "valeur qui ne convient pas"
_NAMED_AFTER_PATIENTS = frozenset({"unusable-photo"})
"""Codes whose place is a file of one patient's, often with their name."""
_DETAILS = "Le détail est dans WebOrtho, sur le poste qui lit l’export."


def told_problems(groups: Iterable[ProblemGroup], patterns: Sequence[str] = ()) -> tuple[ToldProblem, ...]:
    """What needs a person, errors first; remarks are not told.

    `patterns`: those by which the mapping names files, such as `rdv_*.csv`. They stand for the files that fit: the day
    in a file's name would make all its problems new ones every night.
    """
    found: dict[tuple[bool, str, str], list[ProblemGroup]] = {}
    for group in groups:
        if group.severity is not Severity.INFO:
            kind = (group.severity is Severity.ERROR, group.code, _where(group, patterns))
            found.setdefault(kind, []).append(group)
    ordered = sorted(found.items(), key=lambda item: not item[0][0])
    return tuple(_told(*kind, same) for kind, same in ordered[:MAX_PROBLEM_KINDS])


def told_error(error: WebOrthoError) -> tuple[str, str]:
    """What happened and what to do.

    What a database says of itself stands in brackets, and what to do about a column may list all that the export has:
    both may quote a patient, so neither is told.
    """
    if not isinstance(error, SourceError):
        return error.what, error.todo
    return re.sub(r" \(.*\)", "", error.what, flags=re.DOTALL), _DETAILS


def _where(group: ProblemGroup, patterns: Sequence[str]) -> str:
    if group.code in _NAMED_AFTER_PATIENTS:
        return ""
    file, column = group.first.file, group.first.column
    # Whatever their case: Windows minds none.
    file = next((one for one in patterns if fnmatchcase(file.casefold(), one.casefold())), file)
    return f"{file}, colonne «{NO_BREAK_SPACE}{column}{NO_BREAK_SPACE}»" if column else file


def _told(refuses_rows: bool, code: str, where: str, same: Sequence[ProblemGroup]) -> ToldProblem:
    kind = blake2b(f"{refuses_rows}\0{code}\0{where}".encode(), digest_size=16).hexdigest()
    if same[0].is_of_all:
        return ToldProblem(kind, refuses_rows, 1, f"{where}{NO_BREAK_SPACE}: {same[0].sentence}"[:500], is_of_all=True)
    count = sum(group.count for group in same)
    lines = (
        counted(count, "ligne non publiée", "lignes non publiées")
        if refuses_rows
        else counted(count, "valeur laissée de côté", "valeurs laissées de côté")
    )
    words = _WORDS.get(code, _ANYTHING)
    sentence = f"{where}{NO_BREAK_SPACE}: {words} ({lines})." if where else f"{words.capitalize()} ({lines})."
    return ToldProblem(kind, refuses_rows, count, sentence[:500])

"""The French sentence of every problem that reading a source can meet, with what to do about it."""

from cabinet.fields import FIELDS
from cabinet.problems import Place, Problem, Severity
from cabinet.values import Unreadable

MAX_VALUE = 80
"""Characters of a value that a problem quotes."""

_FIX_SOURCE = "Corrigez-la dans le logiciel du cabinet."
_TODO = {
    "short-year": "Indiquez « last_short_year » dans le mapping, ou exportez l’année sur quatre chiffres.",
    "missing-time": 'Ajoutez la colonne de l’heure dans le mapping : « columns = ["Date", "Heure"] ».',
    "ambiguous-amount": "Indiquez « decimal » dans le mapping.",
    "unknown-status": "Ajoutez ce mot à la table de valeurs (« values ») de l’état dans le mapping.",
    "unknown-civility": "Ajoutez ce mot à la table de valeurs (« values ») de la civilité dans le mapping.",
}


def unreadable_value(place: Place, field: str, value: str, error: Unreadable, *, refused: bool) -> Problem:
    """A value that is left out or, where the row makes no sense without it, the whole row."""
    value = quoted(value)
    outcome = "la ligne n’est pas publiée" if refused else "la valeur n’est pas publiée"
    return Problem(
        Severity.ERROR if refused else Severity.WARNING,
        error.code,
        place,
        value,
        f"« {value} » ({FIELDS[field].label}) {error.reason} : {outcome}. {_TODO.get(error.code, _FIX_SOURCE)}",
    )


def duplicate_number(place: Place, number: str, lines: str) -> Problem:
    return _refused(
        "duplicate-number",
        place,
        number,
        f"Le numéro « {quoted(number)} » est porté par plusieurs patients ({lines}) : aucun n’est publié, pour ne pas "
        "montrer le dossier d’une famille à une autre. Donnez à chacun son numéro.",
    )


def unknown_patient(place: Place, number: str) -> Problem:
    return _refused(
        "unknown-patient",
        place,
        number,
        f"Le patient « {quoted(number)} » n’est pas dans le fichier des patients : la ligne n’est pas publiée. Vérifiez "
        "que l’export des patients est complet.",
    )


def refused_patient(place: Place, number: str) -> Problem:
    return _refused(
        "refused-patient",
        place,
        number,
        f"Le patient « {quoted(number)} » n’est pas publié (voir le problème de sa fiche) : cette ligne non plus.",
    )


def missing_value(place: Place, field: str) -> Problem:
    """A required cell that is empty; without a patient's number the row cannot even be said to be anybody's."""
    if field in ("number", "patient"):
        return _refused(
            "missing-number",
            place,
            "",
            "La ligne n’a pas de numéro de patient : elle n’est pas publiée. Complétez-la dans le logiciel du cabinet.",
        )
    return _refused(
        f"missing-{field.replace('_', '-')}",
        place,
        "",
        f"La ligne n’a pas de valeur pour « {FIELDS[field].label} » : elle n’est pas publiée. Complétez-la dans le "
        "logiciel du cabinet.",
    )


def empty_line(place: Place) -> Problem:
    return _refused("empty-line", place, "", "La ligne ne dit rien d’autre que le patient : elle n’est pas publiée.")


def wrong_width(place: Place, found: int, expected: int) -> Problem:
    return _refused(
        "wrong-columns",
        place,
        "",
        f"La ligne a {found} colonnes au lieu de {expected} : elle n’est pas publiée. Vérifiez ses séparateurs et ses "
        "guillemets.",
    )


def second_balance(place: Place, number: str) -> Problem:
    return _refused(
        "second-balance",
        place,
        number,
        f"Le patient « {quoted(number)} » a plusieurs soldes : aucun n’est publié. Gardez-en un seul dans l’export.",
    )


def unusable_photo(place: Place, why: str) -> Problem:
    return Problem(
        Severity.WARNING,
        "unusable-photo",
        place,
        "",
        f"La photo {why} : le dossier est publié sans photo. Remplacez-la par une image JPEG ou PNG plus légère.",
    )


def quoted(value: str) -> str:
    return value if len(value) <= MAX_VALUE else value[: MAX_VALUE - 1] + "…"


def _refused(code: str, place: Place, value: str, sentence: str) -> Problem:
    return Problem(Severity.ERROR, code, place, quoted(value), sentence)

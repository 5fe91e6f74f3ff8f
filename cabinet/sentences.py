"""The French sentence of every problem that reading a source can meet: what, its outcome, and what to do about it."""

from cabinet.dates import TO_COME
from cabinet.fields import FIELDS
from cabinet.problems import Place, Problem, Severity
from cabinet.values import Unreadable

MAX_VALUE = 80
"""Characters of a value that a problem quotes."""

_ROW = "la ligne n’est pas publiée"
_VALUE = "la valeur n’est pas publiée"
_READ = {
    "unsplit-name": "le tout est lu comme nom",
    "unsplit-place": "le tout est lu comme ville",
    TO_COME: "ce n’est pas encore un règlement",
}
"""What becomes of a value that is neither left out nor refused."""
_FIX_SOURCE = "Corrigez-la dans le logiciel du cabinet."
_TODO = {
    "short-year": "Indiquez «\u00a0last_short_year\u00a0» dans le mapping, ou exportez l’année sur quatre chiffres.",
    "missing-time": "Réunissez les colonnes de la date et de l’heure («\u00a0columns\u00a0») dans le mapping.",
    "total-line": "Retirez-la de l’export si le logiciel le permet.",
    "ambiguous-amount": "Indiquez «\u00a0decimal\u00a0» dans le mapping.",
    "unknown-status": "Ajoutez ce mot à la table de valeurs («\u00a0values\u00a0») de l’état dans le mapping.",
    "unknown-civility": "Ajoutez ce mot à la table de valeurs («\u00a0values\u00a0») de la civilité dans le mapping.",
    TO_COME: "Si l’échéance est réglée, corrigez cette date dans le logiciel du cabinet.",
    "unsplit-name": "Écrivez le nom en capitales (DUPONT Jean) ou une virgule après lui (Dupont, Jean).",
    "unsplit-place": "Écrivez le code postal avant la ville (21000 DIJON).",
}


def unreadable_value(place: Place, field: str, value: str, error: Unreadable, *, refused: bool) -> Problem:
    """A value that is left out or, where the row makes no sense without it, the whole row."""
    outcome = _READ.get(error.code, _ROW if refused else _VALUE)
    todo = _TODO.get(error.code, _FIX_SOURCE)
    return Problem(
        Severity.ERROR if refused else Severity.WARNING,
        error.code,
        place,
        quoted(value),
        f"«\u00a0{quoted(value)}\u00a0» ({FIELDS[field].label}) {error.reason}\u00a0: {outcome}. {todo}",
    )


def missing_value(place: Place, field: str) -> Problem:
    """A required cell that is empty."""
    code, what = f"missing-{field}", f"La ligne n’a pas de valeur ({FIELDS[field].label})"
    if field in ("number", "patient"):
        code, what = "missing-number", "La ligne n’a pas de numéro de patient"
    return _refused(code, place, "", what, "Complétez-la.")


def duplicate_number(place: Place, number: str, lines: str) -> Problem:
    """`lines`: of all patients with this number, as words: "2, 7"."""
    return Problem(
        Severity.ERROR,
        "duplicate-number",
        place,
        quoted(number),
        f"Le numéro «\u00a0{quoted(number)}\u00a0» est porté par plusieurs patients (lignes {lines})\u00a0: aucun "
        "n’est publié, pour ne pas montrer le dossier d’une famille à une autre. Donnez à chacun son numéro.",
    )


def unknown_patient(place: Place, number: str) -> Problem:
    what = f"Le patient «\u00a0{quoted(number)}\u00a0» n’est pas dans le fichier des patients"
    return _refused("unknown-patient", place, number, what, "Vérifiez que l’export des patients est complet.")


def refused_patient(place: Place, number: str) -> Problem:
    what = f"Le numéro «\u00a0{quoted(number)}\u00a0» est porté par plusieurs patients"
    return _refused("refused-patient", place, number, what, "Donnez à chacun son numéro.")


def empty_line(place: Place) -> Problem:
    return _refused("empty-line", place, "", "La ligne ne dit rien d’autre que son patient", "Complétez-la.")


def wrong_width(place: Place, found: int, expected: int) -> Problem:
    what = f"La ligne a {found} colonnes au lieu de {expected}"
    return _refused("wrong-columns", place, "", what, "Vérifiez ses séparateurs et ses guillemets.")


def no_family(place: Place) -> Problem:
    return Problem(
        Severity.WARNING,
        "no-family",
        place,
        "",
        "Aucune famille de cette table n’est celle d’un patient\u00a0: personne n’a de destinataire d’ici. Corrigez "
        "«\u00a0family\u00a0» dans le mapping, des patients ou des destinataires.",
    )


def nothing_passes(place: Place, values: str) -> Problem:
    """`values`: of the filter, as words."""
    return Problem(
        Severity.WARNING,
        "empty-filter",
        place,
        quoted(values),
        f"Aucune ligne n’a la valeur du filtre ({quoted(values)})\u00a0: rien n’est lu de cette table. Corrigez "
        "«\u00a0where\u00a0» dans le mapping.",
    )


def several_balances(place: Place, number: str) -> Problem:
    return Problem(
        Severity.WARNING,
        "several-balances",
        place,
        quoted(number),
        f"Le patient «\u00a0{quoted(number)}\u00a0» a plusieurs soldes\u00a0: aucun n’est publié. N’en exportez qu’un.",
    )


def unusable_photo(place: Place, why: str) -> Problem:
    """`why` goes on after « La photo »."""
    return Problem(
        Severity.WARNING,
        "unusable-photo",
        place,
        "",
        f"La photo {why}\u00a0: le dossier est publié sans photo. Remplacez-la par une image JPEG ou PNG plus légère.",
    )


def quoted(value: str) -> str:
    return value if len(value) <= MAX_VALUE else value[: MAX_VALUE - 1] + "…"


def _refused(code: str, place: Place, value: str, what: str, todo: str) -> Problem:
    return Problem(Severity.ERROR, code, place, quoted(value), f"{what}\u00a0: {_ROW}. {todo}")

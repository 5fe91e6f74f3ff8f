"""A run's report in a few French lines, for a terminal or a window. No patient is named."""

from sync.report import Outcome, RunReport
from sync.wording import NO_BREAK_SPACE, counted, number


def sentences(report: RunReport) -> tuple[str, ...]:
    """What a run did (or, of a dry run, would do), held withdrawals and left out patients included."""
    return (*outcome(report), held_sentence(len(report.held))) if report.held else outcome(report)


def outcome(report: RunReport) -> tuple[str, ...]:
    """The same without held withdrawals, for where a button confirms them."""
    lines = [_changes(report)]
    if report.photos:
        lines.append(f"{counted(report.photos, 'photo envoyée', 'photos envoyées')}.")
    if report.left_out:
        lines.append(f"Non publiés, à votre demande ou à celle du patient{NO_BREAK_SPACE}: {number(report.left_out)}.")
    return tuple(lines)


def _changes(report: RunReport) -> str:
    moved = report.added + report.changed + report.withdrawn
    if not moved and not report.held:
        return f"Le portail est à jour{NO_BREAK_SPACE}: {counted(report.unchanged, 'dossier')}, rien à publier."
    counts = (
        f"{counted(report.added, 'dossier')} à ajouter, {number(report.changed)} à mettre à jour, "
        f"{number(report.withdrawn)} à retirer, {counted(report.unchanged, 'inchangé')}."
    )
    if report.status is Outcome.PLANNED:
        return f"Essai sans publication{NO_BREAK_SPACE}: {counts}"
    return (
        f"{counted(report.added, 'dossier ajouté', 'dossiers ajoutés')}, {number(report.changed)} mis à jour, "
        f"{counted(report.withdrawn, 'retiré')}, {counted(report.unchanged, 'inchangé')}."
    )


def held_words(count: int) -> str:
    """That `count` withdrawals wait."""
    return f"{counted(count, 'retrait attend', 'retraits attendent')} une confirmation."


def held_sentence(count: int) -> str:
    """What a person is told when the guard holds `count` withdrawals."""
    return (
        f"{counted(count, 'retrait')} en attente{NO_BREAK_SPACE}: ces patients ne sont plus dans l’export mais restent "
        "visibles sur le portail. Si c’est voulu, relancez avec --confirm-withdrawals."
    )

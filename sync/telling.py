"""A run's report in a few French lines, for a terminal or a window. No patient is named."""

from sync.report import Outcome, RunReport
from sync.wording import NO_BREAK_SPACE, counted, number


def sentences(report: RunReport) -> tuple[str, ...]:
    """What a run did (or, of a dry run, would do), held withdrawals and left out patients included."""
    lines = outcome(report)
    if report.held:
        lines += (held_sentence(len(report.held)), *doubts(report))
    if report.reused:
        lines += (reused_sentence(report.reused),)
    return lines


def outcome(report: RunReport) -> tuple[str, ...]:
    """The same without what waits for a person, for where a button confirms it."""
    lines = [_changes(report)]
    if report.photos:
        lines.append(f"{counted(report.photos, 'photo envoyée', 'photos envoyées')}.")
    if report.stayed:
        lines.append(
            f"Gardés comme ils étaient, leur ligne de l’export étant refusée{NO_BREAK_SPACE}: {number(report.stayed)}."
        )
    if report.left_out:
        lines.append(f"Non publiés, à votre demande ou à celle du patient{NO_BREAK_SPACE}: {number(report.left_out)}.")
    return tuple(lines)


def _changes(report: RunReport) -> str:
    waits = len(report.held) + len(report.reused)
    moves = report.added or report.changed or report.withdrawn or waits
    if report.status is Outcome.PLANNED and moves:
        return (
            f"Essai sans publication{NO_BREAK_SPACE}: {counted(report.added, 'dossier')} à ajouter, "
            f"{number(report.changed)} à mettre à jour, {number(report.withdrawn)} à retirer, "
            f"{counted(report.unchanged, 'inchangé')}."
        )
    return changes_sentence(report.added, report.changed, report.withdrawn, report.unchanged, waits)


def changes_sentence(added: int, changed: int, withdrawn: int, unchanged: int, waiting: int) -> str:
    """What was published, or that there was nothing to; counts are of dossiers, `waiting` for a practitioner."""
    if not (added or changed or withdrawn or waiting):
        return f"Le portail est à jour{NO_BREAK_SPACE}: {counted(unchanged, 'dossier')}, rien à publier."
    return (
        f"{counted(added, 'dossier ajouté', 'dossiers ajoutés')}, {number(changed)} mis à jour, "
        f"{counted(withdrawn, 'retiré')}, {counted(unchanged, 'inchangé')}."
    )


def waiting_words(report: RunReport) -> str:
    """What waits for a practitioner; nothing where nothing does."""
    held, reused = len(report.held), len(report.reused)
    return " ".join(
        (
            *([held_words(held), *doubts(report, nameless=True)] if held else ()),
            *([reused_words(reused)] if reused else ()),
        )
    )


def held_words(count: int) -> str:
    """That `count` withdrawals wait."""
    return f"{counted(count, 'retrait attend', 'retraits attendent')} une confirmation."


def reused_words(count: int) -> str:
    """That `count` numbers that went to other patients wait."""
    return f"{counted(count, 'numéro réutilisé attend', 'numéros réutilisés attendent')} une confirmation."


def held_sentence(count: int) -> str:
    """What a person is told when the guard holds `count` withdrawals."""
    return (
        f"{counted(count, 'retrait')} en attente{NO_BREAK_SPACE}: ces patients ne sont plus dans l’export mais restent "
        "visibles sur le portail. Si c’est voulu, relancez avec --confirm-withdrawals."
    )


def doubts(report: RunReport, *, nameless: bool = False) -> tuple[str, ...]:
    """Why withdrawals look like a fault of the export, and what to do; `nameless`: without a patient's number."""
    found = []
    if report.is_cut:
        found.append(
            "Il manque justement les derniers numéros\u00a0: l’export s’est peut-être arrêté trop tôt, refaites-le en "
            "entier."
        )
    if report.respelled:
        was, now = report.respelled[0]
        example = "" if nameless else f" («\u00a0{was}\u00a0» est écrit «\u00a0{now}\u00a0»)"
        found.append(
            f"Des zéros au début de numéros ont changé{example}\u00a0: un tableur les a sans doute retirés. "
            "Enregistrez cette colonne en texte, puis refaites l’export."
        )
    return tuple(found)


NUMBERS_TOLD = 10


def reused_sentence(numbers: tuple[str, ...]) -> str:
    """What a person is told of numbers that seem to belong to somebody else now."""
    named = ", ".join(numbers[:NUMBERS_TOLD]) + ("…" if len(numbers) > NUMBERS_TOLD else "")
    return (
        f"{counted(len(numbers), 'numéro réutilisé', 'numéros réutilisés')} en attente{NO_BREAK_SPACE}: nom et date de "
        "naissance ont changé, et le portail garde le dossier d’avant. Si ce sont de nouveaux patients, relancez avec "
        f"--confirm-reused et ces numéros ({named})."
    )

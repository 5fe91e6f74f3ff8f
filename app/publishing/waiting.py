"""What of a run waits for a practitioner: withdrawals, and numbers that went to another patient. Its words, no Qt."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.api.desk import Overview
from portal.api.guards import Losses
from sync.report import RunReport
from sync.telling import held_words, reused_words
from sync.wording import counted


@dataclass(frozen=True)
class Case:
    """One kind of thing that waits. Functions of a count give French words for so many."""

    key: str
    numbers: Callable[[RunReport], tuple[str, ...]]
    """Of a run's report."""
    known: Callable[[Overview], int]
    """How many there are by the portal."""
    what: Callable[[int], str]
    why: str
    elsewhere: str
    """What to do where this computer may not confirm; the sentence of the box."""
    title: Callable[[int], str]
    explanation: str
    """In the list, before it is confirmed."""
    not_here: str
    """Goes on after `explanation` where this computer may not confirm."""
    group: str
    action: Callable[[int], str]
    none_left: str


WITHDRAWALS = Case(
    key="held",
    numbers=lambda report: report.held,
    known=lambda overview: overview.held_withdrawals,
    what=held_words,
    why="Ces patients ne sont plus dans l’export, mais restent visibles sur le portail.",
    elsewhere="Un praticien peut les confirmer depuis son poste, sur cet écran.",
    title=lambda count: f"{counted(count, 'retrait')} en attente",
    explanation="Ces patients ne sont plus dans l’export. Retirés, leurs dossiers ne sont plus visibles\u00a0; leurs "
    "comptes sont gardés 30 jours, puis effacés.",
    not_here="Un praticien peut confirmer ces retraits depuis son poste.",
    group="Retraits en attente",
    action=lambda count: f"Retirer {counted(count, 'patient')} du portail",
    none_left="Plus aucun retrait n’attend\u00a0: l’export a changé.",
)

REUSED = Case(
    key="reused",
    numbers=lambda report: report.reused,
    known=lambda overview: overview.held_reused,
    what=reused_words,
    why="Le nom et la date de naissance ont changé\u00a0: le portail garde le dossier d’avant, pour ne pas montrer "
    "le dossier d’une famille à une autre.",
    elsewhere="Un praticien peut le confirmer depuis son poste, sur cet écran.",
    title=lambda count: f"{counted(count, 'numéro réutilisé', 'numéros réutilisés')} en attente",
    explanation="L’export donne maintenant ces numéros à ces patients. Si c’est bien voulu, le dossier du nouveau "
    "patient est publié\u00a0; les accès, les liens, les codes et les messages de la famille d’avant sont effacés du "
    "portail. Sinon, corrigez le logiciel du cabinet.",
    not_here="Un praticien peut le confirmer depuis son poste.",
    group="Numéros réutilisés",
    action=lambda count: f"Publier {counted(count, 'nouveau patient', 'nouveaux patients')}",
    none_left="Plus aucun numéro n’attend\u00a0: l’export a changé.",
)

CASES = (WITHDRAWALS, REUSED)


def losses_explained(losses: Losses) -> str:
    """What a practitioner reads before an export that was refused for these is published in spite of them."""
    since = "depuis la dernière synchronisation\u00a0:"
    if losses.replaced:
        return (
            f"L’export n’est plus celui des mêmes patients, {since} {losses}. Publiez-le seulement si c’est bien celui "
            "de votre cabinet\u00a0: ces patients s’ajouteront à ceux que montre le portail."
        )
    if losses.changed:
        return (
            f"L’export a changé, {since} {losses}. Comparez d’abord quelques patients avec le logiciel du cabinet, "
            f"comme le N°\u00a0{losses.changed[0].example}\u00a0: si des colonnes sont échangées, les familles verront "
            "des données fausses."
        )
    if not losses.is_less:
        return (
            f"L’export semble contenir des lignes en double, {since} {losses}. Publiez-le seulement si vous savez "
            "pourquoi\u00a0: les familles verront toutes ces lignes."
        )
    return (
        f"L’export semble incomplet {since} {losses}. Publiez-le seulement si vous savez pourquoi\u00a0: les familles "
        "ne verront plus ces données."
    )

"""What the guards say to the person who started the sync."""

from collections.abc import Iterable

from portal.api.guards import ChangedPart, Losses


def losses_sentence(lost: Losses) -> str:
    """What was lost, then what to do."""
    fact = (
        "Il ne contient aucune ligne de patients." if lost.no_patient else f"L’export a perdu beaucoup\u00a0: {lost}."
    )
    confirmed = "" if lost.no_patient else " Si c’est voulu, un praticien peut le confirmer."
    return (
        f"{fact} Rien n’a été publié\u00a0: le portail montre toujours l’état précédent. "
        f"Vérifiez l’export, puis relancez la mise à jour.{confirmed}"
    )


def changed_sentence(changed: Iterable[ChangedPart]) -> str:
    """Whose names or birth dates are others, then what to do."""
    facts = ", ".join(map(str, changed))
    return (
        f"Ce qui a changé\u00a0: {facts}. Rien n’a été publié\u00a0: le portail montre toujours l’état précédent. "
        "Vérifiez dans l’export et dans le mapping que chaque colonne est à sa place, puis relancez la mise à jour. Si "
        "c’est voulu, un praticien peut le confirmer."
    )

"""What the guards say to the person who started the sync."""

from collections.abc import Iterable

from portal.api.guards import ChangedPart, Losses, Replaced


def losses_sentence(lost: Losses) -> str:
    """What was lost, then what to do."""
    fact = f"L’export a {'perdu beaucoup' if lost.is_less else 'des lignes en double, semble-t-il'}\u00a0: {lost}."
    if lost.no_patient:
        fact = "Il ne contient aucune ligne de patients."
    confirmed = "" if lost.no_patient else " Si c’est voulu, un praticien peut le confirmer."
    return (
        f"{fact} Rien n’a été publié\u00a0: le portail montre toujours l’état précédent. "
        f"Vérifiez l’export, puis relancez la mise à jour.{confirmed}"
    )


def changed_sentence(changed: Iterable[ChangedPart]) -> str:
    """What is another of how many, then what to do."""
    facts = ", ".join(map(str, changed))
    return (
        f"Ce qui a changé\u00a0: {facts}. Rien n’a été publié\u00a0: le portail montre toujours l’état précédent. "
        "Vérifiez dans l’export et dans le mapping que chaque colonne est à sa place, puis relancez la mise à jour. Si "
        "c’est voulu, un praticien peut le confirmer."
    )


def replaced_sentence(replaced: Replaced) -> str:
    """How many are gone and new, then what to do."""
    return (
        f"{replaced}. Rien n’a été publié\u00a0: le portail montre toujours l’état précédent. Vérifiez que c’est bien "
        "l’export de ce cabinet, et que chaque patient y a toujours le même numéro, puis relancez la mise à jour. Si "
        "c’est voulu, un praticien peut le confirmer."
    )

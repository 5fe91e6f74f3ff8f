"""What the guards say to the person who started the sync."""

from portal.api.guards import Losses


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

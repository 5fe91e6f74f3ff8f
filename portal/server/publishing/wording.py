"""What the guards say to the person who started the sync."""

from collections.abc import Iterable

from portal.api.guards import LostTable

_TABLES = {
    "patients": "patients",
    "appointments": "rendez-vous",
    "instalments": "échéances",
    "fees": "honoraires",
}


def lost_tables_sentence(lost: Iterable[LostTable]) -> str:
    """One sentence a table, then what to do."""
    facts = [
        f"{table.now} {_TABLES[table.table]} au lieu de {table.before}."
        if table.before
        else f"Il ne contient aucune ligne de {_TABLES[table.table]}."
        for table in lost
    ]
    return " ".join(
        (
            *facts,
            "Rien n’a été publié\u00a0: le portail montre toujours l’état précédent.",
            "Vérifiez l’export, puis relancez la mise à jour.",
        )
    )
